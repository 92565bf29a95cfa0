/**
 * What a currency pays without risk: the yardstick of every yield and the rate that bill funds pass on. Yield methodology, section 2.
 *
 * Rates are daily, so each series is asked once a UTC day, and again in the next run where that failed. A rate speaks of now for a week
 * of its own day (weekends, holidays, a late release); then it is carried forward under its date for a month; then dollars have the
 * method's fallback, which is no observation and is called what it is, and other currencies have none.
 */
import type { LaneContext } from "../lane.ts";
import type { Reason, SourceUse } from "../schema/envelope.ts";
import type { Benchmark, YieldRankings } from "../schema/yields.ts";
import { ecbThreeMonthEstr } from "../sources/ecb-data-portal.ts";
import { fredThreeMonthBill } from "../sources/fred.ts";
import type { RateSeries, RateSeriesRequest } from "../sources/rate-series.ts";
import type { Source } from "../sources/source.ts";
import { DAY_SEC, FUTURE_TOLERANCE_SEC, startOfUtcDay, utcDay } from "../time.ts";
import { type KeptRate, type KeptRates, readKeptRates } from "./kept-rates.ts";

const FRESH_DAYS = 7;
const CARRIED_DAYS = 31;
/** Per cent a year; outside is another unit or another series. */
const RATE_RANGE_PCT = [-5, 30] as const;
/** Percentage points between two looks: more is no day of money markets. */
const MAX_JUMP_PCT = 2;
/** The method's own number for the dollar bill. */
const BILL_FALLBACK_PCT = 3.75;

interface Yardstick {
  currency: string;
  name: string;
  /** Null where no endpoint of the producer could be read up on, with the reason. */
  source: Source<RateSeriesRequest, RateSeries> | null;
  withoutSource: string | null;
  fallbackPct: number | null;
}

const YARDSTICKS: readonly Yardstick[] = [
  {
    currency: "USD",
    name: "three-month Treasury bill",
    source: fredThreeMonthBill,
    withoutSource: null,
    fallbackPct: BILL_FALLBACK_PCT,
  },
  {
    currency: "EUR",
    name: "compounded €STR, three months",
    source: ecbThreeMonthEstr,
    withoutSource: null,
    fallbackPct: null,
  },
  {
    currency: "CHF",
    name: "compounded SARON, three months",
    source: null,
    withoutSource:
      "the SNB's open data has the overnight rate alone, and no address of SIX's file of compounded rates could be verified",
    fallbackPct: null,
  },
];

export type RateRefusal = "out-of-bounds" | "future-dated" | "older-than-the-last" | "jump";

/** Why a figure is not believed, or null. */
export function rateRefusal(
  point: { date: string; ratePct: number },
  kept: KeptRate | undefined,
  nowSec: number,
): RateRefusal | null {
  if (!(point.ratePct >= RATE_RANGE_PCT[0] && point.ratePct <= RATE_RANGE_PCT[1])) return "out-of-bounds";
  if (point.date > utcDay(nowSec + FUTURE_TOLERANCE_SEC)) return "future-dated";
  if (!kept || ageDays(kept.date, nowSec) > CARRIED_DAYS) return null;
  if (point.date < kept.date) return "older-than-the-last";
  return Math.abs(point.ratePct - kept.ratePct) > MAX_JUMP_PCT ? "jump" : null;
}

function ageDays(date: string, nowSec: number): number {
  return (startOfUtcDay(nowSec) - Date.parse(date) / 1000) / DAY_SEC;
}

/** What stands as a currency's benchmark, given the last figure that was believed. */
export function benchmarkOf(
  { currency, name, source, withoutSource, fallbackPct }: Yardstick,
  kept: KeptRate | undefined,
  nowSec: number,
): Benchmark {
  const age = kept ? ageDays(kept.date, nowSec) : Number.POSITIVE_INFINITY;
  if (kept && source && age <= CARRIED_DAYS) {
    const basis = age <= FRESH_DAYS ? "observed" : "carried-forward";
    const reason = basis === "observed" ? null : `no newer figure than of ${kept.date}`;
    return { currency, name, ratePct: kept.ratePct, observedOn: kept.date, basis, source: source.id, reason };
  }
  const reason = withoutSource ?? `no figure of the last ${CARRIED_DAYS} days is known`;
  const unknown = { currency, name, observedOn: null, source: null, reason };
  return fallbackPct === null
    ? { ...unknown, ratePct: null, basis: null }
    : { ...unknown, ratePct: fallbackPct, basis: "fallback" };
}

export interface BenchmarkBook {
  byCurrency: ReadonlyMap<string, Benchmark>;
  riskFreeRate: YieldRankings["riskFreeRate"];
  /** Why a rate is not today's, for currencies that have a source. */
  reasons: Reason[];
  sources: SourceUse[];
  /** State to keep, or null when nothing changed. */
  kept: KeptRates | null;
}

/** Benchmarks of this run, asking those series that have not answered today. */
export async function readBenchmarks(context: LaneContext, remembered: unknown): Promise<BenchmarkBook> {
  const { nowSec } = context;
  const today = startOfUtcDay(nowSec);
  const before = readKeptRates(remembered);
  const kept: KeptRates = { ...before };
  const book = new Map<string, Benchmark>();
  const reasons: Reason[] = [];
  for (const yardstick of YARDSTICKS) {
    const { currency, source } = yardstick;
    let trouble: string | null = null;
    if (source !== null && (before[currency]?.fetchedAt ?? 0) < today) {
      const answer = await context.collect(source, { from: utcDay(today - CARRIED_DAYS * DAY_SEC) });
      const newest = answer.ok ? answer.value.points.at(-1) : undefined;
      const refused = newest ? rateRefusal(newest, before[currency], nowSec) : null;
      if (newest && refused === null) kept[currency] = { ...newest, fetchedAt: nowSec };
      else trouble = newest ? `${newest.ratePct} % of ${newest.date}: ${refused}` : answer.ok ? null : answer.detail;
      if (trouble !== null) context.log(`yields: benchmark of ${currency}: ${trouble}`);
    }
    const benchmark = benchmarkOf(yardstick, kept[currency], nowSec);
    book.set(currency, benchmark);
    if (source !== null && benchmark.basis !== "observed")
      reasons.push({
        code: `benchmark-${currency.toLowerCase()}-${benchmark.basis ?? "unknown"}`,
        message: [benchmark.reason, trouble].filter((part) => part !== null).join("; "),
      });
  }
  const sources = [...book.values()].flatMap(({ source, observedOn }) =>
    source !== null && observedOn !== null ? [{ id: source, observedAt: Date.parse(observedOn) / 1000 }] : [],
  );
  const bill = book.get("USD");
  const changed = JSON.stringify(kept) !== JSON.stringify(before);
  return {
    byCurrency: book,
    riskFreeRate: { currency: "USD", apy: bill?.ratePct ?? BILL_FALLBACK_PCT, source: bill?.source ?? "fallback" },
    reasons,
    sources,
    kept: changed ? kept : null,
  };
}
