import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chainBackingDiversity,
  chainConcentration,
  chainEnvironment,
  chainEnvironmentFallback,
  chainHealthBand,
  chainHealthScore,
  chainPegStability,
  chainQuality,
} from "./chain-health.ts";

const usd = fc.double({ min: 1, max: 1e12, noNaN: true });

describe("chain health", () => {
  it("keeps every factor within 0 and 100", () => {
    fc.assert(
      fc.property(
        fc.array(usd),
        fc.option(fc.double({ min: 0.01, max: 5, noNaN: true }), { nil: null }),
        (sizes, price) => {
          const total = sizes.reduce((sum, size) => sum + size, 0);
          for (const value of [
            chainConcentration(sizes.map((size) => size / total)),
            chainBackingDiversity({ "rwa-backed": sizes[0] ?? 0, "crypto-backed": sizes[1] ?? 0 }),
            chainPegStability(sizes.map((supplyUsd) => ({ price, pegRef: 1, supplyUsd }))),
          ]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(100);
          }
        },
      ),
    );
  });

  it("has no quality below half of the supply rated, and counts the unrated rest as 40", () => {
    const coins = (rated: number) => [
      { safetyScore: 80, supplyUsd: rated },
      { safetyScore: null, supplyUsd: 100 - rated },
    ];
    expect(chainQuality(coins(49), 0.5)).toBeNull();
    expect(chainQuality(coins(50), 0.5)).toBe(60);
    expect(chainQuality([], 0.5)).toBeNull();
    expect(chainQuality([{ safetyScore: 80, supplyUsd: 0 }], 0.5)).toBeNull();
  });

  it("is null without quality, whatever else is known", () => {
    const rest = { chainEnvironment: 100, concentration: 100, pegStability: 100, backingDiversity: 100 };
    expect(chainHealthScore({ quality: null, ...rest })).toBeNull();
    expect(chainHealthScore({ quality: 100, ...rest })).toBe(100);
    expect([chainHealthBand(60), chainHealthBand(40), chainHealthBand(20), chainHealthBand(0)]).toEqual([
      "healthy",
      "mixed",
      "fragile",
      "concentrated",
    ]);
  });

  it("takes a rollup's stage and risks, else the tier", () => {
    expect(chainEnvironment({ stage: "2", risks: ["good", "good", "good", "good", "good"] })).toBe(100);
    expect(chainEnvironment({ stage: "1", risks: ["good", "warning", "bad", "other", "good"] })).toBe(72);
    expect([1, 2, 3, 4, null].map(chainEnvironmentFallback)).toEqual([100, 60, 20, 20, 20]);
  });
});
