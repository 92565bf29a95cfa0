/** Windows over hours and events: how the lane, the API and the pages cut them, and whose rows count at all. */
import { HOUR_SEC } from "./flow-hours.ts";
import type { HourlyFlow } from "./schema/flows.ts";

type Volumes = Pick<HourlyFlow, "hourTs" | "mintVolumeUsd" | "burnVolumeUsd" | "mintCount" | "burnCount">;

/** Buckets that began within the last `hours`. */
export function hoursWithin<Row extends { hourTs: number }>(
  nowSec: number,
  hours: number,
  rows: readonly Row[],
): Row[] {
  return rows.filter(({ hourTs }) => hourTs >= nowSec - hours * HOUR_SEC);
}

export function sumHours(rows: readonly Volumes[]): Omit<Volumes, "hourTs"> {
  const sum = { mintVolumeUsd: 0, burnVolumeUsd: 0, mintCount: 0, burnCount: 0 };
  for (const row of rows) {
    sum.mintVolumeUsd += row.mintVolumeUsd;
    sum.burnVolumeUsd += row.burnVolumeUsd;
    sum.mintCount += row.mintCount;
    sum.burnCount += row.burnCount;
  }
  return sum;
}

/** The start of every hour that has a bucket, ascending. */
export function hourStarts(rows: readonly { hourTs: number }[]): number[] {
  return [...new Set(rows.map(({ hourTs }) => hourTs))].sort((a, b) => a - b);
}

/** Rows of the pairs of coin and chain that are configured; `trackedPairs` are "coin|chain". */
export function filterTrackedPairs<Row>(
  trackedPairs: Iterable<string>,
  rows: readonly Row[],
  pairOf: (row: Row) => string,
): Row[] {
  const tracked = new Set(trackedPairs);
  return rows.filter((row) => tracked.has(pairOf(row)));
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
