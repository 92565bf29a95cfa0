/**
 * What the newest reserve snapshot says of a route, and whether it may be believed: method section 7.1.
 *
 * Capacity counts only if every check passes; the first that fails is the reason people read. Route status and fee have their own,
 * weaker and stronger, conditions. Nothing is fetched here.
 */

import { utcMidnight } from "../redemption-figures.ts";
import {
  type CapacityKind,
  CapacityKindSchema,
  type FreshnessKind,
  FreshnessKindSchema,
  type RouteStatus,
  RouteStatusSchema,
  type RouteStatusSource,
  RouteStatusSourceSchema,
} from "../schema/redemption.ts";
import { type HolderEligibility, HolderEligibilitySchema } from "../schema/redemption-route.ts";
import type { CapacityTelemetry, EvidenceClass, FeeTelemetry, ReserveReading } from "../schema/reserves.ts";
import type { LiveFee } from "./cost.ts";

/** Older snapshots are no live reading. */
export const SNAPSHOT_FRESH_SEC = 172_800;

export interface LiveTelemetry {
  /** Every check passed, so the capacity may be scored. */
  usable: boolean;
  /** Why not; null when usable. */
  reason?: string | null;
  capacityUsd?: number | null;
  capacityRatio?: number | null;
  capacityKind?: CapacityKind | null;
  freshnessKind?: FreshnessKind | null;
  sourceTimestamp?: number | null;
  sourceUrls?: string[];
  settlementDelaySec?: number | null;
  queueDepthUsd?: number | null;
  dailyLimitUsd?: number | null;
  minRedeemUsd?: number | null;
  liveHolderEligibility?: HolderEligibility | null;
  sharedPoolId?: string | null;
  /** Only from a fresh, well-formed snapshot. */
  routeStatus?: RouteStatus | null;
  routeStatusSource?: RouteStatusSource | null;
  routeStatusReason?: string | null;
  routeStatusReviewedAt?: string | null;
  /** What makes a usable reading doubtful. */
  notes?: string[];
}

/** A coin's newest successful snapshot with what its adapter declares. */
export interface TelemetrySource {
  reading: ReserveReading | null;
  evidenceClass: EvidenceClass;
  telemetry: { capacity: CapacityTelemetry; fee: FeeTelemetry };
}

/** Reviewed 2026-05-12: whose unverified freshness passes, each as a lower bound. */
const UNVERIFIED_ALLOWED = new Set(["frxusd-frax", "iusd-infinifi", "usdf-falcon"]);
/** Whose snapshots carry scoring-grade freshness from before it was a field. */
const LEGACY_FRESHNESS_ALLOWED = new Set(["zchf-frankencoin"]);
/** Warnings that speak of the completeness of reserves, not of the capacity. */
const WARNINGS_ALLOWED: Readonly<Record<string, ReadonlySet<string>>> = {
  "gho-aave": new Set(["aggregated-residual-issuance"]),
};

const SCORING_KINDS = new Set<CapacityKind>([
  "live-direct",
  "live-direct-bounded",
  "live-queue",
  "live-proxy-validated",
  "documented-bound",
]);
const SCORING_FRESHNESS = new Set<FreshnessKind>([
  "verified-source-timestamp",
  "same-run-onchain",
  "same-run-api",
  "reviewed-static",
]);

type Loose = Record<string, unknown>;

function loose(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}

function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function nonNegative(value: unknown): number | null {
  const number = finite(value);
  return number !== null && number >= 0 ? number : null;
}

