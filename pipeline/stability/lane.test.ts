import { describe, expect, it } from "vitest";
import { type Datasets, laneContext, testCoin } from "../test-support/lane-context.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { stabilityLane } from "./lane.ts";
import { closeYesterday, isNews, mean24h, readStabilityState, STABILITY_STATE, stabilityState } from "./samples.ts";

const NOW = 1_780_000_000;
const asset = (id: string, price: number | null, usd: number, week: number | null = usd) => ({
  id,
  symbol: id,
  pegType: "peggedUSD",
  price,
  circulating: { peggedUSD: usd },
  circulatingPrevWeek: week === null ? null : { peggedUSD: week },
});
const event = (stablecoinId: string, startedAt: number, more = {}) => ({
  stablecoinId,
  startedAt,
  endedAt: null,
  pegReference: 1,
  ...more,
});
const coins = [testCoin("a"), testCoin("b"), testCoin("nav", { navToken: true }), testCoin("s", { variantOf: "a" })];
const datasets = (more: Datasets = {}): Datasets => ({
  stablecoins: {
    peggedAssets: [
      asset("a", 0.999, 145e9, 144.5e9),
      asset("b", 1, 55e9),
      asset("nav", 1.1, 9e9),
      asset("s", 1.1, 9e9),
    ],
  } as never,
  "depeg-events": { events: [] } as never,
  dews: { signals: {} } as never,
  ...more,
});
const run = (more: Datasets = {}, agesSec = {}, state = {}) =>
  stabilityLane.run(laneContext({ nowSec: NOW, coins, datasets: datasets(more), agesSec, state }));

describe("the stability lane", () => {
  it("takes no sample without prices, depegs or stress of now, and keeps the last one", async () => {
    for (const [more, ages, code] of [
      [{ stablecoins: undefined }, {}, "stablecoins-cache-unavailable"],
      [{}, { stablecoins: 60 }, "stablecoins-cache-unavailable"],
      [{ "depeg-events": undefined }, {}, "depegs-unavailable"],
      [{}, { "depeg-events": 3601 }, "depegs-unavailable"],
      [{ dews: undefined }, {}, "dews-unavailable"],
      [{}, { dews: 3601 }, "dews-unavailable"],
      [{ stablecoins: { peggedAssets: [] } }, {}, "market-size-unknown"],
    ] as const) {
      const result = await run(more as never, ages);
      expect(result, code).toMatchObject({
        status: "degraded",
        reasons: [{ code }],
        withheld: ["stability-index"],
        counts: { preservedCurrentSample: 1 },
        history: [],
        state: {},
      });
    }
  });

  it("weighs the current price of an open depeg, not its peak, and each coin once", async () => {
    const events = [
      event("a", NOW - 3 * DAY_SEC, { peakDeviationBps: -900 }),
      event("a", NOW - DAY_SEC),
      event("b", NOW - DAY_SEC, { endedAt: NOW }),
    ];
    const { snapshots } = await run({ "depeg-events": { events } as never });
    const current = snapshots["stability-index"]?.data.current;
    expect(current?.contributors).toEqual([{ id: "a", symbol: "a", bps: -10, mcapUsd: 145e9, depegAgeDays: 3 }]);
    // The method's own check value: 145 billion at 10 bps in a market of 200 billion that grew a quarter of a per cent.
    expect(current?.score).toBeCloseTo(52, 0);
    expect(current?.band).toBe("FRACTURE");
    expect(current?.totalMcapUsd).toBe(200e9);
  });

  it("adds its sample to the history in the run that took it: the next digest compares with it", async () => {
    const { history, snapshots } = await run();
    const score = snapshots["stability-index"]?.data.current.score;
    expect(history).toMatchObject([{ dataset: { name: "stability-samples" }, rows: [{ at: NOW, score }] }]);
  });

  it("names open depegs whose coin has no price and leaves them out", async () => {
    const { snapshots } = await run({
      stablecoins: { peggedAssets: [asset("a", null, 1e9), asset("b", 1, 9e9)] } as never,
      "depeg-events": { events: [event("a", NOW - 60)] } as never,
    });
    expect(snapshots["stability-index"]?.data.current).toMatchObject({
      withoutPrice: ["a"],
      contributors: [],
      score: 100,
    });
  });

  it("counts the week of coins whose last week is known only", async () => {
    const { snapshots } = await run({
      stablecoins: { peggedAssets: [asset("a", 1, 102, 100), asset("b", 1, 1e6, null)] } as never,
    });
    expect(snapshots["stability-index"]?.data.current.components.trend).toBe(2);
  });
});

