/** Every source of a supply, an FX rate or a benchmark of yields with its own bad answers; and the check that no source was forgotten in these tables. */
import { describe, expect, test } from "vitest";
import { fxLane } from "./fx/lane.ts";
import { ASKED_AS } from "./price-sources.ts";
import type { FxRate } from "./schema/fx-rates.ts";
import type { CoinSupply } from "./schema/supply.ts";
import { type Breakers, createBreakers } from "./sources/breaker.ts";
import { sources } from "./sources/index.ts";
import type { HttpRequest } from "./sources/source.ts";
import { unknownSupply } from "./supply/coin-supply.ts";
import { supplyLane } from "./supply/lane.ts";
import { askLane, LAB_NOW, type LabRun, MALFORMED, RawText } from "./test-support/answer-lab.ts";
import {
  BENCHMARK_ROWS,
  type BenchmarkRow,
  FILLED_LIST,
  RATE_ROWS,
  type RateRow,
  SUPPLY_ROWS,
  type SupplyRow,
} from "./test-support/figure-answers.ts";
import { testCoin } from "./test-support/lane-context.ts";
import { PRICE_ROWS } from "./test-support/price-answers.ts";
import { utcDay } from "./time.ts";
import { RATES_STATE } from "./yields/kept-rates.ts";
import { yieldsLane } from "./yields/lane.ts";

const DAY_SEC = 86_400;
const USD = { EUR: 1.1, GOLD: 4_000 };
const YESTERDAY = new Date((LAB_NOW - DAY_SEC) * 1000).toISOString().slice(0, 10);

function circuitOf(source: string): string | null {
  const circuit = sources.get(source)?.breaker;
  if (circuit === undefined) throw new Error(`${source} is no source`);
  return circuit;
}

function failuresOf({ breakers }: LabRun, source: string): number {
  return breakers.records()[circuitOf(source) ?? ""]?.consecutiveFailures ?? 0;
}

const said = ({ result, report }: LabRun) =>
  [...result.reasons, ...report].map((one) => ("message" in one ? one.message : (one.detail ?? ""))).join("\n");

function publishedRate(currency: RateRow["currency"], more: Partial<FxRate> = {}): FxRate {
  return {
    usdPerUnit: USD[currency],
    source: "before",
    cadence: currency === "EUR" ? "business-daily" : "intraday",
    observedAt: LAB_NOW - 3_600,
    sourceDate: currency === "EUR" ? YESTERDAY : null,
    referenceType: "fresh",
    freshness: "fresh",
    carriedForward: false,
    refused: [],
    ...more,
  };
}

/** An FX run after one that published yesterday's rates. */
async function rateRun(row: RateRow, body: (request: HttpRequest) => unknown, breakers = createBreakers({})) {
  const rates = { EUR: publishedRate("EUR"), GOLD: publishedRate("GOLD") };
  const run = await askLane(fxLane, {
    coins: [testCoin("euro-coin", { peg: { currency: "EUR", type: "peggedEUR", referenceId: null } })],
    answer: (upstream, request) => (row.upstreams.includes(upstream) ? body(request) : undefined),
    datasets: { "fx-rates": { mode: "live", cachedStreak: 0, rates, missing: [] } },
    breakers,
  });
  const rate = run.result.snapshots["fx-rates"]?.data.rates[row.currency];
  if (!rate) throw new Error(said(run));
  return { run, rate };
}