function member<T>(schema: { safeParse(value: unknown): { success: boolean; data?: T } }, value: unknown): T | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? (parsed.data as T) : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The fields as they stand, nested first, then the legacy flat ones; malformed options are dropped. */
function readFields(reading: ReserveReading) {
  const metadata = loose(reading.metadata);
  const nested = loose(metadata.redemption);
  const nestedUsd = finite(nested.capacityUsd);
  const capacityUsd = nestedUsd ?? finite(metadata.immediateRedeemableUsd);
  const capacityRatio =
    finite(nested.capacityRatioOfSupply) ?? (nestedUsd === null ? finite(metadata.immediateRedeemableRatio) : null);
  const urls = Array.isArray(nested.sourceUrls) ? nested.sourceUrls : [];
  const reviewedAt = text(nested.routeStatusReviewedAt);
  const isMalformed =
    (capacityUsd !== null && capacityUsd < 0) || (capacityRatio !== null && (capacityRatio < 0 || capacityRatio > 1));
  return {
    isMalformed,
    capacityUsd,
    capacityRatio,
    capacityKind: member(CapacityKindSchema, nested.capacityKind),
    freshnessKind: member(FreshnessKindSchema, nested.freshnessKind),
    sourceTimestamp: nonNegative(nested.sourceTimestamp),
    sourceUrls: [...new Set(urls.filter((url): url is string => /^https?:\/\//.test(String(url))))],
    settlementDelaySec: nonNegative(nested.settlementDelaySec),
    queueDepthUsd: nonNegative(nested.queueDepthUsd),
    dailyLimitUsd: nonNegative(nested.dailyLimitUsd),
    minRedeemUsd: nonNegative(nested.minRedeemUsd),
    liveHolderEligibility: member(HolderEligibilitySchema, nested.holderEligibility),
    sharedPoolId: text(metadata.sharedPoolId),
    feeBps: finite(nested.feeBps) ?? finite(metadata.redemptionFeeBps),
    routeStatus: member(RouteStatusSchema, nested.routeStatus),
    routeStatusSource: member(RouteStatusSourceSchema, nested.routeStatusSource),
    routeStatusReason: text(nested.routeStatusReason),
    routeStatusReviewedAt: reviewedAt !== null && utcMidnight(reviewedAt) !== null ? reviewedAt : null,
  };
}

/** Warnings that block, after those that are informational or allowed for this coin; a count without a list blocks too. */
function blockingWarnings(coinId: string, reading: ReserveReading): string[] {
  const allowed = WARNINGS_ALLOWED[coinId];
  const count = finite(loose(reading).warningCount) ?? reading.warnings.length;
  if (count > 0 && reading.warnings.length === 0) return ["unlisted"];
  return reading.warnings
    .filter(({ code, effect }) => effect !== "info" && !allowed?.has(code))
    .map(({ code }) => code);
}

function allowedWarnings(coinId: string, reading: ReserveReading): string[] {
  const allowed = WARNINGS_ALLOWED[coinId];
  return reading.warnings.filter(({ code, effect }) => effect !== "info" && allowed?.has(code)).map(({ code }) => code);
}

/** Scoring-grade freshness where the telemetry itself says nothing of it. */
function isFreshInGeneral({ metadata }: ReserveReading): boolean {
  if (metadata.freshnessMode === "unverified") return false;
  if (metadata.freshnessMode === "not-applicable") return true;
  return (finite(metadata.sourceTimestamp) ?? 0) > 0;
}

function freshnessProblem(coinId: string, reading: ReserveReading, kind: FreshnessKind | null): string | null {
  if (kind === null) {
    const passes = isFreshInGeneral(reading) || LEGACY_FRESHNESS_ALLOWED.has(coinId);
    return passes ? null : "the reading shows no time that can be trusted";
  }
  if (SCORING_FRESHNESS.has(kind) || UNVERIFIED_ALLOWED.has(coinId)) return null;
  return "the freshness of the reading is not verified";
}

type Fields = ReturnType<typeof readFields>;

/** The first check that fails, in the order of the method; null when the capacity may be scored. */
function capacityProblem(coinId: string, source: TelemetrySource, fields: Fields, nowSec: number): string | null {
  const { reading, evidenceClass, telemetry } = source;
  if (reading === null) return "there is no reserve snapshot";
  if (nowSec - reading.fetchedAt > SNAPSHOT_FRESH_SEC) return "the reserve snapshot is older than 2 days";
  if (reading.syncStatus !== "ok") {
    const pardoned = reading.syncStatus === "degraded" && allowedWarnings(coinId, reading).length > 0;
    if (!pardoned || blockingWarnings(coinId, reading).length > 0) return "the reserve snapshot is degraded";
  }
  if (blockingWarnings(coinId, reading).length > 0) return "the reserve snapshot carries a warning";
  const onchainProbe = evidenceClass === "weak-live-probe" && fields.freshnessKind === "same-run-onchain";
  if (evidenceClass !== "independent" && !onchainProbe) return "the source is no independent evidence";
  if (fields.capacityKind !== null && !SCORING_KINDS.has(fields.capacityKind))
    return "the source states a capacity for display only";
  const freshness = freshnessProblem(coinId, reading, fields.freshnessKind);
  if (freshness !== null) return freshness;
  if (telemetry.capacity === "none") return "the adapter declares no capacity";
  if (fields.isMalformed) return "the capacity is malformed";
  if (fields.capacityUsd === null && fields.capacityRatio === null) return "the snapshot holds no capacity";
  return null;
}

function doubtNotes(coinId: string, { reading }: TelemetrySource, kind: FreshnessKind | null): string[] {
  const notes: string[] = [];
  if (kind === "unverified")
    notes.push("The time of the live reading is not verified; by reviewed exception it counts as a lower bound.");
  if (reading !== null && allowedWarnings(coinId, reading).length > 0)
    notes.push("Part of the reserves is only known as a residual; the tracked backing counts as a lower bound.");
  return notes;
}

/** Telemetry after all checks. Status passes with a fresh snapshot even where its capacity does not. */
export function readTelemetry(coinId: string, source: TelemetrySource | null, nowSec: number): LiveTelemetry {
  if (source?.reading == null) return { usable: false, reason: "there is no reserve snapshot" };
  const { isMalformed: _malformed, feeBps: _fee, routeStatus, ...fields } = readFields(source.reading);
  const reason = capacityProblem(coinId, source, readFields(source.reading), nowSec);
  const isFresh = nowSec - source.reading.fetchedAt <= SNAPSHOT_FRESH_SEC;
  return {
    ...fields,
    usable: reason === null,
    reason,
    ...(isFresh
      ? { routeStatus }
      : { routeStatus: null, routeStatusSource: null, routeStatusReason: null, routeStatusReviewedAt: null }),
    notes: reason === null ? doubtNotes(coinId, source, fields.freshnessKind) : [],
  };
}

/** The live fee, or why it is not used; no word of it where there is no snapshot. */
export function readLiveFee(coinId: string, source: TelemetrySource | null, nowSec: number): LiveFee {
  const reading = source?.reading ?? null;
  if (source === null || reading === null) return { unusable: null };
  if (nowSec - reading.fetchedAt > SNAPSHOT_FRESH_SEC) return { unusable: "the reserve snapshot is older than 2 days" };
  if (reading.syncStatus !== "ok") return { unusable: "the reserve snapshot is degraded" };
  if (blockingWarnings(coinId, reading).length > 0) return { unusable: "the reserve snapshot carries a warning" };
  if (source.telemetry.fee === "none") return { unusable: "the adapter declares no fee" };
  const feeBps = readFields(reading).feeBps;
  return feeBps === null || feeBps < 0 ? { unusable: "the snapshot holds no fee" } : { feeBps };
}
