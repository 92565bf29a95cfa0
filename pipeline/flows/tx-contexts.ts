/** Transactions of a scan's rows, by which bridges are told from flow. */
import type { ScanLog } from "../sources/scan-log.ts";
import type { Budget } from "../sources/split-range.ts";
import type { ChainNode } from "./chain-node.ts";
import type { TxContext } from "./classify-bridge.ts";
import type { FlowContract } from "./contracts.ts";
import { bridgeCandidates } from "./read-rows.ts";
import type { ScanJob } from "./scan-job.ts";

const TRANSACTION_WORKERS = 4;
const TRANSACTIONS_PER_WORKER = 25;
/** A transaction that no node shows is waited for this long. */
const CONTEXT_PATIENCE_SEC = 86_400;

/**
 * Transactions that may be a bridge's, at most four requests at a time, within the budget. One that no node shows holds the
 * frontier before its block for a day, since a row stored without it could never be told from flow again; then it goes without.
 */
export async function contextsOf(
  job: Pick<ScanJob, "nodes" | "budget">,
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
