import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RollupFacts } from "../schema/chain.ts";
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

type Risk = RollupFacts["risks"]["exitWindow"];
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
    const risks = (...[sequencerFailure, stateValidation, dataAvailability, exitWindow, proposerFailure]: Risk[]) =>
      ({ sequencerFailure, stateValidation, dataAvailability, exitWindow, proposerFailure }) as RollupFacts["risks"];
    const good = risks("good", "good", "good", "good", "good");
    expect(
      [null, "0", "1", "2"].map((stage) => chainEnvironment({ stage: stage as RollupFacts["stage"], risks: good })),
    ).toEqual([80, 82, 92, 100]);
    expect(chainEnvironment({ stage: "1", risks: risks("good", "warning", "bad", "bad", "good") })).toBe(68);
    expect(chainEnvironment({ stage: null, risks: risks("bad", "bad", "bad", "bad", "bad") })).toBe(32);
    expect([1, 2, 3, 4, null].map(chainEnvironmentFallback)).toEqual([100, 60, 20, 20, 20]);
  });
});
