/** Hours made anew at once, for repairs: from the stored events of those hours with the repair's own changes on top. */

import { flowId, toEvent } from "../flow-figures.ts";
import { HOUR_SEC, hourOf } from "../flow-hours.ts";
import type { LaneContext } from "../lane.ts";
import type { FlowEventRow, HourlyFlowRow } from "../schema/flows.ts";
import { bucketsOf, type HourKey, hourKey } from "./hours.ts";
import type { FlowsState } from "./state.ts";

/** Stored events with timestamps in a set of hours; any age. */
export async function eventsOfHours(
  context: Pick<LaneContext, "store">,
  hours: readonly number[],
): Promise<FlowEventRow[]> {
  if (hours.length === 0) return [];
  const store = await context.store();
  const rows = await store.query(
    `SELECT * REPLACE (CAST(amountUnits AS VARCHAR) AS amountUnits) FROM mint_burn_events
     WHERE timestamp >= $from AND timestamp < $to`,
    { from: Math.min(...hours), to: Math.max(...hours) + HOUR_SEC },
  );
  const wanted = new Set(hours);
  return (rows as unknown as FlowEventRow[]).filter(({ timestamp }) => wanted.has(hourOf(timestamp)));
}

/** Rows for the history; hours that are still open are left to the runs. */
export async function rebuildHours(
  context: Pick<LaneContext, "store" | "nowSec">,
  state: FlowsState,
  changed: readonly FlowEventRow[],
): Promise<HourlyFlowRow[]> {
  const keys = new Map(
    changed.map((row): [string, HourKey] => {
      const key: HourKey = [row.coinId, row.chainId, hourOf(row.timestamp)];
      return [key.join("|"), key];
    }),
  );
  const closed = [...keys.values()].filter(
    ([, chainId, hourTs]) => hourTs < (state.chains[chainId]?.hoursThrough ?? 0),
  );
  if (closed.length === 0) return [];
  const events = new Map(
    (await eventsOfHours(context, [...new Set(closed.map(([, , hourTs]) => hourTs))])).map((row) => [flowId(row), row]),
  );
  for (const row of changed) {
    if (row.removed) events.delete(flowId(row));
    else events.set(flowId(row), row);
  }
  const store = await context.store();
  const stored = new Set(
    (
      await store.query(
        "SELECT coinId, chainId, hourTs FROM mint_burn_hourly WHERE hourTs >= $from AND hourTs <= $to",
        {
          from: Math.min(...closed.map(([, , hourTs]) => hourTs)),
          to: Math.max(...closed.map(([, , hourTs]) => hourTs)),
        },
      )
    ).map((row) => `${row.coinId}|${row.chainId}|${row.hourTs}`),
  );
  const buckets = new Map(bucketsOf([...events.values()].map(toEvent)).map((hour) => [hourKey(hour), hour]));
  return closed.flatMap(([coinId, chainId, hourTs]): HourlyFlowRow[] => {
    const key = `${coinId}|${chainId}|${hourTs}`;
    const hour = buckets.get(key);
    const revision = stored.has(key) ? context.nowSec : 0;
    if (hour) return [{ ...hour, revision, removed: false }];
    if (!stored.has(key)) return [];
    const nothing = { mintCount: 0, burnCount: 0, mintVolumeUsd: 0, burnVolumeUsd: 0 };
    return [{ coinId, chainId, hourTs, ...nothing, revision, removed: true }];
  });
}