describe.each(RATE_ROWS.map((row) => [row.source, row] as const))("%s", (_id, row) => {
  const isGated = circuitOf(row.source) !== null;
  const good = row.value(USD[row.currency] * 1.001);
  const answering = (value: unknown, atSec = LAB_NOW) => rateRun(row, (request) => row.body(value, atSec, request));
  /** The rate of yesterday stands, under its own name and age. */
  const expectKept = ({ rate }: Awaited<ReturnType<typeof rateRun>>) =>
    expect(rate).toMatchObject({ usdPerUnit: USD[row.currency], source: "before", carriedForward: true });

  test("a good answer makes the rate", async () => {
    const { rate, run } = await answering(good);
    expect(rate).toMatchObject({
      source: expect.stringContaining(row.source.split("-pages")[0] as string),
      refused: [],
    });
    expect(rate.usdPerUnit).toBeCloseTo(USD[row.currency] * 1.001, 3);
    expect(failuresOf(run, row.source)).toBe(0);
  });

  test.each(MALFORMED)("%s keeps the last rate, is named and counts against the circuit", async (_what, body) => {
    const answer = await rateRun(row, () => body);
    expectKept(answer);
    expect(answer.run.report).toContainEqual(
      expect.objectContaining({ source: row.source, ok: false, reason: "changed" }),
    );
    expect(answer.run.result.status).toBe("degraded");
    if (isGated) expect(failuresOf(answer.run, row.source)).toBe(1);
  });

  test.each([[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY], ["1.1"], [null], [[1]]])(
    "%j is no rate, and the last one stays",
    async (value) => {
      const answer = await answering(value);
      expectKept(answer);
      expect(said(answer.run)).toMatch(/./);
    },
  );

  test("an absurd rate and a jump by a half are refused beside the rate that stands", async () => {
    for (const factor of [1e6, 1e-6, 1.5]) {
      const answer = await answering(row.value(USD[row.currency] * factor));
      expectKept(answer);
      expect(answer.rate.refused).toHaveLength(1);
      expect(said(answer.run)).toMatch(/refused: /);
    }
  });

  if (row.empty !== null)
    test("an empty answer keeps the last rate, and is a failure", async () => {
      const answer = await rateRun(row, () => row.empty?.body);
      expectKept(answer);
      expect(answer.run.report).toContainEqual(
        expect.objectContaining({ source: row.source, ok: false, reason: "unusable" }),
      );
      if (isGated) expect(failuresOf(answer.run, row.source)).toBe(1);
    });

  test("a rate of a day to come is refused by name", async () => {
    const answer = await answering(good, LAB_NOW + 2 * DAY_SEC);
    expectKept(answer);
    if (row.source.startsWith("chainlink")) return;
    expect(answer.rate.refused).toEqual([expect.objectContaining({ reason: "future-dated" })]);
  });

  test("a stale rate never stands as a fresh one", async () => {
    const answer = await answering(good, LAB_NOW - 5 * DAY_SEC);
    if (row.stale === "dated") {
      expect(answer.rate).toMatchObject({
        freshness: "stale",
        referenceType: "stale",
        observedAt: LAB_NOW - 5 * DAY_SEC,
      });
      return;
    }
    expectKept(answer);
    if (row.stale === "refused")
      expect(answer.rate.refused).toEqual([expect.objectContaining({ reason: "older-than-the-last" })]);
  });
});

const BILL_PCT = 3;

/** A yields run whose last figures are yesterday's, and a fund that passes the dollar bill on, so that there is a ranking. */
async function benchmarkRun(
  row: BenchmarkRow,
  body: (request: HttpRequest) => unknown,
  keeps = { date: YESTERDAY, ratePct: BILL_PCT, fetchedAt: LAB_NOW - DAY_SEC },
) {
  const run = await askLane(yieldsLane, {
    coins: [testCoin("fund", { symbol: "USTB", navToken: true })],
    answer: (upstream, request) => (row.upstreams.includes(upstream) ? body(request) : undefined),
    state: { [RATES_STATE]: { [row.currency]: keeps } },
  });
  const benchmark = run.result.snapshots["yield-rankings"]?.data.benchmarks.find(
    ({ currency }) => currency === row.currency,
  );
  if (!benchmark) throw new Error(said(run));
  return { run, benchmark };
}

describe.each(BENCHMARK_ROWS.map((row) => [row.source, row] as const))("%s", (_id, row) => {
  const answering = (value: unknown, atSec = LAB_NOW) =>
    benchmarkRun(row, (request) => row.body(value, atSec, request));
  const expectKept = ({ benchmark }: Awaited<ReturnType<typeof benchmarkRun>>) =>
    expect(benchmark).toMatchObject({ ratePct: BILL_PCT, observedOn: YESTERDAY, basis: "observed" });

  test("a good answer is the benchmark, under its own day, below zero too", async () => {
    for (const ratePct of [3.4, 1.25]) {
      const { benchmark, run } = await answering(ratePct);
      expect(benchmark).toMatchObject({ ratePct, observedOn: utcDay(LAB_NOW), basis: "observed", source: row.source });
      expect(failuresOf(run, row.source)).toBe(0);
    }
    const below = await benchmarkRun(row, (request) => row.body(-0.5, LAB_NOW, request), {
      date: YESTERDAY,
      ratePct: -0.4,
      fetchedAt: 0,
    });
    expect(below.benchmark.ratePct).toBe(-0.5);
  });

  test.each(MALFORMED)("%s keeps the last figure, is named and counts against the circuit", async (_what, body) => {
    const answer = await benchmarkRun(row, () => body);
    expectKept(answer);
    expect(answer.run.report).toContainEqual(
      expect.objectContaining({ source: row.source, ok: false, reason: "changed" }),
    );
    expect(failuresOf(answer.run, row.source)).toBe(1);
  });

  test.each(row.noRates.map((value) => [value]))("%j is no rate, and the last one stays", async (value) => {
    const answer = await answering(value);
    expectKept(answer);
    expect(said(answer.run)).toMatch(/is no number|has no number|is no day and figure/);
  });

  test("an absurd figure, a jump and a day to come are refused, and the last figure stays", async () => {
    for (const [value, atSec] of [
      [1e6, LAB_NOW],
      [-6, LAB_NOW],
      [BILL_PCT + 2.1, LAB_NOW],
      [BILL_PCT, LAB_NOW + 2 * DAY_SEC],
    ] as const)
      expectKept(await answering(value, atSec));
  });

  test("an empty answer keeps the last figure, and is a failure", async () => {
    const answer = await benchmarkRun(row, () => row.empty?.body);
    expectKept(answer);
    expect(answer.run.report).toContainEqual(
      expect.objectContaining({ source: row.source, ok: false, reason: "unusable" }),
    );
  });

  test("an older figure than the last is refused", async () => {
    expectKept(await answering(2.9, LAB_NOW - 3 * DAY_SEC));
  });
});

