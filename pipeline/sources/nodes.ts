/** Chains of the registry as the client sees them: every node becomes an upstream `rpc:<caip>:<n>` with limits of its own. */
import type { Hex } from "viem";
import type { Chain } from "../schema/chain.ts";
import type { UpstreamLimits } from "./client.ts";
import type { RpcChain } from "./json-rpc.ts";

/** Public nodes answer slowly and refuse crowds; 10 MiB is what a wide log query may need. */
const NODE_LIMITS = {
  timeoutMs: 15_000,
  maxBytes: 10_485_760,
  retries: 1,
  concurrency: 2,
  perSecond: 5,
  keyRequired: false,
} as const;

function nodeId(chain: string, index: number): string {
  return `rpc:${chain}:${index}`;
}

/** Nodes whose key is not set are left out: the next one is asked. */
function usableNodes(chain: Chain, env: Readonly<Record<string, string | undefined>>) {
  return chain.rpc
    .map((endpoint, index) => ({ ...endpoint, id: nodeId(chain.id, index) }))
    .filter((endpoint) => endpoint.keyEnv === null || Boolean(env[endpoint.keyEnv]));
}

export function nodeUpstreams(
  chains: readonly Chain[],
  env: Readonly<Record<string, string | undefined>>,
  simulated: boolean,
): Map<string, UpstreamLimits> {
  const perSecond = simulated ? Number.POSITIVE_INFINITY : NODE_LIMITS.perSecond;
  return new Map(
    chains.flatMap((chain) =>
      usableNodes(chain, env).map(
        ({ id, url, keyEnv }) => [id, { ...NODE_LIMITS, perSecond, id, baseUrl: url, keyEnv }] as const,
      ),
    ),
  );
}

export function rpcChains(
  chains: readonly Chain[],
  env: Readonly<Record<string, string | undefined>>,
): Map<string, RpcChain> {
  return new Map(
    chains
      .filter((chain) => chain.rpc.length > 0)
      .map((chain) => [
        chain.id,
        {
          id: chain.id,
          name: chain.name,
          multicall3: chain.multicall3 as Hex | null,
          nodes: usableNodes(chain, env).map((node) => node.id),
        },
      ]),
  );
}
