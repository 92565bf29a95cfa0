/** Events that had no price when they were stored and can have one now: the last 48 hours, oldest first, 500 a run. */

import { HEAL_ROWS, hourOf, nullPriceBacklogClass } from "../flow-hours.ts";
import type { FlowEventRow } from "../schema/flows.ts";
import type { HourKey } from "./hours.ts";
import type { EventPrices } from "./price-at.ts";

export function healPrices(committed: readonly FlowEventRow[], prices: EventPrices, revision: number) {
  const { runTimestamp, current, currentUpdatedAt } = prices;
  const backlog = Map.groupBy(committed, (row) => nullPriceBacklogClass(runTimestamp - row.timestamp, row.priceUsed));
  const unpriced = (backlog.get("recent") ?? []).sort(
    (a, b) => a.timestamp - b.timestamp || a.blockNumber - b.blockNumber || a.logIndex - b.logIndex,
  );
  const rows = unpriced.slice(0, HEAL_ROWS).flatMap((row): FlowEventRow[] => {
    const priceUsed = current[row.coinId] ?? null;
    if (priceUsed === null) return [];
    const priceTimestamp = currentUpdatedAt[row.coinId] ?? runTimestamp;
    return [{ ...row, priceUsed, priceTimestamp, priceSource: "price_cache_heal", revision }];
  });
  const hours = rows.map((row): HourKey => [row.coinId, row.chainId, hourOf(row.timestamp)]);
  return {
    rows,
    hours,
    backlogRecent: unpriced.length,
    /** Of the rows that were looked at. */
    backlogHistorical: backlog.get("historical")?.length ?? 0,
  };
}
