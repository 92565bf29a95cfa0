/** The registry as the pipeline uses it: every coin, chain and upstream, validated, with the look-ups lanes need. */

import type { Chain } from "../schema/chain.ts";
import type { Coin } from "../schema/coin.ts";
import type { Correction, Doubt } from "../schema/correction.ts";
import type { Upstream } from "../schema/upstream.ts";
import { crossCheck } from "./checks.ts";
import { registryInvalid } from "./problems.ts";
import { readRegistryFiles } from "./read.ts";

export {
  applyUpstreamOverrides,
  readUpstreamOverrides,
  type UpstreamOverrides,
  UpstreamOverridesSchema,
} from "./overrides.ts";

/** An upstream of this run; `baseUrl` is null where --upstreams left it out, and then nothing may ask it. */
export type RegistryUpstream = Omit<Upstream, "baseUrl"> & { baseUrl: string | null };

export interface Registry {
  /** true when --upstreams said so: everything made from this run is labelled simulated. */
  simulated: boolean;
  /** Sorted by id. */
  coins: Coin[];
  coinById: Map<string, Coin>;
  coinByLlamaId: Map<string, Coin>;
  /** Sorted by id. */
  chains: Chain[];
  chainById: Map<string, Chain>;
  /** By DefiLlama's name and its other spellings. */
  chainByLlamaName: Map<string, Chain>;
  upstreams: Map<string, RegistryUpstream>;
  corrections: Correction[];
  doubts: Doubt[];
}

/** Loads and validates data/registry below `dataDir`. Throws RegistryInvalid naming every problem. */
export function loadRegistry(dataDir: string): Registry {
  const files = readRegistryFiles(dataDir);
  const problems = [...files.problems, ...crossCheck(files).problems];
  if (problems.length > 0) throw registryInvalid(problems, `${dataDir}/registry`);

  const coins = files.coins.map((entry) => entry.coin).sort((a, b) => (a.id < b.id ? -1 : 1));
  const llama = coins.flatMap((coin) => (coin.ids.defillama === null ? [] : [[coin.ids.defillama, coin] as const]));
  const chains = files.chains;
  const chainNames = chains.flatMap((chain) =>
    [chain.defillamaName, ...chain.defillamaAliases].flatMap((name) => (name === null ? [] : [[name, chain] as const])),
  );
  return {
    simulated: false,
    coins,
    coinById: new Map(coins.map((coin) => [coin.id, coin])),
    coinByLlamaId: new Map(llama),
    chains,
    chainById: new Map(chains.map((chain) => [chain.id, chain])),
    chainByLlamaName: new Map(chainNames),
    upstreams: new Map(files.upstreams.map((upstream) => [upstream.id, upstream])),
    corrections: files.corrections,
    doubts: files.doubts,
  };
}
