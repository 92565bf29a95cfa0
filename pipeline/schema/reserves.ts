/** Live reserves: what stands behind a coin by the protocol's or issuer's own live sources, and how much of it can be redeemed now. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import { CapacityKindSchema, FreshnessKindSchema, RouteStatusSchema, RouteStatusSourceSchema } from "./redemption.ts";
import { HolderEligibilitySchema } from "./redemption-route.ts";

export const CapacityTelemetrySchema = z.enum(["direct", "proxy", "none"]);
export type CapacityTelemetry = z.infer<typeof CapacityTelemetrySchema>;

export const FeeTelemetrySchema = z.enum(["current-bps", "none"]);
export type FeeTelemetry = z.infer<typeof FeeTelemetrySchema>;

export const EvidenceClassSchema = z.enum(["independent", "static-validated", "weak-live-probe"]);
export type EvidenceClass = z.infer<typeof EvidenceClassSchema>;

export const FreshnessModeSchema = z
  .enum(["verified", "not-applicable", "unverified"])
  .describe("verified: an independent source time; not-applicable: state read in this run; unverified: neither");
export type FreshnessMode = z.infer<typeof FreshnessModeSchema>;

export const ReserveSyncStatusSchema = z.enum(["ok", "degraded", "error", "skipped"]);
export type ReserveSyncStatus = z.infer<typeof ReserveSyncStatusSchema>;

export const ReserveWarningSchema = z.object({
  code: z.string(),
  message: z.string(),
  effect: z.enum(["info", "degraded", "fatal"]).describe("degraded: stored, but does not score; fatal: rejected"),
});
export type ReserveWarning = z.infer<typeof ReserveWarningSchema>;

export const ReserveSliceSchema = z.object({
  name: z.string(),
  pct: z.number().positive().describe("Per cent of the reserves"),
  risk: z.enum(["very-low", "low", "medium", "high"]),
  coinId: z.string().optional(),
});
export type ReserveSlice = z.infer<typeof ReserveSliceSchema>;

const amount = z.number().nonnegative().optional();

/** Redemption telemetry as an adapter gives it; only what was declared may stand here. */
export const RedemptionTelemetrySchema = z.strictObject({
  capacityUsd: amount,
  capacityRatioOfSupply: z.number().min(0).max(1).optional(),
  capacityKind: CapacityKindSchema.optional(),
  freshnessKind: FreshnessKindSchema.optional(),
  routeStatus: RouteStatusSchema.optional(),
  routeStatusSource: RouteStatusSourceSchema.optional(),
  routeStatusReason: z.string().optional(),
  routeStatusReviewedAt: z.iso.date().optional(),
  sourceTimestamp: UnixSecondsSchema.optional(),
  sourceUrls: z.array(z.url({ protocol: /^https?$/ })).optional(),
  settlementDelaySec: amount,
  queueDepthUsd: amount,
  dailyLimitUsd: amount,
  minRedeemUsd: amount,
  holderEligibility: HolderEligibilitySchema.optional(),
  feeBps: z.number().min(0).max(10_000).optional(),
});
export type RedemptionTelemetry = z.infer<typeof RedemptionTelemetrySchema>;

export const ReserveMetadataSchema = z.object({
  freshnessMode: FreshnessModeSchema,
  freshnessReason: z.string().optional().describe("Why it is unverified"),
  sourceTimestamp: UnixSecondsSchema.optional(),
  collateralizationRatio: amount,
  unknownExposurePct: z.number().min(0).max(100).optional(),
  supplyUsd: amount,
  totalReserveUsd: amount,
  blockNumber: z.int().nonnegative().optional(),
  sharedPoolId: z.string().optional().describe("One pool that serves several coins: count it once"),
  immediateRedeemableUsd: z.number().optional().describe("Legacy flat form of capacityUsd"),
  immediateRedeemableRatio: z.number().optional().describe("Legacy flat form of capacityRatioOfSupply"),
  redemptionFeeBps: z.number().optional().describe("Legacy flat form of feeBps"),
  redemption: RedemptionTelemetrySchema.optional(),
});
export type ReserveMetadata = z.infer<typeof ReserveMetadataSchema>;

/** What one successful reading found. */
export const ReserveReadingSchema = z.object({
  fetchedAt: UnixSecondsSchema,
  syncStatus: z.enum(["ok", "degraded"]),
  source: z.string().describe("Where it was read"),
  slices: z.array(ReserveSliceSchema),
  metadata: ReserveMetadataSchema,
  warnings: z.array(ReserveWarningSchema),
});
export type ReserveReading = z.infer<typeof ReserveReadingSchema>;

export const ReserveRowSchema = z.object({
  stablecoinId: z.string(),
  adapter: z.string(),
  adapterVersion: z.int().positive(),
  evidenceClass: EvidenceClassSchema,
  telemetry: z.object({ capacity: CapacityTelemetrySchema, fee: FeeTelemetrySchema }).describe("What it may give"),
  mode: z
    .enum(["live", "live-stale", "unavailable"])
    .describe("live: the newest attempt succeeded within 48 hours; live-stale: an older reading; unavailable: none"),
  reading: ReserveReadingSchema.nullable().describe("The newest successful reading"),
  sync: z.object({
    status: ReserveSyncStatusSchema.describe("Of the newest attempt"),
    lastAttemptedAt: UnixSecondsSchema,
    lastSuccessAt: UnixSecondsSchema.nullable(),
    failuresInARow: z.int().nonnegative(),
    lastError: z.string().nullable(),
  }),
});
export type ReserveRow = z.infer<typeof ReserveRowSchema>;

export const ReservesSchema = z.object({
  coins: z.record(z.string(), ReserveRowSchema),
  sharedPools: z
    .array(z.object({ id: z.string(), coinIds: z.array(z.string()), capacityUsd: z.number().nonnegative().nullable() }))
    .describe("Pools that serve more than one coin; a sum over coins counts each once"),
  updatedAt: UnixSecondsSchema,
});
export type Reserves = z.infer<typeof ReservesSchema>;
