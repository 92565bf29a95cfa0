import { afterAll, beforeAll, describe, expect, it } from "vitest";
import registryUpstreams from "../../data/registry/upstreams.json" with { type: "json" };
import { type Client, createClient, type UpstreamLimits } from "../sources/client.ts";
import { sources } from "../sources/index.ts";
import type { SimCoin } from "./coin.ts";
import { MULTICALL3_ADDRESS } from "./evm-contracts.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import { TEST_NOW_SEC as NOW, testCoins } from "./test-coins.ts";

const apiCoin = (id: string): SimCoin => ({ ...(testCoins(1)[0] as SimCoin), id, deployments: [], priceFeeds: [] });
const dai: SimCoin = {
  ...apiCoin("dai-makerdao"),
  reserveAdapter: {
    kind: "sky-makercore",
    chain: "eip155:1",
    litePsm: "0xf6e72db5454dd049d0788e411b06cfaf16853042",
    gem: "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",
    pocket: "0x37305b1cd40574e4c5ce33f8e8306be057fd7341",
    sharedPoolId: "sky-lite-psm-usdc",
    displayUrl: null,
    source: "test",
  },
};
const coins = [
  ...testCoins(120),
  dai,
  apiCoin("jupusd-jupiter"),
  apiCoin("usdaf-asymmetry"),
  apiCoin("frxusd-frax"),
  apiCoin("usde-ethena"),
  apiCoin("zsd-zephyr-protocol"),
  apiCoin("zys-zephyr-protocol"),
];
const FAST = { timeoutMs: 5_000, maxBytes: 50_000_000, retries: 0, concurrency: 4, perSecond: 1_000 };
const KEYLESS = { keyEnv: null, keyRequired: false };

let sim: Simulator;
let client: Client;
beforeAll(async () => {
  sim = await startSimulator({ seed: 11, coins, nowSec: NOW, keyed: true });
  const upstreams = Object.entries(sim.overrides.upstreams).map(
    ([id, baseUrl]): UpstreamLimits => ({ id, baseUrl, ...FAST, ...KEYLESS }),
  );
  const nodes = Object.entries(sim.overrides.rpc).map(
    ([chain, [url]]): UpstreamLimits => ({ id: `rpc:${chain}:0`, baseUrl: url!, ...FAST, ...KEYLESS }),
  );
  const chains = Object.keys(sim.overrides.rpc).map((id) => {
    return [id, { id, name: id, multicall3: MULTICALL3_ADDRESS, nodes: [`rpc:${id}:0`] }] as const;
  });
  client = createClient({
    upstreams: new Map([...upstreams, ...nodes].map((upstream) => [upstream.id, upstream])),
    env: {},
    nowSec: NOW,
    random: () => 0,
    chains: new Map(chains),
  });
});
afterAll(async () => {
  await client.close();
  await sim.close();
});

const SYMBOLS = ["EUR", "GBP", "JPY", "CNH", "VND", "XAU"];
const PYTH_FEED = "2b89b9dc8fdf9f34709a5b106b472f0f39bb6ca9ce04b0fd7f2e971688e2e53b";
const TOKEN = coins[1]!.deployments[0]!.address;
const MINT = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
const POOL = {
  address: "0x0000000000000000000000000000000000c0ffee",
  call: "get_dy",
  inputIndex: 0,
  outputIndex: 1,
  inputDecimals: 6,
};

