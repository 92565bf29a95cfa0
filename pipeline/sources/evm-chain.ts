/**
 * A chain as one node tells it: its head, the logs of a range, blocks, transactions. For scans, which must know whom they asked.
 *
 * A refusal is an answer here, since the scan reacts to it by asking for less; trouble with the node itself is thrown. A
 * circuit of its own per purpose keeps one lane's outage from another lane.
 */
import { z } from "zod";
import { PlumblineError, SourceChanged } from "../errors.ts";
import { AddressSchema, HashSchema, WholeSchema } from "./evm-log.ts";
import { isRangeSplittable } from "./json-rpc.ts";
import { asksForLess, type RangeHint, rangeHint } from "./range-hint.ts";
import { RpcError } from "./rpc-error.ts";
import { type BadLogs, readScanLogs, type ScanLog } from "./scan-log.ts";
import { badShape } from "./shape.ts";
import type { Http, Source } from "./source.ts";

const DOCS = "https://ethereum.org/en/developers/docs/apis/json-rpc/";
/** Blocks or transactions in one HTTP request. */
const BLOCKS_PER_REQUEST = 50;
const TRANSACTIONS_PER_REQUEST = 25;

export interface ScanBlock {
  number: number;
  hash: string;
  timestamp: number;
}

const BlockSchema = z.object({ number: WholeSchema, hash: HashSchema, timestamp: WholeSchema });

function blockOf(value: unknown): ScanBlock | null {
  const parsed = BlockSchema.safeParse(value);
  return parsed.success && parsed.data.timestamp > 0 ? parsed.data : null;
}

const hex = (block: number): string => `0x${block.toString(16)}`;
const getBlock = (block: number | string) => ({
  method: "eth_getBlockByNumber",
  params: [typeof block === "number" ? hex(block) : block, false],
});

function unparsed(id: string): never {
  throw badShape(id, "read through several calls, there is no single body to read");
}

export interface HeadRequest {
  node: string;
  /** CAIP-2, e.g. "eip155:1". */
  chain: string;
  /** Blocks whose hash is wanted as well. */
  blocks: readonly number[];
}

export interface ChainHead {
  head: ScanBlock;
  /** Null where the node does not say. */
  finalized: ScanBlock | null;
  /** By number, those that were found. */
  blocks: Map<number, ScanBlock>;
}

export const evmHead: Source<HeadRequest, ChainHead> = {
  id: "evm:head",
  upstream: "rpc",
  breaker: null,
  docs: DOCS,
  example: { node: "rpc:eip155:1:0", chain: "eip155:1", blocks: [] },
  async fetch(http, { node, chain, blocks }) {
    const asked = [
      { method: "eth_chainId", params: [] },
      getBlock("latest"),
      getBlock("finalized"),
      ...blocks.map(getBlock),
    ];
    const [chainId, latest, finalized, ...found] = await http.rpc.batch(node, asked);
    if (chainId instanceof Error) throw chainId;
    if (typeof chainId !== "string" || `eip155:${Number(chainId)}` !== chain)
      throw new SourceChanged(`${node} answers for another chain than ${chain}`, { code: "wrong-chain", where: node });
    const head = blockOf(latest);
    if (head === null) throw badShape(this.id, "no usable latest block", latest instanceof Error ? undefined : latest);
    const known = found.flatMap((value, i) => {
      const block = blockOf(value);
      return block !== null && block.number === blocks[i] ? [block] : [];
    });
    return { head, finalized: blockOf(finalized), blocks: new Map(known.map((block) => [block.number, block])) };
  },
  parse() {
    return unparsed(this.id);
  },
  rows: () => 1,
  isUsable: () => true,
};

export interface RangeRequest {
  node: string;
  /** Lower case. */
  addresses: readonly string[];
  topics: readonly (readonly string[] | null)[];
  fromBlock: number;
  toBlock: number;
}

export type RangeLogs =
  | { logs: ScanLog[] }
  | { bad: BadLogs }
  | { refused: { message: string; splittable: boolean; hint: RangeHint } };

