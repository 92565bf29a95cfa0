import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coinMoves } from "../coin-moves.ts";
import type { LaneContext } from "../lane.ts";
import { type DailyChange, DailyChangeSchema, MOST_CHANGES } from "../schema/daily-changes.ts";
import { type DigestDay, DigestFactsSchema } from "../schema/digest.ts";
import type { PeggedAsset, Stablecoins } from "../schema/stablecoins.ts";
import { type Datasets, laneContext, testCoin } from "../test-support/lane-context.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { type ChangeInputs, dailyChanges } from "./changes.ts";
import { morning } from "./digest.ts";
import { digestSentences } from "./digest-text.ts";
import { bandMoves, bandsBefore, bandsOf } from "./stress-bands.ts";
import { velocities } from "./supply-velocity.ts";
import { MARK_STATE } from "./yesterday.ts";

const TODAY = startOfUtcDay(1_780_000_000);
const NOW = TODAY + 8 * 3600 + 300;
const YESTERDAY = NOW - DAY_SEC;

const MARK = { methodologyVersion: "1.0.0", facts: { a: "1", b: "2" } };

function inputs(more: Partial<ChangeInputs> = {}): ChangeInputs {
  return {
    date: TODAY,
    since: YESTERDAY,
    until: NOW,
    moves: [],
    depegs: [],
    grades: [],
    routes: [],
    dexScores: [],
    bands: [],
    stability: { before: null, now: null },
    before: MARK,
    now: MARK,
    ...more,
  };
}

const deviation = (coinId: string, weight: number) => ({
  coinId,
  kind: "deviation" as const,
  before: 0,
  after: weight,
  reason: null,
  weight,
});

function asset(id: string, usd: number | null, more: Partial<PeggedAsset> = {}): PeggedAsset {
  const of = (value: number | null) => (value === null ? null : { peggedUSD: value });
  return {
    id,
    symbol: id.toUpperCase(),
    state: "active",
    pegType: "peggedUSD",
    price: 1,
    priceReason: null,
    deviationBps: 0,
    circulating: of(usd),
    circulatingPrevDay: of(usd),
    circulatingPrevWeek: of(usd),
    ...more,
  } as PeggedAsset;
}

function market(assets: PeggedAsset[]): Stablecoins {
  const sum = assets.reduce((usd, { circulating }) => usd + (circulating?.peggedUSD ?? 0), 0);
  return {
    peggedAssets: assets,
    totals: [{ circulatingUsd: sum, prevDayUsd: sum, prevWeekUsd: sum / 1.1 }],
    fxFallbackRates: {},
  } as unknown as Stablecoins;
}

/** A morning over datasets and history rows made by hand. */
async function morningOf(options: {
  assets: PeggedAsset[];
  datasets?: Datasets;
  agesSec?: Record<string, number>;
  rows?: Record<string, unknown[]>;
  state?: unknown;
}) {
  const base = laneContext({
    nowSec: NOW,
    coins: options.assets.map(({ id }) => testCoin(id)),
    datasets: options.datasets ?? {},
    agesSec: options.agesSec ?? {},
    state: { [MARK_STATE]: options.state ?? null },
  });
  const context = {
    ...base,
    history: async (dataset: { name: string; timeColumn: string }, sinceSec: number) =>
      (options.rows?.[dataset.name] ?? []).filter(
        (row) => ((row as Record<string, number>)[dataset.timeColumn] ?? 0) >= sinceSec,
      ),
  } as unknown as LaneContext;
  const told = await morning(context, market(options.assets));
  const rowsOf = (name: string) => told.history.find(({ dataset }) => dataset.name === name)?.rows ?? [];
  const [day] = rowsOf("daily-digest") as unknown as DigestDay[];
  if (!day) throw new Error("no digest");
  return {
    day,
    facts: DigestFactsSchema.parse(JSON.parse(day.facts)),
    changes: rowsOf("daily-changes") as DailyChange[],
    state: told.state,
  };
}

