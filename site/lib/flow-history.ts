/** Mints and burns for pages and files: hours of the last thirty days, and the newest events of every coin. */
import type { Registry } from "../../pipeline/registry/registry.ts";
import type { HourlyFlow, MintBurnFlows } from "../../pipeline/schema/flows.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { type EventFeeds, loadFeeds, makeEventTable } from "./flow-events.ts";

const HOUR = 3600;
/** The longest window of the API. */
export const FLOW_HOURS = 720;

export interface FlowHistory {
  /** By coin, ascending; open hours included. */
  hours: Map<string, HourlyFlow[]>;
  feeds: EventFeeds;
}

export const NO_FLOWS: FlowHistory = { hours: new Map(), feeds: new Map() };

function byCoin<Row extends { coinId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ coinId }) => coinId);
}

export async function loadFlows(
  store: Store,
  nowSec: number,
  flows: MintBurnFlows | null,
  registry: Registry,
): Promise<FlowHistory> {
  const stored = await store.query(
    `SELECT coinId, chainId, hourTs, mintCount, burnCount, mintVolumeUsd, burnVolumeUsd FROM mint_burn_hourly
     WHERE hourTs >= $from ORDER BY coinId, hourTs, chainId`,
    { from: nowSec - FLOW_HOURS * HOUR },
  );
  const hours = new Map<string, HourlyFlow>();
  for (const hour of [...(stored as unknown as HourlyFlow[]), ...(flows?.openHours ?? [])])
    hours.set(`${hour.coinId}|${hour.chainId}|${hour.hourTs}`, hour);
  await makeEventTable(store, flows?.provisional ?? []);
  return {
    hours: byCoin([...hours.values()].sort((a, b) => a.hourTs - b.hourTs)),
    feeds: await loadFeeds(store, registry),
  };
}

export interface HourSum {
  hourTs: number;
  netFlowUsd: number;
  mintVolumeUsd: number;
  burnVolumeUsd: number;
}

const cents = (usd: number) => Math.round(usd * 100) / 100;

/** Sums by hour over any hours, ascending, of the last `hours`. */
export function hourSums(rows: Iterable<HourlyFlow>, nowSec: number, hours: number): HourSum[] {
  const sums = new Map<number, HourSum>();
  for (const { hourTs, mintVolumeUsd, burnVolumeUsd } of rows) {
    if (hourTs < nowSec - hours * HOUR) continue;
    const sum = sums.get(hourTs) ?? { hourTs, netFlowUsd: 0, mintVolumeUsd: 0, burnVolumeUsd: 0 };
    sums.set(hourTs, sum);
    sum.mintVolumeUsd = cents(sum.mintVolumeUsd + mintVolumeUsd);
    sum.burnVolumeUsd = cents(sum.burnVolumeUsd + burnVolumeUsd);
    sum.netFlowUsd = cents(sum.mintVolumeUsd - sum.burnVolumeUsd);
  }
  return [...sums.values()].sort((a, b) => a.hourTs - b.hourTs);
}

export function windowSums(rows: readonly HourlyFlow[], nowSec: number, hours: number) {
  const own = rows.filter(({ hourTs }) => hourTs >= nowSec - hours * HOUR);
  const sum = (of: (hour: HourlyFlow) => number) => own.reduce((total, hour) => total + of(hour), 0);
  const mintVolumeUsd = cents(sum((hour) => hour.mintVolumeUsd));
  const burnVolumeUsd = cents(sum((hour) => hour.burnVolumeUsd));
  return {
    mintVolumeUsd,
    burnVolumeUsd,
    netFlowUsd: cents(mintVolumeUsd - burnVolumeUsd),
    mintCount: sum((hour) => hour.mintCount),
    burnCount: sum((hour) => hour.burnCount),
  };
}
