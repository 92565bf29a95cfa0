/** What a scan of a chain is given and what it gives. */
import type { ScanBlock } from "../sources/evm-chain.ts";
import type { ScanLog } from "../sources/scan-log.ts";
import type { Budget } from "../sources/split-range.ts";
import type { RangeLimit } from "./ask-ahead.ts";
import type { ChainNode } from "./chain-node.ts";
import type { TxContext } from "./classify-bridge.ts";
import type { FlowContract } from "./contracts.ts";
import type { ChainCursor } from "./cursor.ts";

export interface ChainScan {
  /** Who was believed. */
  node: ChainNode;
  fromBlock: number;
  logs: ScanLog[];
  blockTimes: Map<number, number>;
  contexts: Map<string, TxContext>;
  head: ScanBlock;
  finalizedBlock: number;
  /** Everything up to here was read. */
  scannedToBlock: number;
  complete: boolean;
  cursor: ChainCursor;
  /** Rows above this block are to be taken back; null when the chain only grew. */
  rolledBackTo: number | null;
  apiErrors: number;
  /** What went wrong on the way, for people. */
  notes: string[];
  /** Contracts whose own logs were unusable at every node: address to reason. */
  badContracts: Map<string, string>;
}

export type ScanOutcome = { ok: true; scan: ChainScan } | { ok: false; reason: string; apiErrors: number };

export interface ScanJob {
  nodes: readonly ChainNode[];
  contracts: readonly FlowContract[];
  cursor: ChainCursor | null;
  blockTimeSec: number;
  budget: Budget;
  limit: RangeLimit;
  /** Events of a contract that a range of so many seconds should hold. */
  expectedEvents: (contract: FlowContract, seconds: number) => number;
}