const MILLION = 1_000_000;

/** A supply run over a last good supply of so much. */
async function supplyRun(
  row: SupplyRow,
  body: (request: HttpRequest) => unknown,
  { lastUsd = 5 * MILLION, breakers = createBreakers({}) }: { lastUsd?: number | null; breakers?: Breakers } = {},
) {
  const last: CoinSupply = {
    ...unknownSupply(row.coin.id),
    supplySource: lastUsd === null ? null : "defillama",
    observedAt: lastUsd === null ? null : LAB_NOW - 1_800,
    usd: { current: lastUsd, prevDay: null, prevWeek: null, prevMonth: null },
  };
  const run = await askLane(supplyLane, {
    coins: [row.coin],
    answer: (upstream, request) => {
      if (row.upstreams.includes(upstream)) return body(request);
      return upstream === "defillama" ? FILLED_LIST : undefined;
    },
    datasets: { supply: { coins: [last], untracked: [], rowsRead: 1, rowsMalformed: 0, duplicates: [] } },
    breakers,
  });
  return { run, coin: run.result.snapshots.supply?.data.coins[0] };
}

describe.each(SUPPLY_ROWS.map((row) => [row.source, row] as const))("%s", (_id, row) => {
  const isGated = circuitOf(row.source) !== null;
  const answering = (usd: unknown, atSec = LAB_NOW, lastUsd: number | null = 5 * MILLION) =>
    supplyRun(row, (request) => row.body(usd, atSec, request), { lastUsd });
  /** The lane withholds its snapshot, or the row of the last run stands in it and is called what it is. */
  const expectKept = ({ run, coin }: Awaited<ReturnType<typeof supplyRun>>) => {
    if (coin)
      expect(coin).toMatchObject({ carriedForward: true, observedAt: LAB_NOW - 1_800, usd: { current: 5 * MILLION } });
    else expect(run.result).toMatchObject({ status: "error", withheld: ["supply"] });
  };

  test("a good answer makes the supply", async () => {
    const { coin, run } = await answering(6 * MILLION);
    expect(coin).toMatchObject({ carriedForward: false, observedAt: LAB_NOW, usd: { current: 6 * MILLION } });
    expect(failuresOf(run, row.source)).toBe(0);
  });

  test.each(MALFORMED)("%s keeps the last supply and is named", async (_what, body) => {
    const answer = await supplyRun(row, () => body);
    expectKept(answer);
    expect(answer.run.report).toContainEqual(
      expect.objectContaining({ source: row.source, ok: false, reason: "changed" }),
    );
    expect(answer.run.result.status).not.toBe("ok");
    if (isGated) expect(failuresOf(answer.run, row.source)).toBe(1);
  });

  test.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY], ["6000000"], [null], [[1]], [1e300]])(
    "%j is no supply: the last one stays, and nothing stands where there was none",
    async (usd) => {
      expectKept(await answering(usd));
      const { coin } = await answering(usd, LAB_NOW, null);
      expect(coin?.usd.current ?? null).toBeNull();
      if (coin) expect(coin.reason).toMatch(/./);
    },
  );

  test("a supply that is large on one side of a jump is held, however often it is said", async () => {
    for (const [before, now] of [
      [100, 900],
      [100, 1],
      [5, 900],
    ] as const) {
      const { coin, run } = await answering(now * MILLION, LAB_NOW, before * MILLION);
      expect(coin).toMatchObject({
        usd: { current: before * MILLION },
        reason: "supply-jump-unconfirmed",
        carriedForward: true,
      });
      expect(said(run)).toMatch(/not confirmed by a second source/);
    }
  });

  if (row.empty !== null)
    test("an empty answer keeps the last supply, and is a failure", async () => {
      const answer = await supplyRun(row, () => row.empty?.body);
      expectKept(answer);
      if (isGated) expect(failuresOf(answer.run, row.source)).toBe(1);
    });

  if (row.timed)
    test.each([
      ["old", LAB_NOW - 8 * DAY_SEC],
      ["of the future", LAB_NOW + 3_600],
    ])("an answer that is %s keeps the last supply", async (_what, atSec) => {
      expectKept(await answering(6 * MILLION, atSec));
    });
});

