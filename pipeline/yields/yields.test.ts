import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { llamaYields, type YieldPool } from "../sources/llama-yields.ts";
import { type Datasets, laneContext, testCoin } from "../test-support/lane-context.ts";
import { DAY_SEC, startOfUtcDay, utcDay } from "../time.ts";
import { yieldsLane } from "./lane.ts";
import {
  apyFromBenchmark,
  apyFromGrowth,
  rankedCandidates,
  variation,
  yieldScore,
  yieldToRisk,
  yieldWarnings,
} from "./yield-figures.ts";
import { readYieldPast, withToday, YIELDS_STATE } from "./yield-past.ts";

const NOW = startOfUtcDay(1_780_000_000) + 12 * 3600;
const BILL = [{ date: utcDay(NOW - DAY_SEC), ratePct: 3.5 }];

describe("yield arithmetic", () => {
  it("compounds growth to a year and refuses what means nothing", () => {
    expect(apyFromGrowth(1.001, 1, 7)).toBeCloseTo((1.001 ** (365.25 / 7) - 1) * 100, 10);
    expect(apyFromGrowth(1, 0, 7)).toBeNull();
    expect(apyFromGrowth(1, 1, 0)).toBeNull();
    expect([apyFromBenchmark(3.75, 20), apyFromBenchmark(0.1, 50)]).toEqual([3.55, 0]);
  });

  it("scores by the method: at safety 61 a yield counts at half its fourth root's seventh", () => {
    // p = (101 - 61) / 20 = 2, so 10 % counts 10 / 2^1.75 = 2.973, times 8 = 24.
    expect(yieldScore(10, 61, 0)).toBe(24);
    expect(yieldScore(10, null, null)).toBe(Math.round((10 / 3.05 ** 1.75) * 8));
    expect([yieldScore(0, 90, 0), yieldScore(-3, 90, 0), yieldScore(500, 90, 0)]).toEqual([0, 0, 100]);
    expect(yieldToRisk(6, 81)).toBeCloseTo(0.3);
  });

  it("never gives more for less safety or for more variation", () => {
    const safety = fc.integer({ min: 0, max: 100 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 60, noNaN: true }), safety, safety, share, share, (apy, a, b, c, d) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(yieldScore(apy, low, c)).toBeLessThanOrEqual(yieldScore(apy, high, c));
        expect(yieldScore(apy, a, Math.max(c, d))).toBeLessThanOrEqual(yieldScore(apy, a, Math.min(c, d)));
      }),
    );
    expect(variation([5])).toBeNull();
    expect(variation([5, 5, 5])).toBe(0);
    expect(variation([0, 0])).toBeNull();
  });

  it("warns at its bounds and not before", () => {
    const calm = {
      currentApy: 4,
      apy30d: 4,
      apyReward: null,
      medianApy: 4,
      tvlUsd: 100,
      tvlWeekAgoUsd: 100,
      tier: "discovered-pool",
      ageSec: 0,
    } as const;
    const of = (more: object) => yieldWarnings({ ...calm, ...more });
    expect(of({})).toEqual([]);
    expect(of({ currentApy: 8.1, medianApy: null })).toEqual(["yield-spike"]);
    expect(of({ currentApy: 1.9, apy30d: 0.5, medianApy: null })).toEqual([]);
    expect(of({ medianApy: 1.3 })).toEqual(["yield-divergence"]);
    expect(of({ currentApy: 2.7 })).toEqual(["negative-trend"]);
    expect(of({ apyReward: 3.3 })).toEqual(["reward-heavy"]);
    expect(of({ tvlUsd: 79 })).toEqual(["tvl-outflow"]);
    expect(of({ ageSec: 3 * 3600 + 1 })).toEqual(["data-stale"]);
    expect(of({ ageSec: 30 * 3600, tier: "price-derived" })).toEqual([]);
    expect(of({ ageSec: 7 * DAY_SEC, tier: "benchmark" })).toEqual([]);
    expect(of({ ageSec: 9 * DAY_SEC, tier: "benchmark" })).toEqual(["data-stale"]);
    expect(of({ ageSec: null, tier: "benchmark" })).toEqual(["data-stale"]);
    expect(of({ ageSec: null })).toEqual([]);
    expect(of({ currentApy: 0, apy30d: 0.5 })).toEqual(["zero-yield"]);
  });

  it("prefers the better source, never one that pays nothing, and drops weak rows far from a canonical one", () => {
    const row = (source: string, tier: never, apy: number) => ({ source, tier, apy });
    const rows = [
      row("derived", "price-derived" as never, 5),
      row("found", "discovered-pool" as never, 5.2),
      row("curated", "curated-pool" as never, 5.1),
    ];
    expect(rankedCandidates(rows).map(({ source }) => source)).toEqual(["curated", "found", "derived"]);
    expect(
      rankedCandidates([row("curated", "curated-pool" as never, 0), row("found", "discovered-pool" as never, 4)])[0]
        ?.source,
    ).toBe("found");
    expect(
      rankedCandidates([...rows, row("odd", "discovered-pool" as never, 9)]).map(({ source }) => source),
    ).not.toContain("odd");
  });
});

