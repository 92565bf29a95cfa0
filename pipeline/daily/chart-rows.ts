/** Completed days of DefiLlama's aggregate chart that the history does not hold yet; a day once written is never rewritten. */

import { roundUsd } from "../rounding.ts";
import type { Reason } from "../schema/envelope.ts";
import type { ChartRow } from "../schema/history.ts";
import type { SupplyPoint } from "../sources/defillama.ts";
import { DAY_SEC, startOfUtcDay, utcDay } from "../time.ts";

/** Many times all stablecoins together: what is beyond, or below zero, is written into no history. */
const MAX_TOTAL_USD = 10_000_000_000_000;
/** A chart that ends earlier is one that its upstream no longer makes. */
const MAX_AGE_SEC = 3 * DAY_SEC;

export interface ChartDays {
  rows: ChartRow[];
  /** What was left out, and why the chart is not to be believed as new; empty when all is well. */
  reasons: Reason[];
}

/** `newestSec` is the last day in the history, null for none; `todaySec` the start of the running day, which is left out. */
export function chartRows(points: readonly SupplyPoint[], newestSec: number | null, todaySec: number): ChartDays {
  const days = new Map<number, SupplyPoint>();
  for (const point of points) days.set(startOfUtcDay(point.date), point);
  const wanted = [...days].filter(([date]) => date < todaySec && (newestSec === null || date > newestSec));
  const all = wanted.flatMap(([date, point]) =>
    Object.entries(point.byPegType).map(([pegType, usd]) => ({ date, pegType, circulatingUsd: roundUsd(usd) })),
  );
  const rows = all.filter(({ circulatingUsd }) => circulatingUsd >= 0 && circulatingUsd <= MAX_TOTAL_USD);
  const reasons: Reason[] = [];
  if (rows.length < all.length) {
    const message = `${all.length - rows.length} figures of DefiLlama's chart cannot be a market cap and were left out`;
    reasons.push({ code: "charts-out-of-bounds", message });
  }
  const newest = Math.max(...[...days.keys()].filter((date) => date <= todaySec));
  if (days.size > 0 && todaySec - newest > MAX_AGE_SEC) {
    const end = Number.isFinite(newest) ? `ends on ${utcDay(newest)}` : "lies in the future";
    reasons.push({ code: "charts-stale", message: `DefiLlama's chart ${end}` });
  }
  return { rows, reasons };
}
