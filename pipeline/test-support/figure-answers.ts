/** How each source of a supply or a rate says a number and a time: the tables of bad-answers-figures.test.ts. */
import { encodeAbiParameters, type Hex } from "viem";
import type { Coin } from "../schema/coin.ts";
import type { HttpRequest } from "../sources/source.ts";
import { utcDay } from "../time.ts";
import { LAB_CHAIN, LAB_NODE, LAB_NOW, RawText } from "./answer-lab.ts";
import { testCoin } from "./lane-context.ts";
import { chainAnswer, TOKEN } from "./price-answers.ts";

const iso = (sec: number): string => new Date(sec * 1000).toISOString();

interface Row {
  source: string;
  upstreams: readonly string[];
  body(value: unknown, atSec: number, request: HttpRequest): unknown;
  empty: { body: unknown; healthy: boolean } | null;
}

export interface RateRow extends Row {
  currency: "EUR" | "GOLD";
  /** USD per unit that the value stands for. */
  value(usdPerUnit: number): number;
  /** A stale answer is refused because a newer one is published, laid aside, or stands with its own age. */
  stale: "refused" | "laid-aside" | "dated";
}

const feedWord = (value: bigint): Hex => encodeAbiParameters([{ type: "int256" }], [value]);
const DECIMALS_CALL = "0x313ce567";

export const RATE_ROWS: readonly RateRow[] = [
  {
    source: "frankfurter:latest",
    upstreams: ["frankfurter"],
    currency: "EUR",
    value: (usd) => 1 / usd,
    body: (EUR, at) => ({ base: "USD", date: utcDay(at), rates: { EUR } }),
    empty: { body: { base: "USD", date: utcDay(LAB_NOW), rates: {} }, healthy: false },
    stale: "refused",
  },
  {
    source: "fawazahmed0:usd",
    upstreams: ["fawazahmed0-jsdelivr"],
    currency: "EUR",
    value: (usd) => 1 / usd,
    body: (eur, at) => ({ date: utcDay(at), usd: { eur } }),
    empty: { body: { date: utcDay(LAB_NOW), usd: {} }, healthy: false },
    stale: "refused",
  },
  {
    source: "fawazahmed0:usd-pages",
    upstreams: ["fawazahmed0-pages"],
    currency: "EUR",
    value: (usd) => 1 / usd,
    body: (eur, at) => ({ date: utcDay(at), usd: { eur } }),
    empty: { body: { date: utcDay(LAB_NOW), usd: {} }, healthy: false },
    stale: "refused",
  },
  {
    source: "exchangerate-api:latest",
    upstreams: ["exchangerate-api"],
    currency: "EUR",
    value: (usd) => 1 / usd,
    body: (EUR, at) => ({ result: "success", base_code: "USD", time_last_update_unix: at, rates: { EUR } }),
    empty: { body: { result: "success", base_code: "USD", time_last_update_unix: LAB_NOW, rates: {} }, healthy: false },
    stale: "refused",
  },
  {
    source: "openexchangerates:latest",
    upstreams: ["openexchangerates"],
    currency: "EUR",
    value: (usd) => 1 / usd,
    body: (EUR, timestamp) => ({ timestamp, base: "USD", rates: { EUR } }),
    empty: { body: { timestamp: LAB_NOW, base: "USD", rates: {} }, healthy: false },
    stale: "laid-aside",
  },
  {
    source: "gold-api:price",
    upstreams: ["gold-api"],
    currency: "GOLD",
    value: (usd) => usd,
    body: (price, at) => ({ symbol: "XAU", name: "Gold", price, updatedAt: iso(at) }),
    empty: { body: { symbol: "XAU", name: "Gold", price: null, updatedAt: iso(LAB_NOW) }, healthy: false },
    // Metals do not trade on weekends: an old price is the price, and its age is told.
    stale: "dated",
  },
  {
    source: "chainlink:latestRoundData",
    // Feeds stand on three chains; the nodes of the other two are taken for nodes of a wrong chain.
    upstreams: ["rpc:eip155:1:0", "rpc:eip155:8453:0", "rpc:eip155:42161:0"],
    currency: "GOLD",
    value: (usd) => usd,
    body: (answer, at, request) =>
      chainAnswer(
        request,
        LAB_NOW,
        (data) => {
          if (data.startsWith(DECIMALS_CALL)) return feedWord(8n);
          const isNumber = typeof answer === "number" && Number.isFinite(answer);
          if (!isNumber) return "0x";
          const words = [1n, BigInt(Math.round(answer * 1e8)), BigInt(at), BigInt(at), 1n];
          return `0x${words.map((one) => feedWord(one).slice(2)).join("")}`;
        },
        "eip155:42161",
      ),
    empty: null,
    stale: "laid-aside",
  },
];