export const evmLogs: Source<RangeRequest, RangeLogs> = {
  id: "evm:logs",
  upstream: "rpc",
  breaker: null,
  docs: DOCS,
  example: {
    node: "rpc:eip155:1:0",
    addresses: ["0xdac17f958d2ee523a2206206994597c13d831ec7"],
    topics: [],
    fromBlock: 20_000_000,
    toBlock: 20_000_000,
  },
  async fetch(http, { node, addresses, topics, fromBlock, toBlock }) {
    const filter = { address: addresses, topics, fromBlock: hex(fromBlock), toBlock: hex(toBlock) };
    try {
      const result = await http.rpc.call(node, "eth_getLogs", [filter]);
      return readScanLogs(result, { addresses: new Set(addresses), fromBlock, toBlock });
    } catch (error) {
      if (!(error instanceof PlumblineError)) throw error;
      const message = error instanceof RpcError ? error.rpcMessage : error.message;
      const isAnswer = error instanceof RpcError;
      const hint = isAnswer ? rangeHint(message, fromBlock, toBlock) : { toBlock: null, blocks: null };
      const splittable = isRangeSplittable(error) || (isAnswer && asksForLess(message));
      return { refused: { message: error.message, splittable, hint } };
    }
  },
  parse() {
    return unparsed(this.id);
  },
  rows: (out) => ("logs" in out ? out.logs.length : 0),
  isUsable: () => true,
};

export interface BlocksRequest {
  node: string;
  blocks: readonly number[];
}

/** Blocks that could not be had are left out. */
export const evmBlocks: Source<BlocksRequest, ScanBlock[]> = {
  id: "evm:blocks",
  upstream: "rpc",
  breaker: null,
  docs: DOCS,
  example: { node: "rpc:eip155:1:0", blocks: [20_000_000] },
  async fetch(http, { node, blocks }) {
    const found: ScanBlock[] = [];
    for (let i = 0; i < blocks.length; i += BLOCKS_PER_REQUEST) {
      const part = blocks.slice(i, i + BLOCKS_PER_REQUEST);
      const answers = await http.rpc.batch(node, part.map(getBlock));
      answers.forEach((answer, at) => {
        const block = blockOf(answer);
        if (block !== null && block.number === part[at]) found.push(block);
      });
    }
    return found;
  },
  parse() {
    return unparsed(this.id);
  },
  rows: (blocks) => blocks.length,
  isUsable: () => true,
};

export interface TransactionsRequest {
  node: string;
  hashes: readonly string[];
}

export interface TransactionFacts {
  hash: string;
  to: string | null;
  /** First four bytes of the input; null where the transaction itself could not be read. */
  inputSelector: string | null;
  logTopics: string[];
  logAddresses: string[];
}

const TxSchema = z.object({ to: AddressSchema.nullish(), input: HashSchema.optional() });
const ReceiptSchema = z.object({
  to: AddressSchema.nullish(),
  logs: z.array(z.object({ address: AddressSchema, topics: z.array(HashSchema.nullable()) })),
});

async function readTransactions(http: Http, node: string, hashes: readonly string[]): Promise<TransactionFacts[]> {
  const calls = hashes.flatMap((hash) => [
    { method: "eth_getTransactionByHash", params: [hash] },
    { method: "eth_getTransactionReceipt", params: [hash] },
  ]);
  const answers = await http.rpc.batch(node, calls);
  return hashes.flatMap((hash, i) => {
    const tx = TxSchema.safeParse(answers[2 * i]).data;
    const receipt = ReceiptSchema.safeParse(answers[2 * i + 1]).data;
    if (tx === undefined && receipt === undefined) return [];
    const logs = receipt?.logs ?? [];
    return {
      hash,
      to: tx?.to ?? receipt?.to ?? null,
      inputSelector: tx?.input === undefined ? null : tx.input.slice(0, 10),
      logTopics: logs.flatMap(({ topics }) => topics.filter((topic) => topic !== null)),
      logAddresses: logs.map(({ address }) => address),
    };
  });
}

/** Transactions of which neither the transaction nor the receipt could be had are left out. */
export const evmTransactions: Source<TransactionsRequest, TransactionFacts[]> = {
  id: "evm:transactions",
  upstream: "rpc",
  breaker: null,
  docs: DOCS,
  example: {
    node: "rpc:eip155:1:0",
    hashes: ["0x90ca8a767118c27aa4f6370bc06d9f952ab88a9219431f68d8e2d33b4a15b395"],
  },
  async fetch(http, { node, hashes }) {
    const found: TransactionFacts[] = [];
    for (let i = 0; i < hashes.length; i += TRANSACTIONS_PER_REQUEST)
      found.push(...(await readTransactions(http, node, hashes.slice(i, i + TRANSACTIONS_PER_REQUEST))));
    return found;
  },
  parse() {
    return unparsed(this.id);
  },
  rows: (found) => found.length,
  isUsable: () => true,
};
