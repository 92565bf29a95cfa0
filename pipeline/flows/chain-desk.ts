/** What reading a chain works with and fills: shared by the chain's own scan and the reading of laggards. */
import type { LaneContext } from "../lane.ts";
import type { FlowEvent } from "../schema/flows.ts";
import type { Budget } from "../sources/split-range.ts";
import type { TxContext } from "./classify-bridge.ts";
import type { FlowContract } from "./contracts.ts";
import type { EventPrices } from "./price-at.ts";
import { readRows } from "./read-rows.ts";
import { deferralUntil } from "./run-policy.ts";
import type { ChainScan, ScanJob } from "./scan-job.ts";
import type { FlowsState } from "./state.ts";

export interface ChainRead {
  scan: ChainScan | null;
  /** Why the chain was not read; null when it was. */
  reason: string | null;
  apiErrors: number;
  notes: string[];
  /** In blocks that are final. */
  finalRows: FlowEvent[];
  provisionalRows: FlowEvent[];
  logsRead: number;
  rowsDropped: number;
  /** Keys of contracts that were read up to the head. */
  satisfied: Set<string>;
  /** Rows of contracts that had lagged, so that halves of roundtrips may have come apart. */
  caughtUp: boolean;
}

export interface ChainDesk {
  context: Pick<LaneContext, "collect" | "nodes" | "nowSec" | "history" | "published">;
  state: FlowsState;
  budget: Budget;
  pricesFor: (firstEventSec: number) => Promise<EventPrices>;
  expectedEvents: ScanJob["expectedEvents"];
}

export function isDeferred(state: FlowsState, key: string, nowSec: number): boolean {
  return (state.deferrals[key]?.until ?? 0) > nowSec;
}

export function defer(state: FlowsState, key: string, reason: string, nowSec: number, block: number | null): void {
  state.deferrals[key] = { until: deferralUntil(nowSec), reason };
  const known = state.contracts[key];
  if (known && known.behind === null && block !== null) known.behind = block;
}

/** Classified rows of logs whose block times and transactions are known. */
export async function rowsOf(
  desk: ChainDesk,
  contracts: readonly FlowContract[],
  scan: { blockTimes: ReadonlyMap<number, number>; contexts: ReadonlyMap<string, TxContext> },
  logs: ChainScan["logs"],
) {
  const times = [...scan.blockTimes.values()];
  const first = times.reduce((least, time) => Math.min(least, time), desk.context.nowSec);
  return readRows(contracts, logs, {
    blockTimes: (block) => scan.blockTimes.get(block),
    prices: await desk.pricesFor(first),
    contexts: (txHash) => scan.contexts.get(txHash) ?? null,
  });
}
