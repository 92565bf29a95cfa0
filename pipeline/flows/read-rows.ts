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

/** Parsed rows of every contract, in order of contract and definition, with the contract they came from. */
function parsed(
  contracts: readonly Readable[],
  logs: readonly EvmLog[],
  blockTimes: (block: number) => number | null | undefined,
  prices: EventPrices,
): { byContract: { contract: Readable; rows: FlowEvent[] }[]; dropped: number } {
  const byAddress = Map.groupBy(logs, (log) => log.address);
  let dropped = 0;
  const byContract = contracts.map((contract) => {
    const own = byAddress.get(contract.address) ?? [];
    const rows = contract.definitions.flatMap((definition) => {
      const matching = own.filter((log) => matches(definition, log.topics));
      const result = parseLogs(contract, definition, matching, blockTimes, prices);
      dropped += result.dropped;
      return result.rows;
    });
    return { contract, rows };
  });
  return { byContract, dropped };
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
  const { byContract, dropped } = parsed(contracts, logs, given.blockTimes, given.prices);
  const rows: FlowEvent[] = [];
  for (const { contract, rows: own } of byContract) {
    const classified = classifyBridge(own, contract.detection, given.contexts);
    own.forEach((row, i) => {
      rows.push({ ...row, ...classified[i] });
    });
  }
  const { flowTypes } = detectRoundtrips(rows);
  const once = new Map<string, FlowEvent>();
  rows.forEach((row, i) => {
    const id = flowId(row);
    // A transfer from zero to zero is both definitions' row: the first stays.
    if (!once.has(id)) once.set(id, { ...row, flowType: flowTypes[i] ?? row.flowType });
  });
  return { rows: [...once.values()].sort(byBlockAndIndex), dropped };
}
