/**
 * Figures of a redemption row that follow from its words: what each word is worth, how good the evidence is, how large an exit is
 * modelled. Shared by the lane that scores, by the publisher that leaves out what follows, and by whoever reads the rows.
 *
 * Method: redemption, sections 3, 8 and 13. The tables are facts of the method, not of a coin.
 */
import type {
  CapacityConfidence,
  ConfidenceDetails,
  FreshnessKind,
  ModelConfidence,
  RouteStatus,
  RouteStatusSource,
  SourceMode,
} from "./schema/redemption.ts";
import type {
  AccessModel,
  ExecutionModel,
  FeeConfidence,
  HolderEligibility,
  OutputAssetType,
  RouteExitCorrelation,
  RouteFamily,
  SettlementModel,
} from "./schema/redemption-route.ts";

/** The method's own label. */
export const REDEMPTION_VERSION = "4.06";

const ACCESS: Readonly<Record<AccessModel, number>> = {
  "permissionless-onchain": 100,
  "whitelisted-onchain": 75,
  "issuer-api": 40,
  manual: 20,
};
const SETTLEMENT: Readonly<Record<SettlementModel, number>> = {
  atomic: 100,
  immediate: 90,
  "same-day": 65,
  days: 35,
  queued: 20,
};
const EXECUTION: Readonly<Record<ExecutionModel, number>> = {
  "deterministic-onchain": 100,
  "deterministic-basket": 80,
  "rules-based-nav": 60,
  opaque: 30,
};
const OUTPUT_ASSET: Readonly<Record<OutputAssetType, number>> = {
  "stable-single": 100,
  "stable-basket": 80,
  "bluechip-collateral": 65,
  "mixed-collateral": 45,
  nav: 20,
};

const COMPONENTS = { access: ACCESS, settlement: SETTLEMENT, execution: EXECUTION, outputAsset: OUTPUT_ASSET };
export type Component = keyof typeof COMPONENTS;

/** 0 to 100; null for a word the method does not know. */
export function componentScore(component: Component, value: string | null): number | null {
  const table: Readonly<Record<string, number>> = COMPONENTS[component];
  return value !== null && Object.hasOwn(table, value) ? (table[value] as number) : null;
}

export function queueEnabled(routeFamily: RouteFamily | null, settlementModel: SettlementModel | null): boolean {
  return routeFamily === "queue-redeem" || settlementModel === "queued";
}

export const EXIT_SIZE = { supplyRatio: 0.05, floorUsd: 100_000, capUsd: 25_000_000 } as const;

/** The exit a route is measured against; null where supply is unknown or nothing. */
export function modeledExitSizeUsd(supplyUsd: number | null): number | null {
  if (supplyUsd === null || !Number.isFinite(supplyUsd) || supplyUsd <= 0) return null;
  return Math.min(Math.max(supplyUsd * EXIT_SIZE.supplyRatio, EXIT_SIZE.floorUsd), EXIT_SIZE.capUsd);
}

export const CONFIDENCE_FACTORS: Readonly<Record<ModelConfidence, number>> = { high: 1, medium: 0.75, low: 0.35 };
export const DIVERSIFICATION_FACTOR = 0.1;

export interface ExitOptions {
  circulatingSupplyUsd?: number | null | undefined;
  /** Instead of the size that follows from supply. */
  modeledExitSizeUsd?: number | null | undefined;
  currentExecutableCapacityUsd?: number | null | undefined;
  routeExitCorrelation?: RouteExitCorrelation | null | undefined;
  modelConfidence?: ModelConfidence | null | undefined;
}

function clampScore(score: number | null): number | null {
  return score === null || !Number.isFinite(score) ? null : Math.max(0, Math.min(100, score));
}

/** What capacity and confidence leave of a route's score; without options the score itself. */
function adjustedRedemption(score: number | null, options: ExitOptions | null): number | null {
  const clamped = clampScore(score);
  if (clamped === null) return null;
  if (options === null) return Math.round(clamped);
  const given = options.modeledExitSizeUsd ?? null;
  const exitUsd =
    given !== null && Number.isFinite(given) && given > 0
      ? given
      : modeledExitSizeUsd(options.circulatingSupplyUsd ?? null);
  const capacity = options.currentExecutableCapacityUsd ?? null;
  const unbounded = exitUsd === null || capacity === null || !Number.isFinite(capacity);
  const capacityFactor = unbounded ? 1 : Math.max(0, Math.min(1, capacity / exitUsd));
  const confidenceFactor = CONFIDENCE_FACTORS[options.modelConfidence ?? "low"];
  return Math.round(Math.max(0, Math.min(100, clamped * capacityFactor * confidenceFactor)));
}

