import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ftqCohort, scoreToGrade } from "../safety-grades.ts";
import { DIMENSION_WEIGHTS, GRADE_BOUNDS } from "../safety-scale.ts";
import type { DimensionName } from "../schema/report-cards.ts";
import { dependencyEdges, dependencyRiskScore } from "../scoring/dependency-risk.ts";
import { overallScore, variantOverallCap } from "../scoring/overall-score.ts";
import { decentralizationScore } from "./decentralization.ts";
import { blacklistStatus } from "./freezability.ts";
import { liquidityDimension, type RedemptionInput } from "./liquidity-dimension.ts";
import { resilienceDefaults, resilienceScore } from "./resilience.ts";

const score = fc.integer({ min: 0, max: 100 });
const maybeScore = fc.option(score, { nil: null });
const NAMES = Object.keys(DIMENSION_WEIGHTS) as DimensionName[];
const dimensions = (value: number | null) =>
  Object.fromEntries(NAMES.map((name) => [name, value])) as Record<DimensionName, number | null>;
const allDimensions = fc.record(
  Object.fromEntries(NAMES.map((name) => [name, maybeScore])) as Record<DimensionName, typeof maybeScore>,
);

describe("a grade", () => {
  it("begins at its bound and ends below the next", () => {
    expect(GRADE_BOUNDS.length).toBe(11);
    for (const { grade, min } of GRADE_BOUNDS) {
      expect(scoreToGrade(min)).toBe(grade);
      if (min > 0) expect(scoreToGrade(min - 0.001)).not.toBe(grade);
    }
    expect([scoreToGrade(null), scoreToGrade(Number.NaN), scoreToGrade(1000), scoreToGrade(-1)]).toEqual([
      "NR",
      "NR",
      "A+",
      "F",
    ]);
  });

  it("puts the middle and the unrated on neither side of a flight to quality", () => {
    expect([65, 64, 50, 49, null].map(ftqCohort)).toEqual(["safe", "ignored", "ignored", "risky", "ignored"]);
  });
});

describe("the overall score", () => {
  it("is the score itself where every dimension has it and the peg is whole", () => {
    for (const value of [0, 37, 100])
      expect(
        overallScore({
          dimensions: { ...dimensions(value), pegStability: 100 },
          activeDepegPeakBps: null,
          navToken: false,
        }).score,
      ).toBe(value);
  });

  it("stays within 0 and 100, never rises with an open depeg, and never rises when a rated dimension falls", () => {
    fc.assert(
      fc.property(allDimensions, fc.constantFrom(...NAMES), fc.integer({ min: 0, max: 9999 }), (given, name, bps) => {
        const of = (scores: typeof given, peak: number | null = null) =>
          overallScore({ dimensions: scores, activeDepegPeakBps: peak, navToken: false }).score;
        const whole = of(given);
        if (whole === null) return;
        expect(whole).toBeGreaterThanOrEqual(0);
        expect(whole).toBeLessThanOrEqual(100);
        expect(of(given, -bps)).toBeLessThanOrEqual(whole);
        const value = given[name];
        if (value !== null) expect(of({ ...given, [name]: Math.floor(value / 2) })).toBeLessThanOrEqual(whole);
      }),
    );
  });

  it("needs two summed dimensions and a peg score, which only a NAV token may lack", () => {
    const two = { ...dimensions(null), resilience: 80, liquidity: 80 };
    const of = (navToken: boolean) => overallScore({ dimensions: two, activeDepegPeakBps: null, navToken });
    expect(of(false)).toMatchObject({ score: null, grade: "NR", reason: "peg-unrated", baseScore: 80 });
    expect(of(true)).toMatchObject({ score: 80, reason: null });
    const one = { ...dimensions(null), pegStability: 100, resilience: 80 };
    expect(overallScore({ dimensions: one, activeDepegPeakBps: null, navToken: false }).reason).toBe(
      "too-few-dimensions",
    );
  });

  it("is 0 with a peg score of 0, and caps by the size of the depeg whatever its sign", () => {
    const given = { ...dimensions(90), pegStability: 0 };
    expect(overallScore({ dimensions: given, activeDepegPeakBps: null, navToken: false }).score).toBe(0);
    const peaks = [999, -1000, 2499, -2500].map(
      (activeDepegPeakBps) => overallScore({ dimensions: dimensions(100), activeDepegPeakBps, navToken: false }).score,
    );
    expect(peaks).toEqual([100, 49, 49, 39]);
  });

  it("of a variant is never above its parent's", () => {
    fc.assert(
      fc.property(maybeScore, maybeScore, (child, parent) => {
        const capped = variantOverallCap(child, parent);
        if (child === null) expect(capped.score).toBeNull();
        else expect(capped.score).toBe(Math.min(child, parent ?? 100));
        expect(capped.capped).toBe(capped.uncapped !== null);
      }),
    );
  });
});

