import { expect, test } from "vitest";
import {
  countDepegAuthoritative,
  expandSourceKeys,
  hasDepegAuthoritative,
  isHardTier,
  isReplaySafe,
  PRICE_SOURCES,
  poolChallengeEligible,
  TRUST_TIERS,
  trustRank,
} from "./price-sources.ts";
import { priceCacheMaxAge } from "./prices/price-cache.ts";

const PROTOTYPE_KEYS = ["constructor", "toString", "__proto__", "hasOwnProperty"];

test("every source of the method is here", () => {
  expect(Object.keys(PRICE_SOURCES).length).toBe(44);
});

test("labels are split, trimmed, kept in order and told once", () => {
  expect(expandSourceKeys(" b + a+b++ ")).toEqual(["b", "a"]);
  expect(expandSourceKeys(["c+a", "a", "", "b"])).toEqual(["c", "a", "b"]);
  expect(expandSourceKeys(null)).toEqual([]);
  expect(expandSourceKeys([])).toEqual([]);
});

test("an unregistered part spoils a label, and a name of Object.prototype is unregistered", () => {
  for (const key of ["nobody", ...PROTOTYPE_KEYS]) {
    expect(PRICE_SOURCES[key]).toBeUndefined();
    expect(isReplaySafe(`coingecko+${key}`)).toBe(false);
    expect(poolChallengeEligible(["coingecko", key])).toBe(false);
    expect(hasDepegAuthoritative(key)).toBe(false);
    expect(trustRank(key)).toBe(Number.POSITIVE_INFINITY);
    expect(isHardTier(key)).toBe(false);
  }
});

test("authoritative voices are counted once each", () => {
  expect(countDepegAuthoritative(["pyth+kraken", "kraken", "zephyr-scanner", "coingecko"])).toBe(2);
  expect(hasDepegAuthoritative(["coingecko", "zephyr-scanner"])).toBe(false);
});

test("only oracles, exchanges and protocols are hard", () => {
  const hard = Object.keys(PRICE_SOURCES).filter(isHardTier);
  expect(hard.every((key) => PRICE_SOURCES[key]?.poolChallengeExempt)).toBe(true);
  expect(hard.length).toBe(12);
  expect(TRUST_TIERS.map((tier) => hard.some((key) => PRICE_SOURCES[key]?.tier === tier))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test("a replayed price lives no longer than its shortest-lived source, and six hours at most", () => {
  expect(priceCacheMaxAge("protocol-redeem")).toBe(900);
  expect(priceCacheMaxAge("coingecko-low-volume")).toBe(21_600);
  expect(priceCacheMaxAge("chainlink-nav")).toBe(21_600);
  expect(priceCacheMaxAge("kraken+pyth+fluid-dex")).toBe(300);
  for (const label of ["cached", "jupiter", "kraken+jupiter", "kraken+nobody", "coingecko-native-implied"])
    expect(priceCacheMaxAge(label)).toBe(0);
  for (const label of [null, undefined, "", "+", []]) expect(priceCacheMaxAge(label)).toBe(21_600);
});
