/**
 * Redemption backstops: for every coin with a known route, how credibly a holder gets out at or near par without selling on a DEX.
 *
 * `score` rates the route, `effectiveExitScore` the better of route and DEX. A figure is null where nothing supports it:
 * an eventual route has no score, an impaired one has neither, and neither is a zero.
 */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import * as route from "./redemption-route.ts";

export const SourceModeSchema = z.enum(["dynamic", "estimated", "static"]);
export type SourceMode = z.infer<typeof SourceModeSchema>;

export const ResolutionStateSchema = z.enum(["resolved", "missing-cache", "missing-capacity", "failed", "impaired"]);
export type ResolutionState = z.infer<typeof ResolutionStateSchema>;

export const RouteStatusSchema = z.enum(["open", "degraded", "paused", "cohort-limited", "unknown"]);
export type RouteStatus = z.infer<typeof RouteStatusSchema>;

export const RouteStatusSourceSchema = z.enum([
  "static-config",
  "market-implied",
  "operator-notice",
  "protocol-api",
  "onchain",
]);
export type RouteStatusSource = z.infer<typeof RouteStatusSourceSchema>;

export const CapacityProviderSchema = z.enum([
  "supply-full-model",
  "supply-ratio-model",
  "fixed-usd-model",
  "reserve-sync-metadata",
  "reserve-sync-fallback",
  "sync-error",
]);
export type CapacityProvider = z.infer<typeof CapacityProviderSchema>;

export const CapacityConfidenceSchema = z.enum([
  "live-direct",
  "live-proxy",
  "dynamic",
  "documented-bound",
  "heuristic",
]);
export type CapacityConfidence = z.infer<typeof CapacityConfidenceSchema>;

export const CapacitySemanticsSchema = z.enum(["immediate-bounded", "eventual-only"]);
export type CapacitySemantics = z.infer<typeof CapacitySemanticsSchema>;

export const CapacityKindSchema = z.enum([
  "live-direct",
  "live-direct-bounded",
  "live-queue",
  "live-proxy-validated",
  "documented-bound",
  "documented-eventual",
  "heuristic",
]);
export type CapacityKind = z.infer<typeof CapacityKindSchema>;

export const FreshnessKindSchema = z.enum([
  "verified-source-timestamp",
  "same-run-onchain",
  "same-run-api",
  "reviewed-static",
  "unverified",
]);
export type FreshnessKind = z.infer<typeof FreshnessKindSchema>;

export const ScoringHorizonSchema = z.enum(["immediate", "daily", "queued", "eventual", "unknown"]);
export type ScoringHorizon = z.infer<typeof ScoringHorizonSchema>;

export const ModelConfidenceSchema = z.enum(["high", "medium", "low"]);
export type ModelConfidence = z.infer<typeof ModelConfidenceSchema>;

export const DocsProvenanceSchema = z.enum([
  "config-reviewed",
  "live-reserve-display",
  "proof-of-reserves",
  "preferred-link",
]);
export type DocsProvenance = z.infer<typeof DocsProvenanceSchema>;

export const CapAppliedSchema = z.enum([
  "queue-route-cap",
  "offchain-route-cap",
  "config-cap",
  "settlement-delay-penalty",
  "queue-depth-penalty",
  "minimum-size-penalty",
  "live-holder-eligibility-penalty",
  "live-route-status-impairment",
  "market-implied-depeg-impairment",
]);
export type CapApplied = z.infer<typeof CapAppliedSchema>;

const score = z.int().min(0).max(100);
const usd = z.number().nonnegative().nullable();
const ratio = z.number().min(0).max(1).nullable();

export const CostScenarioScoresSchema = z
  .object({ retail: score, activeUser: score, institutional: score })
  .describe("The cost score at 1,000, 10,000 and 1,000,000 USD");
export type CostScenarioScores = z.infer<typeof CostScenarioScoresSchema>;

export const CapacityProfileSchema = z.object({
  immediateUsd: usd,
  dailyLimitUsd: usd.describe("The limit, whether or not it binds"),
  queuedUsd: usd.describe("What waits in the queue already"),
  eventualUsd: usd,
  scoringUsd: usd.describe("What is scored: current executable capacity"),
  scoringHorizon: ScoringHorizonSchema,
  capacityProfileConfidence: CapacityConfidenceSchema,
  modeledExitSizeUsd: usd.describe("The exit the route is measured against"),
});
export type CapacityProfile = z.infer<typeof CapacityProfileSchema>;