describe("the yields lane", () => {
  const coins = Array.from({ length: 12 }, (_, i) =>
    testCoin(`s${i}`, {
      navToken: true,
      deployments: [
        { chain: "Ethereum", address: `0x${String(i).padStart(40, "0")}`, decimals: 18, role: null },
      ] as never,
    }),
  );
  const pool = (i: number, apy: number): YieldPool => ({
    pool: `p${i}`,
    project: "vault",
    chain: "Ethereum",
    symbol: `S${i}`,
    tvlUsd: 1e6,
    apy,
    apyBase: apy,
    apyReward: null,
    apyMean30d: apy,
    volumeUsd1d: null,
    volumeUsd7d: null,
    daysKnown: 100,
    exposure: "single",
    poolMeta: null,
    underlyingTokens: [`0x${String(i).padStart(40, "0")}`],
  });
  const cards = { cards: coins.map(({ id }) => ({ id, overallScore: 80 })) } as never;
  const run = (
    pools: YieldPool[] | null,
    more: Datasets = { "report-cards": cards },
    state: Record<string, unknown> = {},
  ) => {
    const datasets: Datasets = { stablecoins: { peggedAssets: [{ id: "s0", price: null }] } as never, ...more };
    const context = laneContext({ nowSec: NOW, coins, datasets, state });
    context.collect = (async ({ id }: { id: string }) => {
      const value = id === llamaYields.id ? pools && { pools } : { series: id, points: BILL };
      return value === null ? { ok: false, reason: "unusable", detail: "empty" } : { ok: true, value, fetchedAt: NOW };
    }) as never;
    return yieldsLane.run(context);
  };
  const all = coins.map((_, i) => pool(i, 4 + i / 10));

  it("ranks every coin whose yield is known, best first", async () => {
    const { status, snapshots, history } = await run(all);
    expect(status).toBe("ok");
    const rankings = snapshots["yield-rankings"]?.data.rankings ?? [];
    expect(rankings).toHaveLength(12);
    expect(rankings[0]).toMatchObject({ id: "s11", currentApy: 5.1, safetyGrade: "A-", dataSource: "discovered-pool" });
    expect(rankings[0]).toMatchObject({ excessYield: 1.6, benchmarkCurrency: "USD", benchmarkBasis: "observed" });
    expect(history[0]?.rows).toHaveLength(12);
  });

  it("does not write a ranking that lost half its rows at once", async () => {
    const before = { rankings: coins.map(({ id }) => ({ id })) } as never;
    const shrunk = await run(all.slice(0, 5), { "report-cards": cards, "yield-rankings": before });
    expect(shrunk).toMatchObject({
      status: "degraded",
      reasons: [{ code: "ranking-shrank" }],
      snapshots: {},
      withheld: ["yield-rankings"],
    });
    const kept = await run(all.slice(0, 6), { "report-cards": cards, "yield-rankings": before });
    expect(kept.status).toBe("ok");
  });

  it("is degraded without pools and without grades, and still ranks what it knows", async () => {
    const state = {
      [YIELDS_STATE]: { days: { s0: [`${new Date((NOW - 10 * DAY_SEC) * 1000).toISOString().slice(0, 10)} 1 - -`] } },
    };
    const stablecoins = { peggedAssets: [{ id: "s0", price: 1.002 }] } as never;
    const derived = await run(null, { "report-cards": cards, stablecoins }, state);
    expect(derived).toMatchObject({ status: "degraded", reasons: [{ code: "llama-yields-unusable" }] });
    expect(derived.snapshots["yield-rankings"]?.data.rankings).toMatchObject([
      { id: "s0", dataSource: "price-derived" },
    ]);
    const ungraded = await run(all, {});
    expect(ungraded).toMatchObject({ status: "degraded", reasons: [{ code: "safety-missing" }] });
    expect(ungraded.snapshots["yield-rankings"]?.data.rankings[0]).toMatchObject({
      safetyScore: null,
      safetyGrade: "NR",
    });
    const thin = await run(all, { "report-cards": { cards: [{ id: "s0", overallScore: 80 }] } as never });
    expect(thin.reasons[0]?.code).toBe("safety-thin");
    expect(await run(null, { "report-cards": cards })).toMatchObject({
      status: "degraded",
      withheld: ["yield-rankings"],
    });
  });

  it("remembers one look a day, and reads it back", () => {
    const today = startOfUtcDay(NOW);
    const look = new Map([["a", { priceUsd: 1.05, apy: 4.2, tvlUsd: null }]]);
    const state = withToday(new Map(), look, today);
    expect(readYieldPast(state).get("a")).toEqual([{ date: today, priceUsd: 1.05, apy: 4.2, tvlUsd: null }]);
    expect(withToday(readYieldPast(state), look, today)).toBeNull();
    expect(readYieldPast({ days: { a: ["nonsense"] } }).get("a")).toEqual([]);
  });
});
