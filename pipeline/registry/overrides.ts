/**
 * Other upstreams for a run: the demo's simulator, a test's loopback server, a stranger's mirror.
 *
 * They replace all of ours. What is not named becomes unreachable, and no key of ours is sent to what is named, so neither
 * a request nor a secret leaks to or from the real world.
 */
import { resolve } from "node:path";
import { type UpstreamOverrides, UpstreamOverridesSchema } from "../schema/upstream.ts";
import { exampleOverrides } from "./examples.ts";
import { type Problem, registryInvalid, showValue } from "./problems.ts";
import { readJson } from "./read.ts";
import type { Registry, RegistryUpstream } from "./registry.ts";

export { type UpstreamOverrides, UpstreamOverridesSchema } from "../schema/upstream.ts";

/** A simulator on this machine needs no manners. */
const SIMULATED_PER_SECOND = 10_000;

/** Reads the file given with --upstreams. Throws RegistryInvalid. */
export function readUpstreamOverrides(file: string): UpstreamOverrides {
  const problems: Problem[] = [];
  const overrides = readJson(resolve(file), file, UpstreamOverridesSchema, exampleOverrides, problems);
  if (overrides === undefined) throw registryInvalid(problems, file);
  return overrides;
}

/** Gives a copy of the registry that can reach only what `overrides` names. Throws RegistryInvalid for unknown names. */
export function applyUpstreamOverrides(registry: Registry, overrides: UpstreamOverrides): Registry {
  const file = "--upstreams";
  const problems: Problem[] = [];
  for (const id of Object.keys(overrides.upstreams)) {
    if (registry.upstreams.has(id)) continue;
    const expected = `an upstream of upstreams.json: ${[...registry.upstreams.keys()].join(", ")}`;
    problems.push({ file, field: `upstreams.${id}`, expected, came: showValue(id), example: '"defillama"' });
  }
  for (const id of Object.keys(overrides.rpc)) {
    if (registry.chainById.has(id)) continue;
    const expected = "a chain of chains.json";
    problems.push({ file, field: `rpc.${id}`, expected, came: showValue(id), example: '"eip155:1"' });
  }
  if (problems.length > 0) throw registryInvalid(problems, file);

  const chains = registry.chains.map((chain) => ({
    ...chain,
    rpc: (overrides.rpc[chain.id] ?? []).map((url) => ({ url, keyEnv: null })),
  }));
  const chainById = new Map(chains.map((chain) => [chain.id, chain]));
  const upstreams = [...registry.upstreams.values()].map((upstream): RegistryUpstream => {
    const baseUrl = overrides.upstreams[upstream.id] ?? null;
    // A service that wants a key and is not named has none: it is switched off, not broken.
    const isOff = baseUrl === null && upstream.keyRequired;
    return {
      ...upstream,
      baseUrl,
      ...(isOff ? {} : { keyEnv: null, keyRequired: false }),
      ...(overrides.simulated ? { perSecond: SIMULATED_PER_SECOND } : {}),
    };
  });
  return {
    ...registry,
    simulated: overrides.simulated,
    chains,
    chainById,
    chainByLlamaName: new Map([...registry.chainByLlamaName].map(([name, chain]) => [name, chainById.get(chain.id)!])),
    upstreams: new Map(upstreams.map((upstream) => [upstream.id, upstream])),
  };
}
