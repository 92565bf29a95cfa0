/**
 * Contracts that lag behind their chain, read alone until they have caught up: critical ones first, as far as the budget goes.
 *
 * One whose reading keeps failing is set aside for an hour, so that it does not use up what the others need.
 */
import { BAD_LOGS_WORDS } from "../sources/scan-log.ts";
import type { Budget } from "../sources/split-range.ts";
import type { RangeLimit } from "./ask-ahead.ts";
import { timesOf } from "./block-times.ts";
import { type ChainDesk, type ChainRead, defer, rowsOf } from "./chain-desk.ts";
import type { ChainNode } from "./chain-node.ts";
import type { FlowContract } from "./contracts.ts";
import { type RangeRead, readRange } from "./read-range.ts";
import { configBudget, configCoverage, extendedPressureSkip, rotateConfigs, shouldDefer } from "./run-policy.ts";
import type { ChainScan } from "./scan-job.ts";
import type { FlowsState } from "./state.ts";
import { MAX_SCAN_RANGE, scanWindow, syncAdvance, syncStateUpsert } from "./sync-advance.ts";
import { contextsOf } from "./tx-contexts.ts";

export interface Around {
  /** The chain's own scan of this run. */
  scan: ChainScan;
  nodes: readonly ChainNode[];
  limit: RangeLimit;
}

type Known = FlowsState["contracts"][string];

export async function catchUp(
  desk: ChainDesk,
  behind: readonly FlowContract[],
  around: Around,
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
    const own: Budget = { count: 0, limit: configBudget(contract.tier, remaining) };
    await readLaggard(desk, contract, known, around, own, read);
    budget.count += own.count;
  }
}

/** One window of one contract. Its end is final, so rows do not hold the cursor back. */
async function readLaggard(
  desk: ChainDesk,
  contract: FlowContract,
  known: Known,
  { scan, nodes, limit }: Around,
  budget: Budget,
  read: ChainRead,
): Promise<void> {
  const window = scanWindow({
    startBlock: contract.startBlock,
    lastBlock: known.behind,
    chainHead: scan.cursor.block,
    maxScanRange: MAX_SCAN_RANGE,
  });
  if (window === null) {
    known.behind = null;
    return;
  }
  const { fromBlock, scanTo } = window;
  const part = await readRange(scan.node, [contract], { fromBlock, toBlock: scanTo }, budget, limit);
  read.apiErrors += part.apiErrors;
  if (part.bad !== null) {
    const reason = `its logs hold ${BAD_LOGS_WORDS[part.bad.reason]}`;
    defer(desk.state, contract.key, reason, desk.context.nowSec, known.behind);
    return;
  }
  const times = await timesOf(scan.node, part.logs, budget);
  const contexts = await contextsOf({ nodes, budget }, scan.node, [contract], part.logs, times.at, scan.head.timestamp);
  const firstMissing = Math.min(times.firstMissing, contexts.firstMissing);
  const advance = syncAdvance({
    fromBlock,
    scanTo,
    chainHead: scan.cursor.block,
    safetyMarginBlocks: 0,
    eventCoverage: part.definitions,
    maxBlockSeen: 0,
    earliestMissingTimestampBlock: Number.isFinite(firstMissing) ? firstMissing : null,
  });
  const frontier = advance.newLastBlock ?? fromBlock - 1;
  const rows = await rowsOf(
    desk,
    [contract],
    { blockTimes: times.at, contexts: contexts.found },
    part.logs.filter(({ blockNumber }) => blockNumber <= frontier),
  );
  read.finalRows.push(...rows.rows);
  read.rowsDropped += rows.dropped;
  read.logsRead += part.logs.length;
  read.caughtUp = true;
  known.behind = frontier >= scan.cursor.block ? null : syncStateUpsert(known.behind, frontier, "monotonic-max");
  countErrors(desk, contract, known, part);
}

/** Failures in a row of a contract that is read alone. */
function countErrors(desk: ChainDesk, contract: FlowContract, known: Known, part: RangeRead): void {
  known.errors = part.complete ? undefined : (known.errors ?? 0) + part.apiErrors;
  const coverage = configCoverage(part.definitions.map(({ status }) => status));
  if (!shouldDefer(known.errors ?? 0, coverage)) return;
  defer(desk.state, contract.key, "api-errors-and-low-coverage", desk.context.nowSec, known.behind);
  known.errors = undefined;
}