export interface BenchmarkRow extends Row {
  currency: "USD" | "EUR";
  /** Values that are no rate on this wire. */
  noRates: readonly unknown[];
}

const sdmx = (observations: Record<string, unknown[]>, days: readonly string[]) => ({
  dataSets: [{ series: { "0:0:0": { observations } } }],
  structure: {
    dimensions: {
      series: ["B", "EU000A2QQF32", "CR"].map((id, at) => ({ id: `D${at}`, values: [{ id }] })),
      observation: [{ id: "TIME_PERIOD", values: days.map((id) => ({ id })) }],
    },
  },
});

export const BENCHMARK_ROWS: readonly BenchmarkRow[] = [
  {
    source: "fred:dgs3mo",
    upstreams: ["fred"],
    currency: "USD",
    body: (value, at) => new RawText(`observation_date,DGS3MO\n2026-11-02,.\n${utcDay(at)},${value}\n`),
    empty: { body: new RawText("observation_date,DGS3MO\n2026-11-02,.\n2026-11-03,\n"), healthy: false },
    noRates: ["n/a", "3,6", "3.6 %", "--3.6", "Infinity", "NaN"],
  },
  {
    source: "ecb-data-portal:estr-3m",
    upstreams: ["ecb-data-portal"],
    currency: "EUR",
    body: (value, at) => sdmx({ "0": [null], "1": [value] }, ["2026-11-02", utcDay(at)]),
    empty: { body: sdmx({}, []), healthy: false },
    noRates: ["1.9", Number.NaN, Number.POSITIVE_INFINITY, [1.9], true],
  },
];

export interface SupplyRow extends Row {
  coin: Coin;
  /** A stale answer is refused; null: the answer states no time. */
  timed: boolean;
}

const NO_IDS = { defillama: null, coingecko: null, coinmarketcap: null, coinmarketcapSlug: null };
const FILLERS = Array.from({ length: 60 }, (_, n) => ({
  id: String(1_000 + n),
  name: `Filler ${n}`,
  symbol: `F${n}`,
  circulating: { peggedUSD: 1 },
  price: 1,
}));

/** DefiLlama's list of nobody we know, for sources that are asked about coins beside it. */
export const FILLED_LIST = { peggedAssets: FILLERS };

export const SUPPLY_ROWS: readonly SupplyRow[] = [
  {
    source: "defillama:stablecoins",
    upstreams: ["defillama"],
    coin: testCoin("bad-coin", { ids: { ...NO_IDS, defillama: "7" } }),
    body: (usd) => ({
      peggedAssets: [
        ...FILLERS,
        { id: "7", name: "Bad", symbol: "BAD", circulating: usd === undefined ? {} : { peggedUSD: usd }, price: 1 },
      ],
    }),
    empty: { body: { peggedAssets: [] }, healthy: false },
    timed: false,
  },
  {
    source: "coingecko:coins-markets",
    upstreams: ["coingecko"],
    coin: testCoin("bad-coin", { ids: { ...NO_IDS, coingecko: "bad" } }),
    body: (market_cap, at) => [{ id: "bad", symbol: "bad", current_price: 1, market_cap, last_updated: iso(at) }],
    empty: { body: [], healthy: false },
    timed: true,
  },
  {
    source: "erc20:supply",
    upstreams: [LAB_NODE],
    coin: testCoin("bad-coin", {
      ids: NO_IDS,
      deployments: [{ chain: LAB_CHAIN, address: TOKEN, decimals: 6, role: "issued" }],
    }),
    body: (usd, at, request) =>
      chainAnswer(request, at, (data) => {
        if (data.startsWith(DECIMALS_CALL)) return feedWord(6n);
        return typeof usd === "number" && usd >= 0 && Number.isFinite(usd)
          ? encodeAbiParameters([{ type: "uint256" }], [BigInt(Math.round(usd)) * 1_000_000n])
          : "0x";
      }),
    empty: null,
    timed: true,
  },
];
