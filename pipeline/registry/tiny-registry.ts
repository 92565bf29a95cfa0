/** A registry of two coins in a temporary folder, for tests that break one thing in it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Coin } from "../schema/coin.ts";
import { exampleChain, exampleCoin, exampleUpstream } from "./examples.ts";

const plain = {
  variantOf: null,
  status: { state: "active", since: null },
  priceFeeds: [],
  mintBurnContracts: [],
} satisfies Partial<Coin>;

export const usdc: Coin = {
  ...exampleCoin,
  ...plain,
  priceFeeds: [],
  deployments: [
    { chain: "eip155:1", address: "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48", decimals: 6, role: "issued" },
  ],
};

export const dai: Coin = {
  ...usdc,
  id: "dai-makerdao",
  symbol: "DAI",
  name: "Dai",
  ids: { defillama: "5", coingecko: "dai", coinmarketcap: 4943, coinmarketcapSlug: null },
  deployments: [
    { chain: "eip155:1", address: "0x6b175474e89094c44da98b954eedeac495271d0f", decimals: 18, role: "issued" },
  ],
};

export interface TinyRegistry {
  dataDir: string;
  /** Writes a file below data/registry: a value as JSON, a string as it is. */
  put(name: string, content: unknown): void;
  remove(): void;
}

export function tinyRegistry(): TinyRegistry {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-registry-"));
  mkdirSync(join(dataDir, "registry/coins"), { recursive: true });
  const put = (name: string, content: unknown) => {
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
    writeFileSync(join(dataDir, "registry", name), text);
  };
  put("coins/dai-makerdao.json", dai);
  put("coins/usdc-circle.json", usdc);
  put("chains.json", [exampleChain]);
  put("upstreams.json", [{ ...exampleUpstream, id: "coingecko" }, exampleUpstream]);
  put("corrections.json", { corrections: [] });
  put("doubts.json", { doubts: [] });
  return { dataDir, put, remove: () => rmSync(dataDir, { recursive: true }) };
}
