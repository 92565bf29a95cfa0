/**
 * Mints and burns for pages and files: hours of the last thirty days, the newest events of every coin, and how many there are.
 *
 * Events that are not final yet come from the snapshot and are marked; they are nowhere in the history.
 */
import { amountUsdOf, flowId, isCounted, toEvent } from "../../pipeline/flow-figures.ts";
import type { Registry } from "../../pipeline/registry/registry.ts";
import type { FlowEventRow, HourlyFlow, MintBurnFlows } from "../../pipeline/schema/flows.ts";
import type { Store } from "../../pipeline/store/store.ts";

const HOUR = 3600;
/** The longest window of the API. */
export const FLOW_HOURS = 720;
/** Events of a coin that pages and files show; the Parquet file has them all. */
export const NEWEST_EVENTS = 500;

export interface FlowHistory {
  /** By coin, ascending; open hours included. */
  hours: Map<string, HourlyFlow[]>;
  /** By coin, newest first, without the provisional ones. */
  events: Map<string, FlowEventRow[]>;
  totals: Map<string, { all: number; counted: number }>;
}

export const NO_FLOWS: FlowHistory = { hours: new Map(), events: new Map(), totals: new Map() };

function byCoin<Row extends { coinId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ coinId }) => coinId);
}

export async function loadFlows(store: Store, nowSec: number, flows: MintBurnFlows | null): Promise<FlowHistory> {
  const stored = await store.query(
    `SELECT coinId, chainId, hourTs, mintCount, burnCount, mintVolumeUsd, burnVolumeUsd FROM mint_burn_hourly
     WHERE hourTs >= $from ORDER BY coinId, hourTs, chainId`,
    { from: nowSec - FLOW_HOURS * HOUR },
  );
  const hours = new Map<string, HourlyFlow>();
  for (const hour of [...(stored as unknown as HourlyFlow[]), ...(flows?.openHours ?? [])])
    hours.set(`${hour.coinId}|${hour.chainId}|${hour.hourTs}`, hour);
  const events = await store.query(
    `SELECT * REPLACE (CAST(amountUnits AS VARCHAR) AS amountUnits) FROM mint_burn_events
     QUALIFY row_number() OVER (PARTITION BY coinId ORDER BY timestamp DESC, blockNumber DESC, logIndex DESC) <= $newest
     ORDER BY coinId, timestamp DESC, blockNumber DESC, logIndex DESC`,
    { newest: NEWEST_EVENTS },
  );
  const totals = await store.query(
    `SELECT coinId, count(*) AS everything,
       count(*) FILTER (flowType = 'standard' AND (direction = 'mint' OR burnType = 'effective_burn')) AS counted
     FROM mint_burn_events GROUP BY coinId`,
  );
  return {
    hours: byCoin([...hours.values()].sort((a, b) => a.hourTs - b.hourTs)),
    events: byCoin(events as unknown as FlowEventRow[]),
    totals: new Map(
      totals.map((row) => [row.coinId as string, { all: row.everything as number, counted: row.counted as number }]),
    ),
  };
}

export interface ShownEvent {
  id: string;
  stablecoinId: string;
  symbol: string;
  chainId: string;
  direction: "mint" | "burn";
  flowType: FlowEventRow["flowType"];
  amount: number;
  amountUsd: number | null;
  burnType: FlowEventRow["burnType"];
  burnReviewReason: FlowEventRow["burnReviewReason"];
  counterparty: string | null;
  txHash: string;
  blockNumber: number;
  timestamp: number;
  explorerTxUrl: string | null;
  priceUsed: number | null;
  priceTimestamp: number | null;
  priceSource: FlowEventRow["priceSource"];
  provisional: boolean;
}

/** Newest first; `total` counts all that there are. */
export function shownEvents(
  record: { registry: Registry; flows: FlowHistory; provisional: MintBurnFlows["provisional"] },
  coinId: string,
  scope: "all" | "counted",
  limit: number,
): { events: ShownEvent[]; total: number } {
  const symbol = record.registry.coinById.get(coinId)?.symbol ?? coinId;
  const provisional = record.provisional.filter((event) => event.coinId === coinId);
  const shown = [
    ...provisional.map((event) => ({ row: { ...event, revision: 0, removed: false }, isProvisional: true })),
    ...(record.flows.events.get(coinId) ?? []).map((row) => ({ row, isProvisional: false })),
  ]
    .map(({ row, isProvisional }) => ({ event: toEvent(row), isProvisional }))
    .filter(({ event }) => scope === "all" || isCounted(event))
    .sort(
      ({ event: a }, { event: b }) =>
        b.timestamp - a.timestamp || b.blockNumber - a.blockNumber || (flowId(b) > flowId(a) ? 1 : -1),
    );
  const totals = record.flows.totals.get(coinId) ?? { all: 0, counted: 0 };
  return {
    events: shown.slice(0, limit).map(({ event, isProvisional }) => {
      const chain = record.registry.chains.find(({ slug }) => slug === event.chainId);
      return {
        id: flowId(event),
        stablecoinId: coinId,
        symbol,
        chainId: event.chainId,
        direction: event.direction,
        flowType: event.flowType,
        amount: event.amount,
        amountUsd: amountUsdOf(event),
        burnType: event.burnType,
        burnReviewReason: event.burnReviewReason,
        counterparty: event.counterparty,
        txHash: event.txHash,
        blockNumber: event.blockNumber,
        timestamp: event.timestamp,
        explorerTxUrl: chain?.explorer?.tx.replace("{tx}", event.txHash) ?? null,
        priceUsed: event.priceUsed,
        priceTimestamp: event.priceTimestamp,
        priceSource: event.priceSource,
        provisional: isProvisional,
      };
    }),
    total:
      totals[scope] +
      provisional.filter((event) => scope === "all" || isCounted(toEvent({ ...event, revision: 0, removed: false })))
        .length,
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