describe("the changes of a day", () => {
  it("are the world's while neither method nor facts changed", () => {
    expect(dailyChanges(inputs({ moves: [deviation("a", 40)] }))).toEqual([
      {
        date: TODAY,
        coinId: "a",
        kind: "deviation",
        cause: "world",
        before: 0,
        after: 40,
        beforeText: null,
        afterText: null,
      },
    ]);
  });

  it("may be the method's, all of them, when its version changed", () => {
    const now = { ...MARK, methodologyVersion: "2.0.0" };
    const rows = dailyChanges(inputs({ moves: [deviation("a", 40)], now }));
    expect(rows.map(({ kind, cause }) => [kind, cause])).toEqual([
      ["method-version", "method"],
      ["deviation", "method"],
    ]);
    expect(rows[0]).toMatchObject({ coinId: "", beforeText: "1.0.0", afterText: "2.0.0" });
  });

  it("may be the registry's where the facts of that coin changed, and the world's beside it", () => {
    const now = { ...MARK, facts: { a: "9", c: "3" } };
    const rows = dailyChanges(inputs({ moves: [deviation("a", 40), deviation("z", 30)], now }));
    expect(rows.map(({ coinId, kind, cause }) => [coinId, kind, cause])).toEqual([
      ["a", "coin-facts", "registry"],
      ["b", "coin-removed", "registry"],
      ["c", "coin-added", "registry"],
      ["a", "deviation", "registry"],
      ["z", "deviation", "world"],
    ]);
  });

  it("say nothing of us before there was a first digest", () => {
    expect(dailyChanges(inputs({ before: null }))).toEqual([]);
  });

  it("hold every instant once: what begins at the edge belongs to the day that starts there", () => {
    const event = { stablecoinId: "a", peakDeviationBps: -300, endReason: "recovered" } as never as object;
    const depegs = [
      { ...event, startedAt: YESTERDAY - 1, endedAt: YESTERDAY },
      { ...event, stablecoinId: "b", startedAt: NOW, endedAt: null },
    ] as never;
    expect(dailyChanges(inputs({ depegs })).map(({ coinId, kind }) => [coinId, kind])).toEqual([["a", "depeg-ended"]]);
    expect(
      dailyChanges(inputs({ depegs, since: NOW, until: NOW + DAY_SEC })).map(({ coinId, kind }) => [coinId, kind]),
    ).toEqual([["b", "depeg-began"]]);
  });

  it("of a grade go from the one before the window to the last in it", () => {
    const row = (at: number, prevGrade: string | null, grade: string) =>
      ({ coinId: "a", at, prevGrade, grade }) as never;
    const to = (...grades: never[]) => dailyChanges(inputs({ grades }));
    expect(to(row(YESTERDAY, "B", "C"), row(YESTERDAY + 60, "C", "D"))).toMatchObject([
      { kind: "grade", beforeText: "B", afterText: "D" },
    ]);
    expect(to(row(YESTERDAY, "B", "C"), row(YESTERDAY + 60, "C", "B"))).toEqual([]);
    expect(to(row(YESTERDAY, null, "C"))).toEqual([]);
    expect(to(row(NOW, "B", "C"))).toEqual([]);
  });

  it("of a route are taken when its day is over", () => {
    const row = (days: number, routeStatus: string) =>
      ({ coinId: "a", date: TODAY - days * DAY_SEC, resolutionState: "resolved", routeStatus }) as never;
    expect(dailyChanges(inputs({ routes: [row(5, "open"), row(1, "paused")] }))).toMatchObject([
      { kind: "route", beforeText: "resolved, open", afterText: "resolved, paused" },
    ]);
    expect(dailyChanges(inputs({ routes: [row(5, "open"), row(3, "paused")] }))).toEqual([]);
    expect(dailyChanges(inputs({ routes: [row(1, "paused")] }))).toEqual([]);
  });

  it("of the index are a band's, with both scores, and need both mornings", () => {
    const steady = { score: 76.2, band: "STEADY" } as const;
    const tremor = { score: 74.9, band: "TREMOR" } as const;
    expect(dailyChanges(inputs({ stability: { before: steady, now: tremor } }))).toMatchObject([
      { kind: "stability-band", coinId: "", before: 76.2, after: 74.9, beforeText: "STEADY", afterText: "TREMOR" },
    ]);
    for (const stability of [
      { before: steady, now: steady },
      { before: null, now: tremor },
      { before: steady, now: null },
    ])
      expect(dailyChanges(inputs({ stability }))).toEqual([]);
  });

  it("are never more than a day may hold, each kind of a coin once, ours and then the heaviest first", () => {
    const weights = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 25, max: 9000 })));
    fc.assert(
      fc.property(weights, (pairs) => {
        const moves = pairs.map(([coin, weight]) => deviation(`c${coin}`, weight));
        const rows = dailyChanges(inputs({ moves, now: { ...MARK, facts: { a: "1" } } }));
        expect(rows.length).toBeLessThanOrEqual(MOST_CHANGES);
        expect(rows[0]?.kind).toBe("coin-removed");
        expect(new Set(rows.map(({ kind, coinId }) => `${kind} ${coinId}`)).size).toBe(rows.length);
        const weighed = rows.slice(1).map(({ after }) => after ?? 0);
        expect(weighed).toEqual([...weighed].sort((a, b) => b - a));
        for (const row of rows) DailyChangeSchema.parse(row);
      }),
    );
  });
});

