/**
 * One chain from where it was left to its head: nothing lost, nothing twice, nobody believed alone.
 *
 * The cursor is the last final block that was wholly read, with its hash. A node that is behind it or has another block there
 * is not believed; where two nodes agree on another block, the chain was rewritten, and everything above the newest checkpoint
 * both sides share is taken back. What lies above finality is read too, and read again next time.
 */
import type { ChainHead, ScanBlock } from "../sources/evm-chain.ts";
import type { ScanLog } from "../sources/scan-log.ts";
import type { Budget } from "../sources/split-range.ts";
import type { Asked, ChainNode } from "./chain-node.ts";
import type { TxContext } from "./classify-bridge.ts";
import type { FlowContract } from "./contracts.ts";
import { type RangeLimit, readRange } from "./read-range.ts";
import { bridgeCandidates } from "./read-rows.ts";
import { SAFETY_MARGIN_BLOCKS } from "./sync-advance.ts";

/** Hashes kept to find where a rewritten chain parted. */
const CHECKPOINTS = 24;
/** Seconds of history read where there is no cursor yet, and the most blocks. */
const FIRST_WINDOW_SEC = 86_400;
const FIRST_WINDOW_BLOCKS = 50_000;
const BLOCKS_PER_CALL = 50;
const TRANSACTION_WORKERS = 4;
const TRANSACTIONS_PER_WORKER = 25;
const CONTEXT_PATIENCE_SEC = 86_400;
/** A contract from which this many events were to be expected is never silent by chance. */
const BUSY_EVENTS = 20;

export interface Checkpoint {
  block: number;
  hash: string;
}

export interface ChainCursor extends Checkpoint {
  timestamp: number;
  /** Older cursors, newest first, thinned. */
  checkpoints: Checkpoint[];
}

export interface ChainScan {
  /** Who was believed. */
  node: ChainNode;
  fromBlock: number;
  logs: ScanLog[];
  blockTimes: Map<number, number>;
  contexts: Map<string, TxContext>;
  head: ScanBlock;
  finalizedBlock: number;
  /** Everything up to here was read. */
  scannedToBlock: number;
  complete: boolean;
  cursor: ChainCursor;
  /** Rows above this block are to be taken back; null when the chain only grew. */
  rolledBackTo: number | null;
  apiErrors: number;
  /** What went wrong on the way, for people. */
  notes: string[];
  /** Contracts whose own logs were unusable at every node: address to reason. */
  badContracts: Map<string, string>;
}

export type ScanOutcome = { ok: true; scan: ChainScan } | { ok: false; reason: string; apiErrors: number };

export interface ScanJob {
  nodes: readonly ChainNode[];
  contracts: readonly FlowContract[];
  cursor: ChainCursor | null;
  blockTimeSec: number;
  budget: Budget;
  limit: RangeLimit;
  /** Events of a contract that a range of so many seconds should hold. */
  expectedEvents: (contract: FlowContract, seconds: number) => number;
}

interface Candidate {
  node: ChainNode;
  head: ChainHead;
}

/** Cursor and checkpoints as the chain's blocks now stand. */
export function nextCursor(before: ChainCursor | null, block: ScanBlock): ChainCursor {
  const { number, hash, timestamp } = block;
  if (before === null) return { block: number, hash, timestamp, checkpoints: [] };
  if (before.block >= number) return before;
  const recent = [{ block: before.block, hash: before.hash }, ...before.checkpoints];
  // The newest eight stay; of the older ones every second goes when there are too many.
  const checkpoints = recent.length <= CHECKPOINTS ? recent : recent.filter((_, i) => i < 8 || i % 2 === 0);
  return { block: number, hash, timestamp, checkpoints };
}

