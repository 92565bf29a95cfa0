/**
 * The liquidity dimension of a report card: what DEX markets give, lifted by a redemption route that really helps.
 *
 * Safety methodology, section 2. A route that is excluded stays visible and lifts nothing; the first matching reason is
 * named. A documented issuer's route counts only as far as the market itself would carry it.
 */
import { clampScore, scoreToGrade } from "../safety-grades.ts";
import type { Grade, LiquidityExclusion } from "../schema/report-cards.ts";

type Maybe = number | null;

/** What the card reads of a row of redemption-backstops. */
export interface RedemptionInput {
  score: Maybe;
  eventualRedeemabilityScore: Maybe;
  routeFamily: string | null;
  resolutionState: string | null;
  modelConfidence: string | null;
  capacitySemantics: string | null;
  capacityConfidence: string | null;
  capacityKind: string | null;
  sourceMode: string | null;
  accessModel: string | null;
  settlementModel: string | null;
  routeStatus: string | null;
  routeExitCorrelation: string | null;
  immediateCapacityUsd: Maybe;
  scoringUsd: Maybe;
  modeledExitSizeUsd: Maybe;
}

const SEVERE_DEPEG_BPS = 2500;
const QUEUE_CAP = 70;
const BONUS_SHARE = 0.1;
const CONFIDENCE_FACTORS: Readonly<Record<string, number>> = { high: 1, medium: 0.75, low: 0.35 };
const BLOCKED_STATUS: Readonly<Record<string, LiquidityExclusion>> = {
  degraded: "route-degraded",
  paused: "route-paused",
  "cohort-limited": "route-cohort-limited",
};

function known(value: Maybe): value is number {
  return value !== null && Number.isFinite(value);
}

function isDocumentedIssuer(row: RedemptionInput): boolean {
  return (
    row.routeFamily === "offchain-issuer" &&
    row.capacitySemantics === "eventual-only" &&
    row.capacityConfidence === "documented-bound"
  );
}

function isStrongLiveDirect(row: RedemptionInput): boolean {
  return (
    row.capacityConfidence === "live-direct" &&
    (row.capacityKind === "live-direct" || row.capacityKind === "live-direct-bounded") &&
    row.routeFamily !== "queue-redeem" &&
    row.sourceMode === "dynamic" &&
    row.accessModel === "permissionless-onchain" &&
    (row.settlementModel === "atomic" || row.settlementModel === "immediate")
  );
}

function routeScore(row: RedemptionInput): Maybe {
  const own = known(row.score) ? row.score : null;
  if (own !== null || row.capacitySemantics !== "eventual-only") return own;
  return known(row.eventualRedeemabilityScore) ? row.eventualRedeemabilityScore : null;
}

export function redemptionExclusion(row: RedemptionInput, dex: Maybe, depegPeakBps: Maybe): LiquidityExclusion | null {
  if (row.resolutionState === "impaired") return "impaired";
  if (row.resolutionState !== "resolved" || routeScore(row) === null) return "unrated";
  if (row.modelConfidence === "low") return "low-confidence";
  if (row.capacitySemantics === "eventual-only" && !isDocumentedIssuer(row)) return "eventual-only";
  const blocked = BLOCKED_STATUS[row.routeStatus ?? "unknown"];
  if (blocked) return blocked;
  if (Math.abs(depegPeakBps ?? 0) >= SEVERE_DEPEG_BPS && !isStrongLiveDirect(row))
    return "severe-depeg-needs-live-direct";
  return isDocumentedIssuer(row) && dex === null ? "needs-dex-floor" : null;
}

/** The route's own score as far as it may count, after gate and cap. */
function eligibleScore(row: RedemptionInput, dex: Maybe): number {
  const score = routeScore(row) ?? 0;
  if (isDocumentedIssuer(row)) return Math.min(dex ?? 0, score);
  const queues = row.routeFamily === "queue-redeem" || row.settlementModel === "queued";
  return queues ? Math.min(score, QUEUE_CAP) : score;
}

/** Share of a modelled exit that the route can take; 1 where size or capacity is not known. */
function capacityFactor(row: RedemptionInput): number {
  const capacity = known(row.scoringUsd) ? row.scoringUsd : row.immediateCapacityUsd;
  const size = row.modeledExitSizeUsd;
  if (!known(capacity) || !known(size) || size <= 0) return 1;
  return Math.min(1, Math.max(0, capacity / size));
}

export interface LiquidityDimension {
  score: Maybe;
  grade: Grade;
  redemptionUsed: boolean;
  exclusionReason: LiquidityExclusion | null;
}

export function liquidityDimension(given: {
  dexLiquidityScore: Maybe;
  activeDepegPeakBps: Maybe;
  redemption: RedemptionInput | null;
}): LiquidityDimension {
  const dex = known(given.dexLiquidityScore) ? clampScore(given.dexLiquidityScore) : null;
  const row = given.redemption;
  const exclusionReason = row && redemptionExclusion(row, dex, given.activeDepegPeakBps);
  const result = (score: Maybe, redemptionUsed: boolean): LiquidityDimension => ({
    score,
    grade: scoreToGrade(score),
    redemptionUsed,
    exclusionReason,
  });
  if (row === null || exclusionReason !== null) return result(dex === null ? null : Math.round(dex), false);
  const confidence = CONFIDENCE_FACTORS[row.modelConfidence ?? "low"] ?? CONFIDENCE_FACTORS.low ?? 0;
  const route = Math.round(clampScore(eligibleScore(row, dex) * capacityFactor(row) * confidence));
  if (dex === null) return result(route, true);
  const bonus = row.routeExitCorrelation === "independent-issuer-rail" ? BONUS_SHARE * Math.min(dex, route) : 0;
  return result(Math.round(Math.min(100, Math.max(dex, route) + bonus)), true);
}
