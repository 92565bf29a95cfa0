import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { UpstreamOverridesSchema } from "../schema/upstream.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import { TEST_NOW_SEC as NOW, testCoins } from "./test-coins.ts";
import { UPSTREAMS } from "./upstreams/index.ts";

const DAY_SEC = 86_400;
const HOUR_SEC = 3_600;
const coins = testCoins(120);

let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator({ seed: 11, coins, nowSec: NOW });
});
afterAll(() => sim.close());

const urlOf = (upstream: string, path: string, from = sim) => `${from.overrides.upstreams[upstream]}${path}`;
const textOf = async (upstream: string, path: string, from = sim) => (await fetch(urlOf(upstream, path, from))).text();

async function get<T>(upstream: string, path: string, schema: z.ZodType<T>, atSec = NOW): Promise<T> {
  sim.setNow(atSec);
  const answer = await fetch(urlOf(upstream, path));
  expect(answer.headers.get("x-plumbline-simulated")).toBe("1");
  expect(answer.status).toBe(200);
  return schema.parse(await answer.json());
}

const unixSec = z
  .int()
  .min(NOW - DAY_SEC)
  .max(NOW);
const byPeg = z.record(z.string().regex(/^pegged[A-Z]+$/), z.number().nonnegative());
const amounts = z.strictObject({
  current: byPeg,
  circulatingPrevDay: byPeg,
  circulatingPrevWeek: byPeg,
  circulatingPrevMonth: byPeg,
});
const ListSchema = z.strictObject({
  peggedAssets: z
    .array(
      z.strictObject({
        id: z.string().regex(/^\d+$/),
        name: z.string().min(1),
        symbol: z.string().min(1),
        gecko_id: z.string().nullable(),
        pegType: z.string().startsWith("pegged"),
        priceSource: z.string(),
        pegMechanism: z.string(),
        circulating: byPeg,
        circulatingPrevDay: byPeg,
        circulatingPrevWeek: byPeg,
        circulatingPrevMonth: byPeg,
        chainCirculating: z.record(z.string(), amounts),
        chains: z.array(z.string()).min(1),
        price: z.number().positive().nullable(),
        deadFrom: z.string().optional(),
      }),
    )
    .min(50),
  chains: z
    .array(z.strictObject({ gecko_id: z.null(), tokenSymbol: z.null(), totalCirculatingUSD: byPeg, name: z.string() }))
    .min(2),
});
const SimplePriceSchema = z.record(
  z.string(),
  z.strictObject({ usd: z.number().positive(), last_updated_at: unixSec }),
);
const RatesSchema = z.record(z.string().regex(/^[A-Z]{3}$/), z.number().positive());

const LIST = "/stablecoins?includePrices=true";
const SIMPLE = `/simple/price?ids=${coins.map((coin) => coin.ids.coingecko).join(",")}&vs_currencies=usd&include_last_updated_at=true`;

describe("one seed, one set of bytes", () => {
  const paths = [
    ["defillama", LIST],
    ["defillama", "/stablecoincharts/all"],
    ["coingecko", SIMPLE],
    ["fawazahmed0-jsdelivr", "/currencies/usd.min.json"],
    ["kraken", "/0/public/Ticker"],
  ] as const;

  it("gives the same answers in two simulators that were asked in different orders", async () => {
    const options = { seed: 5, coins, nowSec: NOW };
    const [a, b, other] = [
      await startSimulator(options),
      await startSimulator(options),
      await startSimulator({ ...options, seed: 6 }),
    ];
    try {
      b.setNow(NOW - 3 * DAY_SEC);
      for (const [upstream, path] of [...paths].reverse()) await textOf(upstream, path, b);
      b.setNow(NOW);
      for (const [upstream, path] of paths) {
        const text = await textOf(upstream, path, a);
        expect(await textOf(upstream, path, b)).toBe(text);
        expect(await textOf(upstream, path, other)).not.toBe(text);
      }
    } finally {
      await Promise.all([a.close(), b.close(), other.close()]);
    }
  });
});

