/** Completed days of DefiLlama's aggregate chart that the history does not hold yet; a day once written is never rewritten. */

import { roundUsd } from "../rounding.ts";
import type { ChartRow } from "../schema/history.ts";
import type { SupplyPoint } from "../sources/defillama.ts";
import { startOfUtcDay } from "../time.ts";

/** `newestSec` is the last day in the history, null for none; `todaySec` the start of the running day, which is left out. */
export function chartRows(points: readonly SupplyPoint[], newestSec: number | null, todaySec: number): ChartRow[] {
  const days = new Map<number, SupplyPoint>();
  for (const point of points) days.set(startOfUtcDay(point.date), point);
  return [...days]
    .filter(([date]) => date < todaySec && (newestSec === null || date > newestSec))
    .flatMap(([date, point]) =>
      Object.entries(point.byPegType).map(([pegType, usd]) => ({ date, pegType, circulatingUsd: roundUsd(usd) })),
    );
}
