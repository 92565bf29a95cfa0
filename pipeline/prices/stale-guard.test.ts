import { describe, expect, test } from "vitest";
import { comparePublications, staleGuard } from "./stale-guard.ts";

test("blocks from 50 comparable prices of which 98 % stand still", () => {
  expect(staleGuard(0, 0)).toBe(false);
  expect(staleGuard(49, 49)).toBe(false);
  expect(staleGuard(50, 49)).toBe(true);
  expect(staleGuard(100, 98)).toBe(true);
  expect(staleGuard(1000, 979)).toBe(false);
});

const asset = {
  id: "a",
  price: 1 as number | null,
  priceObservedAt: 100 as number | null,
  priceSyncedAt: 200,
  priceSource: "coingecko",
  priceConfidence: "high" as const,
};

describe("what stands still", () => {
  const identical = (before: Partial<typeof asset>, now: Partial<typeof asset>) =>
    comparePublications([{ ...asset, ...before }], [{ ...asset, ...now }]);

  test("the same print without a newer observation; our own fetch time is none", () => {
    expect(identical({}, {})).toEqual({ comparable: 1, identical: 1 });
    expect(identical({}, { price: 1.00009 })).toEqual({ comparable: 1, identical: 1 });
    expect(identical({}, { price: 1.00011 })).toEqual({ comparable: 1, identical: 0 });
    expect(identical({}, { priceObservedAt: 101 })).toEqual({ comparable: 1, identical: 0 });
    expect(identical({ priceObservedAt: null }, {})).toEqual({ comparable: 1, identical: 0 });
    expect(identical({}, { priceObservedAt: null })).toEqual({ comparable: 1, identical: 1 });
    expect(identical({}, { priceObservedAt: 200 })).toEqual({ comparable: 1, identical: 1 });
    expect(identical({}, { priceSource: "pyth" })).toEqual({ comparable: 1, identical: 0 });
  });

  test("an asset without a price on either side, or without a past, is not compared", () => {
    expect(identical({ price: null }, {}).comparable).toBe(0);
    expect(identical({}, { price: null }).comparable).toBe(0);
    expect(comparePublications([], [asset]).comparable).toBe(0);
  });
});
