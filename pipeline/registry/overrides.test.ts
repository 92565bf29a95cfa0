import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RegistryInvalid } from "../errors.ts";
import { exampleOverrides } from "./examples.ts";
import { applyUpstreamOverrides, readUpstreamOverrides } from "./overrides.ts";
import { loadRegistry } from "./registry.ts";
import { type TinyRegistry, tinyRegistry } from "./tiny-registry.ts";

let tiny: TinyRegistry;
let file: string;
beforeEach(() => {
  tiny = tinyRegistry();
  file = join(tiny.dataDir, "registry/overrides.json");
});
afterEach(() => tiny.remove());

function apply(content: unknown) {
  tiny.put("overrides.json", content);
  return applyUpstreamOverrides(loadRegistry(tiny.dataDir), readUpstreamOverrides(file));
}

describe("applyUpstreamOverrides", () => {
  it("replaces what it names and makes the rest unreachable", () => {
    const registry = apply(exampleOverrides);
    expect(registry.simulated).toBe(true);
    expect(registry.upstreams.get("defillama")?.baseUrl).toBe("http://127.0.0.1:8080/defillama");
    expect(registry.upstreams.get("coingecko")?.baseUrl).toBeNull();
    expect(registry.chainById.get("eip155:1")?.rpc).toEqual([{ url: "http://127.0.0.1:8080/rpc/1", keyEnv: null }]);
    expect(registry.chainByLlamaName.get("Ethereum")).toBe(registry.chainById.get("eip155:1"));
    expect(apply({ simulated: false, upstreams: {}, rpc: {} }).chains[0]?.rpc).toEqual([]);
  });

  it("sends no key of ours to a replacement", () => {
    for (const upstream of apply(exampleOverrides).upstreams.values()) expect(upstream.keyEnv).toBeNull();
  });

  it("leaves the registry it was given as it was", () => {
    const registry = loadRegistry(tiny.dataDir);
    applyUpstreamOverrides(registry, exampleOverrides);
    expect(registry.upstreams.get("defillama")?.baseUrl).toBe("https://stablecoins.llama.fi");
  });

  it.each([
    [
      "an unknown upstream",
      { ...exampleOverrides, upstreams: { lama: "http://127.0.0.1:1" } },
      /upstreams\.lama[\s\S]*coingecko, defillama/,
    ],
    [
      "an unknown chain",
      { ...exampleOverrides, rpc: { "eip155:2": ["http://127.0.0.1:1"] } },
      /rpc\.eip155:2[\s\S]*chains\.json/,
    ],
    [
      "a missing field",
      { upstreams: {}, rpc: {} },
      /simulated[\s\S]*expected: a value of type boolean[\s\S]*example: {2}true/,
    ],
    [
      "an address that is none",
      { ...exampleOverrides, upstreams: { defillama: "here" } },
      /upstreams\.defillama[\s\S]*http/,
    ],
    ["a file that is not JSON", "{", /valid JSON/],
  ])("refuses %s and says why", (_, content, message) => {
    expect(() => apply(content)).toThrow(RegistryInvalid);
    expect(() => apply(content)).toThrow(message);
  });

  it("refuses a file that does not exist", () => {
    expect(() => readUpstreamOverrides(`${file}.not`)).toThrow(/no such file/);
  });
});
