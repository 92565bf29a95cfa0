/**
 * The three raw node answers that scans read themselves: logs of a range, a receipt's logs, a block's time.
 *
 * They go to one node without failover, because a scan answers a refusal by asking for a smaller range and must know whom
 * it asked. A `null` result (a block or receipt the node does not know) is no answer and is refused as bad-shape.
 */
import { z } from "zod";
import { type EvmLogs, HashSchema, readLogs, WholeSchema } from "./evm-log.ts";
import { rpcResult } from "./rpc-error.ts";
import { readShape } from "./shape.ts";
import type { Http, Source } from "./source.ts";

const DOCS = "https://ethereum.org/en/developers/docs/apis/json-rpc/";

interface NodeRequest {
  /** Upstream id of the node, `rpc:<caip>:<n>`. */
  node?: string | undefined;
}

async function ask(http: Http, { node = "" }: NodeRequest, method: string, params: unknown[]): Promise<unknown> {
  return { jsonrpc: "2.0", result: await http.rpc.call(node, method, params) };
}

export interface GetLogsRequest extends NodeRequest {
  address?: string | readonly string[] | undefined;
  /** By position; null matches anything, a list any of its members. */
  topics?: readonly (string | readonly string[] | null)[] | undefined;
  fromBlock?: number | undefined;
  toBlock?: number | undefined;
}

export const ethGetLogs: Source<GetLogsRequest, EvmLogs> = {
  id: "json-rpc:eth_getLogs",
  upstream: "rpc",
  breaker: null,
  docs: DOCS,
  example: { node: "rpc:eip155:1:0", fromBlock: 20_000_000, toBlock: 20_000_000 },
  async fetch(http, request) {
    const { address, topics, fromBlock = 0, toBlock = 0 } = request;
    const filter = { address, topics, fromBlock: hex(fromBlock), toBlock: hex(toBlock) };
    return this.parse(await ask(http, request, "eth_getLogs", [filter]), request);
  },
  parse: (body) => readLogs(rpcResult(body, "json-rpc:eth_getLogs"), "json-rpc:eth_getLogs"),
  rows: ({ logs }) => logs.length,
  isUsable: () => true,
};

export interface ReceiptRequest extends NodeRequest {
  hash?: string | undefined;
}

const ReceiptSchema = z.object({ logs: z.array(z.unknown()), to: HashSchema.nullish() });

export interface Receipt extends EvmLogs {
  /** Whom the transaction called; null where it created a contract or the answer does not say. */
  to: string | null;
}

export const ethGetTransactionReceipt: Source<ReceiptRequest, Receipt> = {
  id: "json-rpc:eth_getTransactionReceipt",
  upstream: "rpc",
  breaker: null,
  docs: DOCS,
  example: {
    node: "rpc:eip155:1:0",
    hash: "0x90ca8a767118c27aa4f6370bc06d9f952ab88a9219431f68d8e2d33b4a15b395",
  },
  async fetch(http, request) {
    return this.parse(await ask(http, request, "eth_getTransactionReceipt", [request.hash]), request);
  },
  parse(body) {
    const { logs, to } = readShape(ReceiptSchema, rpcResult(body, this.id), this.id);
    return { ...readLogs(logs, this.id), to: to ?? null };
  },
  rows: ({ logs }) => logs.length,
  isUsable: () => true,
};

export interface BlockRequest extends NodeRequest {
  block?: number | "latest" | undefined;
}

const BlockSchema = z.object({ number: WholeSchema, timestamp: WholeSchema, hash: HashSchema });
export type BlockHead = z.output<typeof BlockSchema>;

export const ethGetBlockByNumber: Source<BlockRequest, BlockHead> = {
  id: "json-rpc:eth_getBlockByNumber",
  upstream: "rpc",
  breaker: null,
  docs: DOCS,
  example: { node: "rpc:eip155:1:0", block: "latest" },
  async fetch(http, request) {
    const { block = "latest" } = request;
    const params = [typeof block === "number" ? hex(block) : block, false];
    return this.parse(await ask(http, request, "eth_getBlockByNumber", params), request);
  },
  parse(body) {
    return readShape(BlockSchema, rpcResult(body, this.id), this.id);
  },
  rows: () => 1,
  isUsable: () => true,
};

function hex(block: number): string {
  return `0x${block.toString(16)}`;
}
