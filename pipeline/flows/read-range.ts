/**
 * The logs of many contracts over a block range with as few questions as a provider allows.
 *
 * A refusal's own hint is taken first, halving is for those who give none. Once a provider has taken a window, several are asked
 * together.
 */
import type { RangeHint } from "../sources/range-hint.ts";
import { BAD_LOGS_WORDS, type BadLogs, type ScanLog } from "../sources/scan-log.ts";
import { type Budget, fetchLogs, shareOf } from "../sources/split-range.ts";
import { type Ahead, askAhead, nextOf, type RangeLimit } from "./ask-ahead.ts";
import type { ChainNode } from "./chain-node.ts";
import type { FlowContract } from "./contracts.ts";
import { type LogQuery, logQueries } from "./log-queries.ts";
import type { DefinitionStatus } from "./run-policy.ts";
import { MAX_SCAN_RANGE } from "./sync-advance.ts";

/** How far one question of a range got. */
export interface DefinitionRead {
  status: DefinitionStatus;
  complete: boolean;
  scannedToBlock: number;
}

export interface RangeRead {
  logs: ScanLog[];
  /** By question: mints, burns, contracts' own events. */
  definitions: DefinitionRead[];
  complete: boolean;
  scannedToBlock: number;
  /** Refusals and trouble that ended a question. */
  apiErrors: number;
  /** What was wrong, for people; empty when complete or out of budget. */
  detail: string | null;
  bad: BadLogs | null;
}

/**
 * What a refusal teaches. A suggestion that comes twice in the same width is a limit; where a limit is spoken of but not named, half
 * of what was asked is tried, and kept.
 */
function learned(
  { hint, message, splittable }: { hint: RangeHint; message: string; splittable: boolean },
  asked: number,
  fromBlock: number,
  limit: RangeLimit,
): RangeHint {
  if (hint.blocks !== null) return hint;
  if (hint.toBlock !== null) {
    const width = hint.toBlock - fromBlock + 1;
    const isSeenAgain = limit.suggested === width;
    limit.suggested = width;
    return isSeenAgain ? { toBlock: null, blocks: width } : hint;
  }
  const isLimit = splittable && asked > 1 && /\brange\b/i.test(message);
  return { toBlock: null, blocks: isLimit ? Math.floor(asked / 2) : null };
}

/** One query over a range at one node, window by window. */
async function readQuery(
  node: ChainNode,
  query: LogQuery,
  fromBlock: number,
  toBlock: number,
  budget: Budget,
  limit: RangeLimit,
): Promise<RangeRead> {
  const read: RangeRead = {
    logs: [],
    definitions: [],
    complete: true,
    scannedToBlock: fromBlock - 1,
    apiErrors: 0,
    detail: null,
    bad: null,
  };
  let suggestedTo: number | null = null;
  const ahead: Ahead = new Map();
  while (read.scannedToBlock < toBlock) {
    const from = read.scannedToBlock + 1;
    if (limit.taken && ahead.size === 0) await askAhead(node, query, { from, to: toBlock }, budget, limit, ahead);
    const known = ahead.get(from);
    if (known !== undefined) {
      ahead.delete(from);
      for (const log of known.logs) read.logs.push(log);
      read.scannedToBlock = known.to;
      continue;
    }
    const to = Math.min(suggestedTo ?? from + limit.blocks - 1, toBlock, nextOf(ahead) - 1);
    suggestedTo = null;
    let hint: RangeHint | null = null;
    const part = await fetchLogs<ScanLog>(from, to, budget, async (partFrom, partTo) => {
      const asked = await node.logs({ ...query, fromBlock: partFrom, toBlock: partTo });
      if (!asked.ok) {
        read.detail = asked.detail;
        return { error: asked.detail, splittable: false };
      }
      if ("logs" in asked.value) return asked.value;
      if ("bad" in asked.value) {
        read.bad = asked.value.bad;
        read.detail = `${node.id} gave ${BAD_LOGS_WORDS[read.bad.reason]}`;
        return { error: read.detail, splittable: false };
      }
      const { message, splittable } = asked.value.refused;
      read.detail = message;
      const said = learned(asked.value.refused, partTo - partFrom + 1, partFrom, limit);
      const isHint = said.blocks !== null || said.toBlock !== null;
      if (isHint) hint = said;
      return { error: message, splittable: splittable && !isHint };
    });
    for (const log of part.logs) read.logs.push(log);
    read.scannedToBlock = part.scannedToBlock;
    if (part.complete) {
      if (to - from + 1 === limit.blocks) limit.taken = part.calls === 1;
      continue;
    }
    limit.taken = false;
    const { blocks, toBlock: hintTo } = (hint ?? { blocks: null, toBlock: null }) as RangeHint;
    const wasTold = budget.count < budget.limit && (blocks !== null ? blocks < limit.blocks : hintTo !== null);
    if (!wasTold) {
      read.complete = false;
      if (part.error !== null) read.apiErrors += 1;
      return read;
    }
    if (blocks !== null) limit.blocks = Math.min(blocks, MAX_SCAN_RANGE);
    else if (hintTo !== null && hintTo >= part.scannedToBlock + 1) suggestedTo = hintTo;
  }
  return { ...read, detail: null };
}