/**
 * The better of DEX and redemption, with a bonus for two exits that fail independently.
 *
 * The redemption part is rounded before the two are blended. `options: null` is the older form without capacity and confidence.
 */
export function effectiveExitScore(
  liquidityScore: number | null,
  redemptionScore: number | null,
  options: ExitOptions | null,
): number | null {
  const dex = clampScore(liquidityScore);
  const redemption = adjustedRedemption(redemptionScore, options);
  if (dex === null) return redemption;
  if (redemption === null) return Math.round(dex);
  const independent = options === null || options.routeExitCorrelation === "independent-issuer-rail";
  const bonus = independent ? DIVERSIFICATION_FACTOR * Math.min(dex, redemption) : 0;
  return Math.round(Math.min(100, Math.max(dex, redemption) + bonus));
}

const DAY_SEC = 86_400;

/** Whole days since a route was reviewed; null for no date or none that exists, 0 for a day to come. */
export function reviewedDocAgeDays(reviewedAt: string | null, nowSec: number): number | null {
  const midnight = reviewedAt === null ? null : utcMidnight(reviewedAt);
  return midnight === null || !Number.isFinite(nowSec) ? null : Math.max(0, Math.floor((nowSec - midnight) / DAY_SEC));
}

/** Unix seconds of a day that exists, else null. */
export function utcMidnight(day: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  const milliseconds = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== day) return null;
  return milliseconds / 1000;
}

/** Sources that speak of the route as it is now, not as somebody once wrote it down. */
const CURRENT_STATUS_SOURCES: ReadonlySet<string> = new Set<RouteStatusSource>([
  "operator-notice",
  "protocol-api",
  "onchain",
  "market-implied",
]);

export function isCurrentStatusSource(source: RouteStatusSource | null): boolean {
  return source !== null && CURRENT_STATUS_SOURCES.has(source);
}

const CAPACITY_EVIDENCE: Readonly<Record<CapacityConfidence, number>> = {
  "live-direct": 100,
  "live-proxy": 80,
  dynamic: 65,
  "documented-bound": 60,
  heuristic: 25,
};
const FEE_EVIDENCE: Readonly<Record<FeeConfidence, number>> = { fixed: 100, formula: 80, "undisclosed-reviewed": 45 };
const HOLDER_BREADTH: Readonly<Record<HolderEligibility, number>> = {
  "any-holder": 100,
  "verified-customer": 75,
  "whitelisted-primary": 55,
  "pre-incident-holder": 55,
  unknown: 30,
  "issuer-discretionary": 25,
};
const MODE_QUALITY: Readonly<Record<SourceMode, number>> = { dynamic: 75, estimated: 50, static: 40 };
const ABSENT = { status: 50, holders: 60, mode: 50 } as const;

export interface ConfidenceInputs {
  capacityConfidence: CapacityConfidence;
  feeConfidence: FeeConfidence;
  routeStatus: RouteStatus | null;
  routeStatusSource: RouteStatusSource | null;
  holderEligibility: HolderEligibility | null;
  sourceMode: SourceMode | null;
  freshnessKind: FreshnessKind | null;
  reviewedAt: string | null;
  nowSec: number;
}

/** Each part of the evidence on its own, for the reader; the roll-up is decided by rules, not by these. */
export function confidenceParts(inputs: ConfidenceInputs): Omit<ConfidenceDetails, "reasons"> {
  const { capacityConfidence, feeConfidence, holderEligibility } = inputs;
  return {
    capacityEvidenceQuality: CAPACITY_EVIDENCE[capacityConfidence],
    feeEvidenceQuality: FEE_EVIDENCE[feeConfidence],
    routeStatusFreshness: statusFreshness(inputs.routeStatus, inputs.routeStatusSource),
    holderCohortBreadth: holderEligibility === null ? ABSENT.holders : HOLDER_BREADTH[holderEligibility],
    sourceQuality: sourceQuality(inputs.freshnessKind, inputs.sourceMode),
    reviewedDocAgeDays: reviewedDocAgeDays(inputs.reviewedAt, inputs.nowSec),
  };
}

function statusFreshness(status: RouteStatus | null, source: RouteStatusSource | null): number {
  if (status === null) return ABSENT.status;
  if (status === "open") return isCurrentStatusSource(source) ? 100 : 70;
  return status === "unknown" ? 30 : 20;
}

function sourceQuality(freshness: FreshnessKind | null, mode: SourceMode | null): number {
  if (freshness === "verified-source-timestamp" || freshness === "same-run-onchain") return 100;
  if (freshness === "same-run-api") return 90;
  return mode === null ? ABSENT.mode : MODE_QUALITY[mode];
}
