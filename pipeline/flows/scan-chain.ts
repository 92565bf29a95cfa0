/**
 * One chain from where it was left to its head: nothing lost, nothing twice, nobody believed alone.
 *
 * The cursor is the last final block that was wholly read, with its hash. A node that is behind it or has another block there
 * is not believed; where two nodes agree on another block, the chain was rewritten, and everything above the newest checkpoint
 * both sides share is taken back. What lies above finality is read too, and read again next time.
 */
import { BAD_LOGS_WORDS } from "../sources/scan-log.ts";
import { shareOf } from "../sources/split-range.ts";
import { blocksAt, timesOf } from "./block-times.ts";
import { silentBusyContract } from "./busy-silence.ts";
import { type Candidate, findNode } from "./choose-node.ts";
import { type Checkpoint, nextCursor, rolledBack } from "./cursor.ts";
import { readRange } from "./read-range.ts";
import type { ChainScan, ScanJob, ScanOutcome } from "./scan-job.ts";
import { SAFETY_MARGIN_BLOCKS, syncAdvance } from "./sync-advance.ts";
import { contextsOf } from "./tx-contexts.ts";

/** Seconds of history read where there is no cursor yet, and the most blocks. */
const FIRST_WINDOW_SEC = 86_400;
const FIRST_WINDOW_BLOCKS = 50_000;
/** Of what is left; the rest is for block times and transactions, without which logs are no rows. */
const SHARE_FOR_LOGS = 0.75;

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

  const range = { fromBlock: from, toBlock: top };
  const forLogs = shareOf(budget, SHARE_FOR_LOGS);
  let contracts = [...job.contracts];
  let read = await readRange(node, contracts, range, forLogs, limit);
  // A contract's own unusable log is the contract's, when a second node gives it too.
  while (read.bad !== null) {
    const { addresses, reason } = read.bad;
    const second = job.nodes.find((other) => other.id !== node.id);
    if (addresses.length === 0 || contracts.length === 0) return { kind: "disbelieve", why: read.detail ?? reason };
    if (second) {
      const own = contracts.filter(({ address }) => addresses.includes(address));
      const again = await readRange(second, own, range, forLogs, limit);
      if (again.bad === null && again.complete) return { kind: "disbelieve", why: read.detail ?? reason };
    }
    for (const address of addresses) badContracts.set(address, `its logs hold ${BAD_LOGS_WORDS[reason]}`);
    contracts = contracts.filter(({ address }) => !badContracts.has(address));
    read = await readRange(node, contracts, range, forLogs, limit);
  }
  if (read.detail !== null) notes.push(read.detail);
  const seen = read.logs.filter(({ blockNumber }) => blockNumber <= read.scannedToBlock);

  const silent = await silentBusyContract(job, node, contracts, seen, { from, to: read.scannedToBlock });
  if (silent !== null) return { kind: "disbelieve", why: silent };

  const times = await timesOf(node, seen, budget);
  const contexts = await contextsOf(job, node, contracts, seen, times.at, head.head.timestamp);
  let scannedToBlock = Math.min(read.scannedToBlock, times.firstMissing - 1, contexts.firstMissing - 1);
  // Rows do not hold the cursor back: it stops at finality, which no tail that is indexed late lies below.
  const advance = syncAdvance({
    fromBlock: from,
    scanTo: top,
    chainHead: top,
    safetyMarginBlocks: top - finalizedBlock,
    eventCoverage: read.definitions,
    maxBlockSeen: 0,
    earliestMissingTimestampBlock: scannedToBlock < read.scannedToBlock ? scannedToBlock + 1 : null,
  });
  const settled = Math.max(from - 1, Math.min(advance.newLastBlock ?? from - 1, finalizedBlock));
  const end = await blocksAt(node, [settled, top], head, budget);
  const endTop = end.get(top);
  const endSettled = end.get(settled);
  let hasMoved = endTop !== undefined && endTop.hash !== head.head.hash;
  if (hasMoved && !isLastTry) return { kind: "again", why: `${node.id}: the chain changed while it was read` };
  if (endTop === undefined) hasMoved = true;
  // What moved under the reader is not final: only what is final is kept of it.
  if (hasMoved) scannedToBlock = settled;

  const logs = seen.filter(({ blockNumber }) => blockNumber <= scannedToBlock);
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
