/**
 * One chain in one run: who may be read, the scan, the laggards, and what the state says of it afterwards.
 *
 * Contracts are read together. One that was set aside or whose reading failed lags behind the chain's cursor and is read alone
 * until it has caught up; one that is new is read with the others from now on, and its past is a backfill's.
 */
import { utcDay } from "../time.ts";
import { catchUp } from "./catch-up.ts";
import { type ChainDesk, type ChainRead, defer, isDeferred, rowsOf } from "./chain-desk.ts";
import { chainNodes } from "./chain-node.ts";
import { checkConservation } from "./conservation.ts";
import type { FlowContract } from "./contracts.ts";
import { byBlockAndIndex } from "./read-rows.ts";
import { scanChain } from "./scan-chain.ts";
import type { ChainScan } from "./scan-job.ts";
import type { ChainState } from "./state.ts";
import { MAX_SCAN_RANGE } from "./sync-advance.ts";
import { verifyContracts } from "./verify-contracts.ts";

export interface ChainRun {
  chainId: string;
  caip: string;
  /** Enabled ones. */
  contracts: FlowContract[];
  blockTimeSec: number;
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
  // Limits change, and another node may have another one: what was learned is forgotten once a day.
  const isOfToday = before !== null && utcDay(before.timestamp) === utcDay(nowSec);
  const limit = { blocks: (isOfToday ? before.rangeLimit : null) ?? MAX_SCAN_RANGE };
  const nodes = chainNodes(context, run.caip);
  const outcome = await scanChain({
    nodes,
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
  await catchUp(desk, behind, { scan, nodes, limit }, read);
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
