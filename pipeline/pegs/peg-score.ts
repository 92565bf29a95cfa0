/**
 * The peg score, 0 to 100: how much of its tracked time a coin kept its peg, and how bad the rest was.
 *
 * Depeg methodology, section 9. The window starts when the coin was first seen, at most four years ago; overlapping events
 * count once in time. Old events weigh less, open ones cost extra, unequal ones cost for being unpredictable.
 */
import { DAY_SEC } from "../time.ts";

export interface ScoredEvent {
  startedAt: number;
  endedAt: number | null;
  peakDeviationBps: number;
  provenance?:
    | { auditVerdict?: string | null | undefined; confidenceTier?: string | null | undefined }
    | null
    | undefined;
}

export interface PegScore {
  /** Null under seven days of tracking. */
  pegScore: number | null;
  pegPct: number;
  severityScore: number;
  spreadPenalty: number;
  activePenalty: number;
  activeDepeg: boolean;
  scoredEventCount: number;
  excludedEventCount: number;
  lowConfidenceEventCount: number;
  worstDeviationBps: number | null;
  lastEventAt: number | null;
  trackingSpanDays: number;
}

export const FOUR_YEARS_SEC = 126_230_400;
const YEAR_SEC = 365.25 * DAY_SEC;
const MIN_SPAN_SEC = 7 * DAY_SEC;
const MAX_EVENT_DAYS = 90;
const LOW_CONFIDENCE_WEIGHT = 0.5;
const EXCLUDED_VERDICTS: readonly unknown[] = ["false_positive", "disputed"];

/** Start of the window: when the coin was first seen, else its earliest event, at most four years ago; null when neither is known. */
export function coinTrackingStart(
  firstSeen: number | null | undefined,
  events: readonly { startedAt: number }[],
  nowSec: number,
): number | null {
  const known = typeof firstSeen === "number" && Number.isFinite(firstSeen);
  const earliest = known ? firstSeen : Math.min(...events.map((event) => event.startedAt));
  return Number.isFinite(earliest) ? Math.max(earliest, nowSec - FOUR_YEARS_SEC) : null;
}

type Interval = Pick<ScoredEvent, "startedAt" | "endedAt">;

/** Seconds of the window covered by events, overlaps once; open events last until now. */
export function mergedDepegSeconds(events: readonly Interval[], startSec: number, nowSec: number): number {
  const clipped = events
    .map((event) => [Math.max(event.startedAt, startSec), Math.min(event.endedAt ?? nowSec, nowSec)] as const)
    .filter(([from, to]) => to > from)
    .sort((a, b) => a[0] - b[0]);
  let total = 0;
  let covered = Number.NEGATIVE_INFINITY;
  for (const [from, to] of clipped) {
    if (to <= covered) continue;
    total += to - Math.max(from, covered);
    covered = to;
  }
  return total;
}

function depth(event: ScoredEvent): number {
  return Number.isFinite(event.peakDeviationBps) ? Math.abs(event.peakDeviationBps) : 0;
}

function isLowConfidence(event: ScoredEvent): boolean {
  return event.provenance?.confidenceTier === "low";
}

function weight(event: ScoredEvent): number {
  return isLowConfidence(event) ? LOW_CONFIDENCE_WEIGHT : 1;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function penalty(event: ScoredEvent, startSec: number, nowSec: number): number {
  const from = Math.max(event.startedAt, startSec);
  const days = clamp((Math.min(event.endedAt ?? nowSec, nowSec) - from) / DAY_SEC, 0, MAX_EVENT_DAYS);
  const recency = 1 / (1 + (nowSec - from) / YEAR_SEC);
  const peak = depth(event);
  return Math.max((peak / 100) * (days / 30) * recency, (peak / 2_000) * recency);
}

function spread(events: readonly ScoredEvent[]): number {
  if (events.length < 2) return 0;
  const depths = events.map((event) => depth(event) * weight(event));
  const mean = depths.reduce((sum, value) => sum + value, 0) / depths.length;
  const variance = depths.reduce((sum, value) => sum + (value - mean) ** 2, 0) / depths.length;
  return Math.min(15, (Math.sqrt(variance) / 1_000) * 15);
}

function activePenalty(open: readonly ScoredEvent[]): number {
  return Math.max(0, ...open.map((event) => clamp(depth(event) / 50, 5, 50)));
}

/** `startSec` null: the window starts with the earliest event. */
export function pegScore(events: readonly ScoredEvent[], startSec: number | null, nowSec: number): PegScore {
  const start = startSec ?? coinTrackingStart(null, events, nowSec);
  const span = start === null ? 0 : Math.max(0, nowSec - start);
  const overlapping =
    start === null ? [] : events.filter((event) => (event.endedAt ?? nowSec) > start && event.startedAt <= nowSec);
  const scored = overlapping.filter((event) => !EXCLUDED_VERDICTS.includes(event.provenance?.auditVerdict));
  const open = scored.filter((event) => event.endedAt === null);
  const worst = scored.reduce<ScoredEvent | null>((a, b) => (a === null || depth(b) > depth(a) ? b : a), null);

  const shareOff = span > 0 && start !== null ? mergedDepegSeconds(scored, start, nowSec) / span : 0;
  const pegPct = Math.max(0, (1 - shareOff) * 100);
  const penalties = scored.reduce((sum, event) => sum + penalty(event, start ?? nowSec, nowSec) * weight(event), 0);
  const severityScore = Math.max(0, 100 - penalties);
  const spreadPenalty = spread(scored);
  const active = activePenalty(open);
  const score = clamp(Math.floor(0.5 * pegPct + 0.5 * severityScore - active - spreadPenalty + 0.5), 0, 100);
  return {
    pegScore: start === null || span < MIN_SPAN_SEC ? null : score,
    pegPct,
    severityScore,
    spreadPenalty,
    activePenalty: active,
    activeDepeg: open.length > 0,
    scoredEventCount: scored.length,
    excludedEventCount: overlapping.length - scored.length,
    lowConfidenceEventCount: scored.filter(isLowConfidence).length,
    worstDeviationBps: worst === null ? null : depth(worst) * Math.sign(worst.peakDeviationBps || 0),
    lastEventAt: scored.length > 0 ? Math.max(...scored.map((event) => event.startedAt)) : null,
    trackingSpanDays: Math.floor(span / DAY_SEC),
  };
}
