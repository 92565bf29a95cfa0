/** Real answers of real upstreams, read as they are; each quirk their notes name has a test of that name. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { coingeckoList, coingeckoMarkets, coingeckoSimplePrice } from "./coingecko.ts";
import { coingeckoTickers } from "./coingecko-tickers.ts";
import { parseKlines, parseRounds } from "./csv.ts";
import { curvePools } from "./curve.ts";
import { defillamaCharts, defillamaStablecoins } from "./defillama.ts";
import { defillamaCoins } from "./defillama-coins.ts";
import { etherscanLogs, etherscanTokenTransfers } from "./etherscan.ts";
import { exchangerateApi } from "./exchangerate-api.ts";
import { fawazahmed0Jsdelivr } from "./fawazahmed0.ts";
import { frankfurterLatest, frankfurterRange } from "./frankfurter.ts";
import { goldApi } from "./gold-api.ts";
import { sources } from "./index.ts";
import { ethGetTransactionReceipt } from "./json-rpc-reads.ts";
import { jupiterPrice } from "./jupiter.ts";
import { krakenTicker } from "./kraken.ts";
import { llamaYields } from "./llama-yields.ts";
import { pythPrice } from "./pyth.ts";
import { redstonePrices } from "./redstone.ts";
import { trongridEvents } from "./trongrid.ts";

const RECORDINGS = fileURLToPath(new URL("../../../shared/recordings/", import.meta.url));
const recorded = describe.skipIf(!existsSync(RECORDINGS));

const read = (file: string): unknown => JSON.parse(readFileSync(resolve(RECORDINGS, file), "utf8"));
const text = (file: string): string => readFileSync(resolve(RECORDINGS, file), "utf8");
const files = (pattern: string): string[] =>
  globSync(pattern, { cwd: RECORDINGS })
    .filter((file) => !file.includes("provenance"))
    .sort();
const ExchangeSchema = z.object({ url: z.string(), body: z.string() });
const exchanges = (file: string): { url: string; body: unknown }[] =>
  text(file)
    .trim()
    .split("\n")
    .map((line) => ExchangeSchema.parse(JSON.parse(line)))
    .map(({ url, body }) => ({ url, body: JSON.parse(body) }));

/** Which source reads which recordings. */
const READERS: [id: string, pattern: string, request?: Record<string, unknown>][] = [
  ["defillama:stablecoins", "defillama/stablecoins.*.json"],
  ["defillama:stablecoincharts", "defillama/stablecoincharts-*.json"],
  ["coingecko:coins-list", "coingecko/coins-list.*.json"],
  ["coingecko:coins-markets", "coingecko/coins-markets.*.json"],
  ["coingecko-tickers:tickers", "coingecko/tickers.*.json"],
  ["kraken:ticker", "kraken/*.json"],
  ["coinbase:ticker", "coinbase-exchange/*.json", { keys: ["BTC-USDT"] }],
  ["pyth:price", "pyth-hermes/*.json"],
  ["redstone:prices", "redstone/*.json"],
  ["jupiter:price", "jupiter/*.json"],
  ["gold-api:price", "gold-api/*.json"],
  ["dexscreener:tokens", "dexscreener/*.json"],
  ["curve:pools", "curve/*.json"],
  ["frankfurter:latest", "frankfurter/v1-latest*.json"],
  ["frankfurter:range", "frankfurter/v1-range*.json"],
  ["fawazahmed0:usd", "fawazahmed0-currency-api/*.{usd,eur}.json"],
  ["exchangerate-api:latest", "open-er-api/*.json"],
  ["trongrid:events", "trongrid/*.json"],
  ["llama-yields:pools", "yields-llama/*.json"],
  ["json-rpc:eth_getLogs", "ethereum-etl/*eth_getFilterLogs*.json"],
  [
    "json-rpc:eth_getTransactionReceipt",
    "{ethereum-etl/*eth_getTransactionReceipt*,rotki-cassettes/**/*.receipt}.json",
  ],
  ["json-rpc:eth_getBlockByNumber", "{ethereum-etl/*eth_getBlockByNumber*,rotki-cassettes/**/*.block}.json"],
];