describe("samples", () => {
  it("are stored where the index moved, and the first of every two hours by the clock", () => {
    const at = (minute: number, score: number) => ({ ...sample(DAY_SEC + minute * 60, score) });
    const run = [at(0, 90), at(30, 90), at(60, 89.5), at(90, 89.5), at(120, 89.5), at(150, 90), at(400, 90)];
    const stored = run.filter((one, index) => isNews(one, run.slice(0, index)));
    expect(stored.map((one) => (one.at - DAY_SEC) / 60)).toEqual([0, 60, 120, 150, 400]);
    const parts = ["severity", "breadth", "stressBreadth", "trend"] as const;
    for (const part of parts) expect(isNews({ ...at(30, 90), [part]: 7 }, [at(0, 90)]), part).toBe(true);
  });

  const day = startOfUtcDay(NOW);
  const sample = (at: number, score: number) => ({ at, score, severity: 1, breadth: 2, stressBreadth: 3, trend: -0.5 });

  it("survive the state file, those of yesterday and today", () => {
    const kept = [sample(day - DAY_SEC, 90), sample(day, 91.5)];
    const state = stabilityState([sample(day - DAY_SEC - 1, 1), ...kept], null, day + 60);
    expect(readStabilityState(JSON.parse(JSON.stringify(state))).samples).toEqual(kept);
    expect(readStabilityState({ samples: ["broken", "1 2"], closedDay: null }).samples).toEqual([]);
    expect(readStabilityState(null)).toEqual({ samples: [], closedDay: null });
  });

  it("give a day's mean once, from 08:00 UTC on", () => {
    const samples = [sample(day - 100, 80), sample(day - 50, 90), sample(day + 5, 10)];
    expect(closeYesterday(samples, null, day + 8 * 3600 - 1)).toEqual({ kind: "not-due" });
    expect(closeYesterday(samples, null, day + 8 * 3600)).toMatchObject({
      kind: "closed",
      row: { date: day - DAY_SEC, score: 85, band: "STEADY", samples: 2 },
    });
    expect(closeYesterday(samples, day - DAY_SEC, day + 9 * 3600)).toEqual({ kind: "not-due" });
    expect(closeYesterday([sample(day + 5, 10)], null, day + 9 * 3600)).toMatchObject({ kind: "no-samples" });
  });

  it("are averaged over the last 24 hours", () => {
    expect(mean24h([sample(day - DAY_SEC, 0), sample(day - 1, 50), sample(day, 60)], day)).toEqual({
      score: 55,
      samples: 2,
    });
    expect(mean24h([], day)).toBeNull();
  });

  it("say so when yesterday has none, except on a record's first day", async () => {
    const at = day + 9 * 3600;
    const go = (state: unknown) =>
      stabilityLane.run(
        laneContext({
          nowSec: at,
          coins,
          datasets: datasets(),
          state: state === null ? {} : { [STABILITY_STATE]: state },
        }),
      );
    expect((await go(null)).status).toBe("ok");
    const gap = stabilityState([sample(day + 60, 90)], null, at);
    expect(await go(gap)).toMatchObject({ status: "degraded", reasons: [{ code: "no-samples-yesterday" }] });
  });
});
