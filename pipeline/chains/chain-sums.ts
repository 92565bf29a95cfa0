/**
 * Sums of supply windows and what moved within them. A coin whose earlier amount is not known counts with today's, so that a gap in
 * the data is not read as money coming in; where no coin's is known, the change is not known.
 */
import type { ChainRow } from "../schema/chains.ts";
import type { SupplyWindow } from "../schema/supply.ts";

export interface Moved extends SupplyWindow {
  current: number;
}

const EARLIER = ["prevDay", "prevWeek", "prevMonth"] as const;

export function sumOf(windows: readonly Moved[]): Moved {
  const sum: Moved = { current: 0, prevDay: null, prevWeek: null, prevMonth: null };
  for (const { current } of windows) sum.current += current;
  for (const name of EARLIER) {
    if (windows.every((window) => window[name] === null)) continue;
    sum[name] = windows.reduce((total, window) => total + Math.max(0, window[name] ?? window.current), 0);
  }
  return sum;
}

type Changes = Pick<ChainRow, "change24h" | "change24hPct" | "change7d" | "change7dPct" | "change30d" | "change30dPct">;

function change(now: number, before: number | null): { usd: number | null; pct: number | null } {
  if (before === null) return { usd: null, pct: null };
  const usd = now - before;
  return {
    usd: usd === 0 ? 0 : Number(usd.toPrecision(3)),
    pct: before > 0 ? Math.round((usd / before) * 10_000) / 10_000 : null,
  };
}

export function changes({ current, prevDay, prevWeek, prevMonth }: Moved): Changes {
  const [day, week, month] = [change(current, prevDay), change(current, prevWeek), change(current, prevMonth)];
  return {
    change24h: day.usd,
    change24hPct: day.pct,
    change7d: week.usd,
    change7dPct: week.pct,
    change30d: month.usd,
    change30dPct: month.pct,
  };
}