export async function scanChain(job: ScanJob): Promise<ScanOutcome> {
  const disbelieved = new Set<string>();
  const notes: string[] = [];
  let apiErrors = 0;
  // A disbelieved node or a chain that moved while it was read starts over; each round drops a node or is the last.
  for (let round = 0; round <= job.nodes.length + 1; round++) {
    const found = await findNode(job, disbelieved, notes);
    apiErrors += found.apiErrors;
    if (found.candidate === null) return { ok: false, reason: found.reason, apiErrors: Math.max(1, apiErrors) };
    const attempt = await readFrom(job, found.candidate, found.rollback, notes, round > 0);
    if (attempt.kind === "scan") {
      attempt.scan.apiErrors += apiErrors;
      return { ok: true, scan: attempt.scan };
    }
    apiErrors += 1;
    notes.push(attempt.why);
    if (attempt.kind === "disbelieve") disbelieved.add(found.candidate.node.id);
  }
  return { ok: false, reason: notes.at(-1) ?? "no node could be believed", apiErrors };
}

interface Found {
  candidate: Candidate | null;
  rollback: Checkpoint | null;
  reason: string;
  apiErrors: number;
}

/** The first node that is not behind the cursor and has the cursor's block; or what two that agree say instead. */
async function findNode(job: ScanJob, disbelieved: ReadonlySet<string>, notes: string[]): Promise<Found> {
  const { cursor, budget } = job;
  const known = cursor === null ? [] : [cursor, ...cursor.checkpoints];
  const dissenters: Candidate[] = [];
  let reason = "no node is known";
  let apiErrors = 0;
  for (const node of job.nodes) {
    if (disbelieved.has(node.id)) continue;
    if (budget.count >= budget.limit) return { candidate: null, rollback: null, reason: "budget used up", apiErrors };
    budget.count += 1;
    const asked = await node.head(cursor === null ? [] : [cursor.block]);
    if (!asked.ok) {
      reason = asked.detail;
      notes.push(asked.detail);
      apiErrors += 1;
      continue;
    }
    const head = asked.value;
    if (cursor === null) return { candidate: { node, head }, rollback: null, reason: "", apiErrors };
    if (head.head.number < cursor.block) {
      reason = `${node.id} is at block ${head.head.number}, behind what was read`;
      notes.push(reason);
      apiErrors += 1;
      continue;
    }
    if (head.blocks.get(cursor.block)?.hash === cursor.hash)
      return { candidate: { node, head }, rollback: null, reason: "", apiErrors };
    reason = `${node.id} has another block ${cursor.block} than the one that was read`;
    notes.push(reason);
    apiErrors += 1;
    dissenters.push({ node, head });
  }
  const [first] = dissenters;
  const theirs = first && cursor ? first.head.blocks.get(cursor.block)?.hash : undefined;
  const agreeing = dissenters.filter(({ head }) => theirs && head.blocks.get(cursor?.block ?? -1)?.hash === theirs);
  if (first === undefined || agreeing.length < 2) return { candidate: null, rollback: null, reason, apiErrors };
  const blocks = await first.node.blocks(known.map(({ block }) => block));
  const now = new Map(blocks.ok ? blocks.value.map(({ number, hash }) => [number, hash]) : []);
  const shared = known.find(({ block, hash }) => now.get(block) === hash);
  if (shared === undefined)
    return { candidate: null, rollback: null, reason: `${reason}; no checkpoint is left on this chain`, apiErrors };
  return { candidate: first, rollback: shared, reason: "", apiErrors };
}

type Attempt = { kind: "scan"; scan: ChainScan } | { kind: "disbelieve" | "again"; why: string };