describe("dependency risk", () => {
  it("gives a variant the edge to its parent, once, as its wrapper", () => {
    expect(dependencyEdges([], "p")).toEqual([{ id: "p", weight: 1, type: "wrapper" }]);
    expect(dependencyEdges([{ id: "p", weight: 0.4, type: "collateral" }], "p")).toEqual([
      { id: "p", weight: 0.4, type: "wrapper" },
    ]);
  });

  it("never rises when an upstream falls", () => {
    const edge = fc.record({
      id: fc.constantFrom("a", "b", "c"),
      weight: fc.double({ min: 0.01, max: 2, noNaN: true }),
      type: fc.constantFrom("collateral" as const, "mechanism" as const, "wrapper" as const),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(edge, { minLength: 1, selector: ({ id }) => id }),
        score,
        score,
        (edges, high, cut) => {
          const of = (upstream: number) =>
            dependencyRiskScore({
              governance: "centralized-dependent",
              dependencies: edges,
              upstreamScores: Object.fromEntries(edges.map(({ id }) => [id, upstream])),
              variantParentId: null,
              variantKind: null,
            });
          expect(of(Math.max(0, high - cut))).toBeLessThanOrEqual(of(high));
        },
      ),
    );
  });

  it("counts an unscored upstream among scored ones as 70, penalty included", () => {
    const of = (b: number | null) =>
      dependencyRiskScore({
        governance: "decentralized",
        dependencies: [
          { id: "a", weight: 0.5, type: "collateral" },
          { id: "b", weight: 0.5, type: "collateral" },
        ],
        upstreamScores: { a: 90, b },
        variantParentId: null,
        variantKind: null,
      });
    expect([of(null), of(70), of(75)]).toEqual([70, 70, 83]);
  });
});