export const ConfidenceDetailsSchema = z.object({
  capacityEvidenceQuality: score,
  feeEvidenceQuality: score,
  routeStatusFreshness: score,
  holderCohortBreadth: score,
  sourceQuality: score,
  reviewedDocAgeDays: z.int().nonnegative().nullable(),
  reasons: z.array(z.string()).describe("Why confidence is low; empty when it is not"),
});
export type ConfidenceDetails = z.infer<typeof ConfidenceDetailsSchema>;

export const RouteDocsSchema = z.object({
  label: z.string(),
  url: z.string(),
  provenance: DocsProvenanceSchema,
  reviewedAt: z.string().nullable().describe("When the route was reviewed; not a claim about a fallback link"),
  sources: z.array(z.object({ label: z.string(), url: z.string(), supports: z.array(route.DocSupportSchema) })),
});
export type RouteDocs = z.infer<typeof RouteDocsSchema>;

export const RedemptionRowSchema = z.object({
  stablecoinId: z.string(),
  score: score.nullable().describe("The route; null: nothing immediate is known, or it is impaired"),
  effectiveExitScore: score.nullable().describe("The better of route and DEX; null unless the route is resolved"),
  dexLiquidityScore: z.number().min(0).max(100).nullable(),
  eventualRedeemabilityScore: score.nullable().describe("Route quality if everything came due; not liquidity"),
  accessScore: score.nullable(),
  settlementScore: score.nullable(),
  executionCertaintyScore: score.nullable(),
  capacityScore: score.nullable(),
  outputAssetQualityScore: score.nullable(),
  costScore: score.nullable(),
  routeFamily: route.RouteFamilySchema,
  accessModel: route.AccessModelSchema,
  settlementModel: route.SettlementModelSchema,
  executionModel: route.ExecutionModelSchema,
  outputAssetType: route.OutputAssetTypeSchema,
  provider: CapacityProviderSchema,
  sourceMode: SourceModeSchema,
  resolutionState: ResolutionStateSchema,
  routeStatus: RouteStatusSchema,
  routeStatusSource: RouteStatusSourceSchema,
  routeStatusReason: z.string().nullable(),
  routeStatusReviewedAt: z.string().nullable(),
  holderEligibility: route.HolderEligibilitySchema,
  immediateCapacityUsd: usd,
  immediateCapacityRatio: ratio.describe("Share of supply"),
  capacityProfile: CapacityProfileSchema,
  capacityConfidence: CapacityConfidenceSchema,
  capacityBasis: route.CapacityBasisSchema,
  capacitySemantics: CapacitySemanticsSchema,
  capacityKind: CapacityKindSchema.optional(),
  freshnessKind: FreshnessKindSchema.optional(),
  sourceTimestamp: UnixSecondsSchema.optional(),
  sourceUrls: z.array(z.string()).optional(),
  settlementDelaySec: z.number().nonnegative().optional(),
  queueDepthUsd: z.number().nonnegative().optional(),
  dailyLimitUsd: z.number().nonnegative().optional(),
  minRedeemUsd: z.number().nonnegative().optional(),
  liveHolderEligibility: route.HolderEligibilitySchema.optional(),
  sharedPoolId: z.string().optional().describe("Rows with the same id draw on one pool: count it once"),
  activeDepegBps: z.number().nonnegative().optional().describe("Of the severe depeg that impairs it"),
  activeDepegStartedAt: UnixSecondsSchema.optional(),
  activeDepegDirection: z.literal("below").optional(),
  outputImpairedDependencyId: z.string().optional(),
  outputImpairedShare: z.number().min(0).max(1).optional(),
  feeBps: z.number().nonnegative().nullable().describe("null: no one bounded number and no live reading"),
  feeConfidence: route.FeeConfidenceSchema,
  feeModelKind: route.FeeModelKindSchema,
  feeDescription: z.string().nullable(),
  costScenarioScores: CostScenarioScoresSchema.nullable(),
  modelConfidence: ModelConfidenceSchema,
  confidenceDetails: ConfidenceDetailsSchema,
  routeExitCorrelation: route.RouteExitCorrelationSchema,
  queueEnabled: z.boolean(),
  docs: RouteDocsSchema.nullable(),
  notes: z.array(z.string()),
  capsApplied: z.array(CapAppliedSchema),
  updatedAt: UnixSecondsSchema,
  methodologyVersion: z.string(),
});
export type RedemptionRow = z.infer<typeof RedemptionRowSchema>;

