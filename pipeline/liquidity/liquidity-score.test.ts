import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dexLiquidityScore,
  durability,
  pairDiversity,
  poolQuality,
  stability,
  tvlDepth,
  volumeActivity,
} from "./liquidity-score.ts";

const usd = fc.double({ min: 0, max: 1e12, noNaN: true });

describe("the liquidity score", () => {
  it("rises with depth and falls with supply", () => {
    fc.assert(
      fc.property(usd, usd, usd, (tvl, more, supply) => {
        expect(tvlDepth(tvl + more, supply)).toBeGreaterThanOrEqual(tvlDepth(tvl, supply));
        if (supply > 0) expect(tvlDepth(tvl, supply + more)).toBeLessThanOrEqual(tvlDepth(tvl, supply));
        expect(volumeActivity(tvl + more, supply)).toBeGreaterThanOrEqual(volumeActivity(tvl, supply));
      }),
    );
  });

  it("is full at its ends and empty where nothing is pooled or traded", () => {
    expect([tvlDepth(0, 1e9), volumeActivity(null, 1e6), volumeActivity(1, 0), poolQuality(1, 0)]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(poolQuality(0.8, 1)).toBeCloseTo(100);
    expect([pairDiversity(3), pairDiversity(20), pairDiversity(500)]).toEqual([15, 100, 100]);
    expect(durability({ organicFraction: 1, tvlStability: 1, volumeStability: 1, oldestPoolDays: 900 })).toBeCloseTo(
      100,
    );
  });

  it("adds unrounded parts", () => {
    const part = { tvlDepth: 10.4, volumeActivity: 10.4, poolQuality: 10.4, durability: 10.4, diversity: 14 };
    expect(dexLiquidityScore(part)).toBe(11);
  });

  it("calls a series steady only with a week of days", () => {
    expect(stability([1, 1, 1, 1, 1, 1])).toBeNull();
    expect(stability([1, 1, 1, 1, 1, 1, 1])).toBe(1);
    expect(stability([0, 0, 0, 0, 0, 0, 70])).toBe(0);
    expect(stability([0, 0, 0, 0, 0, 0, 0])).toBeNull();
  });
});
