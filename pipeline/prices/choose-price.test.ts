import { describe, expect, test } from "vitest";
import { PRICE_SOURCES } from "../price-sources.ts";
import { usdc } from "../registry/tiny-registry.ts";
import type { Coin } from "../schema/coin.ts";
import { choosePrice } from "./choose-price.ts";
import type { RawQuote } from "./collect-quotes.ts";

const NOW = 1_800_000_000;
const REFERENCES = { rates: { peggedUSD: 1 } };
const quote = (source: string, price: number, observedAt: number | null = NOW): RawQuote => ({
  source,
  price,
  weight: PRICE_SOURCES[source]?.weight ?? 0,
  observedAt,
});
const chosenFor = (coin: Coin, raw: RawQuote[], previousTrustedPrice: number | null = null) =>
  choosePrice({ coin, raw, dex: null, references: REFERENCES, previousTrustedPrice, nowSec: NOW }).chosen;
const choose = (quotes: RawQuote[], previous: number | null = null) => chosenFor(usdc, quotes, previous);
const verdicts = (quotes: RawQuote[]) =>
  Object.fromEntries(choose(quotes).quotes.map(({ source, verdict, reason }) => [source, reason ?? verdict]));

describe("choosing a price", () => {
  test("agreeing sources publish their median and say who agreed", () => {
    expect(choose([quote("coingecko", 1.001), quote("defillama-list", 0.999), quote("pyth", 0.9)])).toMatchObject({
      price: 1,
      priceConfidence: "high",
      priceSource: "coingecko+defillama-list",
      priceSelectedSource: "coingecko",
      consensusSources: ["coingecko", "defillama-list", "pyth"],
      agreeSources: ["coingecko", "defillama-list"],
      priceObservedAt: NOW,
      priceReason: null,
    });
  });

  test("one producer in two voices is one opinion, and the row says so", () => {
    const alone = choose([quote("coingecko", 1.001), quote("cg-ticker", 0.999)]);
    expect(alone).toMatchObject({
      price: 1,
      priceConfidence: "single-source",
      priceConfidenceReason: "one-family-agrees",
      agreeSources: ["cg-ticker", "coingecko"],
    });
    const against = choose([quote("coingecko", 1.03), quote("cg-ticker", 1.03), quote("kraken", 1)]);
    expect(against).toMatchObject({ price: 1.03, priceConfidence: "low", priceConfidenceReason: "one-family-agrees" });
    expect(choose([quote("coingecko", 1), quote("kraken", 1)])).not.toHaveProperty("priceConfidenceReason");
  });

  test("two producers that agree outweigh one that speaks twice, however heavy", () => {
    expect(
      choose([
        quote("curve-onchain", 1.06),
        quote("curve-oracle", 1.06),
        quote("coingecko", 1),
        quote("defillama-list", 1),
      ]),
    ).toMatchObject({ price: 1, priceConfidence: "high", agreeSources: ["coingecko", "defillama-list"] });
  });

  test("a refused quote is published with its reason and takes no part", () => {
    expect(
      verdicts([quote("coingecko", 1), quote("pyth", 1, NOW - 301), quote("nobody", 1), quote("kraken", Number.NaN)]),
    ).toEqual({
      coingecko: "agreed",
      pyth: "stale_observed_at",
      nobody: "unknown_source",
      kraken: "invalid_price",
    });
  });

  test("a consensus that may not stand gives way to the list price, if that one may", () => {
    const refused = choose([quote("pyth", 0.3), quote("defillama-list", 0.999)]);
    expect(refused).toMatchObject({ price: 0.999, priceConfidence: "single-source", priceSource: "defillama-list" });
    expect(refused.consensusSources).toEqual(["defillama-list", "pyth"]);
  });

  test("and to nothing when it may not, with the reason", () => {
    expect(choose([quote("pyth", 0.3), quote("defillama-list", 1.3)])).toMatchObject({
      price: null,
      priceSource: "missing",
    });
    expect(choose([quote("pyth", 0.3)])).toMatchObject({
      price: null,
      priceConfidence: null,
      priceReason: "severe_downside_requires_corroboration",
      consensusSources: [],
      agreeSources: [],
    });
    expect(choose([quote("coingecko", 0.75)], 1).priceReason).toBe("temporal_jump_requires_corroboration");
  });

  test("no quotes and no fresh quotes are different reasons", () => {
    expect(choose([]).priceReason).toBe("no-source-quotes-it");
    expect(choose([quote("pyth", 1, null)]).priceReason).toBe("no-fresh-quote");
  });

  test("a NAV token agrees within 5 %", () => {
    const nav = { ...usdc, navToken: true };
    const quotes = [quote("coingecko", 1.12), quote("defillama-list", 1.15)];
    expect(chosenFor(nav, quotes).priceConfidence).toBe("high");
    expect(choose(quotes).priceConfidence).toBe("low");
  });
});