describe("moves of coins", () => {
  const look = (id: string, more: object) => ({
    id,
    priceUsd: 1,
    priceReason: null,
    deviationBps: 0,
    supplyUsd: 2e6,
    ...more,
  });
  const of = (was: object, is: object) =>
    coinMoves(new Map([["a", look("a", was)]]), [look("a", is)]).map(({ kind }) => kind);

  it("are a price that came or went, 25 bps, or two per cent of a million dollars", () => {
    expect(of({}, { priceUsd: null, deviationBps: null })).toEqual(["price-lost"]);
    expect(of({ priceUsd: null, deviationBps: null }, {})).toEqual(["price-back"]);
    expect(of({}, { deviationBps: -24.9 })).toEqual([]);
    expect(of({}, { deviationBps: -25 })).toEqual(["deviation"]);
    expect(of({}, { supplyUsd: 2.04e6 })).toEqual(["supply"]);
    expect(of({ supplyUsd: 9e5 }, { supplyUsd: 5e5 })).toEqual([]);
    expect(of({ supplyUsd: null }, {})).toEqual([]);
    expect(of({}, { deviationBps: 80, supplyUsd: 4e6 })).toEqual(["supply", "deviation"]);
  });

  it("are of coins that both looks know", () => expect(coinMoves(new Map(), [look("a", {})])).toEqual([]));
});

