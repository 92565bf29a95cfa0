import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StressSignalSchema } from "../schema/stress.ts";
import { BURN_RATIO, type Curve, DAY_CONTRACTION, DIVERGENCE, piecewiseLinear } from "./curves.ts";
import { divergenceSignal, freezeSignal, poolSignal, priceSignal, supplySignal } from "./signals.ts";
import { contagionAmplifier, dewsBand, dewsScore } from "./stress-score.ts";

const anyNumber = fc.oneof(fc.double(), fc.constantFrom(null, 0, -1, 1e15));

describe("a curve", () => {
  const curves: readonly Curve[] = [DAY_CONTRACTION, DIVERGENCE, BURN_RATIO];
  it("goes through its points, never falls, and is flat outside", () => {
    for (const curve of curves) {
      for (const [x, y] of curve) expect(piecewiseLinear(x, curve)).toBe(y);
      fc.assert(
        fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
          const [low, high] = a <= b ? [a, b] : [b, a];
          expect(piecewiseLinear(low, curve)).toBeLessThanOrEqual(piecewiseLinear(high, curve));
        }),
      );
      expect(piecewiseLinear(Number.NEGATIVE_INFINITY, curve)).toBe(0);
      expect(piecewiseLinear(Number.POSITIVE_INFINITY, curve)).toBe(100);
      expect(piecewiseLinear(Number.NaN, curve)).toBe(0);
    }
    expect(piecewiseLinear(1, [])).toBe(0);
  });
});

describe("a signal", () => {
  it("is within 0 and 100 for whatever comes", () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, anyNumber, (a, b, c, d) => {
        for (const { value } of [
          supplySignal({ current: a, prevDay: b, prevWeek: c, mcapUsd: d }),
          poolSignal({
            weightedBalanceRatio: a,
            avgPoolStress: b,
            topPools: [{ tvlUsd: 1e6, balanceRatio: c ?? 1 }],
            previous: d,
          }),
          divergenceSignal({ price: a, reference: b, dexPrice: c, pegType: "peggedEUR", previous: d }),
          freezeSignal({ tracked: true, events24h: a, events7d: b }),
        ]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it("knows explicit zeros from silence, and growth from loss", () => {
    expect(supplySignal({ current: 0, prevDay: 0, prevWeek: null, mcapUsd: 1e9 })).toEqual({
      available: true,
      value: 0,
    });
    expect(supplySignal({ current: 2e9, prevDay: 1e9, prevWeek: 1e9, mcapUsd: 2e9 })).toEqual({
      available: true,
      value: 0,
    });
    expect(supplySignal({ current: null, prevDay: 1, prevWeek: 1, mcapUsd: 1 }).available).toBe(false);
  });

  it("of price adds for getting worse only, and a missing price is the worst", () => {
    const value = (confidence: string | null, previousConfidence: string | null, price: number | null = 1) =>
      priceSignal({ price, confidence, previousConfidence }).value;
    expect([value("fallback", "high"), value("low", "low"), value("low", null), value("high", "low")]).toEqual([
      95, 60, 60, 0,
    ]);
    expect(value("high", "high", null)).toBe(100);
  });

  it("of divergence counts seven tenths off the dollar, and half of the last reading", () => {
    const given = { price: 0.99, reference: 1, dexPrice: null, previous: null };
    expect(divergenceSignal({ ...given, pegType: "peggedUSD" }).value).toBeCloseTo(75);
    expect(divergenceSignal({ ...given, pegType: "peggedEUR" }).value).toBeCloseTo(52.5);
    expect(divergenceSignal({ ...given, pegType: "peggedUSD", previous: 25 }).value).toBeCloseTo(50);
  });
});

describe("the early-warning score", () => {
  const all = (value: number) =>
    Object.fromEntries(StressSignalSchema.options.map((name) => [name, { available: true, value }]));

  it("is the value itself when all signals say the same", () => {
    for (const value of [0, 35, 100]) expect(dewsScore(all(value), null, 1)?.base).toBeCloseTo(value);
  });

  it("needs 0.30 of the weight, whichever signals bring it", () => {
    const some = (...names: string[]) =>
      Object.fromEntries(names.map((name) => [name, { available: true, value: 50 }]));
    expect(dewsScore(some("black", "flow", "yield"), null, 1)).toBeNull();
    for (const names of [
      ["pool", "black"],
      ["supply", "yield"],
      ["black", "yield", "price"],
      ["flow", "pool"],
    ])
      expect(dewsScore(some(...names), null, 1)?.score, names.join()).toBe(50);
  });

  it("is amplified below an index of 75 only, and by peers at most 1.2", () => {
    expect(dewsScore(all(50), 75, 1)?.score).toBe(50);
    expect(dewsScore(all(50), 0, 1)?.score).toBe(65);
    expect(dewsScore(all(50), null, 9)?.score).toBe(60);
    expect(dewsScore(all(90), 0, 1.15)?.score).toBe(100);
  });

  it("has bands whose upper bound belongs to them", () =>
    expect([15, 16, 35, 36, 55, 56, 75, 76].map(dewsBand)).toEqual([
      "CALM",
      "WATCH",
      "WATCH",
      "ALERT",
      "ALERT",
      "WARNING",
      "WARNING",
      "DANGER",
    ]));

  it("does not spread to other pegs", () => {
    const coins = [
      { id: "a", pegType: "peggedUSD", firstPassBand: "CALM" as const },
      { id: "b", pegType: "peggedEUR", firstPassBand: "DANGER" as const },
    ];
    expect(contagionAmplifier(coins, "a")).toBe(1);
    expect(contagionAmplifier(coins, "nobody")).toBe(1);
  });
});