export const RedemptionMethodologySchema = z.object({
  version: z.string().describe("Of the run that made the rows"),
  currentVersion: z.string().describe("Of the code that publishes them"),
  componentWeights: z.record(z.string(), z.number()),
  routeFamilyCaps: z.object({ queueRedeem: z.number(), offchainIssuer: z.number() }),
  effectiveExitModel: z.object({
    model: z.literal("best-path"),
    diversificationFactor: z.number(),
    modeledExitSize: z.object({ supplyRatio: z.number(), floorUsd: z.number(), capUsd: z.number() }),
    capacityFactor: z.object({ formula: z.string(), missingCapacityBehavior: z.literal("unbounded") }),
    confidenceFactors: z.object({ high: z.number(), medium: z.number(), low: z.number() }),
    diversificationPolicy: z.string(),
  }),
});
export type RedemptionMethodology = z.infer<typeof RedemptionMethodologySchema>;

const count = z.int().nonnegative();
const ids = z.array(z.string()).optional();
const more = z.boolean().optional();

export const RedemptionRunMetadataSchema = z.object({
  synced: count.describe("Rows written"),
  resolved: count,
  unresolved: count,
  unresolvedMissingCapacity: count,
  unresolvedCritical: count,
  availabilityDegraded: count.describe("Impaired rows; they never degrade the run"),
  missingCapacityOkThreshold: count,
  coverageRatio: z.number().min(0).max(1),
  failed: count,
  configured: count,
  dynamic: count,
  estimated: count,
  static: count,
  liquidityStale: z.boolean(),
  severeActiveDepegThresholdBps: z.number(),
  registryHash: z.string(),
  familyCounts: z.record(z.string(), count),
  strongProxyCount: count.describe("Routes whose default capacity confidence is not heuristic"),
  heuristicCount: count,
  validatorVersion: z.int(),
  configMethodologyVersion: z.string(),
  v4ScoringParametersHash: z.string(),
  routeStatusProducer: z.string(),
  routeStatusProducerFetches: z.boolean(),
  failedIds: ids,
  failedIdsTruncated: more,
  availabilityDegradedIds: ids,
  availabilityDegradedIdsTruncated: more,
  missingFromCache: ids,
  missingFromCacheTruncated: more,
  warnings: z.array(z.string()).optional(),
});
export type RedemptionRunMetadata = z.infer<typeof RedemptionRunMetadataSchema>;

export const RedemptionRunSchema = z.object({
  runId: z.string(),
  startedAt: UnixSecondsSchema,
  completedAt: UnixSecondsSchema.nullable(),
  status: z.enum(["running", "completed", "failed"]),
  expectedCount: count,
  writtenCount: count,
  methodologyVersion: z.string(),
  minUpdatedAt: UnixSecondsSchema.nullable(),
  maxUpdatedAt: UnixSecondsSchema.nullable(),
  metadata: RedemptionRunMetadataSchema,
});
export type RedemptionRun = z.infer<typeof RedemptionRunSchema>;

export const RedemptionBackstopsSchema = z
  .object({
    coins: z.record(z.string(), RedemptionRowSchema),
    methodology: RedemptionMethodologySchema,
    updatedAt: UnixSecondsSchema,
    run: RedemptionRunSchema.describe("The completed run the rows are of: nobody serves rows without it"),
  })
  .refine(
    ({ coins, run }) =>
      run.status === "completed" &&
      run.writtenCount === run.expectedCount &&
      run.writtenCount === Object.keys(coins).length &&
      (run.expectedCount === 0 || run.maxUpdatedAt !== null),
    { path: ["run"], error: "is not a completed run with as many rows as it expected" },
  );
export type RedemptionBackstops = z.infer<typeof RedemptionBackstopsSchema>;
