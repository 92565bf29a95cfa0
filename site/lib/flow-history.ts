/** Mints and burns for pages and files: the snapshot made whole, hours of the last thirty days, the newest events of every coin. */
import { coinFigures, FIGURE_SEC, hoursByCoin, onReadChains } from "../../pipeline/flow-coins.ts";
import { HOUR_SEC } from "../../pipeline/flow-hours.ts";
import { hoursWithin, largestEvent, sumHours } from "../../pipeline/flow-windows.ts";
import type { Registry } from "../../pipeline/registry/registry.ts";
import { roundUsd } from "../../pipeline/rounding.ts";
import type { FlowCoin, HourlyFlow, MintBurnFlows, StoredFlows } from "../../pipeline/schema/flows.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { type EventFeeds, loadFeeds, makeEventTable } from "./flow-events.ts";

/** The longest window of the API. */
export const FLOW_HOURS = 720;

export interface FlowHistory {
  /** The snapshot with the figures of every coin. */
  whole: MintBurnFlows | null;
  /** By coin, ascending; open hours included. */
  hours: Map<string, HourlyFlow[]>;
  feeds: EventFeeds;
}

export const NO_FLOWS: FlowHistory = { whole: null, hours: new Map(), feeds: new Map() };

/** The largest event of the last day by coin, of those that count where the coin is read. */
async function largestEvents(store: Store, flows: StoredFlows, nowSec: number): Promise<Map<string, LargestEvent>> {
  const rows = (await store.query(
    `SELECT coinId, chainId, direction, amountUsd, txHash, timestamp, blockNumber, concat(chainId, '-', txHash, '-', logIndex) AS id
     FROM flow_events WHERE counts AND timestamp >= $from`,
    { from: nowSec - 24 * HOUR_SEC },
  )) as unknown as CountedEvent[];
  return new Map(
    [...Map.groupBy(onReadChains(flows, rows), ({ coinId }) => coinId)].flatMap(([coinId, events]) => {
      const largest = largestEvent(events);
      if (largest === null) return [];
      const { direction, amountUsd, txHash, timestamp } = largest;
      return [[coinId, { direction, amountUsd: roundUsd(amountUsd ?? 0), txHash, timestamp }]];
    }),
  );
}

type LargestEvent = NonNullable<FlowCoin["largestEvent24h"]>;
type CountedEvent = Omit<LargestEvent, "amountUsd"> & {
  id: string;
  coinId: string;
  chainId: string;
  amountUsd: number | null;
  blockNumber: number;
};

async function wholeFlows(
  store: Store,
  flows: StoredFlows,
  hours: ReadonlyMap<string, HourlyFlow[]>,
  nowSec: number,
): Promise<MintBurnFlows> {
  const largest = await largestEvents(store, flows, nowSec);
  return {
    ...flows,
    coins: flows.coins.map((coin): FlowCoin => {
      const { stablecoinId, coverage } = coin;
      const figures = coinFigures(hours.get(stablecoinId) ?? [], coverage.historyStartAt, nowSec);
      return { ...coin, ...figures, largestEvent24h: largest.get(stablecoinId) ?? null };
    }),
  };
}

/** `nowSec`: the snapshot's own time. */
export async function loadFlows(
  store: Store,
  nowSec: number,
  flows: StoredFlows | null,
  registry: Registry,
): Promise<FlowHistory> {
  await makeEventTable(store, flows?.provisional ?? []);
  const feeds = await loadFeeds(store, registry);
  if (flows === null) return { ...NO_FLOWS, feeds };
  const stored = (await store.query(
    `SELECT coinId, chainId, hourTs, mintCount, burnCount, mintVolumeUsd, burnVolumeUsd FROM mint_burn_hourly
     WHERE hourTs >= $from ORDER BY coinId, hourTs, chainId`,
    { from: nowSec - FIGURE_SEC },
  )) as unknown as HourlyFlow[];
  const byCoin = hoursByCoin(flows, stored);
  const hours = [...byCoin].map(([coinId, own]): [string, HourlyFlow[]] => [
    coinId,
    hoursWithin(nowSec, FLOW_HOURS, own).sort((a, b) => a.hourTs - b.hourTs),
  ]);
  return { whole: await wholeFlows(store, flows, byCoin, nowSec), hours: new Map(hours), feeds };
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
  for (const { hourTs, mintVolumeUsd, burnVolumeUsd } of hoursWithin(nowSec, hours, [...rows])) {
    const sum = sums.get(hourTs) ?? { hourTs, netFlowUsd: 0, mintVolumeUsd: 0, burnVolumeUsd: 0 };
    sums.set(hourTs, sum);
    sum.mintVolumeUsd = cents(sum.mintVolumeUsd + mintVolumeUsd);
    sum.burnVolumeUsd = cents(sum.burnVolumeUsd + burnVolumeUsd);
    sum.netFlowUsd = cents(sum.mintVolumeUsd - sum.burnVolumeUsd);
  }
  return [...sums.values()].sort((a, b) => a.hourTs - b.hourTs);
}

export function windowSums(rows: readonly HourlyFlow[], nowSec: number, hours: number) {
  const sum = sumHours(hoursWithin(nowSec, hours, rows));
  const mintVolumeUsd = cents(sum.mintVolumeUsd);
  const burnVolumeUsd = cents(sum.burnVolumeUsd);
  return { ...sum, mintVolumeUsd, burnVolumeUsd, netFlowUsd: cents(mintVolumeUsd - burnVolumeUsd) };
}
