/**
 * Which hours go into the history in this run: those that were over and final when the run began, made from committed events.
 *
 * Two runs that race so make the same rows, and an hour whose events were corrected is made anew by the run after.
 */
import { amountUsdOf } from "../flow-figures.ts";
import { hourlyBuckets, hourOf } from "../flow-hours.ts";
import { roundUsd } from "../rounding.ts";
import type { FlowEvent, HourlyFlow, HourlyFlowRow } from "../schema/flows.ts";
import type { ChainState } from "./state.ts";

export type HourKey = [coinId: string, chainId: string, hourTs: number];

export function hourKey({ coinId, chainId, hourTs }: Pick<HourlyFlow, "coinId" | "chainId" | "hourTs">): string {
  return `${coinId}|${chainId}|${hourTs}`;
}

export function bucketsOf(events: readonly FlowEvent[]): HourlyFlow[] {
  return hourlyBuckets(events.map((event) => ({ ...event, amountUsd: amountUsdOf(event) }))).map((hour) => ({
    ...hour,
    mintVolumeUsd: roundUsd(hour.mintVolumeUsd),
    burnVolumeUsd: roundUsd(hour.burnVolumeUsd),
  }));
}

/** The hour up to which a chain's committed events are whole. */
export function wholeThrough(chain: Pick<ChainState, "timestamp">): number {
  return hourOf(chain.timestamp);
}

export interface HoursOut {
  /** For the history. */
  rows: HourlyFlowRow[];
  /** By chain. */
  hoursThrough: Map<string, number>;
}

/** `committed`: events of the record as it was when the run began, of every hour concerned. */
export function hoursToStore(
  committed: readonly FlowEvent[],
  chains: Readonly<Record<string, ChainState>>,
  dirty: readonly HourKey[],
  revision: number,
): HoursOut {
  const hoursThrough = new Map(
    Object.entries(chains).map(([id, chain]) => [id, Math.max(chain.hoursThrough, wholeThrough(chain))]),
  );
  const dirtyKeys = new Set(dirty.map(([coinId, chainId, hourTs]) => hourKey({ coinId, chainId, hourTs })));
  const rows: HourlyFlowRow[] = [];
  const made = new Set<string>();
  for (const hour of bucketsOf(committed)) {
    const chain = chains[hour.chainId];
    if (chain === undefined) continue;
    const isDirty = dirtyKeys.has(hourKey(hour));
    const isNew = hour.hourTs >= chain.hoursThrough && hour.hourTs < wholeThrough(chain);
    const isStored = hour.hourTs < chain.hoursThrough;
    if (!isNew && !(isDirty && isStored)) continue;
    made.add(hourKey(hour));
    rows.push({ ...hour, revision: isStored ? revision : 0, removed: false });
  }
  for (const [coinId, chainId, hourTs] of dirty) {
    if (made.has(hourKey({ coinId, chainId, hourTs })) || hourTs >= (hoursThrough.get(chainId) ?? 0)) continue;
    const nothing = { mintCount: 0, burnCount: 0, mintVolumeUsd: 0, burnVolumeUsd: 0 };
    rows.push({ coinId, chainId, hourTs, ...nothing, revision, removed: true });
  }
  return { rows, hoursThrough };
}
