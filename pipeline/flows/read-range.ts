/**
 * The logs of many contracts over a block range with as few questions as a provider allows.
 *
 * One question covers all contracts of a chain and one kind of filter: mints and burns differ in the place of the zero address,
 * so a chain takes two, and a third where contracts have events of their own. A refusal's own hint is taken first, halving is
 * for those who give none.
 */
import type { RangeHint } from "../sources/range-hint.ts";
import { BAD_LOGS_WORDS, type BadLogs, type ScanLog } from "../sources/scan-log.ts";
import { type Budget, fetchLogs } from "../sources/split-range.ts";
import type { ChainNode } from "./chain-node.ts";
import type { FlowContract } from "./contracts.ts";
import { topicArray } from "./event-definitions.ts";
import type { DefinitionStatus } from "./run-policy.ts";
import { MAX_SCAN_RANGE } from "./sync-advance.ts";

export interface LogQuery {
  addresses: string[];
  topics: (string[] | null)[];
}

/** More logs than any block holds; block times this stays exact far beyond any chain's head. */
const PLACES_PER_BLOCK = 1_000_000;

/** Contracts grouped by the place of their filter: their topics by OR, their addresses in one list. */
export function logQueries(contracts: readonly FlowContract[]): LogQuery[] {
  const queries = new Map<string, { addresses: Set<string>; hashes: Set<string>; filter: (string | null)[] }>();
  for (const { address, definitions } of contracts) {
    for (const { topicHash, filterTopic } of definitions) {
      const filter = filterTopic === undefined ? [] : topicArray([filterTopic]).slice(1);
      const key = JSON.stringify(filter);
      const query = queries.get(key) ?? { addresses: new Set(), hashes: new Set(), filter };
      query.addresses.add(address);
      query.hashes.add(topicHash);
      queries.set(key, query);
    }
  }
  return [...queries.values()].map(({ addresses, hashes, filter }) => ({
    addresses: [...addresses].sort(),
    topics: [[...hashes].sort(), ...filter.map((topic) => (topic === null ? null : [topic]))],
  }));
}

/** What a provider was seen to take; it moves while a scan learns. */
export interface RangeLimit {
  blocks: number;
}

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
  while (read.scannedToBlock < toBlock) {
    const from = read.scannedToBlock + 1;
    const to = suggestedTo ?? Math.min(toBlock, from + limit.blocks - 1);
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
      const { message, splittable, hint: said } = asked.value.refused;
      read.detail = message;
      const isHint = said.blocks !== null || said.toBlock !== null;
      if (isHint) hint = said;
      return { error: message, splittable: splittable && !isHint };
    });
    for (const log of part.logs) read.logs.push(log);
    read.scannedToBlock = part.scannedToBlock;
    if (part.complete) continue;
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
  const seen = new Map<number, string>();
  for (const query of logQueries(contracts)) {
    const read = await readQuery(node, query, fromBlock, toBlock, budget, limit);
    for (const log of read.logs) {
      // Nodes repeat logs now and then, and one log may answer two questions. Two transactions at one place are kept: a hash tells.
      const place = log.blockNumber * PLACES_PER_BLOCK + log.logIndex;
      if (seen.get(place) === log.transactionHash) continue;
      seen.set(place, log.transactionHash);
      whole.logs.push(log);
    }
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
  return whole;
}