recorded("every recording of ours parses (skipped where ../shared is absent)", () => {
  test.each(READERS)("%s reads %s", (id, pattern, request = {}) => {
    const found = files(pattern);
    expect(found).not.toHaveLength(0);
    // A receipt may hold no log and a fresh feed no price; none of these files is empty altogether.
    const rows = found
      .map((file) => sources.get(id)?.parse(read(file), request))
      .map((out) => sources.get(id)?.rows(out) ?? 0);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
  });

  test.each([
    ["coingecko:simple-price", "coingecko/simple-price.recordings.jsonl", 60],
    ["defillama-coins:prices", "defillama-coins/prices.recordings.jsonl", 23],
    ["etherscan:getLogs", "etherscan/getLogs.recordings.jsonl", 5],
    ["etherscan:getblocknobytime", "etherscan/getblocknobytime.recordings.jsonl", 29],
    ["etherscan:tokentx", "etherscan/tokentx.recordings.jsonl", 20],
    ["json-rpc:eth_getLogs", "evm-rpc/eth_getLogs.recordings.jsonl", 9],
  ])("%s reads all exchanges of %s", (id, file, count) => {
    const answers = exchanges(file).map(({ url, body }) => {
      const vs = new URL(url).searchParams.get("vs_currencies") ?? undefined;
      return sources.get(id)?.parse(body, { vs });
    });
    expect(answers).toHaveLength(count);
  });

  test.each(files("binance-klines/*.csv"))("%s", (file) => {
    expect(parseKlines(text(file)).points.length).toBeGreaterThan(500);
  });

  test.each(files("chainlink-history/*.csv"))("%s", (file) => {
    expect(parseRounds(text(file)).points.length).toBeGreaterThan(1000);
  });
});

recorded("quirks of DefiLlama", () => {
  const list = () => defillamaStablecoins.parse(read("defillama/stablecoins.includePrices.excerpt.2026-09.json"), {});
  const asset = (symbol: string) => list().assets.find((one) => one.symbol === symbol);

  test("list amounts are USD whatever the peg", () => {
    // 541,504.6 would be four hundred dollars if these were won.
    expect(asset("KRWQ")).toMatchObject({ pegType: "peggedKRW", circulatingUsd: 541504.605500843 });
  });

  test("price may be null while amounts use a rate", () => {
    expect(asset("KRW1")).toMatchObject({ priceUsd: null, circulatingUsd: 10029.161673526807 });
  });

  test("earlier amounts may be an empty map, which is unknown", () => {
    expect(asset("QEURO")).toMatchObject({ prevWeekUsd: null, prevMonthUsd: null });
  });

  test("a chain with nothing on it is zero and not unknown", () => {
    expect(asset("QCAD")?.chains.Base).toBe(0);
  });

  test("chart dates are text and keys appear over the years", () => {
    const { points } = defillamaCharts.parse(read("defillama/stablecoincharts-all.full.json"), {});
    expect(points).toHaveLength(3091);
    expect(points[0]).toMatchObject({ date: 1_511_913_600, circulatingUsd: 110_105 });
    expect(points.every(({ circulatingUsd }) => circulatingUsd !== null)).toBe(true);
  });

  test("coins: the answer comes in another order, unknown coins are absent, addresses come in the case asked", () => {
    const answers = exchanges("defillama-coins/prices.recordings.jsonl").map(({ body }) =>
      defillamaCoins.parse(body, {}),
    );
    expect(answers[0]?.quotes).toEqual([]);
    expect(answers[12]?.quotes.map(({ key }) => key)).toEqual(["coingecko:tether", "coingecko:usd-coin"]);
    expect(answers[4]?.quotes[0]?.key).toBe("base:0xb79dd08ea68a908a97220c76d19a6aa9cbde4376");
    expect(answers[22]?.quotes[0]?.confidence).toBeNull();
  });
});

recorded("quirks of CoinGecko", () => {
  test("whole prices come as integers", () => {
    const prices = exchanges("coingecko/simple-price.recordings.jsonl").flatMap(({ url, body }) => {
      const vs = new URL(url).searchParams.get("vs_currencies") ?? "usd";
      return coingeckoSimplePrice.parse(body, { vs }).quotes;
    });
    expect(prices.some(({ price }) => Number.isInteger(price))).toBe(true);
    expect(prices.every(({ observedAt }) => observedAt === null)).toBe(true);
  });

  test("a price in another currency is no USD price", () => {
    const eur = exchanges("coingecko/simple-price.recordings.jsonl")[42];
    expect(coingeckoSimplePrice.parse(eur?.body, { vs: "eur" }).quotes[0]).toMatchObject({
      quote: "EUR",
      priceUsd: null,
    });
    expect(coingeckoSimplePrice.parse(eur?.body, { vs: "usd" }).quotes).toEqual([]);
  });

  test("ids may be odd, names Unicode, symbols not unique", () => {
    const { coins } = coingeckoList.parse(read("coingecko/coins-list.2025-08-03.json"), {});
    expect(coins.some(({ id }) => id === "_")).toBe(true);
    expect(coins.filter(({ symbol }) => symbol === "usdc").length).toBeGreaterThan(1);
    expect(new Set(coins.map(({ id }) => id)).size).toBe(coins.length);
  });

  test("last_updated has milliseconds, a price may be an integer", () => {
    const { quotes } = coingeckoMarkets.parse(read("coingecko/coins-markets.trimmed.2026-09-02.json"), {});
    expect(quotes[0]).toMatchObject({ key: "bitcoin", price: 77356, observedAt: 1_788_381_690 });
  });

  test("tickers: trust score and spread may be null, last is in the target currency", () => {
    const { tickers } = coingeckoTickers.parse(read("coingecko/tickers.luna.2019-07-02.json"), {});
    expect(tickers[1]).toMatchObject({ target: "KRW", last: 1790, trustScore: null, spreadPct: null });
  });
});

