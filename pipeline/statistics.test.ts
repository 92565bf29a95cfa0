import fc from "fast-check";
import { expect, test } from "vitest";
import { median, midDivergenceBps, weightedMedian } from "./statistics.ts";

const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const point = fc.record({ price: fc.integer({ min: 1, max: 20 }), weight: fc.integer({ min: 1, max: 9 }) });

test("the median is the middle one, or the midpoint of the middle two", () => {
  expect(median([])).toBeNull();
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("half the values lie on either side of the median", () => {
  fc.assert(
    fc.property(fc.array(price, { minLength: 1 }), (values) => {
      const middle = median(values) as number;
      expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
      expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
    }),
  );
});

test("a weighted median is the lower median of every price repeated by its weight", () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1 }), (points) => {
      const repeated = points.flatMap((given) => Array<number>(given.weight).fill(given.price)).sort((a, b) => a - b);
      expect(weightedMedian(points)).toBe(repeated[Math.ceil(repeated.length / 2) - 1]);
      expect(weightedMedian(points.toReversed())).toBe(weightedMedian(points));
    }),
  );
});

test("points without a positive price and weight do not count", () => {
  const nothing = [
    { price: 0, weight: 5 },
    { price: -1, weight: 5 },
    { price: Number.NaN, weight: 5 },
    { price: 1, weight: 0 },
    { price: 1, weight: Number.POSITIVE_INFINITY },
  ];
  expect(weightedMedian(nothing)).toBeNull();
  expect(weightedMedian([...nothing, { price: 2, weight: 1 }])).toBe(2);
});

test("divergence is symmetric, zero only for equals, infinite without a positive finite midpoint", () => {
  fc.assert(
    fc.property(price, price, (a, b) => {
      expect(midDivergenceBps(a, b)).toBe(midDivergenceBps(b, a));
      expect(midDivergenceBps(a, b) === 0).toBe(a === b);
    }),
  );
  expect(midDivergenceBps(1, 3)).toBe(10_000);
  for (const [a, b] of [
    [0, 0],
    [-1, 1],
    [-2, 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
  ] as const)
    expect(midDivergenceBps(a, b)).toBe(Number.POSITIVE_INFINITY);
});
