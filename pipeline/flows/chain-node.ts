/** A node of a chain as the scan uses it: over the run's client for real, out of memory in tests of whole worlds. */
import type { LaneContext } from "../lane.ts";
import {
  type ChainHead,
  evmBlocks,
  evmHead,
  evmLogs,
  evmTransactions,
  type RangeLogs,
  type RangeRequest,
  type ScanBlock,
} from "../sources/evm-chain.ts";
import type { TxContext } from "./classify-bridge.ts";

/** Trouble is a text: which node, and what it said. */
export type Asked<Out> = { ok: true; value: Out } | { ok: false; detail: string };

export interface ChainNode {
  id: string;
  head(blocks: readonly number[]): Promise<Asked<ChainHead>>;
  logs(request: Omit<RangeRequest, "node">): Promise<Asked<RangeLogs>>;
  blocks(numbers: readonly number[]): Promise<Asked<ScanBlock[]>>;
  transactions(hashes: readonly string[]): Promise<Asked<Map<string, TxContext>>>;
}

/** Trouble with nodes opens a circuit of this lane alone: the freeze lane's log provider has its own. */
const BREAKER = "mint-burn-logs";

export function chainNodes(context: Pick<LaneContext, "collect" | "nodes">, caip: string): ChainNode[] {
  const breaker = `${BREAKER}:${caip}`;
  return context.nodes(caip).map((node) => ({
    id: node,
    head: (blocks) => context.collect({ ...evmHead, breaker }, { node, chain: caip, blocks }),
    logs: (request) => context.collect({ ...evmLogs, breaker }, { ...request, node }),
    blocks: (blocks) => context.collect({ ...evmBlocks, breaker }, { node, blocks }),
    async transactions(hashes) {
      const asked = await context.collect({ ...evmTransactions, breaker }, { node, hashes });
      if (!asked.ok) return asked;
      return { ok: true, value: new Map(asked.value.map(({ hash, ...facts }) => [hash, facts])) };
    },
  }));
}
