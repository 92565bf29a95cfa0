/** Windows of a range asked together, once a provider has shown that it takes their size. */
import type { ScanLog } from "../sources/scan-log.ts";
import type { Budget } from "../sources/split-range.ts";
import { type BackfillChunk, backfillChunks } from "./backfill-plan.ts";
import type { ChainNode } from "./chain-node.ts";
import type { LogQuery } from "./log-queries.ts";

/** Questions that may be under way for one scan. */
const WINDOWS_TOGETHER = 8;

/** What a provider was seen to take; it moves while a scan learns. */
export interface RangeLimit {
  blocks: number;
  /** Whether so many blocks were answered at once: from then on several windows are asked together. */
  taken?: boolean;
  /** Blocks of the last range a refusal suggested. */
  suggested?: number;
}

/** Answers that came before their turn, by first block. */
export type Ahead = Map<number, { to: number; logs: readonly ScanLog[] }>;

export const nextOf = (ahead: Ahead): number => Math.min(Number.POSITIVE_INFINITY, ...ahead.keys());

/**
 * Asks several windows together, as far as the budget goes; the client bounds how many a node has at once. All of them are waited
 * for and taken in their order, so that what is read does not depend on who answers first. What failed is asked again in its turn.
 */
export async function askAhead(
  node: ChainNode,
  query: LogQuery,
  { from, to }: { from: number; to: number },
  budget: Budget,
  limit: RangeLimit,
  ahead: Ahead,
): Promise<void> {
  const windows = backfillChunks(from, Math.min(to, from + WINDOWS_TOGETHER * limit.blocks - 1), limit.blocks);
  const affordable = windows.slice(0, budget.limit - budget.count);
  if (affordable.length < 2) return;
  budget.count += affordable.length;
  const answers = await Promise.all(affordable.map((window) => node.logs({ ...query, ...window })));
  answers.forEach((asked, at) => {
    const { fromBlock, toBlock } = affordable[at] as BackfillChunk;
    if (asked.ok && "logs" in asked.value) ahead.set(fromBlock, { to: toBlock, logs: asked.value.logs });
  });
  if (ahead.size < answers.length) limit.taken = false;
}