function statusOf({ complete, scannedToBlock, apiErrors }: RangeRead, fromBlock: number): DefinitionStatus {
  if (complete) return "ok";
  if (scannedToBlock >= fromBlock) return "partial";
  return apiErrors === 0 ? "budget" : "fetch-failed";
}

/** All queries over a range; `scannedToBlock` is how far every one of them got. */
export async function readRange(
  node: ChainNode,
  contracts: readonly FlowContract[],
  range: { fromBlock: number; toBlock: number },
  budget: Budget,
  limit: RangeLimit,
): Promise<RangeRead> {
  const { fromBlock, toBlock } = range;
  const whole: RangeRead = {
    logs: [],
    definitions: [],
    complete: true,
    scannedToBlock: toBlock,
    apiErrors: 0,
    detail: null,
    bad: null,
  };
  const queries = logQueries(contracts);
  for (const [nth, query] of queries.entries()) {
    // A node that takes a few blocks a question would let the first use up everything, and no block would ever be wholly read.
    const share = shareOf(budget, 1 / (queries.length - nth));
    const end = whole.scannedToBlock < fromBlock ? toBlock : whole.scannedToBlock;
    const read = await readQuery(node, query, fromBlock, end, share, limit);
    read.complete &&= end === toBlock;
    for (const log of read.logs) whole.logs.push(log);
    whole.definitions.push({
      status: statusOf(read, fromBlock),
      complete: read.complete,
      scannedToBlock: read.scannedToBlock,
    });
    whole.complete &&= read.complete;
    whole.scannedToBlock = Math.min(whole.scannedToBlock, read.scannedToBlock);
    whole.apiErrors += read.apiErrors;
    whole.detail ??= read.detail;
    whole.bad ??= read.bad;
    if (read.bad !== null) break;
  }
  return { ...whole, logs: onceInOrder(whole.logs) };
}

function byPlace(a: ScanLog, b: ScanLog): number {
  if (a.blockNumber !== b.blockNumber) return a.blockNumber - b.blockNumber;
  if (a.logIndex !== b.logIndex) return a.logIndex - b.logIndex;
  return a.transactionHash < b.transactionHash ? -1 : a.transactionHash > b.transactionHash ? 1 : 0;
}

/** Nodes repeat logs now and then, and one log may answer two questions. Two transactions at one place are kept: a hash tells. */
function onceInOrder(logs: ScanLog[]): ScanLog[] {
  logs.sort(byPlace);
  return logs.filter((log, at) => at === 0 || byPlace(logs[at - 1] as ScanLog, log) !== 0);
}
