import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as enums from "../schema/redemption.ts";
import * as route from "../schema/redemption-route.ts";
import { ConfiguredConfidenceSchema, type RedemptionRoute, type RouteFamily } from "../schema/redemption-route.ts";
import { buildRow, type RowInputs } from "./build-row.ts";

const NOW = 1_795_000_000;
const RUNS = { numRuns: 400 };
const member = <T>(schema: { options: readonly T[] }) => fc.constantFrom(...schema.options);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const usd = fc.double({ min: 0, max: 1e11, noNaN: true });
const confidence = fc.option(member(ConfiguredConfidenceSchema), { nil: undefined });

const capacityModel: fc.Arbitrary<route.CapacityModel> = fc.oneof(
  fc.record({ kind: fc.constant("supply-full" as const), confidence }),
  fc.record({
    kind: fc.constant("supply-ratio" as const),
    ratio: fc.double({ min: 0.001, max: 1, noNaN: true }),
    confidence,
  }),
  fc.record({ kind: fc.constant("fixed-usd" as const), amountUsd: usd, confidence }),
  fc.record({ kind: fc.constant("reserve-sync-metadata" as const), confidence }),
);
const costModel: fc.Arbitrary<route.CostModel> = fc.oneof(
  fc.record({ kind: fc.constant("fee-bps" as const), feeBps: fc.double({ min: 0, max: 1_000, noNaN: true }) }),
  fc.record({
    kind: fc.constant("dynamic-or-unclear" as const),
    confidence: fc.constantFrom("formula" as const, "undisclosed-reviewed" as const),
    feeDescription: fc.constant("words"),
  }),
);
const configured: fc.Arbitrary<RedemptionRoute> = fc.record({
  routeFamily: member(route.RouteFamilySchema) as fc.Arbitrary<RouteFamily>,
  accessModel: member(route.AccessModelSchema),
  settlementModel: member(route.SettlementModelSchema),
  executionModel: member(route.ExecutionModelSchema),
  outputAssetType: member(route.OutputAssetTypeSchema),
  capacityModel,
  costModel,
  reviewedAt: fc.constantFrom("2026-05-17", "2024-01-01"),
});
const live = fc.record({
  usable: fc.boolean(),
  capacityUsd: maybe(usd),
  capacityRatio: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  capacityKind: maybe(member(enums.CapacityKindSchema)),
  settlementDelaySec: maybe(fc.integer({ min: 0, max: 2_000_000 })),
  queueDepthUsd: maybe(usd),
  dailyLimitUsd: maybe(usd),
  routeStatus: maybe(member(enums.RouteStatusSchema)),
  routeStatusSource: maybe(member(enums.RouteStatusSourceSchema)),
});
const severe = maybe(
  fc.constant({
    routeStatus: "degraded" as const,
    routeStatusSource: "market-implied" as const,
    activeDepegBps: 3_000,
  }),
);
const inputs: fc.Arbitrary<RowInputs> = fc.record({
  stablecoinId: fc.constant("usdx-test"),
  route: configured,
  supplyUsd: maybe(usd),
  dexLiquidityScore: maybe(fc.integer({ min: 0, max: 100 })),
  adapterCapacity: fc.constantFrom("direct" as const, "proxy" as const, "none" as const),
  live,
  liveFee: fc.oneof(
    fc.constant({ unusable: null }),
    fc.record({ feeBps: fc.double({ min: 0, max: 500, noNaN: true }) }),
  ),
  severe,
  links: fc.constant({}),
  nowSec: fc.constant(NOW),
  methodologyVersion: fc.constant("test"),
});

describe("whatever is known of a route", () => {
  it("its row fits the published shape, so every score is 0 to 100 or null", () => {
    fc.assert(
      fc.property(inputs, (given) => void enums.RedemptionRowSchema.parse(buildRow(given))),
      RUNS,
    );
  });

  it("an impaired or unresolved row has no effective exit, an impaired one no score, and neither has confidence", () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const row = buildRow(given);
        if (row.resolutionState === "resolved") return;
        expect(row.effectiveExitScore).toBeNull();
        expect(row.modelConfidence).toBe("low");
        if (row.resolutionState === "impaired") expect(row.score).toBeNull();
      }),
      RUNS,
    );
  });

  it("what is executable never exceeds what is immediate, nor that supply", () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const { immediateUsd, scoringUsd } = buildRow(given).capacityProfile;
        if (immediateUsd === null || scoringUsd === null) return;
        expect(scoringUsd).toBeLessThanOrEqual(immediateUsd);
        if (given.supplyUsd !== null) expect(immediateUsd).toBeLessThanOrEqual(given.supplyUsd);
      }),
      RUNS,
    );
  });
});

/** Null is no score: nothing is compared with it. */
function neverLower(better: number | null, worse: number | null): void {
  if (better !== null && worse !== null) expect(better).toBeGreaterThanOrEqual(worse);
}

describe("a score is never lower", () => {
  it("for more capacity", () => {
    fc.assert(
      fc.property(inputs, usd, usd, (given, a, b) => {
        const at = (capacityUsd: number) =>
          buildRow({
            ...given,
            adapterCapacity: "direct",
            route: { ...given.route, capacityModel: { kind: "reserve-sync-metadata" } },
            live: { usable: true, capacityUsd },
          });
        const [less, more] = [at(Math.min(a, b)), at(Math.max(a, b))];
        neverLower(more.score, less.score);
        neverLower(more.effectiveExitScore, less.effectiveExitScore);
      }),
      RUNS,
    );
  });

  it("for a lower fee", () => {
    const fee = fc.double({ min: 0, max: 1_000, noNaN: true });
    fc.assert(
      fc.property(inputs, fee, fee, (given, a, b) => {
        const at = (feeBps: number) =>
          buildRow({
            ...given,
            liveFee: { unusable: null },
            route: { ...given.route, costModel: { kind: "fee-bps", feeBps } },
          });
        neverLower(at(Math.min(a, b)).score, at(Math.max(a, b)).score);
      }),
      RUNS,
    );
  });

  it("for faster settlement", () => {
    const speeds = route.SettlementModelSchema.options;
    const speed = fc.integer({ min: 0, max: speeds.length - 1 });
    fc.assert(
      fc.property(inputs, speed, speed, (given, a, b) => {
        const at = (i: number) =>
          buildRow({ ...given, route: { ...given.route, settlementModel: speeds[i] as route.SettlementModel } });
        neverLower(at(Math.min(a, b)).score, at(Math.max(a, b)).score);
      }),
      RUNS,
    );
  });
});

it("no row gains confidence when evidence goes missing", () => {
  const rank = { low: 0, medium: 1, high: 2 };
  const losses: ((given: RowInputs) => RowInputs)[] = [
    (given) => ({ ...given, supplyUsd: null }),
    (given) => ({ ...given, live: { usable: false } }),
    (given) => ({ ...given, liveFee: { unusable: null } }),
    (given) => ({ ...given, dexLiquidityScore: null }),
    (given) => ({ ...given, adapterCapacity: "none" }),
  ];
  fc.assert(
    fc.property(inputs, fc.constantFrom(...losses), (given, lose) => {
      // A status is evidence against a route: losing it is not losing support.
      const quiet = { ...given, severe: null, live: { ...given.live, routeStatus: null, routeStatusSource: null } };
      expect(rank[buildRow(lose(quiet)).modelConfidence]).toBeLessThanOrEqual(rank[buildRow(quiet).modelConfidence]);
    }),
    RUNS,
  );
});
