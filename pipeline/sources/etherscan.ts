/**
 * Etherscan and those who speak like it (Blockscout, Routescan): logs, token transfers and blocks by time.
 *
 * Producer Etherscan, https://api.etherscan.io/v2/api, one key for all chains, 5 calls a second, at most 1,000 rows a page. Numbers in logs are hex
 * ("0x" is 0), in transfers decimal text; topics are padded with null; a block by time is text or an object. Status "0" with an
 * empty list means nothing was found, with anything else that the request failed.
 */
import { z } from "zod";
import { AddressSchema, type EvmLogs, HashSchema, readLogs, WholeSchema } from "./evm-log.ts";
import { whole } from "./numbers.ts";
import { badShape, readShape, upstreamError } from "./shape.ts";
import type { Http, HttpRequest, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const DOCS = "https://docs.etherscan.io/";

const EnvelopeSchema = z.object({
  status: z.union([z.string(), z.number()]).transform(String),
  message: z.string().nullish(),
  result: z.unknown().optional(),
});

function resultOf(body: unknown, source: string): unknown {
  const { status, message, result } = readShape(EnvelopeSchema, body, source);
  if (status !== "0") return result;
  if (Array.isArray(result) && result.length === 0) return result;
  throw upstreamError(source, typeof result === "string" && result !== "" ? result : message);
}

interface ChainRequest {
  /** Number of the chain, 1 for Ethereum. */
  chainId?: number | undefined;
}

async function ask(http: Http, { chainId = 1 }: ChainRequest, query: HttpRequest["query"]): Promise<unknown> {
  const { body } = await http.json("etherscan", { path: "", query: { chainid: chainId, ...query, apikey: "{key}" } });
  return body;
}

export interface EtherscanLogsRequest extends ChainRequest {
  address?: string | undefined;
  topic0?: string | undefined;
  fromBlock?: number | undefined;
  toBlock?: number | undefined;
}

export const etherscanLogs: Source<EtherscanLogsRequest, EvmLogs> = {
  id: "etherscan:getLogs",
  upstream: "etherscan",
  breaker: "etherscan",
  docs: DOCS,
  example: { chainId: 1, fromBlock: 20_000_000, toBlock: 20_000_000 },
  async fetch(http, request) {
    const { address, topic0, fromBlock, toBlock } = request;
    const query = { module: "logs", action: "getLogs", address, topic0, fromBlock, toBlock };
    return this.parse(await ask(http, request, query), request);
  },
  parse: (body) => readLogs(resultOf(body, "etherscan:getLogs"), "etherscan:getLogs"),
  rows: ({ logs }) => logs.length,
  isUsable: () => true,
};

export interface TokenTransfersRequest extends ChainRequest {
  /** Party of the transfers. */
  address?: string | undefined;
  contract?: string | undefined;
  fromBlock?: number | undefined;
  toBlock?: number | undefined;
}

/** Empty where a transaction created a contract. */
const PartySchema = z.union([AddressSchema, z.literal("").transform(() => null), z.null()]);

const TransferSchema = z.object({
  contractAddress: AddressSchema,
  from: PartySchema,
  to: PartySchema,
  value: z.union([z.string().regex(/^\d+$/, "no base units"), z.int().nonnegative().transform(String)]),
  tokenDecimal: z.unknown().optional(),
  blockNumber: WholeSchema,
  timeStamp: z.unknown().optional(),
  hash: HashSchema,
});

export interface TokenTransfers {
  transfers: {
    contract: string;
    from: string | null;
    to: string | null;
    /** Base units as decimal text. */
    value: string;
    decimals: number | null;
    blockNumber: number;
    timestamp: number;
    transactionHash: string;
  }[];
}

export const etherscanTokenTransfers: Source<TokenTransfersRequest, TokenTransfers> = {
  id: "etherscan:tokentx",
  upstream: "etherscan",
  breaker: "etherscan",
  docs: DOCS,
  example: {
    chainId: 1,
    address: "0x0000000000000000000000000000000000000000",
    fromBlock: 20_000_000,
    toBlock: 20_000_000,
  },
  async fetch(http, request) {
    const { address, contract, fromBlock, toBlock } = request;
    const range = { startblock: fromBlock, endblock: toBlock, sort: "asc" };
    const query = { module: "account", action: "tokentx", address, contractaddress: contract, ...range };
    return this.parse(await ask(http, request, query), request);
  },
  parse(body) {
    const rows = readShape(z.array(TransferSchema), resultOf(body, this.id), this.id);
    return {
      transfers: rows.map((row) => {
        const timestamp = secondsOf(row.timeStamp);
        if (timestamp === null) throw badShape(this.id, "a transfer without a time", row);
        return {
          contract: row.contractAddress,
          from: row.from,
          to: row.to,
          value: row.value,
          decimals: whole(row.tokenDecimal),
          blockNumber: row.blockNumber,
          timestamp,
          transactionHash: row.hash,
        };
      }),
    };
  },
  rows: ({ transfers }) => transfers.length,
  isUsable: () => true,
};

export interface BlockByTimeRequest extends ChainRequest {
  /** Unix seconds. */
  timestamp?: number | undefined;
}

export const etherscanBlockByTime: Source<BlockByTimeRequest, { blockNumber: number }> = {
  id: "etherscan:getblocknobytime",
  upstream: "etherscan",
  breaker: "etherscan",
  docs: DOCS,
  example: { chainId: 1, timestamp: 1_720_000_000 },
  async fetch(http, request) {
    const query = { module: "block", action: "getblocknobytime", timestamp: request.timestamp, closest: "before" };
    return this.parse(await ask(http, request, query), request);
  },
  parse(body) {
    const result = resultOf(body, this.id);
    const isObject = typeof result === "object" && result !== null && "blockNumber" in result;
    const blockNumber = whole(isObject ? result.blockNumber : result);
    if (blockNumber === null || result === "0x") throw badShape(this.id, "no block number", body);
    return { blockNumber };
  },
  rows: () => 1,
  isUsable: () => true,
};

function secondsOf(value: unknown): number | null {
  return epochSeconds(typeof value === "string" && value.startsWith("0x") ? whole(value) : value);
}
