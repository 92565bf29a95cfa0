/**
 * One chain in one run: who may be read, the scan, the laggards, and what the state says of it afterwards.
 *
 * Contracts are read together. One that was set aside or whose reading failed lags behind the chain's cursor and is read alone
 * until it has caught up; one that is new is read with the others from now on, and its past is a backfill's.
 */
import type { LaneContext } from "../lane.ts";
import type { FlowEvent } from "../schema/flows.ts";
import type { Budget } from "../sources/split-range.ts";
import { chainNodes } from "./chain-node.ts";
import type { TxContext } from "./classify-bridge.ts";
import { checkConservation } from "./conservation.ts";
import type { FlowContract } from "./contracts.ts";
import type { EventPrices } from "./price-at.ts";
import { readRange } from "./read-range.ts";
import { byBlockAndIndex, readRows } from "./read-rows.ts";
import { configBudget, deferralUntil, extendedPressureSkip, rotateConfigs } from "./run-policy.ts";
import { type ChainScan, type ScanJob, scanChain } from "./scan-chain.ts";
import type { ChainState, FlowsState } from "./state.ts";
import { MAX_SCAN_RANGE, scanWindow } from "./sync-advance.ts";
import { verifyContracts } from "./verify-contracts.ts";

export interface ChainRun {
  chainId: string;
  caip: string;
  /** Enabled ones. */
  contracts: FlowContract[];
  blockTimeSec: number;
}

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

function isDeferred(state: FlowsState, key: string, nowSec: number): boolean {
  return (state.deferrals[key]?.until ?? 0) > nowSec;
}

function defer(state: FlowsState, key: string, reason: string, nowSec: number, block: number | null): void {
  state.deferrals[key] = { until: deferralUntil(nowSec), reason };
  const known = state.contracts[key];
  if (known && known.behind === null && block !== null) known.behind = block;
}

/** Looks at contracts that were never read; gives trouble with the node, or null. */
async function admit(desk: ChainDesk, run: ChainRun, cursor: ChainState | null): Promise<string | null> {
  const { context, state } = desk;
  const unknown = run.contracts.filter(({ key }) => !state.contracts[key] && !isDeferred(state, key, context.nowSec));
  if (unknown.length === 0) return null;
  desk.budget.count += 1;
  const verdict = await verifyContracts(context, run.caip, unknown);
  for (const [key, reason] of verdict.refused) defer(state, key, reason, context.nowSec, null);
  for (const key of verdict.verified) {
    state.contracts[key] = {
      since: cursor === null ? -1 : cursor.block + 1,
      sinceTimestamp: cursor === null ? null : cursor.timestamp,
      behind: null,
      backfilledFrom: null,
      backfilledTo: null,
    };
    delete state.deferrals[key];
  }
  return verdict.trouble;
}

export async function runChain(desk: ChainDesk, run: ChainRun): Promise<ChainRead> {
  const { context, state, budget } = desk;
  const { nowSec } = context;
  const before = state.chains[run.chainId] ?? null;
  const read: ChainRead = {
    scan: null,
    reason: null,
    apiErrors: 0,
    notes: [],
    finalRows: [],
    provisionalRows: [],
    logsRead: 0,
    rowsDropped: 0,
    satisfied: new Set(),
    caughtUp: false,
  };
  const trouble = await admit(desk, run, before);
  if (trouble !== null) {
    read.notes.push(trouble);
    read.apiErrors += 1;
  }
  const known = run.contracts.filter(({ key }) => state.contracts[key] && !isDeferred(state, key, nowSec));
  const together = known.filter(({ key }) => state.contracts[key]?.behind === null);
  if (together.length === 0) {
    read.reason = trouble ?? "no contract of this chain can be read";
    return read;
  }
  const limit = { blocks: before?.rangeLimit ?? MAX_SCAN_RANGE };
  const outcome = await scanChain({
    nodes: chainNodes(context, run.caip),
    contracts: together,
    cursor: before,
    blockTimeSec: run.blockTimeSec,
    budget,
    limit,
    expectedEvents: desk.expectedEvents,
  });
  if (!outcome.ok) {
    read.reason = outcome.reason;
    read.apiErrors += outcome.apiErrors;
    return read;
  }
  const { scan } = outcome;
  read.scan = scan;
  read.apiErrors += scan.apiErrors;
  read.notes.push(...scan.notes);
  read.logsRead = scan.logs.length;
  for (const contract of together) {
    const bad = scan.badContracts.get(contract.address);
    if (bad !== undefined) defer(state, contract.key, bad, nowSec, scan.fromBlock - 1);
    else if (scan.complete) read.satisfied.add(contract.key);
  }
  state.chains[run.chainId] = nextState(before, scan, run, limit.blocks);

  const good = together.filter(({ address }) => !scan.badContracts.has(address));
  const rows = await rowsOf(desk, good, scan, scan.logs);
  read.rowsDropped += rows.dropped;
  read.finalRows = rows.rows.filter(({ blockNumber }) => blockNumber <= scan.cursor.block);
  read.provisionalRows = rows.rows.filter(({ blockNumber }) => blockNumber > scan.cursor.block);
  const behind = known.filter(({ key }) => state.contracts[key]?.behind !== null);
  await catchUp(desk, behind, scan, limit, read);
  await checkConservation(context, state, { ...run, contracts: good }, scan, budget);
  read.finalRows.sort(byBlockAndIndex);
  return read;
}

