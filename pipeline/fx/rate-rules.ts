/**
 * Which rates to believe and how fresh they are. Pricing methodology, section 18; all rates are USD per unit, unrounded.
 *
 * The old six-decimal rounding is left out on purpose: it destroys the dong and the rupiah.
 */
import { fxRateBounds } from "../peg-bounds.ts";
import type { DatasetStatus } from "../schema/envelope.ts";
import type { FxCadence, FxRate, FxReferenceType } from "../schema/fx-rates.ts";
import { DAY_SEC, FUTURE_TOLERANCE_SEC, startOfUtcDay, utcDay, utcWeekday } from "../time.ts";

const MAX_JUMP_SHARE = 0.2;
/** Intraday sources may overlay a rate only this near to it. */
const OVERLAY_SHARE = 0.05;
const HOUR_SEC = 3600;
/** ECB reference rates are out by 16:00 UTC, calendar-daily files by 06:00 UTC. */
const BUSINESS_PUBLISH_SEC = 16 * HOUR_SEC;
const CALENDAR_PUBLISH_SEC = 6 * HOUR_SEC;
const INTRADAY_FRESH_SEC = 6 * HOUR_SEC;
const INTRADAY_DEGRADED_SEC = 24 * HOUR_SEC;

export type Refusal = FxRate["refused"][number]["reason"];

/** Why a rate is not believed, or null. `previous` is the last published rate. Bounds are inclusive. */
export function fxRateRefusal(currency: string, usdPerUnit: number, previous?: number | null): Refusal | null {
  const bounds = fxRateBounds(currency);
  if (!bounds || !Number.isFinite(usdPerUnit) || usdPerUnit < bounds[0] || usdPerUnit > bounds[1])
    return "out-of-bounds";
  if (typeof previous === "number" && previous > 0 && Math.abs(usdPerUnit - previous) / previous > MAX_JUMP_SHARE)
    return "jump-over-20-percent";
  return null;
}

/** Why a rate is not of this time, or null: it is of a day or moment to come, or older than the one already published. */
export function fxTimeRefusal(
  offer: Pick<RateOffer, "source" | "observedAt" | "sourceDate">,
  previous: Pick<RateOffer, "source" | "observedAt" | "sourceDate"> | null,
  nowSec: number,
): Refusal | null {
  const today = utcDay(nowSec + FUTURE_TOLERANCE_SEC);
  const isFuture =
    offer.sourceDate === null ? offer.observedAt > nowSec + FUTURE_TOLERANCE_SEC : offer.sourceDate > today;
  if (isFuture || !Number.isFinite(offer.observedAt)) return "future-dated";
  if (previous === null) return null;
  const isOlder =
    offer.sourceDate !== null && previous.sourceDate !== null
      ? previous.sourceDate <= today && offer.sourceDate < previous.sourceDate
      : offer.source === previous.source && previous.observedAt <= nowSec && offer.observedAt < previous.observedAt;
  return isOlder ? "older-than-the-last" : null;
}

export function validateFxRate(currency: string, usdPerUnit: number, previous?: number | null): boolean {
  return fxRateRefusal(currency, usdPerUnit, previous) === null;
}

/** Whether an intraday rate may replace the current one. */
export function mayOverlay(usdPerUnit: number, current: number | null): boolean {
  return current === null || Math.abs(usdPerUnit - current) / current <= OVERLAY_SHARE;
}

function isBusinessDay(dayStartSec: number): boolean {
  const weekday = utcWeekday(dayStartSec);
  return weekday !== 0 && weekday !== 6;
}

/** Start of the day whose business-daily rates should be out at `nowSec`. */
function expectedBusinessDay(nowSec: number): number {
  const today = startOfUtcDay(nowSec);
  let day = isBusinessDay(today) && nowSec - today >= BUSINESS_PUBLISH_SEC ? today : today - DAY_SEC;
  while (!isBusinessDay(day)) day -= DAY_SEC;
  return day;
}