describe("bands of early warnings", () => {
  const signals = (bands: Record<string, string | null>) =>
    Object.fromEntries(Object.entries(bands).map(([id, band]) => [id, { band, score: band && 50 }])) as never;
  const of = (before: Record<string, string | null> | null, now: Record<string, string | null>) =>
    bandMoves(before as never, signals(now)).map(({ coinId, from, to }) => `${coinId} ${from} ${to}`);

  it("that changed are named when ALERT or worse has a part in it, the largest step first", () => {
    const now = { a: "ALERT", b: "CALM", c: "WATCH", d: "DANGER", e: "WARNING" };
    expect(of({ b: "WARNING", c: "ALERT", e: "WARNING" }, now)).toEqual([
      "d CALM DANGER",
      "b WARNING CALM",
      "a CALM ALERT",
      "c ALERT WATCH",
    ]);
    expect(of({ a: "WATCH" }, { a: "CALM", b: "WATCH" })).toEqual([]);
  });

  it("are not compared without a score on both mornings, nor with a digest that did not say", () => {
    expect(of({ a: null }, { a: "DANGER", b: null })).toEqual([]);
    expect(of(null, { a: "DANGER" })).toEqual([]);
    expect(bandsBefore(null)).toBeNull();
    expect(bandsBefore({ facts: "{}" })).toBeNull();
    expect(bandsBefore({ facts: "cut sho" })).toBeNull();
  });

  it("are kept in the digest for the next morning: coins that are calm need no word, others have one", () => {
    const data = { signals: signals({ z: "WATCH", a: null, b: "CALM" }) } as never;
    expect(Object.entries(bandsOf(data))).toEqual([
      ["a", null],
      ["z", "WATCH"],
    ]);
  });
});

describe("the pace of the largest", () => {
  const of = (now: number, day: number | null, week: number | null) =>
    velocities([
      asset("a", now, {
        circulatingPrevDay: day === null ? null : { peggedUSD: day },
        circulatingPrevWeek: week === null ? null : { peggedUSD: week },
      }),
    ]).map(({ kind }) => kind);

  it("is news at 2.5 times the week's, or against it", () => {
    expect(of(102.5, 100, 95.7)).toEqual([]);
    expect(of(102.5, 100, 96)).toEqual(["fast"]);
    expect(of(101, 100, 110)).toEqual(["reversal"]);
    expect(of(100.05, 100, 110)).toEqual([]);
  });

  it("is not known where a day or a week is not", () => {
    expect(of(101, null, 110)).toEqual([]);
    expect(of(101, 100, null)).toEqual([]);
  });
});