recorded("quirks of currency tables", () => {
  const day = (date: string) => fawazahmed0Jsdelivr.parse(read(`fawazahmed0-currency-api/${date}.json`), {}).rates;

  test("Frankfurter: the base is not in its own table", () => {
    const { rates } = frankfurterLatest.parse(read("frankfurter/v1-latest.usd.2026-09-02.json"), {});
    expect(Object.keys(rates)).toEqual(["EUR", "GBP", "JPY"]);
  });

  test("Frankfurter: weekends and days without USD are absent", () => {
    const { days } = frankfurterRange.parse(read("frankfurter/v1-range.eur-czk.2026-08-17_21.json"), {});
    expect(days.map(({ date }) => date)).toEqual(["2026-08-17", "2026-08-18"]);
    expect(days[0]?.rates).toMatchObject({ EUR: 1.1593, USD: 1 });
  });

  test("fawazahmed0: the set of codes varies by day", () => {
    expect(day("2026.9.24.usd")).toHaveProperty("EURC");
    expect(day("2026.4.19.usd")).not.toHaveProperty("EURC");
    expect(Object.keys(day("2024.3.2.usd")).length).toBeGreaterThan(600);
  });

  test("fawazahmed0: odd names are names like others", () => {
    expect(day("2024.3.2.usd")).toHaveProperty("$MYRO");
  });

  test("fawazahmed0: metals are per troy ounce", () => {
    expect(day("2026.9.24.usd").XAU).toBeCloseTo(4284.178, 2);
  });

  test("fawazahmed0: stablecoin values carry noise", () => {
    expect(Math.abs((day("2025.6.16.usd").USDC ?? 1) - 1)).toBeGreaterThan(0.004);
  });

  test("fawazahmed0: the table in euros says the same as the one in dollars", () => {
    expect(day("2026.9.24.eur").GBP).toBeCloseTo(day("2026.9.24.usd").GBP ?? 0, 6);
  });

  test("fawazahmed0: the list of names is no table of rates", () => {
    const names = read("fawazahmed0-currency-api/2026.9.24.currencies.json");
    expect(() => fawazahmed0Jsdelivr.parse(names, {})).toThrow(/another shape/);
  });

  test("open.er-api: `rates` here, `conversion_rates` on the keyed host", () => {
    const open = read("open-er-api/latest.USD.partial.json") as Record<string, unknown>;
    const { rates, ...rest } = open;
    const answer = exchangerateApi.parse(open, {});
    expect(answer).toMatchObject({ date: "2026-10-03", observedAt: 1_790_985_752 });
    expect(exchangerateApi.parse({ ...rest, conversion_rates: rates }, {})).toEqual(answer);
  });

  test("open.er-api: an error comes with HTTP 200", () => {
    const body = { result: "error", "error-type": "unsupported-code" };
    expect(() => exchangerateApi.parse(body, {})).toThrow(expect.objectContaining({ code: "upstream-error" }));
  });

  test.each(["2026-02-26", "2026-08-19"])("gold-api: the shape of %s", (date) => {
    const { quotes } = goldApi.parse(read(`gold-api/price.XAU.${date}.json`), {});
    expect(quotes).toMatchObject([{ key: "XAU", quote: "USD", observedAt: expect.any(Number) }]);
  });
});

