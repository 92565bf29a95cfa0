/**
 * Logs of a block range out of a node that may refuse: the range is halved until it fits, left half first, within a budget.
 *
 * `scannedToBlock` is how far everything from the start was seen; logs beyond it may be there too, and reading them again
 * is harmless because ids are deterministic.
 */
import { isSplittable } from "./rpc-error.ts";

const DEEPEST_SPLIT = 8;
const SMALLEST_SPLIT_BLOCKS = 8;

export interface Budget {
  count: number;
  limit: number;
}

/** A part of what is left of a budget, for one thing among several; what it spends is spent of the whole. */
export function shareOf(budget: Budget, share: number): Budget {
  return {
    get count() {
      return budget.count;
    },
    set count(count) {
      budget.count = count;
    },
    limit: budget.count + Math.ceil(Math.max(0, budget.limit - budget.count) * share),
  };
}

export interface Refusal {
  message?: string | null | undefined;
  code?: number | null | undefined;
  httpStatus?: number | null | undefined;
  transportFailure?: boolean | null | undefined;
}

/** Whether a smaller range may succeed. */
export function shouldSplit({ message, code, httpStatus, transportFailure }: Refusal): boolean {
  if (transportFailure === true) return true;
  return isSplittable({ status: httpStatus ?? 200, rpcCode: code ?? null, message: message ?? "" });
}

export type RangeAnswer<Log> =
  | { logs: readonly Log[] }
  | {
      error: unknown;
      splittable: boolean;
      /** Last block of a range that the node says it would take. */
      hintToBlock?: number | null;
    };

export interface Fetched<Log> {
  logs: readonly Log[];
  complete: boolean;
  scannedToBlock: number;
  calls: number;
  maxDepth: number;
  /** The refusal that ended it, when incomplete for another reason than the budget. */
  error: unknown;
}

/** `ask` spends one call of the budget each time; it never throws for a refusal. */
export async function fetchLogs<Log>(
  fromBlock: number,
  toBlock: number,
  budget: Budget,
  ask: (from: number, to: number) => Promise<RangeAnswer<Log>>,
  depth = 0,
): Promise<Fetched<Log>> {
  const nothing = { logs: [], calls: 0, maxDepth: depth, error: null };
  if (fromBlock > toBlock) return { ...nothing, complete: true, scannedToBlock: toBlock };
  if (budget.count >= budget.limit) return { ...nothing, complete: false, scannedToBlock: fromBlock - 1 };
  budget.count += 1;
  const answer = await ask(fromBlock, toBlock);
  if ("logs" in answer) return { ...nothing, logs: answer.logs, complete: true, scannedToBlock: toBlock, calls: 1 };
  const mayAskForLess = answer.splittable && depth < DEEPEST_SPLIT && toBlock - fromBlock + 1 > SMALLEST_SPLIT_BLOCKS;
  if (!mayAskForLess)
    return { ...nothing, complete: false, scannedToBlock: fromBlock - 1, calls: 1, error: answer.error };

  const middle = Math.floor((fromBlock + toBlock) / 2);
  const left = await fetchLogs(fromBlock, middle, budget, ask, depth + 1);
  if (!left.complete) return { ...left, calls: left.calls + 1 };
  const right = await fetchLogs(middle + 1, toBlock, budget, ask, depth + 1);
  return {
    logs: left.logs.concat(right.logs),
    complete: right.complete,
    scannedToBlock: right.scannedToBlock,
    calls: 1 + left.calls + right.calls,
    maxDepth: Math.max(left.maxDepth, right.maxDepth),
    error: right.error,
  };
}
