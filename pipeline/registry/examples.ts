/** A right file of every shape in the registry: the source of the examples in error messages. Tests keep them valid. */
import type { Chain } from "../schema/chain.ts";
import type { Coin } from "../schema/coin.ts";
import type { Correction, Doubt } from "../schema/correction.ts";
import type { PriceFeed } from "../schema/price-feed.ts";
import type { Upstream, UpstreamOverrides } from "../schema/upstream.ts";

const usdc = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";
const pool = "0xbebc44782c7db0a1a60cb6fe97d0b483032ff1c7";
const checked = { source: "https://docs.example.org/feeds", doubt: null };

const priceFeeds: PriceFeed[] = [
  { kind: "pyth", feedId: "eaa020c61cc479712813461ce153894a96a6c00b21ed0cfc2798d1f9a9e9c94a", ...checked },
  { kind: "chainlink", chain: "eip155:1", address: "0x8fffffd4afb6115b954bd326cbe7b4ba576818f6", ...checked },
  { kind: "redstone", symbol: "USDC", ...checked },
  { kind: "kraken", pair: "USDCUSD", answerKey: null, ...checked },
  { kind: "coinbase", product: "DAI-USD", ...checked },
  { kind: "bitstamp", market: "USDC/USD", ...checked },
  { kind: "binance", symbol: "USDCUSD", ...checked },
  {
    kind: "coingecko-ticker",
    coingeckoId: "kinesis-gold",
    exchange: "kinesis_money",
    base: "KAU",
    target: "USD",
    ...checked,
  },
  {
    kind: "curve-pool",
    chain: "eip155:1",
    address: pool,
    call: "get_dy",
    inputIndex: 1,
    outputIndex: 0,
    inputDecimals: 6,
    outputDecimals: 18,
    route: "direct",
    via: null,
    maxHopDepth: 1,
    reference: null,
    ...checked,
  },
  { kind: "curve-oracle", chain: "eip155:1", address: pool, ...checked },
  { kind: "jupiter", mint: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", ...checked },
  { kind: "zephyr-scanner", asset: "ZYS", quotesPrice: true, ...checked },
  { kind: "coingecko-low-volume", coingeckoId: "mnee-usd-stablecoin", ...checked },
  { kind: "erc4626-parent", parent: "usdc-circle", overridesPrice: true, call: "convertToAssets", ...checked },
  {
    kind: "redeem-parent",
    parent: "usdc-circle",
    basis: "inherit",
    feeRatio: null,
    contract: null,
    mayFollowSingleSource: false,
    ...checked,
  },
  { kind: "redeem-par", currency: "USD", ...checked },
];

export const exampleCoin: Coin = {
  id: "usdc-circle",
  symbol: "USDC",
  name: "USD Coin",
  peg: { currency: "USD", type: "peggedUSD", referenceId: null },
  mechanism: "fiat-backed",
  backing: "rwa",
  governance: "cefi",
  navToken: false,
  yieldBearing: false,
  commodityOunces: 1,
  variantOf: "dai-makerdao",
  status: { state: "dead", since: "2023-02-01" },
  launchDate: "2018-09-26",
  jurisdiction: "United States",
  website: "https://www.circle.com/usdc/",
  ids: { defillama: "2", coingecko: "usd-coin", coinmarketcap: 3408, coinmarketcapSlug: "usd-coin" },
  deployments: [
    { chain: "eip155:1", address: usdc, decimals: 6, role: "issued", bridgedFrom: "eip155:1", bridgedTo: "eip155:324" },
  ],
  priceFeeds,
  mintBurnContracts: [
    {
      chain: "eip155:1",
      address: usdc,
      decimals: 6,
      tier: "critical",
      startBlock: 21900000,
      startBlockSource: "reviewed-contract-specific",
      startBlockConfidence: "high",
      dustThreshold: 10_000,
      events: ["transfer"],
      bridge: {
        protocol: "cctp",
        addresses: ["0xfd78ee919681417d192449715b2594ab58f5d002"],
        extraTopics: ["0x0c8c1cbdc5190613ebd485511d4e2812cfa45eecb79d845893331fedad5130a5"],
        extraSelectors: ["0x8e0250ee"],
      },
      enabled: true,
      source: "https://etherscan.io",
    },
  ],
  redemptionRoute: {
    base: "issuer",
    accessModel: "issuer-api",
    settlementModel: "same-day",
    executionModel: "rules-based-nav",
    outputAssetType: "stable-single",
    capacityModel: { kind: "supply-ratio", ratio: 0.07, confidence: "documented-bound", basis: "hot-buffer" },
    costModel: { kind: "dynamic-or-unclear", feeDescription: "0.10% with a minimum", confidence: "formula" },
    holderEligibility: "verified-customer",
    routeStatus: "open",
    routeExitCorrelation: "independent-issuer-rail",
    totalScoreCap: 65,
    docs: [{ label: "Terms", url: "https://www.circle.com/legal/usdc-terms", supports: ["route", "capacity"] }],
    reviewedAt: "2026-05-17",
    notes: ["Bank cash is a part of the reserves."],
    source: "https://www.circle.com",
    remark: "read again after the terms change",
  },
  reserveAdapter: {
    kind: "erc4626-single-asset",
    chain: "eip155:1",
    vault: "0xa3931d71877c0e7a3148cb7eb4463524fec27fbd",
    asset: usdc,
    assetCoinId: "dai-makerdao",
    displayUrl: "https://www.circle.com/transparency",
    source: "https://www.circle.com",
  },
  sources: [{ facts: "identity", source: "https://stablecoins.llama.fi/stablecoins" }],
};

export const exampleChain: Chain = {
  id: "eip155:1",
  slug: "ethereum",
  name: "Ethereum",
  defillamaName: "Ethereum",
  defillamaAliases: ["ethereum"],
  kind: "evm",
  explorer: { address: "https://etherscan.io/address/{address}", tx: "https://etherscan.io/tx/{tx}" },
  blockTimeSec: 12,
  finality: "two epochs, about 13 minutes",
  multicall3: "0xca11bde05977b3631167028862be2a173976ca11",
  rollup: null,
  rpc: [{ url: "https://eth-mainnet.g.alchemy.com/v2/{key}", keyEnv: "ALCHEMY_API_KEY" }],
};

export const exampleUpstream: Upstream = {
  id: "defillama",
  name: "DefiLlama stablecoins",
  baseUrl: "https://stablecoins.llama.fi",
  timeoutMs: 15000,
  maxBytes: 16777216,
  retries: 2,
  concurrency: 2,
  perSecond: 2,
  keyEnv: "COINGECKO_API_KEY",
  keyRequired: false,
  licence: "CC0-1.0",
  attributionUrl: "https://defillama.com",
  docs: "https://api-docs.defillama.com",
};

export const exampleCorrection: Correction = {
  id: "usdn-supply-2026-11",
  coinId: "usdn-neutrino",
  dataset: "supply",
  kind: "upstream-error",
  what: "leave the supply of 2026-11-02 out",
  why: "the list counted a bridge twice",
  who: "maintainers",
  reportedAt: "2026-11-03",
  until: "2026-12-31",
  source: "https://github.com/plumbline/plumbline/issues/1",
};

export const exampleDoubt: Doubt = {
  coinId: "usdc-circle",
  field: "priceFeeds.pyth",
  value: "0617a9b7",
  why: "two coins share the ticker and nobody has checked the feed",
};

export const exampleOverrides: UpstreamOverrides = {
  simulated: true,
  upstreams: { defillama: "http://127.0.0.1:8080/defillama" },
  rpc: { "eip155:1": ["http://127.0.0.1:8080/rpc/1"] },
};
