/** Windows over hours and events, as the flows page and the API cut them. */
import { DAY_SEC } from "../time.ts";
import { HOUR_SEC } from "./hourly.ts";

export interface HourSums {
  hourTs: number;
  mint: number;
  burn: number;
}

/** The chart's window is `hours` long; the day's figures never depend on it. */
export function aggregateWindows(nowSec: number, hours: number, rows: readonly HourSums[]) {
  const day = rows.filter(({ hourTs }) => hourTs >= nowSec - DAY_SEC);
  const mintVolume24hUsd = day.reduce((sum, { mint }) => sum + mint, 0);
  const burnVolume24hUsd = day.reduce((sum, { burn }) => sum + burn, 0);
  const inWindow = rows.filter(({ hourTs }) => hourTs >= nowSec - hours * HOUR_SEC).map(({ hourTs }) => hourTs);
  return {
    hourlyHours: [...new Set(inWindow)].sort((a, b) => a - b),
    netFlow24hUsd: mintVolume24hUsd - burnVolume24hUsd,
    mintVolume24hUsd,
    burnVolume24hUsd,
  };
}

/** Rows of the pairs of coin and chain that are configured; `trackedPairs` are "coin|chain". */
export function filterTrackedPairs<Row extends { stablecoinId: string; chainId: string }>(
  trackedPairs: readonly string[],
  rows: readonly Row[],
): Row[] {
  const tracked = new Set(trackedPairs);
  return rows.filter(({ stablecoinId, chainId }) => tracked.has(`${stablecoinId}|${chainId}`));
}

export interface SizedEvent {
  id: string;
  amountUsd: number | null;
  timestamp: number;
  blockNumber: number;
}

/** The largest by USD; of equals the newest, then the higher block, then the later id. Unpriced events are left out. */
export function largestEvent<Event extends SizedEvent>(events: readonly Event[]): Event | null {
  let largest: Event | null = null;
  for (const event of events)
    if (event.amountUsd !== null && (largest === null || isAbove(event, largest))) largest = event;
  return largest;
}

function isAbove(a: SizedEvent, b: SizedEvent): boolean {
  const difference =
    (a.amountUsd ?? 0) - (b.amountUsd ?? 0) || a.timestamp - b.timestamp || a.blockNumber - b.blockNumber;
  return difference !== 0 ? difference > 0 : a.id > b.id;
}
