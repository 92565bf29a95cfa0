/** Hours as they stand in this run: stored ones, corrected ones, and the open ones made of events that are not stored as hours yet. */
import { FIGURE_SEC } from "../flow-coins.ts";
import { flowId, toEvent } from "../flow-figures.ts";
import { byCoinAndTime, hourOf } from "../flow-hours.ts";
import type { LaneContext } from "../lane.ts";
import {
  type FlowEvent,
  type FlowEventRow,
  type HourlyFlow,
  type HourlyFlowRow,
  MINT_BURN_HOURLY,
} from "../schema/flows.ts";
import type { FlowContract } from "./contracts.ts";
import { bucketsOf, type HourKey, hourKey } from "./hours.ts";
import type { FlowsState } from "./state.ts";

/** Hours already stored whose events changed in this run: the next one makes them anew. */
export function dirtyHours(state: FlowsState, corrected: readonly HourKey[], added: readonly FlowEvent[]): HourKey[] {
  const late = added.map((event): HourKey => [event.coinId, event.chainId, hourOf(event.timestamp)]);
  const dirty = new Map<string, HourKey>();
  for (const key of [...corrected, ...late])
    if (key[2] < (state.chains[key[1]]?.hoursThrough ?? 0)) dirty.set(key.join("|"), key);
  return [...dirty.values()].sort((a, b) => (a.join("|") < b.join("|") ? -1 : 1));
}

/** Stored events as corrected, with this run's own, each once. */
export function liveEvents(
  committed: readonly FlowEventRow[],
  corrections: readonly FlowEventRow[],
  finalRows: readonly FlowEvent[],
  provisional: readonly FlowEvent[],
): FlowEvent[] {
  const live = new Map(committed.map((row) => [flowId(row), toEvent(row)]));
  for (const row of corrections) {
    if (row.removed) live.delete(flowId(row));
    else live.set(flowId(row), toEvent(row));
  }
  for (const event of [...finalRows, ...provisional]) if (!live.has(flowId(event))) live.set(flowId(event), event);
  return [...live.values()];
}

/** All hours of the longest window by coin, and those that the history does not hold as they are now. */
export async function liveHours(
  context: Pick<LaneContext, "history" | "nowSec">,
  state: FlowsState,
  live: readonly FlowEvent[],
  fresh: readonly HourlyFlowRow[],
): Promise<{ openHours: HourlyFlow[]; hours: Map<string, HourlyFlow[]> }> {
  const since = context.nowSec - FIGURE_SEC;
  const unheld = new Map<string, HourlyFlow>();
  for (const { revision: _revision, removed: _removed, ...hour } of fresh) unheld.set(hourKey(hour), hour);
  const buckets = new Map(bucketsOf(live).map((hour) => [hourKey(hour), hour]));
  for (const [coinId, chainId, hourTs] of state.dirtyHours) {
    const nothing = { mintCount: 0, burnCount: 0, mintVolumeUsd: 0, burnVolumeUsd: 0 };
    const hour = buckets.get(hourKey({ coinId, chainId, hourTs })) ?? { coinId, chainId, hourTs, ...nothing };
    unheld.set(hourKey(hour), hour);
  }
  for (const [key, hour] of buckets)
    if (hour.hourTs >= (state.chains[hour.chainId]?.hoursThrough ?? 0)) unheld.set(key, hour);
  const all = new Map(
    (await context.history(MINT_BURN_HOURLY, since)).map((hour) => [hourKey(hour), hour as HourlyFlow]),
  );
  for (const [key, hour] of unheld) all.set(key, hour);
  const openHours = [...unheld.values()].sort(byCoinAndTime);
  return { openHours, hours: Map.groupBy(all.values(), ({ coinId }) => coinId) };
}

/** Earliest hour of a coin that nothing is missing after; remembered in the state. */
export function firstHour(
  state: FlowsState,
  coinId: string,
  hours: readonly HourlyFlow[],
  contracts: readonly FlowContract[],
): number | null {
  const gapless = Math.max(
    ...contracts.map(({ chainId, key }) =>
      hourOf(state.contracts[key]?.sinceTimestamp ?? state.chains[chainId]?.since.timestamp ?? 0),
    ),
  );
  const known = state.firstHours[coinId];
  const first = hours.reduce(
    (least, { hourTs }) => (hourTs >= gapless ? Math.min(least, hourTs) : least),
    known !== undefined && known >= gapless ? known : Number.POSITIVE_INFINITY,
  );
  if (!Number.isFinite(first)) return null;
  state.firstHours[coinId] = first;
  return first;
}
