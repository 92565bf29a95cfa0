/**
 * Logs of a scan, checked by hand: a scan reads a hundred thousand a second, and a node's word is taken for nothing.
 *
 * A log of another address, outside the range, of a block that is not mined yet or with a topic that is not 32 bytes makes the
 * whole answer worthless; where it is a contract's own fault, the contract is named.
 */
import type { EvmLog } from "./evm-log.ts";

export interface ScanLog extends EvmLog {
  blockHash: string;
  /** Unix seconds, where the node says it with the log. */
  blockTimestamp: number | null;
}

export type BadLogsReason = "foreign-address" | "outside-range" | "pending-block" | "bad-topic" | "bad-shape";

/** For people: "<node> gave ..." */
export const BAD_LOGS_WORDS: Readonly<Record<BadLogsReason, string>> = {
  "foreign-address": "logs of a contract that was not asked for",
  "outside-range": "logs outside the blocks that were asked for",
  "pending-block": "logs of a block that is not mined yet",
  "bad-topic": "a topic that is not 32 bytes",
  "bad-shape": "no list of whole logs",
};

export interface BadLogs {
  reason: BadLogsReason;
  /** Asked contracts whose own log it was; empty where no contract is to blame. */
  addresses: string[];
}

const HEX_NUMBER = /^0x[0-9a-f]{1,13}$/i;
const LOWER_WORD = /^0x[0-9a-f]{64}$/;
const ANY_WORD = /^0x[0-9a-f]{64}$/i;

function number(value: unknown): number | null {
  if (typeof value === "string" && HEX_NUMBER.test(value)) return Number.parseInt(value, 16);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** 32 bytes in lower case, or null. */
function word(value: unknown): string | null {
  if (typeof value !== "string") return null;
  if (LOWER_WORD.test(value)) return value;
  return ANY_WORD.test(value) ? value.toLowerCase() : null;
}

/** `read`, which is not asked again for what it read last: logs of one block share most of what they say. */
function remembering<Out>(read: (value: unknown) => Out): (value: unknown) => Out {
  let last: unknown;
  let known = read(undefined);
  return (value) => {
    if (value !== last) {
      known = read(value);
      last = value;
    }
    return known;
  };
}

const bad = (reason: BadLogsReason, addresses: string[] = []): { bad: BadLogs } => ({ bad: { reason, addresses } });

export function readScanLogs(
  result: unknown,
  asked: { addresses: ReadonlySet<string>; fromBlock: number; toBlock: number },
): { logs: ScanLog[] } | { bad: BadLogs } {
  if (!Array.isArray(result)) return bad("bad-shape");
  const logs: ScanLog[] = [];
  const blockOf = remembering(number);
  const blockHashOf = remembering(word);
  const timeOf = remembering(number);
  const topicOf = [remembering(word), remembering(word), remembering(word)];
  for (const row of result as Record<string, unknown>[]) {
    const address = typeof row?.address === "string" ? row.address.toLowerCase() : "";
    if (!asked.addresses.has(address)) return bad("foreign-address");
    if (row.removed === true) continue;
    if (row.blockHash === null || row.blockNumber === null) return bad("pending-block");
    const blockNumber = blockOf(row.blockNumber);
    const blockHash = blockHashOf(row.blockHash);
    const logIndex = number(row.logIndex);
    const transactionHash = word(row.transactionHash);
    if (blockNumber === null || logIndex === null || transactionHash === null || blockHash === null)
      return bad("bad-shape");
    if (blockNumber < asked.fromBlock || blockNumber > asked.toBlock) return bad("outside-range");
    if (!Array.isArray(row.topics) || typeof row.data !== "string") return bad("bad-shape", [address]);
    const topics: string[] = [];
    for (const given of row.topics) {
      const topic = (topicOf[topics.length] ?? word)(given);
      if (topic === null) return bad("bad-topic", [address]);
      topics.push(topic);
    }
    logs.push({
      address,
      topics,
      data: row.data,
      blockNumber,
      blockHash,
      blockTimestamp: timeOf(row.blockTimestamp),
      transactionHash,
      logIndex,
    });
  }
  return { logs };
}
