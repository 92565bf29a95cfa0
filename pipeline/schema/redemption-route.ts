/**
 * A redemption route as people enter it: who may use it, how fast, into what, how much is known to fit through, at what cost.
 *
 * Every word is a member of a closed list, because scores hang on them. What a route of its family usually is stands once, in
 * pipeline/redemption-defaults.ts; a coin's file says what differs.
 */
import { z } from "zod";

const httpUrl = z.url({ protocol: /^https?$/, error: "an address with https://" });

export const RouteFamilySchema = z.enum([
  "stablecoin-redeem",
  "basket-redeem",
  "collateral-redeem",
  "psm-swap",
  "queue-redeem",
  "offchain-issuer",
]);
export type RouteFamily = z.infer<typeof RouteFamilySchema>;

export const AccessModelSchema = z.enum(["permissionless-onchain", "whitelisted-onchain", "issuer-api", "manual"]);
export type AccessModel = z.infer<typeof AccessModelSchema>;

export const SettlementModelSchema = z.enum(["atomic", "immediate", "same-day", "days", "queued"]);
export type SettlementModel = z.infer<typeof SettlementModelSchema>;

export const ExecutionModelSchema = z.enum([
  "deterministic-onchain",
  "deterministic-basket",
  "rules-based-nav",
  "opaque",
]);
export type ExecutionModel = z.infer<typeof ExecutionModelSchema>;

export const OutputAssetTypeSchema = z.enum([
  "stable-single",
  "stable-basket",
  "bluechip-collateral",
  "mixed-collateral",
  "nav",
]);
export type OutputAssetType = z.infer<typeof OutputAssetTypeSchema>;

export const HolderEligibilitySchema = z.enum([
  "any-holder",
  "verified-customer",
  "whitelisted-primary",
  "pre-incident-holder",
  "issuer-discretionary",
  "unknown",
]);
export type HolderEligibility = z.infer<typeof HolderEligibilitySchema>;

export const CapacityBasisSchema = z.enum([
  "issuer-term-redemption",
  "full-system-eventual",
  "daily-limit",
  "fixed-buffer",
  "hot-buffer",
  "psm-balance-share",
  "strategy-buffer",
  "live-direct-telemetry",
  "live-proxy-buffer",
]);
export type CapacityBasis = z.infer<typeof CapacityBasisSchema>;

/** The two live labels are earned at run time and cannot be configured. */
export const ConfiguredBasisSchema = CapacityBasisSchema.exclude(["live-direct-telemetry", "live-proxy-buffer"]);
export const ConfiguredConfidenceSchema = z.enum(["dynamic", "documented-bound", "heuristic"]);

export const RouteExitCorrelationSchema = z.enum([
  "independent-issuer-rail",
  "same-stablecoin-pool-backing",
  "same-protocol-liquidity",
  "wrapper-to-parent-dependency",
  "unknown",
]);
export type RouteExitCorrelation = z.infer<typeof RouteExitCorrelationSchema>;

export const FeeConfidenceSchema = z.enum(["fixed", "formula", "undisclosed-reviewed"]);
export type FeeConfidence = z.infer<typeof FeeConfidenceSchema>;

export const FeeModelKindSchema = z.enum(["fixed-bps", "formula", "documented-variable", "undisclosed-reviewed"]);
export type FeeModelKind = z.infer<typeof FeeModelKindSchema>;

export const DocSupportSchema = z.enum(["route", "capacity", "fees", "access", "settlement"]);
export type DocSupport = z.infer<typeof DocSupportSchema>;

const ratio = z.number().positive().max(1);
const amount = z.number().nonnegative();
const labels = { confidence: ConfiguredConfidenceSchema.optional(), basis: ConfiguredBasisSchema.optional() };

export const CapacityModelSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("supply-full"), ...labels }),
    z.strictObject({
      kind: z.literal("supply-ratio"),
      ratio: ratio.describe("Share of supply that fits through at once, 0 to 1"),
      dailyLimitUsd: z.number().positive().optional(),
      ...labels,
    }),
    z.strictObject({
      kind: z.literal("fixed-usd"),
      amountUsd: amount.describe("A reviewed buffer"),
      dailyLimitUsd: z.number().positive().optional(),
      ...labels,
    }),
    z.strictObject({
      kind: z.literal("reserve-sync-metadata"),
      fallbackRatio: ratio.optional().describe("Share of supply while no live reading is usable"),
      fallbackUsd: amount.optional(),
      ...labels,
    }),
  ])
  .describe("How much fits through, and how that is known");
