/** One coin's row from its route and today's inputs: every part of the method in the order in which they depend on each other. */
import { componentScore, effectiveExitScore, modeledExitSizeUsd, queueEnabled } from "../redemption-figures.ts";
import type { RedemptionRow } from "../schema/redemption.ts";
import type { RedemptionRoute } from "../schema/redemption-route.ts";
import type { CapacityTelemetry } from "../schema/reserves.ts";
import { type ResolvedCapacity, resolveCapacity } from "./capacity.ts";
import { capacityConstraintEffects, capacityScore } from "./capacity-score.ts";
import { type LiveFee, resolveCost } from "./cost.ts";
import { type CoinLinks, resolveDocs } from "./docs.ts";
import type { LiveTelemetry } from "./live-telemetry.ts";
import { modelConfidence } from "./model-confidence.ts";
import { capacityBasis } from "./providers.ts";
import {
  defaultHolderEligibility,
  defaultRouteExitCorrelation,
  isStrongLiveDirectRoute,
  mergeRouteStatus,
} from "./route-status.ts";
import { eventualRedeemabilityScore, redemptionScore } from "./score.ts";
import type { SevereDepeg } from "./severe-depeg.ts";

export interface RowInputs {
  stablecoinId: string;
  route: RedemptionRoute;
  /** null: the coin or its supply is not in today's list. */
  supplyUsd: number | null;
  dexLiquidityScore: number | null;
  adapterCapacity: CapacityTelemetry;
  live: LiveTelemetry;
  liveFee: LiveFee;
  severe: SevereEvidence | null;
  links: CoinLinks;
  nowSec: number;
  methodologyVersion: string;
}

/** Evidence of a severe depeg; a test case may leave parts of it out. */
export type SevereEvidence = Pick<SevereDepeg, "routeStatus" | "routeStatusSource"> & Partial<SevereDepeg>;

/** The words of a route as scores; schema keeps them known. */
function partScores(route: RedemptionRoute) {
  return {
    accessScore: componentScore("access", route.accessModel) as number,
    settlementScore: componentScore("settlement", route.settlementModel) as number,
    executionCertaintyScore: componentScore("execution", route.executionModel) as number,
    outputAssetQualityScore: componentScore("outputAsset", route.outputAssetType) as number,
  };
}

/** What the live reading says beside its capacity; it belongs to the row only where that capacity is used. */
function liveFields(capacity: ResolvedCapacity, live: LiveTelemetry) {
  if (!capacity.isLive) return {};
  const { capacityKind, freshnessKind, sourceTimestamp, sourceUrls, sharedPoolId } = live;
  const { settlementDelaySec, queueDepthUsd, dailyLimitUsd, minRedeemUsd, liveHolderEligibility } = live;
  return withoutNulls({
    capacityKind,
    freshnessKind,
    sourceTimestamp,
    sourceUrls: sourceUrls?.length ? sourceUrls : null,
    settlementDelaySec,
    queueDepthUsd,
    dailyLimitUsd,
    minRedeemUsd,
    liveHolderEligibility,
    sharedPoolId,
  });
}

function severeFields(severe: SevereEvidence) {
  const { activeDepegBps, activeDepegStartedAt, activeDepegDirection } = severe;
  const { outputImpairedDependencyId, outputImpairedShare } = severe;
  return withoutNulls({
    activeDepegBps,
    activeDepegStartedAt,
    activeDepegDirection,
    outputImpairedDependencyId,
    outputImpairedShare,
  });
}

type Present<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

function withoutNulls<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Present<T>;
}