function expectedCalendarDay(nowSec: number): number {
  const today = startOfUtcDay(nowSec);
  return nowSec - today >= CALENDAR_PUBLISH_SEC ? today : today - DAY_SEC;
}

/** Publishes missed between the day a rate is for and the day that should be out. */
function publishesBehind(cadence: FxCadence, sourceDate: string, nowSec: number): number {
  const from = Date.parse(`${sourceDate}T00:00:00Z`) / 1000;
  const expected = cadence === "business-daily" ? expectedBusinessDay(nowSec) : expectedCalendarDay(nowSec);
  let behind = 0;
  for (let day = expected; day > from && behind < 400; day -= DAY_SEC)
    if (cadence === "calendar-daily" || isBusinessDay(day)) behind++;
  return behind;
}

/** Whether a rate is judged by the publishes it is behind; a daily cadence without a readable source date is judged like intraday. */
function isDaily(cadence: FxCadence, sourceDate: string | null | undefined): sourceDate is string {
  return (
    cadence !== "intraday" && typeof sourceDate === "string" && !Number.isNaN(Date.parse(`${sourceDate}T00:00:00Z`))
  );
}

/** How fresh a rate is by its own cadence. */
export function fxFreshness(
  cadence: FxCadence,
  observedAt: number,
  sourceDate: string | null | undefined,
  nowSec: number,
): DatasetStatus {
  if (isDaily(cadence, sourceDate)) {
    const behind = publishesBehind(cadence, sourceDate, nowSec);
    return behind === 0 ? "fresh" : behind === 1 ? "degraded" : "stale";
  }
  const age = nowSec - observedAt;
  return age <= INTRADAY_FRESH_SEC ? "fresh" : age <= INTRADAY_DEGRADED_SEC ? "degraded" : "stale";
}

export type FxMode = "live" | "cached" | "stale" | "hardcoded";

/** What price validation may make of a rate: degraded counts as fresh, an intraday rate over 6 h as stale. */
export function fxReferenceType(
  mode: FxMode,
  cadence: FxCadence | null | undefined,
  updatedAt: number | null | undefined,
  sourceDate: string | null | undefined,
  nowSec: number,
): FxReferenceType {
  if (mode === "hardcoded") return "static";
  if (mode === "stale") return "stale";
  const rhythm = cadence ?? "intraday";
  const known = typeof updatedAt === "number" && Number.isFinite(updatedAt);
  if (!known && !isDaily(rhythm, sourceDate)) return "none";
  const freshness = fxFreshness(rhythm, updatedAt ?? 0, sourceDate, nowSec);
  if (freshness === "degraded") return isDaily(rhythm, sourceDate) ? "fresh" : "stale";
  return freshness;
}

/** The mirror with the later date; on a tie the first. Null when neither answered. */
export function chooseSecondaryFx(
  jsdelivr: { date: string } | null,
  pages: { date: string } | null,
): "jsdelivr" | "pages" | null {
  if (!jsdelivr) return pages ? "pages" : null;
  return pages && pages.date > jsdelivr.date ? "pages" : "jsdelivr";
}

/** A rate as some source offers it in this run. */
export interface RateOffer {
  currency: string;
  usdPerUnit: number;
  source: string;
  cadence: FxCadence;
  observedAt: number;
  sourceDate: string | null;
}

/** When a business-daily rate of this date was fixed, unix seconds; it comes out a little sooner, and never later than now. */
export function businessFixingAt(date: string, nowSec: number): number {
  return Math.min(Date.parse(`${date}T16:00:00Z`) / 1000, nowSec);
}

/** The end of the day a calendar-daily file is for, but never later than now. */
export function calendarDayEnd(date: string, nowSec: number): number {
  return Math.min(Date.parse(`${date}T23:59:59Z`) / 1000, nowSec);
}
