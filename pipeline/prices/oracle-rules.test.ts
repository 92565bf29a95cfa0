import fc from "fast-check";
import { expect, test } from "vitest";
import { pickBestTicker } from "./best-ticker.ts";
import { curveImpliedPrice } from "./curve-implied-price.ts";
import { pythWeight, redstoneAdmitted } from "./oracle-rules.ts";

test("Pyth's weight falls with its band, from 2 to a quarter, and ends at 250 bps", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 249 }), (bps) => {
      expect(pythWeight(bps)).toBeGreaterThanOrEqual(pythWeight(bps + 0.5));
      expect(pythWeight(bps)).toBeGreaterThanOrEqual(0.25);
      expect(pythWeight(bps)).toBeLessThanOrEqual(2);
    }),
  );
  expect([null, undefined, -1, Number.NaN, Number.POSITIVE_INFINITY].map(pythWeight)).toEqual([2, 2, 2, 2, 2]);
  expect([1, 249.99, 250, 1e9].map(pythWeight)).toEqual([1.992, 0.3, 0, 0]);
});

test("RedStone needs two venues and 60 % of them", () => {
  expect([redstoneAdmitted(1, 100), redstoneAdmitted(2, 60), redstoneAdmitted(9, 59)]).toEqual([false, true, false]);
  expect(redstoneAdmitted(Number.NaN, 100)).toBe(false);
});

test("the busiest fresh market in the wanted currency on the wanted exchange", () => {
  const row = {
    target: "USD",
    exchange: "x",
    last: 1,
    volumeUsd: 10 as number | null,
    isStale: false as boolean | null,
  };
  const rows = [
    { ...row, target: "EUR", last: 9, volumeUsd: 99 },
    { ...row, isStale: true, last: 8, volumeUsd: 99 },
    { ...row, exchange: "y", last: 7, volumeUsd: 50 },
    { ...row, last: 0, volumeUsd: 99 },
    { ...row, last: 2, volumeUsd: null },
    { ...row, last: 3, isStale: null },
    row,
  ];
  expect(pickBestTicker(rows, "usd")).toBe(7);
  expect(pickBestTicker(rows, "usd", "x")).toBe(3);
  expect(pickBestTicker(rows.slice(4, 5), "USD")).toBe(2);
  expect(pickBestTicker(rows, "JPY")).toBeNull();
});

test("a Curve pool prices its coin by what one unit in brings out", () => {
  expect(curveImpliedPrice("2000000", 6)).toBe(0.5);
  expect(curveImpliedPrice("2000000", 6, 3)).toBe(1.5);
  expect(curveImpliedPrice("200", 2)).toBe(0.5);
  for (const dy of [null, "", "0", "-1", "0x10", "1.5"]) expect(curveImpliedPrice(dy, 6)).toBeNull();
  for (const via of [null, 0, -1, Number.NaN]) expect(curveImpliedPrice("1000000", 6, via)).toBeNull();
  expect(curveImpliedPrice("100", 6)).toBeNull();
  expect(curveImpliedPrice("101", 6)).toBeCloseTo(9900.99);
  expect(curveImpliedPrice("1000000", -1)).toBeNull();
});