function nextState(before: ChainState | null, scan: ChainScan, run: ChainRun, rangeLimit: number): ChainState {
  const sinceTimestamp = scan.head.timestamp - Math.ceil((scan.head.number - scan.fromBlock) * run.blockTimeSec);
  const since = before?.since ?? { block: scan.fromBlock, timestamp: Math.max(0, sinceTimestamp) };
  return {
    ...scan.cursor,
    since,
    hoursThrough: before?.hoursThrough ?? Math.floor(since.timestamp / 3600) * 3600,
    rangeLimit: rangeLimit < MAX_SCAN_RANGE ? rangeLimit : null,
  };
}

async function rowsOf(
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

/** Contracts behind the chain, one by one, critical ones first, as far as the budget goes. */
async function catchUp(
  desk: ChainDesk,
  behind: readonly FlowContract[],
  scan: ChainScan,
  limit: { blocks: number },
  read: ChainRead,
): Promise<void> {
  const { state, budget } = desk;
  const byKey = new Map(behind.map((contract) => [contract.key, contract]));
  const tierOf = (key: string) => byKey.get(key)?.tier ?? "critical";
  const { order, storedKey } = rotateConfigs([...byKey.keys()], state.lastConfigKey, tierOf);
  if (storedKey !== null) state.lastConfigKey = storedKey;
  for (const [place, key] of order.entries()) {
    const contract = byKey.get(key);
    const known = state.contracts[key];
    if (contract === undefined || known === undefined || known.behind === null) continue;
    const remaining = budget.limit - budget.count;
    const queued = order.slice(place).filter((other) => tierOf(other) === "critical").length;
    if (remaining <= 0 || (contract.tier === "extended" && extendedPressureSkip(remaining, queued))) continue;
    const window = scanWindow({
      startBlock: contract.startBlock,
      lastBlock: known.behind,
      chainHead: scan.cursor.block,
      maxScanRange: MAX_SCAN_RANGE,
    });
    if (window === null) {
      known.behind = null;
      continue;
    }
    const own: Budget = { count: 0, limit: configBudget(contract.tier, remaining) };
    const range = { fromBlock: window.fromBlock, toBlock: window.scanTo };
    const part = await readRange(scan.node, [contract], range, own, limit);
    read.apiErrors += part.apiErrors;
    if (part.bad !== null) {
      defer(state, key, `its logs cannot be read: ${part.bad.reason}`, desk.context.nowSec, known.behind);
    } else {
      const untimed = [...new Set(part.logs.map(({ blockNumber }) => blockNumber))];
      own.count += Math.ceil(untimed.length / 50);
      const blocks = await scan.node.blocks(untimed);
      const blockTimes = new Map(blocks.ok ? blocks.value.map(({ number, timestamp }) => [number, timestamp]) : []);
      const missing = untimed.filter((block) => !blockTimes.has(block));
      const frontier = Math.min(part.scannedToBlock, ...missing.map((block) => block - 1));
      const hashes = [...new Set(part.logs.map(({ transactionHash }) => transactionHash))];
      const contexts = contract.detection === null || hashes.length === 0 ? null : await scan.node.transactions(hashes);
      if (contexts !== null) own.count += 2 * hashes.length;
      const rows = await rowsOf(
        desk,
        [contract],
        { blockTimes, contexts: contexts?.ok ? contexts.value : new Map() },
        part.logs.filter(({ blockNumber }) => blockNumber <= frontier),
      );
      read.finalRows.push(...rows.rows);
      read.rowsDropped += rows.dropped;
      read.logsRead += part.logs.length;
      read.caughtUp = true;
      known.behind = frontier >= scan.cursor.block ? null : Math.max(known.behind, frontier);
    }
    budget.count += own.count;
  }
}