describe("the wire", () => {
  it("has every upstream under its own address in a file that --upstreams accepts", () => {
    expect(UpstreamOverridesSchema.parse(sim.overrides)).toEqual(sim.overrides);
    expect(Object.keys(sim.overrides.upstreams)).toEqual(UPSTREAMS.map(({ id }) => id));
    expect(Object.keys(sim.overrides.rpc)).toEqual(["eip155:1", "eip155:42161", "eip155:8453"]);
  });

  it("lists stablecoins as DefiLlama does: USD at the current price, text ids, some null prices, empty maps for the young", async () => {
    const { peggedAssets } = await get("defillama", LIST, ListSchema);
    const assets = new Map(peggedAssets.map((asset) => [asset.id, asset]));
    expect(assets.has("9012")).toBe(false);
    const tether = assets.get("1")!;
    expect(tether.circulating.peggedUSD! / tether.price!).toBeCloseTo(
      sim.world.circulatingUnits("usdt-tether", NOW),
      -1,
    );
    const before = sim.world.circulatingUnits("usdt-tether", NOW - 7 * DAY_SEC);
    expect(tether.circulatingPrevWeek.peggedUSD! / tether.price!).toBeCloseTo(before, -1);
    const chains = Object.values(tether.chainCirculating).map(({ current }) => current.peggedUSD!);
    expect(chains.reduce((a, b) => a + b)).toBeCloseTo(tether.circulating.peggedUSD!, 0);
    expect(tether.chains.toSorted()).toEqual(["Base", "Ethereum"]);
    expect(assets.get("79")!.circulating).toHaveProperty("peggedREAL");
    expect(assets.get("9013")!.circulatingPrevMonth).toEqual({});
    expect(assets.get("9013")!.circulatingPrevDay).toHaveProperty("peggedUSD");
    expect(peggedAssets.filter(({ price }) => price === null).length).toBeGreaterThan(3);
    expect(peggedAssets.filter(({ id }) => id.startsWith("90000")).length).toBe(5);
  });

  it("charts 400 days before its start, with text dates", async () => {
    const ChartSchema = z.array(
      z.strictObject({
        date: z.string().regex(/^\d+$/),
        totalCirculating: byPeg,
        totalUnreleased: byPeg,
        totalCirculatingUSD: byPeg,
        totalMintedUSD: byPeg,
        totalBridgedToUSD: byPeg,
      }),
    );
    const all = await get("defillama", "/stablecoincharts/all", ChartSchema);
    expect(all.length).toBeGreaterThan(434);
    const dates = all.map(({ date }) => Number(date));
    expect(dates.every((date, i) => i === 0 || date - dates[i - 1]! === DAY_SEC)).toBe(true);
    expect(dates.at(-1)).toBe(Math.floor(NOW / DAY_SEC) * DAY_SEC);
    const one = await get("defillama", "/stablecoincharts/all?stablecoin=1", ChartSchema);
    expect(one.at(-1)!.totalCirculating.peggedUSD).toBe(sim.world.circulatingUnits("usdt-tether", dates.at(-1)!));
  });

  it("quotes simple prices as CoinGecko does: sorted keys, fresh times, unknown ids absent", async () => {
    const path = SIMPLE.replace("ids=", "ids=no-such-coin,");
    const prices = await get("coingecko", path, SimplePriceSchema);
    expect(Object.keys(prices).length).toBeGreaterThan(80);
    expect(Object.keys(prices)).toEqual(Object.keys(prices).toSorted());
    expect(prices["no-such-coin"]).toBeUndefined();
    expect(prices.tether!.usd).toBeCloseTo(1, 2);
    for (const row of Object.values(prices)) expect(NOW - row.last_updated_at).toBeLessThan(900);
    expect((await fetch(urlOf("coingecko", "/simple/price?ids=tether"))).status).toBe(422);
  });

  it("shows markets and the coin list as CoinGecko does", async () => {
    const MarketSchema = z.object({
      id: z.string(),
      symbol: z.string().lowercase(),
      current_price: z.number().nullable(),
      market_cap: z.number().nullable(),
      circulating_supply: z.number(),
      last_updated: z.iso.datetime({ precision: 3 }),
    });
    const first = await get(
      "coingecko",
      "/coins/markets?vs_currency=usd&per_page=30&page=1",
      z.array(MarketSchema).length(30),
    );
    const second = await get(
      "coingecko",
      "/coins/markets?vs_currency=usd&per_page=30&page=2",
      z.array(MarketSchema).length(30),
    );
    expect(first[0]!.id).toBe("tether");
    expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(60);
    const asked = await get(
      "coingecko",
      "/coins/markets?vs_currency=usd&ids=kau-kinesis",
      z.array(MarketSchema).length(1),
    );
    expect(asked[0]!.circulating_supply).toBeGreaterThan(0);
    const list = await get(
      "coingecko",
      "/coins/list",
      z.array(z.strictObject({ id: z.string(), symbol: z.string(), name: z.string() })),
    );
    expect(list).toHaveLength(coins.length);
  });

  it("answers coins.llama.fi by address and by id, now and then, and leaves unknown keys out", async () => {
    const CoinsSchema = z.strictObject({
      coins: z.record(
        z.string(),
        z.strictObject({
          decimals: z.int().optional(),
          symbol: z.string(),
          price: z.number(),
          timestamp: z.int(),
          confidence: z.number(),
        }),
      ),
    });
    const address = coins[0]!.deployments[0]!.address;
    const ids = [`ethereum:${address}`, "coingecko:tether", "ethereum:0xdead"];
    const { coins: now } = await get("defillama-coins", `/prices/current/${ids.join(",")}`, CoinsSchema);
    expect(Object.keys(now)).toEqual(ids.slice(0, 2));
    expect(now[ids[0]!]!.decimals).toBe(6);
    const then = await get("defillama-coins", `/prices/historical/${NOW - 90 * DAY_SEC}/${ids[1]}`, CoinsSchema);
    expect(then.coins[ids[1]!]!.timestamp).toBeLessThanOrEqual(NOW - 90 * DAY_SEC);
  });

  it("publishes Frankfurter rates on business days only", async () => {
    const LatestSchema = z.strictObject({
      amount: z.literal(1),
      base: z.literal("USD"),
      date: z.iso.date(),
      rates: RatesSchema,
    });
    const at = async (iso: string) =>
      (await get("frankfurter", "/latest?base=USD&symbols=EUR,JPY", LatestSchema, Date.parse(iso) / 1000)).date;
    expect(await at("2026-11-20T16:00:00Z")).toBe("2026-11-20");
    expect(await at("2026-11-20T15:59:00Z")).toBe("2026-11-19");
    expect(await at("2026-11-22T20:00:00Z")).toBe("2026-11-20");
    expect(await at("2026-12-26T20:00:00Z")).toBe("2026-12-24");
    const RangeSchema = z.strictObject({
      amount: z.literal(1),
      base: z.literal("EUR"),
      start_date: z.iso.date(),
      end_date: z.iso.date(),
      rates: z.record(z.iso.date(), RatesSchema),
    });
    const range = await get("frankfurter", "/2026-11-13..2026-11-30?base=EUR&symbols=USD", RangeSchema);
    expect(Object.keys(range.rates)).toEqual([
      "2026-11-13",
      "2026-11-16",
      "2026-11-17",
      "2026-11-18",
      "2026-11-19",
      "2026-11-20",
    ]);
    expect(range.end_date).toBe("2026-11-20");
    expect((await fetch(urlOf("frankfurter", "/latest?symbols=NIX"))).status).toBe(404);
  });

  it("publishes fawazahmed0 files in lower case on both mirrors, the second later", async () => {
    const FileSchema = z.strictObject({
      date: z.iso.date(),
      usd: z.record(z.string().regex(/^[a-z]{3}$/), z.number().positive()),
    });
    const night = Date.UTC(2026, 10, 20, 2) / 1000;
    const first = await get("fawazahmed0-jsdelivr", "/currencies/usd.min.json", FileSchema, night);
    const second = await get("fawazahmed0-pages", "/currencies/usd.min.json", FileSchema, night);
    expect([first.date, second.date]).toEqual(["2026-11-20", "2026-11-19"]);
    expect(Object.keys(first.usd).length).toBeGreaterThan(140);
    const dated = (day: string) => `/@fawazahmed0/currency-api@${day}/v1/currencies/usd.min.json`;
    expect(await get("fawazahmed0-dated", dated("2026-11-20"), FileSchema)).toEqual(first);
    expect((await fetch(urlOf("fawazahmed0-dated", dated("2026-11-21")))).status).toBe(404);
    for (const code of ["cnh", "rub", "uah", "ars", "kgs", "ngn", "xof", "vnd", "xau"])
      expect(first.usd[code]).toBeGreaterThan(0);
  });

  it("answers as ExchangeRate-API, Open Exchange Rates and gold-api", async () => {
    const er = await get(
      "exchangerate-api",
      "/latest/USD",
      z.looseObject({
        result: z.literal("success"),
        time_last_update_unix: unixSec,
        base_code: z.literal("USD"),
        rates: RatesSchema,
      }),
    );
    expect(er.rates.USD).toBe(1);
    const oxr = await get(
      "openexchangerates",
      "/latest.json?app_id=x&base=USD&symbols=EUR,GBP",
      z.looseObject({ timestamp: unixSec, base: z.literal("USD"), rates: RatesSchema }),
    );
    expect(Object.keys(oxr.rates)).toEqual(["EUR", "GBP"]);
    expect(oxr.rates.EUR! / er.rates.EUR!).toBeCloseTo(1, 2);
    expect((await fetch(urlOf("openexchangerates", "/latest.json"))).status).toBe(401);
    const gold = await get(
      "gold-api",
      "/price/XAU",
      z.looseObject({ symbol: z.literal("XAU"), price: z.number(), updatedAt: z.iso.datetime({ precision: 0 }) }),
    );
    expect(gold.price).toBeCloseTo(sim.world.fxUsdPerUnit("XAU", NOW)!, -1);
    expect((await fetch(urlOf("gold-api", "/price/NIX"))).status).toBe(404);
  });

  it("answers as Kraken, Coinbase, Bitstamp and Binance, every price a text", async () => {
    const text = z.string().regex(/^\d+\.\d+$/);
    const KrakenSchema = z.strictObject({
      error: z.array(z.string()).length(0),
      result: z.record(
        z.string(),
        z.looseObject({
          a: z.tuple([text, z.string(), z.string()]),
          b: z.tuple([text, z.string(), z.string()]),
          c: z.tuple([text, z.string()]),
        }),
      ),
    });
    const { result } = await get("kraken", "/0/public/Ticker?pair=USDTUSD,USDCUSD,EURRUSD", KrakenSchema);
    expect(Object.keys(result)).toEqual(["USDTZUSD", "USDCUSD", "EURRUSD"]);
    expect(result.EURRUSD!.c[0]).toBe("0.00000000");
    expect(Number(result.USDTZUSD!.a[0])).toBeGreaterThan(Number(result.USDTZUSD!.b[0]));
    const unknown = await get("kraken", "/0/public/Ticker?pair=NIXUSD", z.strictObject({ error: z.array(z.string()) }));
    expect(unknown.error).toEqual(["EQuery:Unknown asset pair"]);
    const coinbase = await get(
      "coinbase",
      "/products/USDT-USD/ticker",
      z.looseObject({ bid: text, ask: text, price: text, time: z.iso.datetime({ precision: 6 }) }),
    );
    expect(Number(coinbase.price)).toBeCloseTo(1, 2);
    expect((await fetch(urlOf("coinbase", "/products/NIX-USD/ticker"))).status).toBe(404);
    const bitstamp = await get(
      "bitstamp",
      "/api/v2/ticker/",
      z.array(z.looseObject({ pair: z.string(), bid: text, ask: text, last: text, timestamp: z.string() })),
    );
    expect(bitstamp.map(({ pair }) => pair)).toEqual(["USDC/USD", "USDT/USD"]);
    const BinanceSchema = z.array(z.strictObject({ symbol: z.string(), price: text }));
    const binance = await get("binance", "/api/v3/ticker/price", BinanceSchema);
    expect(binance.map(({ symbol }) => symbol)).toEqual(["USDCUSD", "USDTUSD"]);
    expect(await get("binance-main", "/api/v3/ticker/price", BinanceSchema)).toEqual(binance);
  });

  it("says 404 for a page or an upstream it does not have", async () => {
    expect((await fetch(urlOf("defillama", "/nothing"))).status).toBe(404);
    expect((await fetch(new URL("/no-such-upstream/x", urlOf("defillama", "/")))).status).toBe(404);
  });

  it("logs what was asked", async () => {
    const own = await startSimulator({ seed: 1, coins, nowSec: NOW });
    await textOf("gold-api", "/price/XAU?x=1", own);
    await textOf("gold-api", "/price/XAU", own);
    expect(own.requests).toEqual([{ upstream: "gold-api", path: "/price/XAU", count: 2 }]);
    await own.close();
  });
});

