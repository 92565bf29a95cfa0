/** What sources ask, where one question takes several requests: batches, second tries, other hosts. */
import { describe, expect, test } from "vitest";
import { SourceUnavailable } from "../errors.ts";
import { binanceTicker } from "./binance.ts";
import { HttpRefused } from "./client-errors.ts";
import { coinbaseTicker } from "./coinbase.ts";
import { coingeckoSimplePrice } from "./coingecko.ts";
import { defillamaCoins } from "./defillama-coins.ts";
import { etherscanLogs } from "./etherscan.ts";
import { fawazahmed0Dated } from "./fawazahmed0.ts";
import { frankfurterLatest, frankfurterRange } from "./frankfurter.ts";
import { goldApi } from "./gold-api.ts";
import { krakenTicker } from "./kraken.ts";
import { openexchangerates } from "./openexchangerates.ts";
import { pythPrice } from "./pyth.ts";
import { redstonePrices } from "./redstone.ts";
import type { Http, HttpRequest } from "./source.ts";

interface Asked {
  upstream: string;
  request: HttpRequest;
}

/** An Http that notes what it is asked and answers by a function; an Error is thrown. */
function fake(answer: (asked: Asked) => unknown): { http: Http; asked: Asked[] } {
  const asked: Asked[] = [];
  const http: Http = {
    nowSec: 1_795_000_000,
    key: () => null,
    missingKey: () => null,
    rpc: {
      chain: () => Promise.reject(new Error("no chain")),
      call: () => Promise.reject(new Error("no node")),
      batch: () => Promise.reject(new Error("no node")),
      nodes: () => [],
    },
    async json(upstream, request) {
      asked.push({ upstream, request });
      const body = answer({ upstream, request });
      if (body instanceof Error) throw body;
      return { status: 200, body };
    },
  };
  return { http, asked };
}

const refused = (status: number): HttpRefused =>
  new HttpRefused("refused", "test", { status, contentType: null, retryAfterSec: null, text: "" });
const reset = new SourceUnavailable("reset", { code: "connection", retryable: true });

describe("CoinGecko", () => {
  test("asks 250 ids at a time and gives all of them", async () => {
    const keys = Array.from({ length: 600 }, (_, n) => `coin-${n}`);
    const { http, asked } = fake(({ request }) =>
      Object.fromEntries(
        String(request.query?.ids)
          .split(",")
          .map((id) => [id, { usd: 1, last_updated_at: 1 }]),
      ),
    );
    expect((await coingeckoSimplePrice.fetch(http, { keys })).quotes).toHaveLength(600);
    expect(asked.map(({ request }) => String(request.query?.ids).split(",").length)).toEqual([250, 250, 100]);
  });

  test("an error body is no empty market, and a coin called status is a coin", () => {
    const refusal = { status: { error_code: 429, error_message: "slow down" } };
    expect(() => coingeckoSimplePrice.parse(refusal, {})).toThrow(expect.objectContaining({ code: "upstream-error" }));
    expect(coingeckoSimplePrice.parse({ status: { usd: 0.03 } }, {}).quotes).toMatchObject([{ key: "status" }]);
  });
});

