/** Prices and yields of the last weeks, one look a UTC day, by coin: what 30-day figures and price growth are made of. */
import { z } from "zod";
import { DAY_SEC, utcDay } from "../time.ts";

export const YIELDS_STATE = "yields";
const KEPT_DAYS = 46;

const RATES_KEPT_DAYS = 9;

/** A line a day: "date price apy tvl", "-" for what was not known; and of a vault "seconds rate", its assets per share. */
const StateSchema = z.object({
  days: z.record(z.string(), z.array(z.string())),
  rates: z.record(z.string(), z.array(z.string())).optional(),
});
export type YieldState = z.infer<typeof StateSchema>;

/** Assets per share as a vault's contract said, at its block's time. */
export interface RatePoint {
  at: number;
  rate: number;
}

export interface YieldPoint {
  date: number;
  priceUsd: number | null;
  apy: number | null;
  tvlUsd: number | null;
}

const known = (text: string | undefined) => (text === undefined || text === "-" ? null : Number(text));

export function readYieldPast(state: unknown): Map<string, YieldPoint[]> {
  const days = StateSchema.safeParse(state).data?.days ?? {};
  return new Map(
    Object.entries(days).map(([coinId, lines]) => [
      coinId,
      lines.flatMap((line) => {
        const [day = "", price, apy, tvl] = line.split(" ");
        const date = Date.parse(day) / 1000;
        return Number.isFinite(date) ? [{ date, priceUsd: known(price), apy: known(apy), tvlUsd: known(tvl) }] : [];
      }),
    ]),
  );
}

export function readRatePast(state: unknown): Map<string, RatePoint[]> {
  const rates = StateSchema.safeParse(state).data?.rates ?? {};
  return new Map(
    Object.entries(rates).map(([coinId, lines]) => [
      coinId,
      lines.flatMap((line) => {
        const [at, rate] = line.split(" ").map(Number);
        return at !== undefined && rate !== undefined && at > 0 && rate > 0 ? [{ at, rate }] : [];
      }),
    ]),
  );
}

/** The first rate of every UTC day, of the last nine days. Null when every vault had its look today. */
export function withTodaysRates(
  past: ReadonlyMap<string, readonly RatePoint[]>,
  now: ReadonlyMap<string, RatePoint>,
  today: number,
): Record<string, string[]> | null {
  const due = [...now].filter(([coinId]) => !past.get(coinId)?.some(({ at }) => at >= today));
  if (due.length === 0) return null;
  const news = new Map(due);
  return Object.fromEntries(
    [...new Set([...past.keys(), ...news.keys()])].sort().flatMap((coinId) => {
      const kept = (past.get(coinId) ?? []).filter(({ at }) => at > today - RATES_KEPT_DAYS * DAY_SEC);
      const points = news.has(coinId) ? [...kept, news.get(coinId) as RatePoint] : kept;
      return points.length > 0 ? [[coinId, points.map(({ at, rate }) => `${at} ${rate}`)] as const] : [];
    }),
  );
}

/** Adds today's first look of every coin. Null when every coin had its look today. */
export function withToday(
  past: ReadonlyMap<string, readonly YieldPoint[]>,
  looks: ReadonlyMap<string, Omit<YieldPoint, "date">>,
  today: number,
): YieldState | null {
  const days: YieldState["days"] = {};
  let isNew = false;
  for (const coinId of [...new Set([...past.keys(), ...looks.keys()])].sort()) {
    const points = (past.get(coinId) ?? []).filter(({ date }) => date > today - KEPT_DAYS * DAY_SEC);
    const look = looks.get(coinId);
    const due = look !== undefined && !points.some(({ date }) => date === today);
    isNew ||= due;
    const all = due ? [...points, { date: today, ...look }] : points;
    if (all.length > 0)
      days[coinId] = all.map(({ date, priceUsd, apy, tvlUsd }) =>
        [utcDay(date), priceUsd ?? "-", apy ?? "-", tvlUsd ?? "-"].join(" "),
      );
  }
  return isNew ? { days } : null;
}
