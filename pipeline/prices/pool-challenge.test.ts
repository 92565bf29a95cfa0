import { describe, expect, test } from "vitest";
import { applyPoolChallenge, type ChallengedPrice, type ChallengerPool } from "./pool-challenge.ts";
import type { PegContext } from "./validation.ts";

const USD: PegContext = { pegType: "peggedUSD" };
const result: ChallengedPrice = {
  price: 1,
  source: "coingecko",
  selectedSource: "coingecko",
  confidence: "single-source",
  agreeSources: ["coingecko"],
  observedAt: 900,
  observedAtMode: "upstream",
  allPrices: { coingecko: 1 },
};
const pool = (protocol: string, price: number, tvlUsd = 100_000, observedAt = 800): ChallengerPool => ({
  protocol,
  price,
  tvlUsd,
  observedAt,
});
const challenge = (pools: ChallengerPool[], more: Partial<ChallengedPrice> = {}, context = USD) =>
  applyPoolChallenge({ ...result, ...more }, pools, context, null);

describe("pool challenge", () => {
  test("one protocol lowers the confidence and keeps the price", () => {
    expect(challenge([pool("curve", 0.9), pool("curve", 0.91)])).toMatchObject({
      price: 1,
      confidence: "low",
      source: "coingecko",
    });
  });

  test("two replace it by their median, weighted by liquidity, with the oldest time", () => {
    expect(challenge([pool("curve", 0.9, 300_000), pool("fluid", 0.8, 200_000, 700)])).toEqual({
      price: 0.9,
      source: "pool-tvl-weighted",
      selectedSource: "pool-tvl-weighted",
      confidence: "low",
      agreeSources: ["pool-tvl-weighted"],
      observedAt: 700,
      observedAtMode: "local_fetch",
      allPrices: { "pool-tvl-weighted": 0.9 },
    });
  });

  test("dollar coins are challenged from 500 bps, others from 300", () => {
    expect(challenge([pool("curve", 0.952)]).confidence).toBe("single-source");
    expect(challenge([pool("curve", 0.951)]).confidence).toBe("low");
    expect(challenge([pool("curve", 0.971)], {}, { pegType: "peggedEUR" }).confidence).toBe("single-source");
    expect(challenge([pool("curve", 0.97)], {}, { pegType: "peggedEUR" }).confidence).toBe("low");
  });

  test("small pools and prices of nothing do not count", () => {
    const pools = [pool("curve", 0.5, 99_999), pool("fluid", 0), pool("orca", Number.NaN)];
    expect(challenge(pools)).toMatchObject({ confidence: "single-source" });
  });

  test("hard sources are not challenged; a low result is judged by all its candidates", () => {
    const far = [pool("curve", 0.5), pool("fluid", 0.5)];
    expect(challenge(far, { agreeSources: ["coingecko", "pyth"] }).price).toBe(1);
    expect(challenge(far, { confidence: "low", allPrices: { coingecko: 1, pyth: 0.9 } }).price).toBe(1);
    expect(challenge(far, { allPrices: { coingecko: 1, pyth: 0.9 } }).price).toBe(0.5);
    expect(challenge(far, { confidence: "fallback" }).price).toBe(1);
  });

  test("a collapse that an authoritative candidate confirms is not talked back up", () => {
    const up = [pool("curve", 1), pool("fluid", 1)];
    const collapsed = { price: 0.3, confidence: "high" as const, agreeSources: ["coingecko", "defillama-list"] };
    const confirmed = { ...collapsed, allPrices: { coingecko: 0.3, "defillama-list": 0.3, kraken: 0.31 } };
    expect(challenge(up, confirmed)).toMatchObject({ price: 0.3, confidence: "low", source: "coingecko" });
    const contradicted = { ...collapsed, allPrices: { coingecko: 0.3, "defillama-list": 0.3, kraken: 1 } };
    expect(challenge(up, contradicted)).toMatchObject({ price: 1, source: "pool-tvl-weighted" });
  });
});
