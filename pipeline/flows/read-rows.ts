/**
 * Logs of many contracts of one chain to classified rows: parsed, told from bridges, told from roundtrips, each id once.
 *
 * The scan of a chain, the backfill and the conformance cases all go through here.
 */
import { flowId } from "../flow-figures.ts";
import type { FlowDirection, FlowEvent } from "../schema/flows.ts";
import type { EvmLog } from "../sources/evm-log.ts";
import { classifyBridge, type TxContext } from "./classify-bridge.ts";
import type { FlowContract } from "./contracts.ts";
import { type EventDefinition, matches } from "./event-definitions.ts";
import { parseLogs } from "./parse-logs.ts";
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
  byContract: { contract: Readable; rows: FlowEvent[] }[];
  dropped: number;
  /** Whether a log was two definitions' row: a transfer from zero to zero is. */
  hasTwice: boolean;
}

/** Parsed rows of every contract, in order of contract and definition, with the contract they came from. */
function parsed(
  contracts: readonly Readable[],
  logs: readonly EvmLog[],
  blockTimes: (block: number) => number | null | undefined,
  prices: EventPrices,
): Parsed {
  const byAddress = Map.groupBy(logs, (log) => log.address);
  let dropped = 0;
  let hasTwice = false;
  const byContract = contracts.map((contract) => {
    const { definitions } = contract;
    const matching = definitions.map((): EvmLog[] => []);
    for (const log of byAddress.get(contract.address) ?? []) {
      let times = 0;
      for (let i = 0; i < definitions.length; i++) {
        if (!matches(definitions[i] as EventDefinition, log.topics)) continue;
        matching[i]?.push(log);
        times += 1;
      }
      if (times > 1) hasTwice = true;
    }
    const rows = definitions.flatMap((definition, i) => {
      const result = parseLogs(contract, definition, matching[i] ?? [], blockTimes, prices);
      dropped += result.dropped;
      return result.rows;
    });
    return { contract, rows };
  });
  return { byContract, dropped, hasTwice };
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
  const rows = parsed(watched, logs, blockTimes, prices).byContract.flatMap((entry) => entry.rows);
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
  const { byContract, dropped, hasTwice } = parsed(contracts, logs, given.blockTimes, given.prices);
  // The rows are this function's own, so they are changed in place: a scan makes a hundred thousand a second.
  for (const { contract, rows: own } of byContract) {
    if (contract.detection === null) continue;
    const classified = classifyBridge(own, contract.detection, given.contexts);
    own.forEach((row, i) => {
      Object.assign(row, classified[i]);
    });
  }
  const rows = byContract.flatMap((entry) => entry.rows);
  const both = mintedAndBurned(rows);
  const { flowTypes } = detectRoundtrips(both);
  both.forEach((row, i) => {
    row.flowType = flowTypes[i] ?? row.flowType;
  });
  return { rows: (hasTwice ? firstOfEach(rows) : rows).sort(byBlockAndIndex), dropped };
}

/** Rows of blocks that both mint and burn a coin: no other transaction can be a roundtrip, and most blocks hold none. */
function mintedAndBurned(rows: readonly FlowEvent[]): FlowEvent[] {
  const minted = blocksOf(rows, "mint");
  const burned = blocksOf(rows, "burn");
  return rows.filter(
    ({ coinId, blockNumber }) => minted.get(coinId)?.has(blockNumber) && burned.get(coinId)?.has(blockNumber),
  );
}

function blocksOf(rows: readonly FlowEvent[], wanted: FlowDirection): Map<string, Set<number>> {
  const byCoin = new Map<string, Set<number>>();
  for (const { coinId, direction, blockNumber } of rows) {
    if (direction !== wanted) continue;
    let blocks = byCoin.get(coinId);
    if (blocks === undefined) {
      blocks = new Set();
      byCoin.set(coinId, blocks);
    }
    blocks.add(blockNumber);
  }
  return byCoin;
}

function firstOfEach(rows: readonly FlowEvent[]): FlowEvent[] {
  const once = new Map<string, FlowEvent>();
  for (const row of rows) if (!once.has(flowId(row))) once.set(flowId(row), row);
  return [...once.values()];
}