/** Every source the simulator serves, with a request about its coins and the least number of rows it must give. */
const REQUESTS: readonly (readonly [source: string, request: object, rows: number])[] = [
  ["binance:ticker", { keys: ["USDTUSD", "USDCUSD"] }, 2],
  ["bitstamp:ticker", { keys: ["USDT/USD", "USDC/USD"] }, 2],
  ["coinbase:ticker", { keys: ["USDT-USD"] }, 1],
  ["pyth:price", { keys: [PYTH_FEED] }, 1],
  ["redstone:prices", { symbols: ["USDT", "nobody"] }, 1],
  ["kraken:ticker", { keys: ["USDTUSD", "USDCUSD"] }, 1],
  ["coingecko:simple-price", { keys: coins.map(({ ids }) => ids.coingecko) }, 80],
  ["coingecko:coins-markets", { keys: coins.map(({ ids }) => ids.coingecko) }, 80],
  ["coingecko:coins-list", {}, 120],
  ["coingecko:stablecoin-category", {}, 80],
  ["defillama:stablecoins", {}, 100],
  ["defillama:stablecoincharts", {}, 434],
  ["defillama:stablecoincharts", { llamaId: "1" }, 434],
  ["defillama-coins:prices", { keys: ["coingecko:tether", `ethereum:${TOKEN}`] }, 2],
  ["frankfurter:latest", { symbols: SYMBOLS.slice(0, 3) }, 3],
  ["frankfurter:range", { from: "2026-11-02", to: "2026-11-13", symbols: ["EUR"] }, 10],
  ["fawazahmed0:usd", { symbols: SYMBOLS }, 6],
  ["fawazahmed0:usd-pages", { symbols: SYMBOLS }, 6],
  ["fawazahmed0:usd-dated", { date: "2026-09-24", symbols: SYMBOLS }, 6],
  ["exchangerate-api:latest", { symbols: SYMBOLS.slice(0, 3) }, 3],
  ["openexchangerates:latest", { symbols: SYMBOLS }, 6],
  ["gold-api:price", { keys: ["XAU", "XAG"] }, 2],
  ["fred:dgs3mo", { from: "2026-11-02" }, 8],
  ["ecb-data-portal:estr-3m", { from: "2026-11-02" }, 8],
  [
    "chainlink:latestRoundData",
    {
      feeds: [
        { chain: "eip155:8453", address: "0xc91D87E81faB8f93699ECf7Ee9B44D11e1D53F0F" },
        { chain: "eip155:1", address: "0x379589227b15F1a12195D3f2d90bBc9F31f95235" },
      ],
    },
    2,
  ],
  ["llama-yields:pools", {}, 20],
  ["trongrid:account", { address: "41a614f803b6fd780986a42c78ec9c7f77e6ded13c" }, 1],
  ["curve:pools", { chain: "ethereum" }, 5],
  ["dexscreener:tokens", { chain: "ethereum", addresses: [TOKEN] }, 1],
  ["dexpaprika:token", { keys: [`ethereum:${TOKEN}`] }, 1],
  ["geckoterminal:pools", { network: "eth", address: TOKEN }, 1],
  ["jupiter:price", { keys: [MINT] }, 1],
  ["solana-rpc:get-slot", {}, 1],
  ["curve-onchain:get-dy", { chain: "eip155:1", pools: [POOL] }, 1],
  ["alchemy:prices", { keys: [`eth-mainnet:${TOKEN}`] }, 1],
  ["moralis:prices", { chain: "eth", keys: [`eth:${TOKEN}`] }, 1],
  ["birdeye:price", { keys: [MINT] }, 1],
  ["coinmarketcap:category", {}, 80],
  ["erc20:supply", { chain: "eip155:1", tokens: [{ address: TOKEN, holders: [] }] }, 1],
  ["info-sky:groups", {}, 5],
  ["zephyr:livestats", {}, 2],
  ["jupusd:data", {}, 2],
  ["jupusd:snapshots", {}, 1],
  ["jupusd:oracle", {}, 1],
  ["asymmetry:stats", {}, 4],
  ["ethena:collateral", {}, 6],
  ["frax:frxusd-balance-sheet", {}, 2],
  ["json-rpc:eth_getBlockByNumber", { node: "rpc:eip155:1:0" }, 1],
];

describe("the pipeline's own sources read the simulated wire", () => {
  it.each(REQUESTS)("%s %#", async (id, request, least) => {
    const source = sources.get(id)!;
    const out = await source.fetch(client, request);
    expect(source.isUsable(out)).toBe(true);
    expect(source.rows(out)).toBeGreaterThanOrEqual(least);
  });

  it("covers every simulated upstream, and all of them are the registry's", () => {
    const served = new Set(REQUESTS.map(([id]) => sources.get(id)!.upstream));
    const known = new Set(registryUpstreams.map(({ id }) => id));
    const missing = Object.keys(sim.overrides.upstreams).filter((id) => !served.has(id) || !known.has(id));
    expect(missing).toEqual(["binance-main"]);
  });
});
