/** The last 31 days of liquidity, one look a day, which the lane keeps so that a run need not open the whole history. */
import { z } from "zod";
import type { LiquidityDay } from "../schema/judgement-history.ts";
import { type DexLiquidity, GLOBAL_ROW } from "../schema/liquidity.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import type { LiquidityPoint } from "./coin-liquidity.ts";

export const LIQUIDITY_STATE = "liquidity";
const KEPT_DAYS = 31;

/** By coin: a line a day, "date TVL volume score", "-" for what was not known. */
const StateSchema = z.object({ days: z.record(z.string(), z.array(z.string())) });

const known = (text: string | undefined) => (text === undefined || text === "-" ? null : Number(text));

function pointOf(line: string): LiquidityPoint {
  const [day = "", tvl, volume, score] = line.split(" ");
  return {
    date: Date.parse(day) / 1000,
    tvlUsd: Number(tvl),
    volume24hUsd: known(volume),
    score: known(score),
  };
}

function lineOf({ date, tvlUsd, volume24hUsd, score }: LiquidityPoint): string {
  return [utcDay(date), tvlUsd, volume24hUsd ?? "-", score ?? "-"].join(" ");
}

export type LiquidityPast = Record<string, LiquidityPoint[]>;

export function readPast(state: unknown): LiquidityPast {
  const days = StateSchema.safeParse(state).data?.days ?? {};
  return Object.fromEntries(
    Object.entries(days).map(([coinId, lines]) => [coinId, lines.map(pointOf).filter(({ date }) => date > 0)]),
  );
}

/** The past with today's first look added, and the rows of it that are new. */
export function withToday(
  past: LiquidityPast,
  rows: DexLiquidity,
  today: number,
): { state: z.infer<typeof StateSchema>; added: LiquidityDay[] } {
  const added: LiquidityDay[] = [];
  const days: z.infer<typeof StateSchema>["days"] = {};
  for (const coinId of [...new Set([...Object.keys(past), ...Object.keys(rows)])].sort()) {
    const points = (past[coinId] ?? []).filter(({ date }) => date > today - KEPT_DAYS * DAY_SEC);
    const row = rows[coinId];
    if (row && !points.some(({ date }) => date === today)) {
      const point = {
        date: today,
        tvlUsd: row.totalTvlUsd,
        volume24hUsd: row.totalVolume24hUsd,
        score: row.liquidityScore,
      };
      points.push(point);
      if (coinId !== GLOBAL_ROW) added.push({ coinId, ...point, coverageConfidence: row.coverageConfidence });
    }
    if (points.length > 0) days[coinId] = points.map(lineOf);
  }
  return { state: { days }, added };
}
