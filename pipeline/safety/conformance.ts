/** Cases of `vectors/safety-scores.json` about report cards. */
import { z } from "zod";
import { AnyNumber, listOf, MaybeNumber, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import { ftqCohort, scoreToGrade } from "../safety-grades.ts";
import {
  BackingSchema,
  ChainTierSchema,
  CollateralClassSchema,
  CustodyModelSchema,
  DependencyTypeSchema,
  DeploymentModelSchema,
  DimensionNameSchema,
  type Freezability,
  FreezabilitySchema,
  GovernanceQualitySchema,
  GovernanceSchema,
  RiskTierSchema,
  VariantKindSchema,
} from "../schema/report-cards.ts";
import { dependencyRiskScore } from "../scoring/dependency-risk.ts";
import { overallScore, variantOverallCap } from "../scoring/overall-score.ts";
import { chainInfraScore, decentralizationScore, defaultGovernanceQuality } from "./decentralization.ts";
import { blacklistStatus } from "./freezability.ts";
import { liquidityDimension } from "./liquidity-dimension.ts";
import { resilienceDefaults, resilienceScore } from "./resilience.ts";

const n = MaybeNumber;
const t = MaybeText;
/** A field that is absent counts as unset. */
function maybe<Value extends z.ZodType>(schema: Value) {
  return schema.nullish().transform((value) => value ?? null);
}
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const OverallInput = z.object({
  dimensions: z.object(
    Object.fromEntries(DimensionNameSchema.options.map((name) => [name, n])) as Record<
      z.infer<typeof DimensionNameSchema>,
      typeof n
    >,
  ),
  activeDepegPeakBps: n,
  navToken: flag,
});
const DependencyInput = z.object({
  governance: GovernanceSchema,
  dependencies: listOf(
    z.object({
      id: z.string(),
      weight: NumberOrNaN,
      type: maybe(DependencyTypeSchema).transform((type) => type ?? "collateral"),
    }),
  ),
  upstreamScores: maybe(z.record(z.string(), AnyNumber.nullish())).transform((scores) => scores ?? {}),
  variantParentId: t,
  variantKind: maybe(VariantKindSchema),
});
const LiquidityInput = z.object({
  dexLiquidityScore: n,
  activeDepegPeakBps: n,
  redemption: maybe(
    z.object({
      score: n,
      eventualRedeemabilityScore: n,
      routeFamily: t,
      resolutionState: t,
      modelConfidence: t,
      capacitySemantics: t,
      capacityConfidence: t,
      capacityKind: t,
      sourceMode: t,
      accessModel: t,
      settlementModel: t,
      routeStatus: t,
      routeExitCorrelation: t,
      immediateCapacityUsd: n,
      scoringUsd: n,
      modeledExitSizeUsd: n,
    }),
  ),
});
const ChainInput = z.object({
  chainTier: maybe(ChainTierSchema).transform((tier) => tier ?? "ethereum"),
  deploymentModel: maybe(DeploymentModelSchema).transform((model) => model ?? "single-chain"),
});
const ReservesInput = listOf(
  z.object({
    name: t.transform((name) => name ?? ""),
    pct: NumberOrNaN,
    risk: maybe(RiskTierSchema),
    blacklistable: maybe(z.boolean()),
  }),
);
const ResilienceInput = z.object({
  reserves: ReservesInput,
  custodyModel: maybe(CustodyModelSchema),
  collateralQuality: maybe(CollateralClassSchema),
  governance: maybe(GovernanceSchema),
  backing: maybe(BackingSchema),
});
const DecentralizationInput = ChainInput.extend({
  governance: GovernanceSchema,
  governanceQuality: maybe(GovernanceQualitySchema),
});
const FreezabilityInput = z.object({
  governance: GovernanceSchema,
  custodyModel: maybe(CustodyModelSchema),
  canBeBlacklisted: maybe(z.union([z.boolean(), FreezabilitySchema])),
  reserves: ReservesInput,
  variantParentStatus: maybe(FreezabilitySchema),
});

function explicitStatus(given: boolean | Freezability | null): Freezability | null {
  return typeof given === "boolean" ? (given ? "yes" : "no") : given;
}

export const conformance: Record<string, (input: unknown) => unknown> = {
  scoreToGrade: (input) => scoreToGrade(z.object({ score: n }).parse(input).score),
  overallScore: (input) => overallScore(OverallInput.parse(input)),
  dependencyRiskScore: (input) => dependencyRiskScore(DependencyInput.parse(input)),
  liquidityDimension: (input) => liquidityDimension(LiquidityInput.parse(input)),
  variantOverallCap(input) {
    const { childScore, parentScore } = z.object({ childScore: n, parentScore: n }).parse(input);
    return variantOverallCap(childScore, parentScore);
  },
  chainInfraScore(input) {
    const { chainTier, deploymentModel } = ChainInput.parse(input);
    return chainInfraScore(chainTier, deploymentModel);
  },
  resilienceScore(input) {
    const { reserves, custodyModel, collateralQuality, governance, backing } = ResilienceInput.parse(input);
    const assumed = resilienceDefaults(backing, governance);
    return resilienceScore({
      reserves,
      collateralQuality: collateralQuality ?? assumed.collateral,
      custodyModel: custodyModel ?? assumed.custody,
    });
  },
  decentralizationScore(input) {
    const { governance, governanceQuality, ...chain } = DecentralizationInput.parse(input);
    return decentralizationScore({
      quality: governanceQuality ?? defaultGovernanceQuality(governance, false),
      ...chain,
    });
  },
  blacklistStatus(input) {
    const { canBeBlacklisted, reserves, ...rest } = FreezabilityInput.parse(input);
    return blacklistStatus({
      ...rest,
      explicit: explicitStatus(canBeBlacklisted),
      reserves: reserves.map(({ name, blacklistable }) => ({ name, blacklistable, coinStatus: null })),
    });
  },
  ftqCohort: (input) => ftqCohort(z.object({ overallScore: n }).parse(input).overallScore),
};