async function readFrom(
  job: ScanJob,
  { node, head }: Candidate,
  rollback: Checkpoint | null,
  notes: string[],
  isLastTry: boolean,
): Promise<Attempt> {
  const { budget, cursor, limit } = job;
  const top = head.head.number;
  const finalizedBlock = Math.max(0, head.finalized?.number ?? top - SAFETY_MARGIN_BLOCKS);
  const firstBlocks = Math.min(FIRST_WINDOW_BLOCKS, Math.ceil(FIRST_WINDOW_SEC / job.blockTimeSec));
  const from = (rollback?.block ?? cursor?.block ?? Math.max(-1, top - firstBlocks)) + 1;
  const badContracts = new Map<string, string>();

  let contracts = [...job.contracts];
  let read = await readRange(node, contracts, { fromBlock: from, toBlock: top }, budget, limit);
  // A contract's own unusable log is the contract's, when a second node gives it too.
  while (read.bad !== null) {
    const { addresses, reason } = read.bad;
    const second = job.nodes.find((other) => other.id !== node.id);
    if (addresses.length === 0 || contracts.length === 0) return { kind: "disbelieve", why: read.detail ?? reason };
    if (second) {
      const own = contracts.filter(({ address }) => addresses.includes(address));
      const again = await readRange(second, own, { fromBlock: from, toBlock: top }, budget, limit);
      if (again.bad === null && again.complete) return { kind: "disbelieve", why: read.detail ?? reason };
    }
    for (const address of addresses) badContracts.set(address, `its logs cannot be read: ${reason}`);
    contracts = contracts.filter(({ address }) => !badContracts.has(address));
    read = await readRange(node, contracts, { fromBlock: from, toBlock: top }, budget, limit);
  }
  if (read.detail !== null) notes.push(read.detail);

  const silent = await silentBusyContract(job, node, contracts, read.logs, { from, to: read.scannedToBlock });
  if (silent !== null) return { kind: "disbelieve", why: silent };

  const times = await timesOf(node, read.logs, budget);
  const contexts = await contextsOf(job, node, contracts, read.logs, times.at, head.head.timestamp);
  let scannedToBlock = Math.min(read.scannedToBlock, times.firstMissing - 1, contexts.firstMissing - 1);
  const settled = Math.max(from - 1, Math.min(scannedToBlock, finalizedBlock));
  const end = await blocksAt(node, [settled, top], head, budget);
  const endTop = end.get(top);
  const endSettled = end.get(settled);
  let hasMoved = endTop !== undefined && endTop.hash !== head.head.hash;
  if (hasMoved && !isLastTry) return { kind: "again", why: `${node.id}: the chain changed while it was read` };
  if (endTop === undefined) hasMoved = true;
  // What moved under the reader is not final: only what is final is kept of it.
  if (hasMoved) scannedToBlock = settled;

  const logs = read.logs.filter(({ blockNumber }) => blockNumber <= scannedToBlock);
  const before = rollback === null ? cursor : rolledBack(cursor, rollback);
  const advanced = endSettled !== undefined && settled >= from ? nextCursor(before, endSettled) : before;
  if (advanced === null) return { kind: "disbelieve", why: `${node.id} gave no final block to begin from` };
  return {
    kind: "scan",
    scan: {
      node,
      fromBlock: from,
      logs,
      blockTimes: times.at,
      contexts: contexts.found,
      head: head.head,
      finalizedBlock,
      scannedToBlock: Math.max(scannedToBlock, advanced.block),
      complete: read.complete && scannedToBlock === top,
      cursor: advanced,
      rolledBackTo: rollback?.block ?? null,
      apiErrors: read.apiErrors + [times, contexts].filter(({ firstMissing }) => firstMissing <= top).length,
      notes: [...notes],
      badContracts,
    },
  };
}

function rolledBack(cursor: ChainCursor | null, shared: Checkpoint): ChainCursor | null {
  if (cursor === null) return null;
  const checkpoints = cursor.checkpoints.filter(({ block }) => block < shared.block);
  return { ...shared, timestamp: cursor.timestamp, checkpoints };
}

/** Block times by number, and the first block of a log whose time could not be had or whose hash is another now. */
async function timesOf(node: ChainNode, logs: readonly ScanLog[], budget: Budget) {
  const at = new Map<number, number>();
  const hashes = new Map<number, string>();
  let firstMissing = Number.POSITIVE_INFINITY;
  for (const { blockNumber, blockHash, blockTimestamp } of logs) {
    const known = hashes.get(blockNumber);
    if (known !== undefined && known !== blockHash) firstMissing = Math.min(firstMissing, blockNumber);
    hashes.set(blockNumber, blockHash);
    if (blockTimestamp) at.set(blockNumber, blockTimestamp);
  }
  const untimed = [...hashes.keys()].filter((block) => !at.has(block)).sort((a, b) => a - b);
  const affordable = untimed.slice(0, BLOCKS_PER_CALL * Math.max(0, budget.limit - budget.count));
  budget.count += Math.ceil(affordable.length / BLOCKS_PER_CALL);
  const asked: Asked<ScanBlock[]> = affordable.length > 0 ? await node.blocks(affordable) : { ok: true, value: [] };
  for (const { number, hash, timestamp } of asked.ok ? asked.value : [])
    if (hashes.get(number) === hash) at.set(number, timestamp);
  for (const block of untimed) if (!at.has(block)) firstMissing = Math.min(firstMissing, block);
  return { at, firstMissing };
}