recorded("quirks of venues and oracles", () => {
  const kraken = (keys?: string[]) =>
    krakenTicker.parse(read("kraken/Ticker.all.assetVersion1.2026-06-24.json"), { keys });

  test("Kraken: EURR/USD shows a book and a last price of 0.00000000, so it has never traded", () => {
    expect(kraken(["EURR/USD"]).quotes).toEqual([]);
  });

  test("Kraken: a pair is found under the name it was asked by", () => {
    expect(kraken(["USDTUSD"]).quotes).toMatchObject([{ key: "USDTUSD", quote: "USD" }]);
    const old = { error: [], result: { USDTZUSD: { a: ["1.0002"], b: ["1.0000"], c: ["1.0001"] } } };
    expect(krakenTicker.parse(old, { keys: ["USDTUSD"] }).quotes).toMatchObject([{ key: "USDTUSD", price: 1.0001 }]);
    expect(krakenTicker.parse(old, {}).quotes).toMatchObject([{ key: "USDTZUSD", quote: "USD" }]);
  });

  test("Pyth: ids come back without 0x, exponents differ", () => {
    const near = read("pyth-hermes/updates-price-latest.near-eth.json");
    const id = "c415de8d2eba7db216527dff4b60e8f3a5311c740dadb233e13e12547e226750";
    expect(pythPrice.parse(near, { keys: [`0x${id.toUpperCase()}`] }).quotes).toMatchObject([{ key: id }]);
    const tesla = pythPrice.parse(read("pyth-hermes/updates-price-latest.tsla-expo-5.json"), {});
    expect(tesla.quotes[0]).toMatchObject({ price: 433.80934, confidenceBps: 7 });
  });

  test("RedStone: times in milliseconds, a venue price may be an integer", () => {
    const { quotes } = redstonePrices.parse(read("redstone/prices.USDT.2021-09.json"), {});
    expect(quotes[0]).toMatchObject({ observedAt: 1_632_229_811, venues: 13, agreementPct: 100 });
  });

  test("Jupiter: mints keep their case, unknown ones are absent", () => {
    const { quotes } = jupiterPrice.parse(read("jupiter/price-v3.json"), {
      keys: ["So11111111111111111111111111111111111111112", "nobody"],
    });
    expect(quotes.map(({ key }) => key)).toEqual(["So11111111111111111111111111111111111111112"]);
  });

  test("Curve: decimals as text or number, prices may be null, addresses may repeat, no zero address", () => {
    const { pools } = curvePools.parse(read("curve/getPools.all.ethereum.stables.2025-05-17.json"), {});
    const coins = pools.flatMap((pool) => pool.coins);
    expect(coins.every(({ decimals }) => decimals !== null)).toBe(true);
    expect(coins.some(({ usdPrice }) => usdPrice === null)).toBe(true);
    expect(coins.some(({ address }) => /^0x0+$/.test(address))).toBe(false);
    expect(new Set(pools.map(({ address }) => address)).size).toBeLessThan(pools.length);
  });

  test("yields: nulls stay null and `status` may be missing", () => {
    const { pools } = llamaYields.parse(read("yields-llama/pools.sample.2025-10.json"), {});
    expect(pools.some(({ apyReward }) => apyReward === null)).toBe(true);
  });
});

recorded("quirks of chains and explorers", () => {
  test("Etherscan: hex numbers, and Blockscout pads topics with null", () => {
    const answers = exchanges("etherscan/getLogs.recordings.jsonl").map(({ body }) => etherscanLogs.parse(body, {}));
    expect(answers[3]?.logs[0]).toMatchObject({ blockNumber: 10_712_731, topics: { length: 3 } });
  });

  test("Etherscan: status 0 with an empty list means nothing found", () => {
    const answers = exchanges("etherscan/tokentx.recordings.jsonl");
    const empty = answers.filter(({ body }) => (body as { status: string }).status === "0");
    expect(empty.length).toBeGreaterThan(5);
    for (const { body } of empty) expect(etherscanTokenTransfers.parse(body, {}).transfers).toEqual([]);
  });

  test("TronGrid: a counterfeit USDT looks like any other, base58 contract and hex parties", () => {
    const { events } = trongridEvents.parse(read("trongrid/events.transfer.counterfeit-usdt.json"), {});
    expect(events[0]?.contract).not.toBe("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
    expect(events[0]?.from).toMatch(/^0x[0-9a-f]{40}$/);
  });

  test("an old node's receipt lacks newer fields", () => {
    const [file] = files("ethereum-etl/*receipts_with_logs*0x04cbcb*.json");
    expect(ethGetTransactionReceipt.parse(read(file ?? ""), {}).logs[0]).toMatchObject({
      blockNumber: 483_920,
      logIndex: 0,
    });
  });
});
