/**
 * Logs of many contracts of one chain to classified rows: parsed, told from bridges, told from roundtrips, each id once.
 *
 * The scan of a chain, the backfill and the conformance cases all go through here.
 */
import { flowId } from "../flow-figures.ts";
import type { FlowEvent } from "../schema/flows.ts";
import type { EvmLog } from "../sources/evm-log.ts";
import { classifyBridge, type TxContext } from "./classify-bridge.ts";
import type { FlowContract } from "./contracts.ts";
import { matches } from "./event-definitions.ts";
import { logReader } from "./parse-logs.ts";
import type { EventPrices } from "./price-at.ts";
import { detectRoundtrips } from "./roundtrips.ts";

export interface ReadRows {
  rows: FlowEvent[];
  /** Matching logs that made no row: dust, zero, undecodable, undated. */
  dropped: number;
}

/** What the rows of one contract need. */
type Readable = Pick<
  FlowContract,
  "coinId" | "chainId" | "address" | "decimals" | "dustThreshold" | "definitions" | "detection"
>;

interface Parsed {
  rows: FlowEvent[];
  /** Those of contracts that tell bridges from flow. */
  watched: { contract: Readable; rows: FlowEvent[] }[];
  dropped: number;
  /** Whether a log was two definitions' row: a transfer from zero to zero is. */
  hasTwice: boolean;
}

/** Rows of every contract, in the order of the logs: going from contract to contract instead would walk all over the memory. */
function parsed(
  contracts: readonly Readable[],
  logs: readonly EvmLog[],
  blockTimes: (block: number) => number | null | undefined,
  prices: EventPrices,
): Parsed {
  const readers = contracts.map((contract) => ({
    contract,
    rows: [] as FlowEvent[],
    events: contract.definitions.map((definition) => ({
      definition,
      read: logReader(contract, definition, blockTimes, prices),
    })),
  }));
  const byAddress = Map.groupBy(readers, ({ contract }) => contract.address);
  const rows: FlowEvent[] = [];
  let dropped = 0;
  let hasTwice = false;
  for (const log of logs) {
    for (const { contract, events, rows: own } of byAddress.get(log.address) ?? []) {
      let times = 0;
      for (const { definition, read } of events) {
        if (!matches(definition, log.topics)) continue;
        times += 1;
        const row = read(log);
        if (row === null) {
          dropped += 1;
          continue;
        }
        rows.push(row);
        if (contract.detection !== null) own.push(row);
      }
      if (times > 1) hasTwice = true;
    }
  }
  const watched = readers.filter(({ contract }) => contract.detection !== null);
  return { rows, watched, dropped, hasTwice };
}

export function byBlockAndIndex(a: FlowEvent, b: FlowEvent): number {
  return a.blockNumber - b.blockNumber || a.logIndex - b.logIndex || (a.txHash < b.txHash ? -1 : 1);
}

/** Transactions of rows whose contract tells bridges from flow; their contexts must be read before `readRows`. */
export function bridgeCandidates(
  contracts: readonly Readable[],
  logs: readonly EvmLog[],
  blockTimes: (block: number) => number | null | undefined,
): string[] {
  const watched = contracts.filter(({ detection }) => detection !== null);
  const prices: EventPrices = { history: {}, current: {}, currentUpdatedAt: {}, runTimestamp: 0 };
  const { rows } = parsed(watched, logs, blockTimes, prices);
  return [...new Set(rows.map(({ txHash }) => txHash))];
}

export function readRows(
  contracts: readonly Readable[],
  logs: readonly EvmLog[],
  given: {
    blockTimes: (block: number) => number | null | undefined;
    prices: EventPrices;
    contexts: (txHash: string) => TxContext | null;
  },
): ReadRows {
  const { rows, watched, dropped, hasTwice } = parsed(contracts, logs, given.blockTimes, given.prices);
  // The rows are this function's own, so they are changed in place: a scan makes a hundred thousand a second.
  for (const { contract, rows: own } of watched) {
    const classified = classifyBridge(own, contract.detection, given.contexts);
    own.forEach((row, i) => {
      Object.assign(row, classified[i]);
    });
  }
  const both = mintedAndBurned(rows);
  const { flowTypes } = detectRoundtrips(both);
  both.forEach((row, i) => {
    row.flowType = flowTypes[i] ?? row.flowType;
  });
  return { rows: (hasTwice ? firstOfEach(rows) : rows).sort(byBlockAndIndex), dropped };
}

/** Rows of blocks that both mint and burn a coin: no other transaction can be a roundtrip, and most blocks hold none. */
function mintedAndBurned(rows: readonly FlowEvent[]): FlowEvent[] {
  const minted = new Map<string, Set<number>>();
  for (const { coinId, direction, blockNumber } of rows) {
    if (direction !== "mint") continue;
    const blocks = minted.get(coinId);
    if (blocks === undefined) minted.set(coinId, new Set([blockNumber]));
    else blocks.add(blockNumber);
  }
  const both = new Set<string>();
  for (const { coinId, direction, blockNumber } of rows)
    if (direction === "burn" && minted.get(coinId)?.has(blockNumber)) both.add(`${coinId}|${blockNumber}`);
  return both.size === 0 ? [] : rows.filter(({ coinId, blockNumber }) => both.has(`${coinId}|${blockNumber}`));
}

function firstOfEach(rows: readonly FlowEvent[]): FlowEvent[] {
  const once = new Map<string, FlowEvent>();
  for (const row of rows) if (!once.has(flowId(row))) once.set(flowId(row), row);
  return [...once.values()];
}
