/**
 * How each source of a price says a number and a time, when it has nothing, and where its answer ends: the table of bad-answers-prices.test.ts.
 *
 * A row answers for one upstream alone; all others of the lab are down but the anchor's, so that a run has something to publish.
 */
import { encodeAbiParameters, type Hex } from "viem";
import type { Coin } from "../schema/coin.ts";
import type { PriceFeed } from "../schema/price-feed.ts";
import type { HttpRequest } from "../sources/source.ts";
import { type Answer, LAB_CHAIN, LAB_NODE, LAB_NOW } from "./answer-lab.ts";
import { testCoin } from "./lane-context.ts";

export const TOKEN = "0x1111111111111111111111111111111111111111";
export const MINT = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";
const SOLANA = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";
const FEED_ID = "ab".repeat(32);
const NO_IDS = { defillama: null, coingecko: null, coinmarketcap: null, coinmarketcapSlug: null };

export interface PriceRow {
  /** Id of the source, and the key its quotes speak under. */
  source: string;
  key: string;
  upstreams: readonly string[];
  coin: Coin;
  /** A whole answer with this price and this time. */
  body(price: unknown, atSec: number, request: HttpRequest): unknown;
  /** An answer that holds nothing, and whether the circuit takes it for a success; null: such an answer is malformed. */
  empty: { body: unknown; healthy: boolean } | null;
  /** An answer about others than was asked, and whether that is a success: sparse is healthy where the method says so. */
  sparse: { body: unknown; healthy: boolean } | null;
  /** Whether the answer states a time that is judged; else our own clock stands. */
  timed: boolean;
  /** Another source whose answer stands in the same rows. */
  also?: string;
  /** What other upstreams say beside it. */
  beside?: Answer;
  /** The price that stands because of those, whatever this source answers; default none. */
  standing?: number;
  /** Settings without which it is not asked. */
  settings?: Readonly<Record<string, string>>;
  /** How old its word may be, where that is not in the table of sources. */
  maxAgeSec?: number;
}

const provenance = { source: "test", doubt: null };
const fed = (feed: object, more: Partial<Coin> = {}): Coin =>
  testCoin("bad-coin", { ids: NO_IDS, priceFeeds: [{ ...feed, ...provenance } as PriceFeed], ...more });
const deployed = (chain: string, address: string, more: Partial<Coin> = {}): Coin =>
  testCoin("bad-coin", {
    ids: NO_IDS,
    symbol: "BAD",
    deployments: [{ chain, address, decimals: 18, role: "issued" }],
    ...more,
  });
const iso = (sec: number): string => new Date(sec * 1000).toISOString();
/** A number as venues send it; what is none stays as it is. */
const text = (value: unknown): unknown => (typeof value === "number" ? String(value) : value);
const word = (value: unknown, scale: number): Hex =>
  typeof value === "number" && Number.isFinite(value) && value >= 0
    ? encodeAbiParameters([{ type: "uint256" }], [BigInt(Math.round(value * scale)) * 10n ** 9n])
    : "0x";

/** A node that knows one block and answers every contract call with this. */
export function chainAnswer(
  request: HttpRequest,
  atSec: number,
  call: (data: Hex) => Hex,
  chain: string = LAB_CHAIN,
): unknown {
  const { method, params } = request.body as { method: string; params: { data: Hex }[] };
  const answer = (result: unknown) => ({ jsonrpc: "2.0", id: 1, result });
  if (method === "eth_chainId") return answer(`0x${Number(chain.slice(7)).toString(16)}`);
  if (method === "eth_getBlockByNumber")
    return answer({
      number: "0x64",
      timestamp: `0x${atSec.toString(16)}`,
      hash: `0x${"1".repeat(64)}`,
      transactions: [],
    });
  return answer(call(params[0]?.data ?? "0x"));
}

/** A coin that has its price whatever is tested, so that there is something to publish. */
export const ANCHOR = testCoin("anchor-coin", {
  ids: NO_IDS,
  deployments: [{ chain: LAB_CHAIN, address: `0x${"2".repeat(40)}`, decimals: 6, role: "issued" }],
  priceFeeds: [
    { kind: "coinbase", product: "ANCHOR-USD", ...provenance },
    { kind: "kraken", pair: "ANCHORUSD", answerKey: null, ...provenance },
  ],
});

