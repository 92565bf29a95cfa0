import { describe, expect, it } from "vitest";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { CoinStress } from "../schema/stress.ts";
import { type Datasets, laneContext, testCoin } from "../test-support/lane-context.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { restingStress } from "./coin-stress.ts";
import { stressLane } from "./lane.ts";
import { STRESS_STATE } from "./stress-past.ts";

const NOW = 1_780_000_000;

const asset = (id: string, more: Partial<PeggedAsset> = {}): PeggedAsset =>
  ({
    id,
    symbol: id,
    pegType: "peggedUSD",
    price: 1,
    priceConfidence: "high",
    pegReferenceUsd: 1,
    circulating: { peggedUSD: 1e9 },
    circulatingPrevDay: { peggedUSD: 1e9 },
    circulatingPrevWeek: { peggedUSD: 1e9 },
    ...more,
  }) as PeggedAsset;

const coins = [
  testCoin("a"),
  testCoin("b"),
  testCoin("nav", { navToken: true }),
  testCoin("dead", { status: { state: "dead", since: null } }),
];
const base = (assets = [asset("a"), asset("b"), asset("nav"), asset("dead")]): Datasets => ({
  stablecoins: { peggedAssets: assets } as never,
  "dex-liquidity": {},
  "dex-prices": { prices: {} },
  "fx-rates": { rates: {} } as never,
  "freeze-events": { events: [], total: 0, byCoin: {}, coverage: [] },
  "yield-rankings": { rankings: [] } as never,
});
const after = { [STRESS_STATE]: { bootstrapComplete: true, confidence: {}, day: startOfUtcDay(NOW), worst: {} } };
const run = (datasets = base(), agesSec = {}, state: Record<string, unknown> = {}) =>
  stressLane.run(laneContext({ nowSec: NOW, coins, datasets, agesSec, state }));

describe("the stress lane", () => {
  it("scores live coins with a fixed peg and leaves NAV tokens and dead coins out", async () => {
    const { status, snapshots } = await run();
    expect(status).toBe("ok");
    expect(Object.keys(snapshots.dews?.data.signals ?? {})).toEqual(["a", "b"]);
    expect(snapshots.dews?.data.signals.a).toMatchObject({
      score: 0,
      band: "CALM",
      signals: { supply: 0, price: 0, diverg: 0 },
    });
  });

  it("publishes nothing without this run's prices", async () => {
    const code = "stablecoins-cache-unavailable";
    expect(await run({ ...base(), stablecoins: undefined } as never)).toMatchObject({
      status: "degraded",
      reasons: [{ code }],
      snapshots: {},
    });
    expect(await run(base(), { stablecoins: 1800 })).toMatchObject({ reasons: [{ code }], withheld: ["dews"] });
  });

  it("takes liquidity older than two hours as no liquidity, and is degraded for it even on its first run", async () => {
    const fresh = await run(base(), { "dex-liquidity": 7200 });
    expect(fresh.status).toBe("ok");
    const stale = await run(base(), { "dex-liquidity": 7201 });
    expect(stale).toMatchObject({ status: "degraded", reasons: [{ code: "dex-liquidity-stale" }] });
    expect(stale.snapshots.dews?.data.sourceFailures).toContainEqual({
      source: "dex-liquidity",
      reason: "dex-liquidity-stale",
      bootstrap: false,
    });
  });

  it("forgives a missing input until it first published, and not after", async () => {
    const without = { ...base(), "dex-liquidity": undefined } as never;
    const first = await run(without);
    expect(first.status).toBe("ok");
    expect(first.state[STRESS_STATE]).toMatchObject({ bootstrapComplete: true });
    expect(first.snapshots.dews?.data.sourceFailures).toContainEqual({
      source: "dex-liquidity",
      reason: "dex-liquidity-missing",
      bootstrap: true,
    });
    expect(await run(without, {}, after)).toMatchObject({
      status: "degraded",
      reasons: [{ code: "dex-liquidity-missing" }],
    });
  });

  it("counts a price that is doubted more than at the last reading", async () => {
    const doubted = base([asset("a", { priceConfidence: "low" })]);
    const price = async (state: Record<string, unknown>) =>
      (await run(doubted, {}, state)).snapshots.dews?.data.signals.a?.signals.price;
    expect(await price({})).toBe(60);
    expect(await price(after)).toBe(75);
  });

  it("lets a falling market and a peer in danger weigh on the others of the same peg", async () => {
    const crash = asset("a", {
      price: 0.5,
      priceConfidence: "fallback",
      circulatingPrevDay: { peggedUSD: 2e9 },
      circulatingPrevWeek: { peggedUSD: 2e9 },
    });
    const unwell = asset("b", { price: 0.994, priceConfidence: "low" });
    const { snapshots } = await run(base([crash, unwell]), {}, after);
    const { a, b } = snapshots.dews?.data.signals ?? {};
    expect(a?.band).toBe("DANGER");
    expect(a?.amplified).toBe(1);
    expect(b?.amplified).toBe(1.15);
    const shaken = await run(
      { ...base([unwell]), "stability-index": { current: { score: 37.5 } } as never },
      {},
      after,
    );
    expect(shaken.snapshots.dews?.data.signals.b?.amplified).toBe(1.15);
  });

  it("uses freezes of the coins that are looked at, quiet ones as quiet", async () => {
    const coverage = [{ coinId: "a", since: NOW - DAY_SEC }] as never;
    const byCoin = { a: { events24h: 10, events7d: 10 } } as never;
    const { snapshots } = await run({ ...base(), "freeze-events": { events: [], total: 10, byCoin, coverage } });
    expect(snapshots.dews?.data.signals.a?.signals.black).toBeGreaterThan(50);
    expect(snapshots.dews?.data.signals.b?.signals.black).toBeUndefined();
  });

  it("writes the worst score of a day once the day is over", async () => {
    const yesterday = startOfUtcDay(NOW) - DAY_SEC;
    const state = { [STRESS_STATE]: { bootstrapComplete: true, confidence: {}, day: yesterday, worst: { a: 44 } } };
    const { history } = await run(base(), {}, state);
    expect(history[0]?.rows).toEqual([{ date: yesterday, coinId: "a", score: 44, band: "ALERT" }]);
    expect((await run(base(), {}, after)).history).toEqual([]);
  });
});

describe("a reading", () => {
  const reading = (more: Partial<CoinStress> = {}): CoinStress => ({
    score: 14,
    band: "CALM",
    reason: null,
    amplified: 1,
    signals: { price: 0, diverg: 20 },
    ...more,
  });
  it("rests while little moved, never across a band and never when a signal comes or goes", () => {
    const before = reading();
    expect(restingStress(reading({ score: 15, signals: { price: 0, diverg: 24 } }), before)).toBe(before);
    for (const more of [
      { score: 16, band: "WATCH" },
      { score: 17 },
      { signals: { price: 0, diverg: 25 } },
      { signals: { price: 0 } },
      { signals: { price: 0, liq: 20 } },
      { amplified: 1.15 },
    ] as Partial<CoinStress>[])
      expect(restingStress(reading(more), before), JSON.stringify(more)).not.toBe(before);
  });
});
