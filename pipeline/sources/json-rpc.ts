/**
 * Chains through the one client: viem's public client over our HTTP, so budgets, retries, redaction and recording hold here too.
 *
 * Each chain has a list of nodes. The first that answers with the right chain id serves the run; where it fails on a single
 * request, the next one is asked, and every request starts from the same node, so that a replay asks what was recorded.
 * Request ids are constant for the same reason. viem's own retries are off: ours count.
 */
import { createPublicClient, custom, defineChain, type Hex, type PublicClient } from "viem";
import { PlumblineError, SourceChanged, SourceUnavailable } from "../errors.ts";
import { isSplittable, RpcError, rpcResult } from "./rpc-error.ts";
import type { Http, HttpRequest } from "./source.ts";

/** A chain as the client needs it; the caller makes it from chains.json. */
export interface RpcChain {
  /** CAIP-2, e.g. "eip155:1". */
  id: string;
  name: string;
  /** Contract that answers many reads in one call; null where the chain has none. */
  multicall3: Hex | null;
  /** Upstream ids of its nodes in the order they are tried, `rpc:<caip>:<n>`. */
  nodes: readonly string[];
}

export interface RpcCallOptions extends Pick<HttpRequest, "timeoutMs" | "retries"> {}

export interface RpcCall {
  method: string;
  params: readonly unknown[];
}

export interface JsonRpc {
  /** viem over the nodes of a chain. Throws SourceUnavailable where no node answers for it. */
  chain(caip: string): Promise<PublicClient>;
  /** One call to one node, without failover: for scans that react to a refusal by asking for less. */
  call(node: string, method: string, params: readonly unknown[], options?: RpcCallOptions): Promise<unknown>;
  /**
   * Many calls to one node in one request, answered in their order; where the node takes no lists, one by one. A call that
   * failed is its error. Throws where the node could not be asked at all.
   */
  batch(node: string, calls: readonly RpcCall[], options?: RpcCallOptions): Promise<unknown[]>;
  /** Nodes of a chain, in the order they are tried. */
  nodes(caip: string): readonly string[];
}