describe("a morning", () => {
  const assets = [asset("a", 90e9, { deviationBps: -180, price: 0.982 }), asset("b", 10e9)];
  const rows = {
    "price-history": [
      { observedRunAt: YESTERDAY - 1800, coinId: "a", priceUsd: 1, deviationBps: 0 },
      { observedRunAt: YESTERDAY - 1800, coinId: "b", priceUsd: 1, deviationBps: 0 },
      { observedRunAt: YESTERDAY + 1800, coinId: "b", priceUsd: 0.9, deviationBps: -1000 },
    ],
    "supply-history": [
      { date: TODAY - DAY_SEC, coinId: "a", circulatingUsd: 80e9 },
      { date: TODAY - DAY_SEC, coinId: "b", circulatingUsd: 10.1e9 },
    ],
  };

  it("compares with what the record said at the digest before, and names the largest move", async () => {
    const { changes, facts } = await morningOf({ assets, rows });
    expect(changes.map(({ coinId, kind, before, after }) => [coinId, kind, before, after])).toEqual([
      ["a", "deviation", 0, -180],
      ["a", "supply", 80e9, 90e9],
    ]);
    expect(facts.market).toMatchObject({ totalUsd: 100e9, largestMover: { id: "a", changeUsd: 10e9, change: 0.125 } });
    expect(facts.market.change7d).toBeCloseTo(0.1);
  });

  it("knows coins that rested from the day's first run, and the index from the run of the digest before", async () => {
    const midnight = rows["price-history"].map((row) => ({ ...row, observedRunAt: TODAY - DAY_SEC + 300 }));
    const datasets = { "stability-index": { current: { score: 80, band: "STEADY" } } } as never as Datasets;
    const { changes, facts } = await morningOf({
      assets,
      datasets,
      rows: {
        ...rows,
        "price-history": midnight.slice(0, 2),
        "stability-samples": [
          { at: YESTERDAY - 1800, score: 60 },
          { at: YESTERDAY, score: 75 },
          { at: YESTERDAY + 1800, score: 90 },
        ],
      },
    });
    expect(changes.map(({ coinId, kind }) => [coinId, kind])).toContainEqual(["a", "deviation"]);
    expect(facts.stability).toMatchObject({ score: 80, change24h: 5 });
  });

  it("looks back to the last digest, however long ago that was, and at the most a week", async () => {
    const digest = (days: number) => ({
      "daily-digest": [{ date: TODAY - days * DAY_SEC, at: NOW - days * DAY_SEC, facts: "{}" }],
    });
    expect((await morningOf({ assets, rows: digest(3) })).day.since).toBe(NOW - 3 * DAY_SEC);
    expect((await morningOf({ assets, rows: digest(9) })).day.since).toBe(NOW - DAY_SEC);
    expect((await morningOf({ assets, rows: digest(0) })).day.since).toBe(NOW - DAY_SEC);
  });

  it("names every source that is missing or too old, and tells the rest", async () => {
    const none = await morningOf({ assets });
    expect(none.facts.degradedSources.map(({ reason }) => reason)).toEqual([
      "depeg-events-missing",
      "stability-index-missing",
      "mint-burn-flows-missing",
      "dews-missing",
      "report-cards-missing",
      "freeze-events-missing",
      "yield-rankings-missing",
      "dex-liquidity-missing",
    ]);
    expect(none.day.text).toContain("Which coins are off their peg is not known this morning.");
    expect(none.day.title).toContain("Pegs not known");
    const depegs = { "depeg-events": { events: [], total: 0, orphanCleanup: "done", keptOpen: [] } } as Datasets;
    const reasons = async (more: object) =>
      (await morningOf({ assets, datasets: depegs, ...more })).facts.degradedSources.map(({ reason }) => reason);
    expect(await reasons({})).not.toContain("depeg-events-missing");
    expect(await reasons({ agesSec: { "depeg-events": 3601 } })).toContain("depeg-events-stale");
    const hourly = { ...depegs, "report-cards": { cards: [] } } as never;
    expect(await reasons({ datasets: hourly, agesSec: { "report-cards": 7200 } })).not.toContain("report-cards-stale");
    expect(await reasons({ datasets: hourly, agesSec: { "report-cards": 7201 } })).toContain("report-cards-stale");
  });

  it("finds the warnings that changed by what the digest before said, and tells them", async () => {
    const dews = (bands: Record<string, string>) =>
      ({
        dews: { signals: Object.fromEntries(Object.entries(bands).map(([id, band]) => [id, { band, score: 40 }])) },
      }) as never;
    const first = await morningOf({ assets, datasets: dews({ a: "ALERT", b: "CALM" }) });
    expect(first.facts.stress).toMatchObject({ bands: { a: "ALERT" }, changes: null });
    const yesterday = { ...first.day, date: TODAY - DAY_SEC, at: YESTERDAY };
    const second = await morningOf({
      assets,
      datasets: dews({ a: "CALM", b: "WARNING" }),
      rows: { "daily-digest": [yesterday] },
    });
    expect(second.facts.stress?.changes).toMatchObject([
      { id: "b", from: "CALM", to: "WARNING" },
      { id: "a", from: "ALERT", to: "CALM" },
    ]);
    expect(second.day.text).toContain("Warnings that changed: B calm to warning and A alert to calm.");
    expect(
      second.changes.map(({ coinId, kind, beforeText, afterText }) => [coinId, kind, beforeText, afterText]),
    ).toEqual([
      ["b", "stress-band", "CALM", "WARNING"],
      ["a", "stress-band", "ALERT", "CALM"],
    ]);
  });

  it("drops more than ten grades that moved at once: that is our doing", async () => {
    const moved = (n: number) => ({
      "safety-score-history": Array.from({ length: n }, (_, index) => ({
        at: NOW - 3600,
        coinId: `c${index}`,
        prevGrade: "B",
        grade: "C",
      })),
    });
    const datasets = { "report-cards": { cards: [] } } as never as Datasets;
    const ten = await morningOf({ assets, datasets, rows: moved(10) });
    expect(ten.facts.grades).toMatchObject({ regraded: 0 });
    expect(ten.facts.grades?.changes).toHaveLength(10);
    const eleven = await morningOf({ assets, datasets, rows: moved(11) });
    expect(eleven.facts.grades).toEqual({ changes: [], regraded: 11 });
    expect(eleven.day.text).toContain("re-grade");
  });

  it("keeps what it knows of us, and writes that only when it changed", async () => {
    const first = await morningOf({ assets });
    expect(first.state[MARK_STATE]).toMatchObject({ facts: { a: expect.any(String), b: expect.any(String) } });
    expect((await morningOf({ assets, state: first.state[MARK_STATE] })).state).toEqual({});
    const older = { methodologyVersion: "0.1", facts: {} };
    expect((await morningOf({ assets, state: older })).facts.method).toEqual({
      changed: true,
      coinsAdded: 2,
      coinsRemoved: 0,
      factsChanged: 0,
    });
  });
});