export type CapacityModel = z.infer<typeof CapacityModelSchema>;

const feeShape = {
  flatFeeUsd: amount.optional(),
  minFeeUsd: amount.optional(),
  feeBpsMin: amount.optional(),
  feeBpsMax: amount.optional(),
  gasOrBridgeCostUsd: amount.optional(),
  stressFeeBps: amount.optional(),
  feeScenario: z.enum(["normal", "stress"]).optional(),
};

export const CostModelSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("fee-bps"),
      feeBps: amount.describe("One bounded fee"),
      feeDescription: z.string().min(1).optional(),
      confidence: z.literal("fixed").optional(),
      ...feeShape,
    }),
    z.strictObject({
      kind: z.literal("dynamic-or-unclear"),
      feeDescription: z.string().min(1).optional(),
      confidence: FeeConfidenceSchema.exclude(["fixed"]).optional(),
      feeModelKind: FeeModelKindSchema.exclude(["fixed-bps"]).optional(),
      ...feeShape,
    }),
  ])
  .describe("What it costs, and how that is known");
export type CostModel = z.infer<typeof CostModelSchema>;

export const RouteDocSchema = z.strictObject({
  label: z.string().min(1),
  url: httpUrl.describe("The issuer's or the protocol's own words"),
  supports: z.array(DocSupportSchema).describe("What the page says something about, each once"),
});
export type RouteDoc = z.infer<typeof RouteDocSchema>;

const fields = {
  routeFamily: RouteFamilySchema,
  accessModel: AccessModelSchema.describe("Who can use it"),
  settlementModel: SettlementModelSchema.describe("How fast"),
  executionModel: ExecutionModelSchema.describe("How sure the outcome is"),
  outputAssetType: OutputAssetTypeSchema.describe("What comes out"),
  capacityModel: CapacityModelSchema,
  costModel: CostModelSchema,
  holderEligibility: HolderEligibilitySchema.optional().describe("Where it differs from what access implies"),
  routeStatus: z.enum(["open", "unknown"]).optional().describe("Said by somebody; left out: open by default"),
  routeExitCorrelation: RouteExitCorrelationSchema.optional().describe("Where it differs from the family's"),
  totalScoreCap: z.number().positive().max(100).optional(),
  docs: z.array(RouteDocSchema).optional(),
  reviewedAt: z.iso.date("a date as YYYY-MM-DD").optional().describe("When somebody last read the docs"),
  notes: z.array(z.string().min(1)).optional().describe("Copied to every row"),
};

/** A whole route, as everything that computes sees it. */
export const RedemptionRouteSchema = z.strictObject(fields);
export type RedemptionRoute = z.infer<typeof RedemptionRouteSchema>;

/** Which row of the defaults table a route starts from. */
export const RouteBaseSchema = z.enum([
  "issuer",
  "commodity-issuer",
  "stablecoin-redeem",
  "collateral-redeem",
  "psm-swap",
  "basket-redeem",
  "queue-redeem",
]);
export type RouteBase = z.infer<typeof RouteBaseSchema>;

/** A route as a coin's file holds it: the kind it starts from, what differs, and where that is from. */
export const RouteEntrySchema = z.strictObject({
  base: RouteBaseSchema.describe("The kind of route it starts from; its defaults fill what is left out"),
  accessModel: fields.accessModel.optional(),
  settlementModel: fields.settlementModel.optional(),
  executionModel: fields.executionModel.optional(),
  outputAssetType: fields.outputAssetType.optional(),
  capacityModel: fields.capacityModel.optional(),
  costModel: fields.costModel.optional(),
  holderEligibility: fields.holderEligibility,
  routeStatus: fields.routeStatus,
  routeExitCorrelation: fields.routeExitCorrelation,
  totalScoreCap: fields.totalScoreCap,
  docs: fields.docs,
  reviewedAt: fields.reviewedAt,
  notes: fields.notes,
  source: z.string().min(1).describe("Where the facts are from"),
  remark: z.string().min(1).optional().describe("What a maintainer should know; shown to nobody else"),
});
export type RouteEntry = z.infer<typeof RouteEntrySchema>;
