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
const WORD_LENGTH = 66;

function number(value: unknown): number | null {
  if (typeof value === "string" && HEX_NUMBER.test(value)) return Number.parseInt(value, 16);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && value.length === WORD_LENGTH && value.startsWith("0x");
}

export function readScanLogs(
  result: unknown,
  asked: { addresses: ReadonlySet<string>; fromBlock: number; toBlock: number },
): { logs: ScanLog[] } | { bad: BadLogs } {
  if (!Array.isArray(result)) return { bad: { reason: "bad-shape", addresses: [] } };
  const logs: ScanLog[] = [];
  for (const row of result as Record<string, unknown>[]) {
    const address = typeof row?.address === "string" ? row.address.toLowerCase() : "";
    if (!asked.addresses.has(address)) return { bad: { reason: "foreign-address", addresses: [] } };
    if (row.removed === true) continue;
    const own = (reason: BadLogsReason) => ({ bad: { reason, addresses: [address] } });
    if (row.blockHash === null || row.blockNumber === null) return { bad: { reason: "pending-block", addresses: [] } };
    const blockNumber = number(row.blockNumber);
    const logIndex = number(row.logIndex);
    if (blockNumber === null || logIndex === null || !isWord(row.transactionHash) || !isWord(row.blockHash))
      return { bad: { reason: "bad-shape", addresses: [] } };
    if (blockNumber < asked.fromBlock || blockNumber > asked.toBlock)
      return { bad: { reason: "outside-range", addresses: [] } };
    if (!Array.isArray(row.topics) || typeof row.data !== "string") return own("bad-shape");
    const topics: string[] = [];
    for (const topic of row.topics) {
      if (!isWord(topic)) return own("bad-topic");
      topics.push(topic.toLowerCase());
    }
    logs.push({
      address,
      topics,
      data: row.data,
      blockNumber,
      blockHash: row.blockHash.toLowerCase(),
      blockTimestamp: number(row.blockTimestamp),
      transactionHash: row.transactionHash.toLowerCase(),
      logIndex,
    });
  }
  return { logs };
}