describe("the liquidity dimension", () => {
  const issuer: RedemptionInput = {
    score: null,
    eventualRedeemabilityScore: 90,
    routeFamily: "offchain-issuer",
    resolutionState: "resolved",
    modelConfidence: "high",
    capacitySemantics: "eventual-only",
    capacityConfidence: "documented-bound",
    capacityKind: null,
    sourceMode: "static",
    accessModel: "issuer-api",
    settlementModel: "days",
    routeStatus: "open",
    routeExitCorrelation: "independent-issuer-rail",
    immediateCapacityUsd: null,
    scoringUsd: null,
    modeledExitSizeUsd: null,
  };
  const direct: RedemptionInput = {
    ...issuer,
    score: 80,
    routeFamily: "psm-swap",
    capacitySemantics: "immediate-bounded",
    capacityConfidence: "live-direct",
    capacityKind: "live-direct",
    sourceMode: "dynamic",
    accessModel: "permissionless-onchain",
    settlementModel: "atomic",
    routeExitCorrelation: "same-stablecoin-pool-backing",
  };
  const of = (redemption: RedemptionInput | null, dexLiquidityScore: number | null, activeDepegPeakBps = 0) =>
    liquidityDimension({ dexLiquidityScore, activeDepegPeakBps, redemption });

  it("is never below the DEX score, and a documented issuer adds at most a tenth of it", () => {
    fc.assert(
      fc.property(score, score, (dex, route) => {
        expect(of({ ...direct, score: route }, dex).score).toBeGreaterThanOrEqual(dex);
        const lifted = of({ ...issuer, eventualRedeemabilityScore: route }, dex).score ?? 0;
        expect(lifted).toBeGreaterThanOrEqual(dex);
        expect(lifted).toBeLessThanOrEqual(Math.min(100, Math.round(dex * 1.1)));
      }),
    );
  });

  it("names the first reason that excludes a route", () => {
    const reasons = [
      of({ ...issuer, resolutionState: "impaired", modelConfidence: "low" }, 50),
      of({ ...issuer, eventualRedeemabilityScore: null, modelConfidence: "low" }, 50),
      of({ ...issuer, modelConfidence: "low", routeStatus: "paused" }, 50),
      of({ ...issuer, capacityConfidence: "estimated", routeStatus: "paused" }, 50),
      of({ ...issuer, routeStatus: "cohort-limited" }, 50, -3000),
      of(issuer, 50, -2500),
      of(issuer, null),
      of({ ...direct, routeStatus: "unknown" }, null, -2500),
    ].map(({ exclusionReason }) => exclusionReason);
    expect(reasons).toEqual([
      "impaired",
      "unrated",
      "low-confidence",
      "eventual-only",
      "route-cohort-limited",
      "severe-depeg-needs-live-direct",
      "needs-dex-floor",
      null,
    ]);
  });

  it("prefers scoring capacity to immediate capacity, and takes what is unknown as enough", () => {
    const sized = { ...direct, modeledExitSizeUsd: 10e6, immediateCapacityUsd: 10e6 };
    expect(of({ ...sized, scoringUsd: 2.5e6 }, null).score).toBe(20);
    expect(of(sized, null).score).toBe(80);
    expect(of({ ...sized, immediateCapacityUsd: null }, null).score).toBe(80);
    expect(of({ ...sized, immediateCapacityUsd: 0 }, 30).score).toBe(30);
  });

  it("is not rated without a market and without a route", () => {
    expect(of(null, null)).toEqual({ score: null, grade: "NR", redemptionUsed: false, exclusionReason: null });
  });
});

describe("resilience and decentralization", () => {
  it("know no default where backing and governance do not tell", () => {
    expect(resilienceDefaults("crypto-backed", "centralized")).toEqual({ collateral: null, custody: null });
    expect(resilienceDefaults(null, null)).toEqual({ collateral: null, custody: null });
    expect(resilienceScore({ reserves: [], collateralQuality: null, custodyModel: "onchain" })).toBeNull();
    expect(resilienceScore({ reserves: [], collateralQuality: "rwa", custodyModel: "institutional-regulated" })).toBe(
      53,
    );
  });

  it("let a weak chain cost those who govern on it, down to 0 and not below", () => {
    const chain = { chainTier: "unproven", deploymentModel: "single-chain" } as const;
    expect(decentralizationScore({ quality: "multisig", ...chain })).toBe(0);
    expect(decentralizationScore({ quality: "regulated-entity", ...chain })).toBe(40);
  });
});

describe("freezability", () => {
  const of = (name: string, more: Partial<Parameters<typeof blacklistStatus>[0]> = {}) =>
    blacklistStatus({
      governance: "centralized-dependent",
      custodyModel: "onchain",
      explicit: null,
      reserves: [{ name, blacklistable: null, coinStatus: null }],
      variantParentStatus: null,
      ...more,
    });

  it("is inherited from slices that name a freezable coin, word by word", () => {
    expect(of("USDC/USDT LP on Curve")).toBe("inherited");
    expect(of("WBTC")).toBe("inherited");
    expect(of("USDCx vault")).toBe("no");
    expect(of("U and ETH", { freezableSymbols: ["U"] })).toBe("no");
    expect(of("first aid fund", { freezableSymbols: ["AID"] })).toBe("no");
  });

  it("believes what is on file before anything else", () => {
    expect(of("USDC", { explicit: "no" })).toBe("no");
    expect(of("ETH", { explicit: "dilutable", governance: "centralized" })).toBe("dilutable");
    expect(of("ETH", { governance: "centralized" })).toBe("yes");
    expect(of("USDC", { variantParentStatus: "possible" })).toBe("inherited");
    expect(of("ETH", { variantParentStatus: "dilutable" })).toBe("no");
  });
});
