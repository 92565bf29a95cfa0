/** Report cards: how safe a coin is, dimension by dimension, from what that follows, and what would change the grade. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";

export const GradeSchema = z
  .enum(["A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D", "F", "NR"])
  .describe("NR: not rated, which says nothing good and nothing bad");
export type Grade = z.infer<typeof GradeSchema>;

export const DimensionNameSchema = z.enum([
  "pegStability",
  "liquidity",
  "resilience",
  "decentralization",
  "dependencyRisk",
]);
export type DimensionName = z.infer<typeof DimensionNameSchema>;

export const GovernanceSchema = z.enum(["decentralized", "centralized-dependent", "centralized"]);
export type Governance = z.infer<typeof GovernanceSchema>;

export const BackingSchema = z.enum(["rwa-backed", "crypto-backed", "algorithmic"]);
export type Backing = z.infer<typeof BackingSchema>;

export const RiskTierSchema = z.enum(["very-low", "low", "medium", "high", "very-high"]);
export type RiskTier = z.infer<typeof RiskTierSchema>;

export const CollateralClassSchema = z.enum(["native", "eth-lst", "rwa", "alt-lst-bridged-or-mixed", "exotic"]);
export type CollateralClass = z.infer<typeof CollateralClassSchema>;

export const CustodyModelSchema = z.enum([
  "onchain",
  "institutional-top",
  "institutional-regulated",
  "institutional-unregulated",
  "institutional-sanctioned",
  "cex",
]);
export type CustodyModel = z.infer<typeof CustodyModelSchema>;

export const ChainTierSchema = z.enum(["ethereum", "stage1-l2", "mature-alt-l1", "established-alt-l1", "unproven"]);
export type ChainTier = z.infer<typeof ChainTierSchema>;

export const DeploymentModelSchema = z.enum([
  "single-chain",
  "canonical-bridge",
  "native-multichain",
  "third-party-bridge",
]);
export type DeploymentModel = z.infer<typeof DeploymentModelSchema>;

export const GovernanceQualitySchema = z.enum([
  "immutable-code",
  "dao-governance",
  "multisig",
  "regulated-entity",
  "single-entity",
  "wrapper",
]);
export type GovernanceQuality = z.infer<typeof GovernanceQualitySchema>;

export const VariantKindSchema = z.enum(["savings-passthrough", "risk-absorption", "strategy-vault", "bond-maturity"]);
export type VariantKind = z.infer<typeof VariantKindSchema>;

export const DependencyTypeSchema = z.enum(["collateral", "mechanism", "wrapper"]);
export type DependencyType = z.infer<typeof DependencyTypeSchema>;

export const FreezabilitySchema = z
  .enum(["yes", "possible", "inherited", "dilutable", "no"])
  .describe("Whether tokens or what backs them can be frozen; shown, never scored");
export type Freezability = z.infer<typeof FreezabilitySchema>;

export const LiquidityExclusionSchema = z
  .enum([
    "impaired",
    "unrated",
    "low-confidence",
    "eventual-only",
    "route-degraded",
    "route-paused",
    "route-cohort-limited",
    "severe-depeg-needs-live-direct",
    "needs-dex-floor",
  ])
  .describe("Why the redemption route lifts nothing");
export type LiquidityExclusion = z.infer<typeof LiquidityExclusionSchema>;

const scoreOrNull = z.int().min(0).max(100).nullable();

const DimensionSchema = z.object({
  grade: GradeSchema,
  score: scoreOrNull,
  detail: z.string().describe("What it was made of, or why it is not rated"),
});

const LeversSchema = z
  .object({
    grade: GradeSchema,
    dimensions: z
      .record(z.string(), z.int().min(0).max(100))
      .describe("Score that this dimension alone would have to reach for it"),
  })
  .nullable();

const RawInputsSchema = z.object({
  pegScore: scoreOrNull,
  activeDepeg: z.boolean(),
  activeDepegBps: z.int().nullable().describe("Signed peak of the worst open event"),
  depegEventCount: z.int().nonnegative(),
  lastEventAt: UnixSecondsSchema.nullable(),
  liquidityScore: scoreOrNull.describe("DEX liquidity score"),
  effectiveExitScore: scoreOrNull.describe("Of the redemption dataset, before the card's own exclusions"),
  redemptionBackstopScore: scoreOrNull,
  redemptionRouteFamily: z.string().nullable(),
  redemptionModelConfidence: z.string().nullable(),
  redemptionUsedForLiquidity: z.boolean(),
  redemptionExclusion: LiquidityExclusionSchema.nullable(),
  immediateCapacityUsd: z.number().nullable(),
  immediateCapacityRatio: z.number().nullable(),
  concentrationHhi: z.number().nullable(),
  chainTier: ChainTierSchema.nullable(),
  deploymentModel: DeploymentModelSchema.nullable(),
  collateralQuality: CollateralClassSchema.nullable(),
  collateralScore: scoreOrNull,
  custodyModel: CustodyModelSchema.nullable(),
  governanceTier: GovernanceSchema.nullable(),
  governanceQuality: GovernanceQualitySchema.nullable(),
  navToken: z.boolean(),
  variantParentId: z.string().nullable(),
  variantKind: VariantKindSchema.nullable(),
  collateralFromLive: z.boolean(),
  dependencyFromLive: z.boolean(),
  assumed: z.array(z.string()).describe("Inputs that are defaults of the method, not facts on file"),
});

export const DependencySchema = z.object({ id: z.string(), weight: z.number(), type: DependencyTypeSchema });

export const ReportCardSchema = z.object({
  id: z.string(),
  name: z.string(),
  symbol: z.string(),
  overallGrade: GradeSchema,
  overallScore: scoreOrNull,
  overallReason: z
    .enum(["too-few-dimensions", "peg-unrated", "defunct"])
    .nullable()
    .describe("Why there is no score, or why it is F whatever the dimensions say"),
  baseScore: z.number().nullable().describe("Rated dimensions weighed, before peg and caps"),
  depegCap: z.int().nullable().describe("Cap of an open depeg, where it bites"),
  overallCapped: z.boolean().describe("true: held down to the score of the coin it is made of"),
  uncappedOverallScore: scoreOrNull,
  dimensions: z.object({
    pegStability: DimensionSchema,
    liquidity: DimensionSchema,
    resilience: DimensionSchema,
    decentralization: DimensionSchema,
    dependencyRisk: DimensionSchema,
  }),
  ratedDimensions: z.int().describe("Of the four that are summed"),
  dependencies: z.array(DependencySchema),
  freezability: FreezabilitySchema.nullable().describe(
    "null: governance is not on file, or nothing is known to be freezable and reserves are not known",
  ),
  upgrade: LeversSchema.describe("Next better grade and what each dimension alone would need for it"),
  downgrade: LeversSchema.describe("Next worse grade and where each dimension alone would bring it about"),
  rawInputs: RawInputsSchema,
  isDefunct: z.boolean(),
});
export type ReportCard = z.infer<typeof ReportCardSchema>;

export const ReportCardsSchema = z.object({
  cards: z.array(ReportCardSchema).describe("By id"),
  dependencyGraph: z.object({
    edges: z.array(
      z.object({
        from: z.string().describe("Upstream"),
        to: z.string(),
        weight: z.number(),
        type: DependencyTypeSchema,
      }),
    ),
    brokenCycles: z.array(z.string()).describe("Coins whose upstream was left out to break a cycle"),
  }),
  stressTests: z
    .array(
      z.object({
        id: z.string(),
        changes: z.array(
          z.object({ id: z.string(), scoreNow: scoreOrNull, score: scoreOrNull, grade: GradeSchema.describe("Then") }),
        ),
      }),
    )
    .describe("If this coin's own score fell to 0 and all else stayed: the coins whose score would change"),
  methodology: z.object({
    version: z.string(),
    weights: z.record(z.string(), z.number()),
    pegMultiplierExponent: z.number(),
    thresholds: z.array(z.object({ grade: GradeSchema, min: z.number() })),
  }),
  inputFreshness: z
    .record(z.string(), z.enum(["current", "stale", "missing"]))
    .describe("State of every dataset the cards were made from"),
  liquidityStale: z.boolean(),
  redemptionStale: z.boolean().describe("true: no current redemption dataset, so no route lifts any liquidity"),
});
export type ReportCards = z.infer<typeof ReportCardsSchema>;