describe("the digest's sentences", () => {
  it("follow from the facts word for word", async () => {
    const event = {
      stablecoinId: "a",
      symbol: "A",
      pegReference: 1,
      peakDeviationBps: -300,
      startedAt: NOW - 3600,
      endedAt: null,
    };
    const datasets = {
      "depeg-events": { events: [event] },
      "stability-index": { current: { score: 81.24, band: "STEADY" } },
      "mint-burn-flows": {
        gauge: { score: -12.4, band: "NEUTRAL", ftqAvailable: false, flightToQuality: false },
        coins: [],
        openHours: [],
      },
      dews: { signals: { a: { score: 61, band: "WARNING" }, b: { score: 3, band: "CALM" } } },
      "report-cards": { cards: [] },
      "freeze-events": {
        events: [
          { timestamp: NOW - 7200, eventType: "blacklist", amountUsd: 3e6 },
          { timestamp: NOW - 7300, eventType: "destroy", amountUsd: null },
          { timestamp: NOW - 7400, eventType: "unblacklist", amountUsd: 9e9 },
        ],
      },
      "yield-rankings": { rankings: [] },
      "dex-liquidity": {},
    } as never as Datasets;
    const { day, facts } = await morningOf({
      assets: [asset("a", 90e9, { price: 0.982 }), asset("b", 10e9)],
      datasets,
    });
    expect(day.title).toBe("A −180 bps from its peg, index 81.2 steady, market $100.0bn");
    expect(day.text.split("\n")).toEqual([
      "Stablecoins add up to $100.0bn, +10.00 % in seven days and 0.00 % in one.",
      "1 coin is off its peg. A (−180 bps, $90.0bn).",
      "The stability index stands at 81.2 of 100, steady.",
      "The flow gauge reads −12, neutral, whether holders flee to quality is not known.",
      "1 coin is on alert or worse by early warnings, first A (61, warning). No grade changed in two days.",
      "Issuers froze or emptied 2 addresses, $3.00m where the amount is known, 1 of unknown amount.",
    ]);
    const flows = {
      gauge: 3,
      band: "HEALTHY",
      flightToQuality: true,
      pressed: [{ id: "b", symbol: "B", score: -31.6 }],
    };
    expect(digestSentences({ ...facts, flows })[3]).toBe(
      "The flow gauge reads +3, healthy, with a flight to quality. Against their own thirty days stand out B −32.",
    );
  });

  it("are five at least and eight at most, and never say a number that is not one", async () => {
    const none = (await morningOf({ assets: [asset("a", 1e9)] })).facts;
    expect(digestSentences(none).length).toBeGreaterThanOrEqual(5);
    expect(digestSentences(none).length).toBeLessThanOrEqual(8);
    expect(digestSentences(none).join(" ")).not.toMatch(/NaN|null|undefined|Infinity/);
  });
});