export function buildRow(inputs: RowInputs): RedemptionRow {
  const { stablecoinId, route, supplyUsd, live, severe, nowSec } = inputs;
  const capacity = resolveCapacity(route.capacityModel, supplyUsd, inputs.adapterCapacity, live);
  const extra = liveFields(capacity, live);
  const cost = resolveCost(route.costModel, inputs.liveFee);
  const plainCapacity = capacityScore(
    capacity.scoringCapacityUsd,
    capacity.scoringCapacityRatio,
    capacity.capacityScoreMode,
  );
  const constrained = capacityConstraintEffects(plainCapacity.score, capacity.scoringCapacityUsd, extra);
  const parts = {
    ...partScores(route),
    routeFamily: route.routeFamily,
    costScore: cost.costScore,
    totalScoreCap: route.totalScoreCap,
  };
  const scored = redemptionScore(parts, constrained.score);

  const strong = isStrongLiveDirectRoute({
    ...route,
    capacityConfidence: capacity.capacityConfidence,
    capacityKind: extra.capacityKind ?? null,
    sourceMode: capacity.sourceMode,
  });
  const isResolved = capacity.resolutionState === "resolved";
  const status = mergeRouteStatus(
    {
      routeStatus: isResolved ? (route.routeStatus ?? "open") : "unknown",
      routeStatusSource: "static-config",
      configured: isResolved && route.routeStatus !== undefined,
    },
    live,
    severe,
    strong,
  );
  const resolutionState = isResolved && status.impaired ? "impaired" : capacity.resolutionState;
  const impaired = resolutionState === "impaired";
  const score = impaired ? null : scored.score;
  const holderEligibility = route.holderEligibility ?? defaultHolderEligibility(route.accessModel);
  const confidence = modelConfidence({
    resolutionState,
    capacityConfidence: capacity.capacityConfidence,
    feeConfidence: cost.feeConfidence,
    routeStatus: status.routeStatus,
    routeStatusSource: status.routeStatusSource,
    holderEligibility,
    sourceMode: capacity.sourceMode,
    freshnessKind: extra.freshnessKind ?? null,
    reviewedAt: route.reviewedAt ?? null,
    nowSec,
  });
  const routeExitCorrelation =
    route.routeExitCorrelation ?? defaultRouteExitCorrelation(route.routeFamily, route.outputAssetType);
  const reason = status.routeStatusReason === null ? [] : [status.routeStatusReason];

  return {
    stablecoinId,
    score,
    effectiveExitScore:
      resolutionState === "resolved"
        ? effectiveExitScore(inputs.dexLiquidityScore, score, {
            circulatingSupplyUsd: supplyUsd,
            currentExecutableCapacityUsd: capacity.scoringCapacityUsd,
            routeExitCorrelation,
            modelConfidence: confidence.modelConfidence,
          })
        : null,
    dexLiquidityScore: inputs.dexLiquidityScore,
    eventualRedeemabilityScore: eventualRedeemabilityScore(
      parts,
      capacity.eventualCapacityUsd,
      capacity.eventualCapacityRatio,
    ),
    ...partScores(route),
    capacityScore: constrained.score,
    costScore: cost.costScore,
    routeFamily: route.routeFamily,
    accessModel: route.accessModel,
    settlementModel: route.settlementModel,
    executionModel: route.executionModel,
    outputAssetType: route.outputAssetType,
    provider: capacity.provider,
    sourceMode: capacity.sourceMode,
    resolutionState,
    routeStatus: status.routeStatus,
    routeStatusSource: status.routeStatusSource,
    routeStatusReason: status.routeStatusReason,
    routeStatusReviewedAt: status.routeStatusReviewedAt,
    holderEligibility,
    immediateCapacityUsd: capacity.immediateCapacityUsd,
    immediateCapacityRatio: capacity.immediateCapacityRatio,
    capacityProfile: {
      immediateUsd: capacity.immediateCapacityUsd,
      dailyLimitUsd: capacity.dailyLimitUsd,
      queuedUsd: capacity.queuedUsd,
      eventualUsd: capacity.eventualCapacityUsd,
      scoringUsd: capacity.scoringCapacityUsd,
      scoringHorizon: capacity.scoringHorizon,
      capacityProfileConfidence: capacity.capacityConfidence,
      modeledExitSizeUsd: modeledExitSizeUsd(supplyUsd),
    },
    capacityConfidence: capacity.capacityConfidence,
    capacityBasis: capacityBasis(route.routeFamily, route.capacityModel, capacity.capacityConfidence),
    capacitySemantics: capacity.capacitySemantics,
    ...extra,
    ...(status.severeApplied && severe ? severeFields(severe) : {}),
    feeBps: cost.feeBps,
    feeConfidence: cost.feeConfidence,
    feeModelKind: cost.feeModelKind,
    feeDescription: cost.feeDescription,
    costScenarioScores: cost.costScenarioScores,
    modelConfidence: confidence.modelConfidence,
    confidenceDetails: confidence.details,
    routeExitCorrelation,
    queueEnabled: queueEnabled(route.routeFamily, route.settlementModel),
    docs: resolveDocs(
      { docs: route.docs, reviewedAt: route.reviewedAt, capacityModelKind: route.capacityModel.kind },
      inputs.links,
    ),
    notes: [...new Set([...(route.notes ?? []), ...capacity.notes, ...cost.notes, ...status.notes, ...reason])],
    capsApplied: [...constrained.capsApplied, ...scored.capsApplied, ...status.capsApplied],
    updatedAt: nowSec,
    methodologyVersion: inputs.methodologyVersion,
  };
}