test("three failures of DefiLlama's list make CoinGecko's market caps stand in, and a jump between the two is held", async () => {
  const row = SUPPLY_ROWS[0] as SupplyRow;
  const coin = { ...row.coin, ids: { ...row.coin.ids, coingecko: "bad" } };
  const breakers = createBreakers({});
  const caps = { ...row, coin, upstreams: ["defillama", "coingecko"] };
  const answer = (usd: number) => (request: HttpRequest) =>
    request.path === "/coins/markets"
      ? [
          {
            id: "bad",
            symbol: "bad",
            current_price: 1,
            market_cap: usd,
            last_updated: new Date(LAB_NOW * 1000).toISOString(),
          },
        ]
      : new RawText("<html>");
  for (let n = 0; n < 2; n++) {
    const { run } = await supplyRun(caps, answer(101 * MILLION), { lastUsd: 100 * MILLION, breakers });
    expect(run.result.status).toBe("error");
  }
  const near = await supplyRun(caps, answer(101 * MILLION), { lastUsd: 100 * MILLION, breakers });
  expect(near.coin).toMatchObject({ supplySource: "coingecko-fallback", usd: { current: 101 * MILLION } });
  const far = await supplyRun(caps, answer(900 * MILLION), { lastUsd: 100 * MILLION, breakers });
  expect(far.coin).toMatchObject({ usd: { current: 100 * MILLION }, reason: "supply-jump-unconfirmed" });
});

test("a key's quotes are told to come from the source that was tried for it", () => {
  const first = PRICE_ROWS.map(({ key, source }) => [key, source]);
  expect(ASKED_AS).toEqual({ ...Object.fromEntries(first), "coingecko-low-volume": "coingecko:simple-price" });
});

/** Sources that give no price, supply or rate of the record, or only to a command, and where their bad answers are tried. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "asymmetry:stats": "bad-answers-reserves.test.ts",
  "coingecko:coins-list": "names, no figures",
  "coingecko:stablecoin-category": "discovery: who is there",
  "curve:pools": "liquidity/pools.test.ts",
  "defillama:stablecoincharts": "daily/daily.test.ts",
  "json-rpc:block-at-time": "blocks, no figures",
  "json-rpc:eth_getBlockByNumber": "blocks, no figures",
  "json-rpc:eth_getLogs": "flows",
  "json-rpc:eth_getTransactionReceipt": "flows",
  "etherscan:getblocknobytime": "blocks, no figures",
  "etherscan:getLogs": "flows",
  "ethena:collateral": "bad-answers-reserves.test.ts",
  "etherscan:tokentx": "flows",
  "fawazahmed0:usd-dated": "a backfill's file, the same reader as fawazahmed0:usd",
  "frankfurter:range": "a backfill's file",
  "frax:frxusd-balance-sheet": "bad-answers-reserves.test.ts",
  "info-sky:groups": "reserves",
  "jupusd:data": "bad-answers-reserves.test.ts",
  "jupusd:oracle": "bad-answers-reserves.test.ts",
  "jupusd:snapshots": "bad-answers-reserves.test.ts",
  "llama-yields:pools": "liquidity and yields",
  "trongrid:account": "freezes",
  "trongrid:events": "freezes",
};

test("no source of a price, a supply, a rate or a benchmark is without its row", () => {
  const rows = [...PRICE_ROWS, ...RATE_ROWS, ...BENCHMARK_ROWS, ...SUPPLY_ROWS].map(({ source }) => source);
  const also = PRICE_ROWS.flatMap((row) => row.also ?? []);
  const tried = [...rows, ...also, ...Object.keys(ELSEWHERE)];
  expect(tried.filter((id, index) => tried.indexOf(id) !== index)).toEqual([]);
  expect(tried.sort()).toEqual([...sources.keys()].sort());
});
