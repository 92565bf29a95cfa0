/**
 * JSON-RPC nodes of the simulated EVM chains: one request or a batch, in the envelope real nodes use.
 *
 * Errors come as a JSON-RPC `error` member with HTTP 200. A call at a past block answers with that block's time, so history
 * can be read as from an archive node.
 */
import { type Hex, numberToHex } from "viem";
import { blockAt, blockHash, blockTime } from "./chains.ts";
import { addressOf, ethCall } from "./evm-contracts.ts";
import { logBody, logsBetween, receiptBody, transactionBody, transactionOf } from "./evm-events.ts";
import { freezeLogs } from "./freezes.ts";
import { ok, type SimAnswer, type SimRequest } from "./upstream.ts";
import type { World } from "./world.ts";

const METHOD_NOT_FOUND = -32_601;
const INVALID_REQUEST = -32_600;
const INVALID_PARAMS = -32_602;
const SERVER_ERROR = -32_000;
const REVERTED = 3;
/** Blocks younger than this are not final. */
const FINALITY_SEC = 900;
const EMPTY_HASH: Hex = `0x${"00".repeat(32)}`;
const EMPTY_ADDRESS: Hex = `0x${"00".repeat(20)}`;

interface LogFilter {
  address?: string | string[];
  topics?: (string | string[] | null)[];
  fromBlock?: unknown;
  toBlock?: unknown;
}

class RpcError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

function blockOfTag(chain: string, tag: unknown, nowSec: number): number | null {
  if (tag === "earliest") return 0;
  if (tag === "finalized" || tag === "safe") return blockAt(chain, nowSec - FINALITY_SEC);
  if (typeof tag === "string" && /^0x[0-9a-f]+$/i.test(tag)) {
    const block = Number(tag);
    return block <= blockAt(chain, nowSec) ? block : null;
  }
  return blockAt(chain, nowSec);
}

function blockBody(chain: string, block: number): object {
  return {
    number: numberToHex(block),
    hash: blockHash(chain, block),
    parentHash: block === 0 ? EMPTY_HASH : blockHash(chain, block - 1),
    timestamp: numberToHex(blockTime(chain, block)),
    nonce: "0x0000000000000000",
    sha3Uncles: EMPTY_HASH,
    logsBloom: `0x${"00".repeat(256)}`,
    transactionsRoot: EMPTY_HASH,
    stateRoot: EMPTY_HASH,
    receiptsRoot: EMPTY_HASH,
    mixHash: EMPTY_HASH,
    miner: EMPTY_ADDRESS,
    difficulty: "0x0",
    extraData: "0x",
    size: "0x220",
    gasLimit: "0x1c9c380",
    gasUsed: "0x0",
    baseFeePerGas: "0x7",
    transactions: [],
    uncles: [],
  };
}

function call(world: World, chain: string, params: readonly unknown[], nowSec: number): Hex {
  const [transaction, tag] = params;
  const { to, data, input } = (transaction ?? {}) as { to?: unknown; data?: Hex; input?: Hex };
  const address = addressOf(to);
  if (!address) throw new RpcError(INVALID_PARAMS, "invalid argument 0: to is not an address");
  const block = blockOfTag(chain, tag, nowSec);
  if (block === null) throw new RpcError(SERVER_ERROR, "header not found");
  const isPast = typeof tag === "string" && tag.startsWith("0x");
  const result = ethCall(world, chain, address, data ?? input ?? "0x", isPast ? blockTime(chain, block) : nowSec);
  if (result === null) throw new RpcError(REVERTED, "execution reverted");
  return result;
}

function logsOf(world: World, chain: string, filter: unknown, nowSec: number): object[] {
  const { address, topics = [], fromBlock, toBlock } = (filter ?? {}) as LogFilter;
  const from = blockOfTag(chain, fromBlock, nowSec);
  const to = blockOfTag(chain, toBlock, nowSec);
  if (from === null || to === null || from > to) throw new RpcError(INVALID_PARAMS, "invalid block range");
  const addresses = address === undefined ? null : new Set([address].flat().map((one) => one.toLowerCase()));
  const wanted = topics.map((topic) => (topic === null ? null : [topic].flat().map((one) => one.toLowerCase())));
  const frozen = freezeLogs(world, chain, { address, topics }, from, to);
  const flows = logsBetween(world, chain, from, to, addresses)
    .filter((log) => wanted.every((any, i) => any === null || any.includes(log.topics[i] ?? "")))
    .map((log) => logBody(chain, log));
  return [...flows, ...frozen];
}

function answerMethod(
  world: World,
  chain: string,
  method: unknown,
  params: readonly unknown[],
  nowSec: number,
): unknown {
  switch (method) {
    case "eth_chainId":
      return numberToHex(Number(chain.split(":")[1]));
    case "net_version":
      return chain.split(":")[1];
    case "eth_blockNumber":
      return numberToHex(blockAt(chain, nowSec));
    case "eth_getBlockByNumber": {
      const block = blockOfTag(chain, params[0], nowSec);
      return block === null ? null : blockBody(chain, block);
    }
    case "eth_getLogs":
      return logsOf(world, chain, params[0], nowSec);
    case "eth_getTransactionByHash":
      return transactionBody(chain, transactionOf(world, chain, params[0]));
    case "eth_getTransactionReceipt":
      return receiptBody(chain, transactionOf(world, chain, params[0]));
    case "eth_call":
      return call(world, chain, params, nowSec);
    default:
      throw new RpcError(METHOD_NOT_FOUND, `the method ${String(method)} does not exist/is not available`);
  }
}

function answerOne(world: World, chain: string, request: unknown, nowSec: number): object {
  const { id = null, method, params = [] } = (request ?? {}) as { id?: unknown; method?: unknown; params?: unknown };
  try {
    if (!Array.isArray(params)) throw new RpcError(INVALID_PARAMS, "params must be a list");
    return { jsonrpc: "2.0", id, result: answerMethod(world, chain, method, params, nowSec) };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { jsonrpc: "2.0", id, error: { code: error.code, message: error.message } };
  }
}

/** Names of the methods in a request or a batch, for the log and for faults by method. */
export function rpcMethods(body: unknown): string[] {
  return [body].flat().map((request) => String((request as { method?: unknown } | null)?.method));
}

export function answerRpc(chain: string, request: SimRequest, world: World, nowSec: number): SimAnswer {
  const { body } = request;
  if (body === null) {
    return ok({ jsonrpc: "2.0", id: null, error: { code: INVALID_REQUEST, message: "invalid request" } });
  }
  if (Array.isArray(body)) return ok(body.map((one) => answerOne(world, chain, one, nowSec)));
  return ok(answerOne(world, chain, body, nowSec));
}