describe("incidents on the wire", () => {
  it("show a depeg, an outage, a stale feed and a drifting venue at their times", async () => {
    const epochSec = NOW - 10 * DAY_SEC;
    const at = (days: number) => epochSec + days * DAY_SEC;
    const own = await startSimulator({
      seed: 11,
      coins,
      nowSec: NOW,
      epochSec,
      incidents: [
        { kind: "depeg", coin: "usdc-circle", shape: "dip", floorRatio: 0.93, afterSec: DAY_SEC, durationSec: DAY_SEC },
        { kind: "outage", upstream: "coingecko", status: 503, afterSec: 3 * DAY_SEC, durationSec: HOUR_SEC },
        { kind: "stale-feed", upstream: "coingecko", afterSec: 4 * DAY_SEC, durationSec: DAY_SEC },
        {
          kind: "drifting-venue",
          upstream: "coingecko",
          coin: "usdt-tether",
          bpsPerHour: 10,
          maxBps: 150,
          afterSec: 6 * DAY_SEC,
          durationSec: DAY_SEC,
        },
      ],
    });
    const ask = async (days: number) => {
      own.setNow(at(days));
      const answer = await fetch(urlOf("coingecko", SIMPLE, own));
      return { status: answer.status, body: (await answer.json()) as z.infer<typeof SimplePriceSchema> };
    };
    const llama = async (symbol: string, days: number) => {
      own.setNow(at(days));
      const { peggedAssets } = ListSchema.parse(await (await fetch(urlOf("defillama", LIST, own))).json());
      return peggedAssets.find((asset) => asset.symbol === symbol)!.price!;
    };
    try {
      expect((await ask(0.9)).body["usdc-circle"]!.usd).toBeCloseTo(1, 2);
      expect((await ask(1.5)).body["usdc-circle"]!.usd).toBeCloseTo(0.93, 2);
      expect(await llama("USDC", 1.5)).toBeCloseTo(0.93, 2);
      expect((await ask(2.1)).body["usdc-circle"]!.usd).toBeCloseTo(1, 2);
      expect([(await ask(2.99)).status, (await ask(3.01)).status, (await ask(3.1)).status]).toEqual([200, 503, 200]);
      const [frozen, later, thawed] = [await ask(4.1), await ask(4.9), await ask(5.1)];
      expect(later.body).toEqual(frozen.body);
      expect(at(4.9) - later.body.tether!.last_updated_at).toBeGreaterThan(0.8 * DAY_SEC);
      expect(at(5.1) - thawed.body.tether!.last_updated_at).toBeLessThan(900);
      expect((await ask(6.9)).body.tether!.usd).toBeCloseTo((await llama("USDT", 6.9)) * 1.015, 3);
    } finally {
      await own.close();
    }
  });
});
