import { describe, expect, it } from "vitest";
import { usdc } from "../registry/tiny-registry.ts";
import type { Coin } from "../schema/coin.ts";
import type { PriceFeed } from "../schema/price-feed.ts";
import type { PastPoint } from "./history-depegs.ts";
import { redeemedPoints } from "./redeemed-points.ts";

const provenance = { source: "test", doubt: null };
const inherits = (parent: string, feeRatio: number | null = null): PriceFeed => ({
  kind: "redeem-parent",
  parent,
  basis: "inherit",
  feeRatio,
  contract: null,
  mayFollowSingleSource: false,
  ...provenance,
});
const coin = (id: string, feed: PriceFeed | null, currency: Coin["peg"]["currency"] = "USD"): Coin => ({
  ...usdc,
  id,
  peg: { ...usdc.peg, currency, type: `pegged${currency}` },
  priceFeeds: feed ? [feed] : [],
});
const point = (
  at: number,
  priceUsd: number | null,
  confidence = "high",
  supplyUsd: number | null = 5e6,
): PastPoint => ({
  at,
  priceUsd,
  deviationBps: priceUsd === null ? null : (priceUsd - 1) * 10_000,
  confidence,
  supplyUsd,
});

function past(coins: Coin[], points: Record<string, PastPoint[]>): Record<number, number | null> {
  const byId = new Map(coins.map((one) => [one.id, one]));
  const found = redeemedPoints(coins[0] as Coin, new Map(Object.entries(points)), byId);
  expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).toSorted((a, b) => a - b));
  return Object.fromEntries(found.map(({ at, priceUsd }) => [at, priceUsd]));
}

describe("what redemption makes of past prices", () => {
  const child = coin("child-x", inherits("parent-x"));
  const parent = coin("parent-x", null);

  it("is the parent's price where that was high, and the coin's own where it was not", () => {
    const own = [point(1, 0.97), point(4, 0.96), point(8, 0.95)];
    const above = [point(2, 0.9), point(3, 0.8), point(6, 0.7, "low")];
    expect(past([child, parent], { "child-x": own, "parent-x": above })).toEqual({ 1: 0.97, 2: 0.9, 3: 0.8, 8: 0.95 });
  });

  it("keeps the coin's own supply, and says nothing before that is known", () => {
    const points = new Map([
      ["child-x", [point(3, 1, "high", 2e6)]],
      ["parent-x", [point(1, 0.9), point(5, 0.9)]],
    ]);
    const byId = new Map([child, parent].map((one) => [one.id, one]));
    expect(redeemedPoints(child, points, byId)).toEqual([
      expect.objectContaining({ at: 5, priceUsd: 0.9, supplyUsd: 2e6 }),
    ]);
  });

  it("takes the fee off price and deviation alike, and follows a parent's parent", () => {
    const chain = [coin("child-x", inherits("middle-x", 0.01)), coin("middle-x", inherits("parent-x")), parent];
    const points = { "child-x": [point(1, 0.5)], "middle-x": [point(1, 0.6)], "parent-x": [point(1, 0.9)] };
    expect(past(chain, points)[1]).toBeCloseTo(0.891, 12);
    const byId = new Map(chain.map((one) => [one.id, one]));
    const [found] = redeemedPoints(chain[0] as Coin, new Map(Object.entries(points)), byId);
    expect(found?.deviationBps).toBeCloseTo(-1_090, 9);
  });

  it("does not go round in a circle, nor over to another peg", () => {
    const circle = [coin("child-x", inherits("parent-x")), coin("parent-x", inherits("child-x"))];
    const points = { "child-x": [point(1, 0.5)], "parent-x": [point(1, 0.9)] };
    expect(past(circle, points)).toEqual({ 1: 0.9 });
    expect(past([child, coin("parent-x", null, "EUR")], points)).toEqual({ 1: 0.5 });
  });

  it("is a dollar at par while there are tokens; par in another currency stays as it was recorded", () => {
    const par = (currency: Coin["peg"]["currency"]) =>
      coin("par-x", { kind: "redeem-par", currency, ...provenance }, currency);
    const points = { "par-x": [point(1, 0.9), point(2, 0.9, "high", 0), point(3, 0.9, "high", null)] };
    expect(past([par("USD")], points)).toEqual({ 1: 1, 2: 0.9, 3: 0.9 });
    expect(past([par("CHF")], points)).toEqual({ 1: 0.9, 2: 0.9, 3: 0.9 });
  });
});