/** The anchor's price, from whichever of its two venues is not under test. */
export function anchorAnswer(tested: readonly string[]): Answer {
  return (upstream, request) => {
    if (upstream === "coinbase" && !tested.includes("coinbase") && request.path.includes("ANCHOR"))
      return { bid: "1", ask: "1", price: "1", time: iso(LAB_NOW) };
    if (upstream === "kraken" && !tested.includes("kraken"))
      return { error: [], result: { ANCHORUSD: { a: ["1"], b: ["1"], c: ["1"] } } };
    return undefined;
  };
}

export const PRICE_ROWS: readonly PriceRow[] = [
  {
    source: "coingecko:simple-price",
    key: "coingecko",
    upstreams: ["coingecko"],
    coin: testCoin("bad-coin", { ids: { ...NO_IDS, coingecko: "bad" } }),
    body: (usd, last_updated_at) => ({ bad: { usd, last_updated_at } }),
    empty: { body: {}, healthy: false },
    sparse: { body: { other: { usd: 1, last_updated_at: LAB_NOW } }, healthy: false },
    timed: true,
  },
  {
    source: "coingecko-tickers:tickers",
    key: "cg-ticker",
    upstreams: ["coingecko"],
    coin: fed({ kind: "coingecko-ticker", coingeckoId: "bad", exchange: "x", base: "BAD", target: "USD" }),
    body: (last, at) => ({
      tickers: [{ base: "BAD", target: "USD", market: { identifier: "x" }, last, timestamp: iso(at), is_stale: false }],
    }),
    // Healthy by the method: an HTTP 200 counts, even if no ticker was usable.
    empty: { body: { tickers: [] }, healthy: true },
    sparse: {
      body: { tickers: [{ base: "BAD", target: "EUR", market: { identifier: "x" }, last: 1 }] },
      healthy: true,
    },
    timed: true,
  },
  {
    source: "coingecko:native-price",
    key: "coingecko-native-implied",
    upstreams: ["coingecko"],
    coin: testCoin("bad-coin", {
      peg: { currency: "EUR", type: "peggedEUR", referenceId: null },
      ids: { ...NO_IDS, coingecko: "bad" },
    }),
    // The dollar question of the same path is answered about another coin.
    body: (eur, last_updated_at, { query }) =>
      query?.vs_currencies === "eur" ? { bad: { eur, last_updated_at } } : { other: { usd: 1 } },
    empty: { body: {}, healthy: false },
    sparse: { body: { other: { eur: 1 } }, healthy: false },
    timed: true,
  },
  {
    source: "defillama:list-prices",
    key: "defillama-list",
    upstreams: ["defillama"],
    coin: testCoin("bad-coin", { ids: { ...NO_IDS, defillama: "7" } }),
    body: (price) => ({
      peggedAssets: [{ id: "7", name: "Bad", symbol: "BAD", circulating: { peggedUSD: 1 }, price }],
    }),
    empty: { body: { peggedAssets: [] }, healthy: false },
    sparse: {
      body: { peggedAssets: [{ id: "8", name: "Other", symbol: "OTHER", circulating: { peggedUSD: 1 }, price: 1 }] },
      healthy: true,
    },
    timed: false,
  },
  {
    source: "defillama-coins:prices",
    key: "defillama-contract",
    upstreams: ["defillama-coins"],
    coin: deployed(LAB_CHAIN, TOKEN),
    body: (price, timestamp) => ({
      coins: { [`ethereum:${TOKEN}`]: { price, symbol: "BAD", timestamp, confidence: 0.99, decimals: 18 } },
    }),
    // Unknown coins are silently absent: an empty answer is one.
    empty: { body: { coins: {} }, healthy: true },
    sparse: { body: { coins: { "ethereum:0x2": { price: 1, symbol: "O", timestamp: LAB_NOW } } }, healthy: true },
    timed: true,
  },
  {
    source: "pyth:price",
    key: "pyth",
    upstreams: ["pyth-hermes"],
    coin: fed({ kind: "pyth", feedId: FEED_ID }),
    body: (price, publish_time) => ({
      parsed: [
        {
          id: FEED_ID,
          price: {
            price: typeof price === "number" && Number.isFinite(price) ? String(Math.round(price * 1e8)) : price,
            conf: "1000",
            expo: -8,
            publish_time,
          },
        },
      ],
    }),
    // The method counts Pyth and RedStone as well only with one usable price.
    empty: { body: { parsed: [] }, healthy: false },
    sparse: {
      body: { parsed: [{ id: "cd".repeat(32), price: { price: "100000000", expo: -8, publish_time: LAB_NOW } }] },
      healthy: false,
    },
    timed: true,
  },
  {
    source: "redstone:prices",
    key: "redstone",
    upstreams: ["redstone"],
    coin: fed({ kind: "redstone", symbol: "BAD" }),
    body: (price, at) => ({ BAD: { value: price, timestamp: at * 1000, source: { a: price, b: price } } }),
    empty: { body: {}, healthy: false },
    sparse: { body: { OTHER: { value: 1, timestamp: LAB_NOW * 1000, source: { a: 1, b: 1 } } }, healthy: false },
    timed: true,
  },
  {
    source: "binance:ticker",
    key: "binance",
    upstreams: ["binance", "binance-main"],
    coin: fed({ kind: "binance", symbol: "BADUSD" }),
    body: (price) => [{ symbol: "BADUSD", price: text(price) }],
    empty: { body: [], healthy: false },
    sparse: { body: [{ symbol: "OTHERUSD", price: "1" }], healthy: false },
    timed: false,
  },
  {
    source: "zephyr:livestats",
    key: "zephyr-scanner",
    upstreams: ["zephyr"],
    coin: fed({ kind: "zephyr-scanner", asset: "ZYS", quotesPrice: true }),
    body: (price) => ({ zsd_circ: 400_000, zys_circ: 200_000, zys_price: price }),
    empty: null,
    sparse: null,
    timed: false,
  },
  {
    source: "kraken:ticker",
    key: "kraken",
    upstreams: ["kraken"],
    coin: fed({ kind: "kraken", pair: "BADUSD", answerKey: null }),
    body: (price) => ({
      error: [],
      result: { BADUSD: { a: [text(price)], b: [text(price)], c: [text(price)] } },
    }),
    empty: { body: { error: [], result: {} }, healthy: false },
    sparse: { body: { error: [], result: { OTHERUSD: { a: ["1"], b: ["1"], c: ["1"] } } }, healthy: false },
    timed: false,
  },
  {
    source: "bitstamp:ticker",
    key: "bitstamp",
    upstreams: ["bitstamp"],
    coin: fed({ kind: "bitstamp", market: "BAD/USD" }),
    body: (price, at) => [
      { pair: "BAD/USD", bid: text(price), ask: text(price), last: text(price), timestamp: String(at) },
    ],
    empty: { body: [], healthy: false },
    sparse: {
      body: [{ pair: "OTHER/USD", bid: "1", ask: "1", last: "1", timestamp: String(LAB_NOW) }],
      healthy: false,
    },
    timed: true,
  },
  {
    source: "coinbase:ticker",
    key: "coinbase",
    upstreams: ["coinbase"],
    coin: fed({ kind: "coinbase", product: "BAD-USD" }),
    body: (price, at) => ({ bid: text(price), ask: text(price), price: text(price), time: iso(at) }),
    empty: null,
    sparse: null,
    timed: true,
  },
  {
    source: "jupiter:price",
    also: "solana-rpc:get-slot",
    maxAgeSec: 900,
    key: "jupiter",
    upstreams: ["jupiter", "solana-rpc"],
    coin: fed({ kind: "jupiter", mint: MINT }),
    // The slot stands for the time: 0.4 seconds each.
    body: (usdPrice, at, { method }) =>
      method === "POST"
        ? { jsonrpc: "2.0", id: 1, result: 400_000_000 }
        : {
            [MINT]: { usdPrice, liquidity: 1e6, blockId: 400_000_000 + Math.round((at - LAB_NOW) * 2.5), decimals: 6 },
          },
    // Sparse answers are healthy by the method: many mints are simply not traded.
    empty: { body: {}, healthy: true },
    sparse: { body: { other: { usdPrice: 1, liquidity: 1e6, blockId: 400_000_000 } }, healthy: true },
    timed: true,
  },
  {
    source: "coinmarketcap:category",
    key: "coinmarketcap",
    upstreams: ["coinmarketcap"],
    coin: testCoin("bad-coin", { ids: { ...NO_IDS, coinmarketcapSlug: "bad" } }),
    body: (price, at) => ({
      data: {
        num_tokens: 1,
        coins: [{ slug: "bad", symbol: "BAD", quote: { USD: { price, last_updated: iso(at) } } }],
      },
    }),
    empty: { body: { data: { num_tokens: 0, coins: [] } }, healthy: false },
    sparse: {
      body: {
        data: {
          num_tokens: 2,
          coins: [{ slug: "bad", symbol: "BAD", quote: { USD: { price: 1, last_updated: iso(LAB_NOW) } } }],
        },
      },
      healthy: true,
    },
    timed: true,
  },
  {
    source: "dexscreener:tokens",
    key: "dexscreener-exact",
    upstreams: ["dexscreener"],
    coin: deployed(LAB_CHAIN, TOKEN),
    body: (price) => [
      {
        chainId: "ethereum",
        dexId: "uniswap",
        pairAddress: "0x2",
        baseToken: { address: TOKEN, symbol: "BAD" },
        quoteToken: { address: "0x3", symbol: "WETH" },
        priceUsd: text(price),
        liquidity: { usd: 1e6 },
      },
    ],
    empty: { body: [], healthy: true },
    sparse: { body: { pairs: null }, healthy: true },
    timed: false,
  },
  {
    source: "dexscreener:address-tokens",
    key: "dexscreener-address",
    settings: { PLUMBLINE_ADDRESS_PROVIDERS: "dexscreener" },
    upstreams: ["dexscreener"],
    coin: deployed(LAB_CHAIN, TOKEN),
    body: (price) => [
      {
        chainId: "ethereum",
        dexId: "uniswap",
        pairAddress: "0x2",
        baseToken: { address: TOKEN, symbol: "BAD" },
        quoteToken: { address: "0x3", symbol: "WETH" },
        priceUsd: text(price),
        liquidity: { usd: 1e6 },
      },
    ],
    empty: { body: [], healthy: true },
    sparse: { body: { pairs: null }, healthy: true },
    timed: false,
  },
  {
    source: "dexpaprika:token",
    key: "dexpaprika-address",
    upstreams: ["dexpaprika"],
    coin: deployed(LAB_CHAIN, TOKEN),
    body: (price_usd, at) => ({
      id: TOKEN,
      chain: "ethereum",
      summary: { price_usd, liquidity_usd: 1e6 },
      last_updated: iso(at),
    }),
    empty: { body: { summary: null }, healthy: true },
    sparse: { body: { summary: {} }, healthy: true },
    timed: true,
  },
  {
    source: "coingecko-onchain:token-price",
    key: "coingecko-onchain-address",
    upstreams: ["coingecko"],
    coin: deployed(LAB_CHAIN, TOKEN),
    body: (price) => ({ data: { attributes: { token_prices: { [TOKEN]: price } } } }),
    empty: { body: { data: { attributes: { token_prices: {} } } }, healthy: true },
    sparse: { body: { data: { attributes: { token_prices: { "0x2": "1" } } } }, healthy: true },
    timed: false,
  },
  {
    source: "alchemy:prices",
    key: "alchemy-address",
    upstreams: ["alchemy-prices"],
    coin: deployed(LAB_CHAIN, TOKEN),
    body: (value, at) => ({
      data: [{ network: "eth-mainnet", address: TOKEN, prices: [{ currency: "usd", value, lastUpdatedAt: iso(at) }] }],
    }),
    empty: { body: { data: [] }, healthy: true },
    sparse: { body: { data: [{ network: "eth-mainnet", address: TOKEN, prices: [] }] }, healthy: true },
    timed: true,
  },
  {
    source: "moralis:prices",
    key: "moralis-address",
    upstreams: ["moralis"],
    coin: deployed(LAB_CHAIN, TOKEN),
    body: (usdPrice) => [{ tokenAddress: TOKEN, usdPrice, pairTotalLiquidityUsd: "1000000", possibleSpam: false }],
    empty: { body: [], healthy: true },
    sparse: { body: [{ tokenAddress: TOKEN, usdPrice: 1, possibleSpam: true }], healthy: true },
    timed: false,
  },
  {
    source: "birdeye:price",
    key: "birdeye-address",
    upstreams: ["birdeye"],
    coin: deployed(SOLANA, MINT),
    body: (value, updateUnixTime) => ({ success: true, data: { value, updateUnixTime, liquidity: 1e6 } }),
    empty: { body: { success: true, data: null }, healthy: true },
    sparse: { body: { success: true, data: {} }, healthy: true },
    timed: true,
  },
  {
    source: "curve-onchain:get-dy",
    key: "curve-onchain",
    upstreams: [LAB_NODE],
    coin: fed({
      kind: "curve-pool",
      chain: LAB_CHAIN,
      address: TOKEN,
      call: "get_dy",
      inputIndex: 0,
      outputIndex: 1,
      inputDecimals: 6,
      outputDecimals: 18,
      route: "direct",
      via: null,
      maxHopDepth: null,
      reference: null,
    }),
    // One unit in buys 1/price units out; what is no number is an empty result, as of a contract that is not there.
    body: (price, at, request) =>
      chainAnswer(request, at, () => word(typeof price === "number" && price > 0 ? 1 / price : price, 1e9)),
    empty: null,
    sparse: null,
    timed: true,
  },
  {
    source: "curve-oracle:price",
    key: "curve-oracle",
    upstreams: [LAB_NODE],
    coin: fed({ kind: "curve-oracle", chain: LAB_CHAIN, address: TOKEN }),
    body: (price, at, request) => chainAnswer(request, at, () => word(price, 1e9)),
    empty: null,
    sparse: null,
    timed: true,
  },
  {
    source: "geckoterminal:pools",
    key: "geckoterminal",
    upstreams: ["geckoterminal"],
    coin: deployed(LAB_CHAIN, TOKEN, { ids: { ...NO_IDS, coingecko: "bad" } }),
    // Asked about a weak price only: here CoinGecko's alone, which no odd pool may push aside.
    beside: (upstream, { path }) =>
      upstream === "coingecko" && path === "/simple/price" ? { bad: { usd: 1, last_updated_at: LAB_NOW } } : undefined,
    standing: 1,
    body: (price) => ({
      data: [
        {
          attributes: { address: "0x2", reserve_in_usd: "1000000", base_token_price_usd: text(price) },
          relationships: { base_token: { data: { id: `eth_${TOKEN}` } }, quote_token: { data: { id: "eth_0x3" } } },
        },
      ],
    }),
    empty: { body: { data: [] }, healthy: true },
    sparse: {
      body: {
        data: [
          {
            attributes: { address: "0x2", reserve_in_usd: "1", base_token_price_usd: "1" },
            relationships: { base_token: { data: { id: "eth_0x4" } }, quote_token: { data: { id: "eth_0x3" } } },
          },
        ],
      },
      healthy: true,
    },
    timed: false,
  },
  {
    source: "contracts:read",
    key: "protocol-redeem",
    upstreams: [LAB_NODE],
    coin: fed(
      { kind: "erc4626-parent", parent: ANCHOR.id, overridesPrice: true, call: "convertToAssets" },
      { deployments: [{ chain: LAB_CHAIN, address: TOKEN, decimals: 18, role: "issued" }] },
    ),
    body: (price, at, request) =>
      chainAnswer(request, at, () =>
        typeof price === "number" && price >= 0
          ? encodeAbiParameters([{ type: "uint256" }], [BigInt(Math.round(price * 1e6))])
          : "0x",
      ),
    empty: null,
    sparse: null,
    timed: true,
  },
];