async function blocksAt(node: ChainNode, numbers: readonly number[], head: ChainHead, budget: Budget) {
  const { finalized } = head;
  const known = new Map(finalized === null ? [] : [[finalized.number, finalized]]);
  const unknown = [...new Set(numbers)].filter((number) => number >= 0 && !known.has(number));
  budget.count += unknown.length > 0 ? 1 : 0;
  const asked: Asked<ScanBlock[]> = unknown.length > 0 ? await node.blocks(unknown) : { ok: true, value: [] };
  for (const block of asked.ok ? asked.value : []) known.set(block.number, block);
  return known;
}

/** A node that shows nothing of a contract that is never silent is not believed where another one shows something. */
async function silentBusyContract(
  job: ScanJob,
  node: ChainNode,
  contracts: readonly FlowContract[],
  logs: readonly ScanLog[],
  { from, to }: { from: number; to: number },
): Promise<string | null> {
  const seconds = (to - from + 1) * job.blockTimeSec;
  const seen = new Set(logs.map(({ address }) => address));
  const silent = contracts.filter(
    (contract) => !seen.has(contract.address) && job.expectedEvents(contract, seconds) >= BUSY_EVENTS,
  );
  if (silent.length === 0) return null;
  const names = silent.map(({ symbol }) => symbol).join(", ");
  for (const second of job.nodes) {
    if (second.id === node.id) continue;
    const again = await readRange(second, silent, { fromBlock: from, toBlock: to }, job.budget, job.limit);
    if (again.complete) return again.logs.length > 0 ? `${node.id} hides events of ${names}` : null;
  }
  return `${node.id} shows no event of ${names}, which are never silent, and no second node confirms it`;
}

/**
 * Transactions that may be a bridge's, at most four requests at a time, within the budget. One that no node shows holds the
 * frontier before its block for a day, since a row stored without it could never be told from flow again; then it goes without.
 */
async function contextsOf(
  job: ScanJob,
  node: ChainNode,
  contracts: readonly FlowContract[],
  logs: readonly ScanLog[],
  times: ReadonlyMap<number, number>,
  nowOfChain: number,
): Promise<{ found: Map<string, TxContext>; firstMissing: number }> {
  const found = new Map<string, TxContext>();
  const wanted = bridgeCandidates(contracts, logs, (block) => times.get(block));
  for (const asked of [node, ...job.nodes.filter(({ id }) => id !== node.id)]) {
    const missing = wanted.filter((hash) => !found.has(hash));
    if (missing.length === 0) break;
    await readContexts(asked, missing, job.budget, found);
  }
  const isMissing = new Set(wanted.filter((hash) => !found.has(hash)));
  const firstMissing = logs.reduce((least, { transactionHash, blockNumber }) => {
    const isYoung = nowOfChain - (times.get(blockNumber) ?? 0) < CONTEXT_PATIENCE_SEC;
    return isMissing.has(transactionHash) && isYoung ? Math.min(least, blockNumber) : least;
  }, Number.POSITIVE_INFINITY);
  return { found, firstMissing };
}

async function readContexts(
  node: ChainNode,
  hashes: readonly string[],
  budget: Budget,
  found: Map<string, TxContext>,
): Promise<void> {
  const affordable = hashes.slice(0, Math.max(0, Math.floor((budget.limit - budget.count) / 2)));
  budget.count += 2 * affordable.length;
  const parts: string[][] = [];
  for (let i = 0; i < affordable.length; i += TRANSACTIONS_PER_WORKER)
    parts.push(affordable.slice(i, i + TRANSACTIONS_PER_WORKER));
  for (let i = 0; i < parts.length; i += TRANSACTION_WORKERS) {
    const answers = await Promise.all(parts.slice(i, i + TRANSACTION_WORKERS).map((part) => node.transactions(part)));
    for (const answer of answers) if (answer.ok) for (const [hash, context] of answer.value) found.set(hash, context);
  }
}
