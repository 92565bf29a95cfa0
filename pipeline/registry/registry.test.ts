import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ChainSchema } from "../schema/chain.ts";
import { CoinSchema } from "../schema/coin.ts";
import { CorrectionSchema, DoubtSchema } from "../schema/correction.ts";
import { PriceFeedSchema } from "../schema/price-feed.ts";
import { UpstreamOverridesSchema, UpstreamSchema } from "../schema/upstream.ts";
import { checkRegistry, formatProblems } from "./check.ts";
import * as examples from "./examples.ts";
import { registryJsonSchemas } from "./json-schemas.ts";
import { loadRegistry } from "./registry.ts";

const repoRoot = join(import.meta.dirname, "../..");
const dataDir = join(repoRoot, "data");
const sharedCsv = join(repoRoot, "../shared/registry/assets.csv");

describe("the registry on disk", () => {
  it("has no problem", () => {
    expect(formatProblems(checkRegistry(dataDir).problems)).toBe("");
  });

  it("is checked in less than 3 s", () => {
    const start = performance.now();
    const { counts } = checkRegistry(dataDir);
    expect(counts.coins).toBeGreaterThan(400);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it("loads with its look-ups", () => {
    const registry = loadRegistry(dataDir);
    expect(registry.coins.length).toBeGreaterThan(400);
    expect(registry.coins.map((coin) => coin.id)).toEqual(registry.coins.map((coin) => coin.id).sort());
    expect(registry.coinByLlamaId.get("2")?.id).toBe("usdc-circle");
    expect(registry.coinById.get("usdc-circle")?.deployments[0]).toMatchObject({ chain: "eip155:1", decimals: 6 });
    expect(registry.chainByLlamaName.get("OP Mainnet")).toBe(registry.chainById.get("eip155:10"));
    expect(registry.chainByLlamaName.get("Optimism")).toBe(registry.chainById.get("eip155:10"));
    expect(registry.upstreams.get("defillama")?.baseUrl).toBe("https://stablecoins.llama.fi");
    expect(registry.simulated).toBe(false);
  });

  it("leaves out what is known to be doubtful", () => {
    const { coinById, doubts } = loadRegistry(dataDir);
    const feeds = (id: string) => coinById.get(id)!.priceFeeds.map((feed) => feed.kind);
    expect(coinById.get("eure-monerium")!.deployments).toEqual([]);
    expect(coinById.get("usdx-hex-trust")!.deployments.map((deployment) => deployment.chain)).not.toContain("eip155:1");
    expect(feeds("meusd-mezo")).not.toContain("pyth");
    expect(feeds("usdb-blast")).not.toContain("pyth");
    expect(feeds("honey-berachain")).not.toContain("coinbase");
    const doubted = new Set(doubts.map((doubt) => doubt.coinId));
    for (const id of [
      "usdx-hex-trust",
      "eure-monerium",
      "reusd-re-protocol",
      "jpyc-jpyc",
      "meusd-mezo",
      "usdb-blast",
      "honey-berachain",
    ]) {
      expect(doubted).toContain(id);
    }
  });

  it("is written as the tools write it: two spaces, the schema's field order, a final newline", () => {
    const dir = join(dataDir, "registry/coins");
    for (const name of readdirSync(dir)) {
      const text = readFileSync(join(dir, name), "utf8");
      expect(text, name).toBe(`${JSON.stringify(CoinSchema.parse(JSON.parse(text)), null, 2)}\n`);
    }
  });

  it.skipIf(!existsSync(sharedCsv))("has a coin for every row of assets.csv (skipped without ../shared)", () => {
    const rows = readFileSync(sharedCsv, "utf8").trimEnd().split("\n").slice(1);
    const { coinByLlamaId } = loadRegistry(dataDir);
    expect(rows.length).toBeGreaterThan(400);
    const missing = rows.map((row) => row.slice(0, row.indexOf(","))).filter((id) => !coinByLlamaId.has(id));
    expect(missing).toEqual([]);
  });

  it("has the JSON Schemas that zod generates, mapped for the editor", () => {
    const settings = readFileSync(join(repoRoot, ".vscode/settings.json"), "utf8");
    for (const [name, text] of registryJsonSchemas()) {
      const path = join(dataDir, "registry/schema", name);
      expect(readFileSync(path, "utf8"), `run pipeline/registry/write-json-schemas.ts: ${name}`).toBe(text);
      expect(settings).toContain(`./data/registry/schema/${name}`);
    }
  });
});

describe("the examples in error messages", () => {
  it("are right values themselves", () => {
    CoinSchema.parse(examples.exampleCoin);
    ChainSchema.parse(examples.exampleChain);
    UpstreamSchema.parse(examples.exampleUpstream);
    UpstreamOverridesSchema.parse(examples.exampleOverrides);
    CorrectionSchema.parse(examples.exampleCorrection);
    DoubtSchema.parse(examples.exampleDoubt);
  });

  it("show every kind of feed", () => {
    const shown = examples.exampleCoin.priceFeeds.map((feed) => feed.kind);
    expect(shown).toHaveLength(PriceFeedSchema.options.length);
    expect(new Set(shown).size).toBe(shown.length);
  });
});