test("DefiLlama coins: addresses never go beyond the length an URL may have", async () => {
  const keys = Array.from({ length: 400 }, (_, n) => `ethereum:0x${String(n).padStart(40, "0")}`);
  const { http, asked } = fake(() => ({ coins: {} }));
  await defillamaCoins.fetch(http, { keys, at: 1_700_000_000 });
  expect(asked.flatMap(({ request }) => request.path.split("/").at(-1)?.split(",") ?? [])).toEqual(keys);
  for (const { request } of asked) {
    expect(request.path).toMatch(/^\/prices\/historical\/1700000000\//);
    expect(request.path.length).toBeLessThan(8000);
  }
});

describe("Binance", () => {
  const rows = [{ symbol: "USDCUSD", price: "1.0001" }];

  test.each([429, 403, 451, 500])("a host that answers %i is left for the next at once", async (status) => {
    const { http, asked } = fake(({ upstream }) => (upstream === "binance" ? refused(status) : rows));
    expect((await binanceTicker.fetch(http, {})).quotes).toMatchObject([{ key: "USDCUSD", priceUsd: 1.0001 }]);
    expect(asked.map(({ upstream }) => upstream)).toEqual(["binance", "binance-main"]);
  });

  test("a host that breaks the connection is left for the next too, after one more try by the client", async () => {
    const { http, asked } = fake(({ upstream }) => (upstream === "binance" ? reset : rows));
    await binanceTicker.fetch(http, {});
    expect(asked.map(({ upstream }) => upstream)).toEqual(["binance", "binance-main"]);
    expect(asked[0]?.request).toMatchObject({ retries: 1, retryStatuses: false });
  });

  test("all hosts refusing for legal reasons is 'blocked'", async () => {
    const { http } = fake(() => refused(451));
    await expect(binanceTicker.fetch(http, {})).rejects.toMatchObject({ code: "blocked" });
    const { http: mixed } = fake(({ upstream }) => refused(upstream === "binance" ? 451 : 500));
    await expect(binanceTicker.fetch(mixed, {})).rejects.toMatchObject({ code: "http-451" });
  });
});

test("Kraken: one unknown pair does not silence the others", async () => {
  const { http, asked } = fake(({ request }) =>
    request.query?.pair === undefined
      ? { error: [], result: { DAIUSD: { a: ["1.001"], b: ["0.999"], c: ["1"] } } }
      : { error: ["EQuery:Unknown asset pair"] },
  );
  const { quotes } = await krakenTicker.fetch(http, { keys: ["DAIUSD", "GONEUSD"] });
  expect(quotes).toMatchObject([{ key: "DAIUSD", price: 1 }]);
  expect(asked.map(({ request }) => request.query?.pair)).toEqual(["DAIUSD,GONEUSD", undefined]);
});

describe("Coinbase", () => {
  test("one product failing leaves the others", async () => {
    const { http } = fake(({ request }) => (request.path.includes("DAI") ? refused(404) : { price: "1.0002" }));
    const { quotes } = await coinbaseTicker.fetch(http, { keys: ["USDT-USD", "DAI-USD"] });
    expect(quotes).toMatchObject([{ key: "USDT-USD", price: 1.0002 }]);
  });

  test("every product failing is a failure", async () => {
    const { http } = fake(() => refused(503));
    await expect(coinbaseTicker.fetch(http, { keys: ["USDT-USD"] })).rejects.toMatchObject({ code: "http-503" });
  });
});

test("RedStone: a symbol missing from its batch is asked once alone, five such at most", async () => {
  const symbols = Array.from({ length: 12 }, (_, n) => `S${n}`);
  const entry = { value: 1, timestamp: 1_795_000_000_000, source: { a: 1, b: 1.001 } };
  const { http, asked } = fake(({ request }) => {
    const wanted = String(request.query?.symbols).split(",");
    return wanted.length > 1 ? {} : { [wanted[0] ?? ""]: entry };
  });
  const { quotes } = await redstonePrices.fetch(http, { symbols });
  expect(asked).toHaveLength(2 + 5);
  expect(quotes).toHaveLength(5);
});

test("Pyth asks with 0x and finds without it", async () => {
  const { http, asked } = fake(() => ({
    parsed: [{ id: "ab", price: { price: "100013000", conf: "61000", expo: -8, publish_time: 1_795_000_000 } }],
  }));
  const { quotes } = await pythPrice.fetch(http, { keys: ["0xAB"] });
  expect(asked[0]?.request.query).toEqual({ "ids[]": ["0xab"] });
  expect(quotes).toEqual([
    { key: "ab", price: 1.00013, quote: "USD", priceUsd: 1.00013, observedAt: 1_795_000_000, confidenceBps: 6 },
  ]);
});

test("keys travel as {key}, never in the open", async () => {
  const { http, asked } = fake(({ upstream }) =>
    upstream === "etherscan" ? { status: "1", result: [] } : { timestamp: 1, base: "USD", rates: {} },
  );
  await openexchangerates.fetch(http, { symbols: ["EUR"] });
  await etherscanLogs.fetch(http, { chainId: 10 });
  expect(asked.map(({ request }) => request.query?.app_id ?? request.query?.apikey)).toEqual(["{key}", "{key}"]);
});

test("paths of the currency sources", async () => {
  const { http, asked } = fake(({ upstream, request }) => {
    if (upstream === "gold-api") return { symbol: request.path.slice(-3), price: 4000 };
    if (upstream === "fawazahmed0-dated") return { date: "2026-09-24", usd: { eur: 0.9 } };
    return request.path === "/latest" ? { base: "USD", date: "2026-09-24", rates: {} } : { base: "USD", rates: {} };
  });
  await frankfurterLatest.fetch(http, { symbols: ["USD", "EUR"] });
  await frankfurterRange.fetch(http, { from: "2026-08-17", to: "2026-08-21" });
  await fawazahmed0Dated.fetch(http, { date: "2026-09-24" });
  await goldApi.fetch(http, { keys: ["XAU", "XAG"] });
  expect(asked.map(({ request: { path, query } }) => [path, query?.symbols])).toEqual([
    ["/latest", "EUR"],
    ["/2026-08-17..2026-08-21", undefined],
    ["/@fawazahmed0/currency-api@2026-09-24/v1/currencies/usd.min.json", undefined],
    ["/price/XAU", undefined],
    ["/price/XAG", undefined],
  ]);
});