export function createJsonRpc(http: Pick<Http, "json">, chains: ReadonlyMap<string, RpcChain>): JsonRpc {
  const clients = new Map<string, Promise<PublicClient>>();

  async function call(
    node: string,
    method: string,
    params: readonly unknown[],
    options: RpcCallOptions = {},
  ): Promise<unknown> {
    const where = `${node} ${method}`;
    try {
      const { body } = await http.json(node, {
        path: "",
        method: "POST",
        body: { jsonrpc: "2.0", id: 1, method, params },
        ...options,
      });
      return rpcResult(body, where);
    } catch (error) {
      throw refusalInside(error, where);
    }
  }

  async function batch(node: string, calls: readonly RpcCall[], options: RpcCallOptions = {}): Promise<unknown[]> {
    const single = calls[0];
    if (single === undefined) return [];
    if (calls.length > 1) {
      const where = `${node} batch of ${calls.length}`;
      try {
        const body = calls.map((one, index) => ({ jsonrpc: "2.0", id: index + 1, ...one }));
        const { body: answers } = await http.json(node, { path: "", method: "POST", body, ...options });
        if (Array.isArray(answers)) return calls.map((_, index) => answerOf(answers, index + 1, where));
        rpcResult(answers, where);
      } catch (error) {
        const inside = refusalInside(error, where);
        if (!(inside instanceof RpcError)) throw inside;
      }
    }
    const results: unknown[] = [];
    for (const { method, params } of calls) {
      try {
        results.push(await call(node, method, params, options));
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        results.push(error);
      }
    }
    return results;
  }

  async function open(chain: RpcChain): Promise<PublicClient> {
    const expected = BigInt(chain.id.slice("eip155:".length));
    let trouble: unknown = noNode(chain.id);
    for (const [index, node] of chain.nodes.entries()) {
      try {
        const answered = await call(node, "eth_chainId", []);
        if (typeof answered !== "string" || !/^0x[0-9a-f]+$/i.test(answered) || BigInt(answered) !== expected) {
          throw wrongChain(node, chain.id);
        }
        return clientOf(chain, [...chain.nodes.slice(index), ...chain.nodes.slice(0, index)]);
      } catch (error) {
        if (!(error instanceof PlumblineError)) throw error;
        trouble = error;
      }
    }
    throw trouble;
  }

  function clientOf(chain: RpcChain, nodes: readonly string[]): PublicClient {
    async function request({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
      let trouble: unknown = noNode(chain.id);
      for (const node of nodes) {
        try {
          return await call(node, method, Array.isArray(params) ? params : []);
        } catch (error) {
          if (!(error instanceof PlumblineError) || isRevert(error)) throw error;
          trouble = error;
        }
      }
      throw trouble;
    }
    return createPublicClient({
      chain: defineChain({
        id: Number(chain.id.slice("eip155:".length)),
        name: chain.name,
        nativeCurrency: { name: "native", symbol: "NATIVE", decimals: 18 },
        rpcUrls: { default: { http: [] } },
        contracts: chain.multicall3 === null ? {} : { multicall3: { address: chain.multicall3 } },
      }),
      transport: custom({ request }, { retryCount: 0 }),
      // A repeated block number would be answered from viem's cache after real seconds, not run seconds.
      cacheTime: 0,
    });
  }

  return {
    call,
    batch,
    nodes: (caip) => chains.get(caip)?.nodes ?? [],
    async chain(caip) {
      const chain = chains.get(caip);
      if (chain === undefined || chain.nodes.length === 0 || !/^eip155:\d+$/.test(caip)) throw noNode(caip);
      let client = clients.get(caip);
      if (client === undefined) {
        client = open(chain);
        clients.set(caip, client);
      }
      return client;
    },
  };
}

/** The answer with this id, whatever the order; an item that is none, or is missing, is an error of its own. */
function answerOf(answers: readonly unknown[], id: number, where: string): unknown {
  const own = answers.find((answer) => (answer as { id?: unknown } | null)?.id === id);
  try {
    return rpcResult(own, where);
  } catch (error) {
    return error;
  }
}

/** The upstream trouble inside an error of viem, which wraps whatever its transport throws; or the error itself. */
export function upstreamErrorInside(error: unknown): unknown {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof PlumblineError) return inner;
  }
  return error;
}

/** Whether a smaller range may succeed: the whole rule, transport failures included. */
export function isRangeSplittable(error: unknown): boolean {
  if (error instanceof RpcError) return error.splittable;
  if (!(error instanceof SourceUnavailable)) return error instanceof SourceChanged && error.code === "too-large";
  const status = /^http-(\d+)$/.exec(error.code)?.[1];
  return status === undefined ? error.retryable : isSplittable({ status: Number(status), message: error.message });
}

/** A node's error member counts whatever the HTTP status it came with. */
function refusalInside(error: unknown, where: string): unknown {
  if (!(error instanceof SourceUnavailable) || !("text" in error) || typeof error.text !== "string") return error;
  try {
    rpcResult(JSON.parse(error.text), where);
  } catch (inside) {
    if (inside instanceof RpcError) return inside;
  }
  return error;
}

/** The contract said no, which every node would say again. */
export function isRevert(error: unknown): boolean {
  return error instanceof RpcError && (error.rpcCode === 3 || /revert|invalid opcode/i.test(error.rpcMessage));
}

function noNode(caip: string): SourceUnavailable {
  return new SourceUnavailable(`No node is known for ${caip}`, {
    code: "unreachable",
    where: caip,
    hint: "Nodes come from `rpc` in data/registry/chains.json, or from the file given with --upstreams.",
  });
}

function wrongChain(node: string, caip: string): SourceChanged {
  return new SourceChanged(`${node} answers for another chain than ${caip}`, {
    code: "wrong-chain",
    where: node,
    hint: "Correct the address in data/registry/chains.json.",
  });
}
