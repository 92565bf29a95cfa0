import { describe, expect, test } from "vitest";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { cacheable, cachedPriceOf, entriesToKeep, isReplayable, previousTrustedPrice } from "./replay-cache.ts";

const NOW = 1_800_000_000;
const asset = (more: Partial<PeggedAsset>): PeggedAsset =>
  ({
    id: "usdc-circle",
    price: 0.9999,
    priceSource: "binance+kraken",
    priceConfidence: "high",
    priceObservedAt: NOW - 60,
    priceObservedAtMode: "local_fetch",
    priceSyncedAt: NOW - 60,
    priceUpdatedAt: NOW - 60,
    agreeSources: ["binance", "kraken"],
    consensusSources: ["binance", "kraken"],
    ...more,
  }) as PeggedAsset;
const missing = asset({ price: null, priceSource: "missing", priceConfidence: null, priceSyncedAt: null });

describe("what may be shown again", () => {
  test.each([
    ["a fallback price", { priceConfidence: "fallback" }],
    ["a low price", { priceConfidence: "low" }],
    ["a search result among its sources", { priceSource: "binance+jupiter" }],
    ["a replayed price itself", { priceSource: "cached" }],
    ["an unknown source", { priceSource: "nobody" }],
    ["no price", { price: null }],
  ] as const)("%s is not kept", (_what, more) => {
    expect(cacheable(asset(more))).toBeNull();
  });

  test("a strong price is kept with its observation, younger than the shortest life of its sources", () => {
    const entry = cacheable(asset({}));
    expect(entry).toMatchObject({ price: 0.9999, priceUpdatedAt: NOW - 60 });
    expect(isReplayable(entry!, NOW)).toBe(true);
    expect(isReplayable(entry!, NOW - 60 + 15 * 60)).toBe(false);
    expect(isReplayable(entry!, NOW - 61)).toBe(false);
    expect(isReplayable(cacheable(asset({ priceSource: "binance+pyth" }))!, NOW - 60 + 300)).toBe(false);
  });

  test("the state keeps only what the snapshot no longer holds, and not for ever", () => {
    const entry = cacheable(asset({}));
    expect(entriesToKeep([missing], () => entry, NOW)).toEqual({ "usdc-circle": entry });
    expect(entriesToKeep([asset({})], () => entry, NOW)).toEqual({});
    expect(entriesToKeep([missing], () => entry, NOW + 6 * 3600)).toEqual({});
    expect(entriesToKeep([missing], () => null, NOW)).toEqual({});
    expect(cachedPriceOf(missing, entry!)).toBe(entry);
    expect(cachedPriceOf(undefined, undefined)).toBeNull();
  });
});

describe("the price that guards against jumps", () => {
  test("is the newest one whose trust was authoritative when it was published", () => {
    const older = { ...cacheable(asset({ price: 1.01 }))!, priceUpdatedAt: NOW - 7_000, priceSyncedAt: NOW - 7_000 };
    const entry = { ...older, priceObservedAt: NOW - 7_000 };
    expect(previousTrustedPrice(asset({}), entry, NOW)).toBe(0.9999);
    expect(previousTrustedPrice(asset({}), null, NOW + 3 * 3600)).toBe(0.9999);
    expect(previousTrustedPrice(missing, entry, NOW)).toBe(1.01);
  });

  test("is none where only soft sources spoke, or long ago", () => {
    const soft = asset({ priceSource: "coingecko+defillama-list", agreeSources: ["coingecko", "defillama-list"] });
    expect(previousTrustedPrice(soft, null, NOW)).toBeNull();
    expect(previousTrustedPrice(asset({}), null, NOW + 7 * 3600)).toBeNull();
    expect(previousTrustedPrice(undefined, null, NOW)).toBeNull();
  });
});
