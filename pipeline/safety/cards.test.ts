import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PegSummaryCoin } from "../schema/peg-summary.ts";
import type { ReportCard } from "../schema/report-cards.ts";
import type { ReserveRow } from "../schema/reserves.ts";
import { scoringOrder, upstreamId } from "../scoring/dependency-graph.ts";
import type { Dependency } from "../scoring/dependency-risk.ts";
import { overallScore } from "../scoring/overall-score.ts";
import { type Datasets, laneContext, testCoin } from "../test-support/lane-context.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { factsOf, mayScore } from "./facts.ts";
import { gradeRows } from "./grade-history.ts";
import { safetyLane } from "./lane.ts";
import { levers } from "./levers.ts";

const NOW = 1_780_000_000;

const peg = (id: string, pegScore: number | null): PegSummaryCoin =>
  ({
    id,
    pegScore,
    currentDeviationBps: 0,
    eventCount: 0,
    trackingSpanDays: 400,
    lastEventAt: null,
  }) as PegSummaryCoin;

const liquid = (score: number) => ({ liquidityScore: score, concentrationHhi: 0.2 }) as never;

function datasets(more: Datasets = {}): Datasets {
  return {
    "peg-summary": { coins: [peg("a", 90), peg("b", 90)], summary: {} } as never,
    "depeg-events": { events: [], total: 0, orphanCleanup: "done", keptOpen: [] },
    "dex-liquidity": { a: liquid(80), b: liquid(70) },
    supply: { coins: [] } as never,
    reserves: { coins: {} } as never,
    "redemption-backstops": { coins: {} } as never,
    ...more,
  };
}

const coins = [testCoin("a"), testCoin("b"), testCoin("sa", { variantOf: "a", navToken: true })];
const run = (more: Datasets = {}, agesSec = {}, state = {}) =>
  safetyLane.run(laneContext({ nowSec: NOW, coins, datasets: datasets(more), agesSec, state }));
const cardsOf = async (...given: Parameters<typeof run>) =>
  new Map(((await run(...given)).snapshots["report-cards"]?.data.cards ?? []).map((card) => [card.id, card]));
const card = (cards: Map<string, ReportCard>, id: string) => cards.get(id) as ReportCard;

describe("a report card", () => {
  it("follows from its dimensions by the method", async () => {
    const a = card(await cardsOf(), "a");
    expect(a.dimensions).toMatchObject({
      pegStability: { score: 90 },
      liquidity: { score: 80 },
      resilience: { score: 53 },
      decentralization: { score: 20 },
      dependencyRisk: { score: 95 },
    });
    const base = (30 * 80 + 20 * 53 + 15 * 20 + 25 * 95) / 90;
    expect(a.baseScore).toBeCloseTo(base, 1);
    expect(a.overallScore).toBe(Math.round(base * 0.9 ** 0.4));
    expect(a.rawInputs.assumed).toContain("custodyModel");
  });

  it("says what is not known instead of guessing it", async () => {
    const unknown = testCoin("u", { governance: null, backing: null });
    const result = await safetyLane.run(
      laneContext({
        nowSec: NOW,
        coins: [unknown],
        datasets: datasets({ "peg-summary": { coins: [peg("u", 90)] } as never }),
      }),
    );
    const [u] = result.snapshots["report-cards"]?.data.cards ?? [];
    expect(u).toMatchObject({
      overallScore: null,
      overallGrade: "NR",
      overallReason: "too-few-dimensions",
      freezability: null,
    });
    expect(u?.dimensions.resilience).toMatchObject({ score: null, grade: "NR" });
    expect(u?.upgrade).toBeNull();
  });

  it("of a variant never outscores its parent, and names what it would have", async () => {
    const low = await cardsOf({
      "peg-summary": { coins: [peg("a", 20), peg("b", 90)], summary: {} } as never,
      "dex-liquidity": { a: liquid(80), sa: liquid(100) },
    });
    const [a, sa] = [card(low, "a"), card(low, "sa")];
    expect(sa.overallScore).toBe(a.overallScore);
    expect(sa.overallCapped).toBe(true);
    expect(sa.uncappedOverallScore).toBeGreaterThan(a.overallScore ?? 100);
    expect(sa.dependencies).toEqual([{ id: "a", weight: 1, type: "wrapper" }]);
  });

  it("says that nothing can be frozen only where the reserves are known", async () => {
    const reserve = (name: string) =>
      ({
        evidenceClass: "independent",
        sync: { status: "ok" },
        reading: {
          fetchedAt: NOW,
          syncStatus: "ok",
          slices: [{ name, pct: 100, risk: "low" }],
          metadata: { freshnessMode: "verified" },
        },
      }) as never;
    const of = async (reserves: Record<string, never>) => {
      const context = laneContext({
        nowSec: NOW,
        coins: [testCoin("a"), testCoin("x", { governance: "cefi-dependent" })],
        datasets: datasets({ reserves: { coins: reserves, sharedPools: [], updatedAt: NOW } }),
      });
      return (await safetyLane.run(context)).snapshots["report-cards"]?.data.cards.map(
        ({ freezability }) => freezability,
      );
    };
    expect(await of({})).toEqual(["yes", null]);
    expect(await of({ x: reserve("ETH") })).toEqual(["yes", "no"]);
    expect(await of({ x: reserve("USDC in a vault") })).toEqual(["yes", "inherited"]);
  });

  it("is put to the test of its upstream's failure: what stands on it falls with it, and nothing else", async () => {
    const { snapshots } = await run();
    const tests = snapshots["report-cards"]?.data.stressTests ?? [];
    expect(tests).toEqual([{ id: "a", changes: [{ id: "sa", scoreNow: expect.any(Number), score: 0, grade: "F" }] }]);
  });

  it("is capped by the peak of an open depeg, not by an ended one", async () => {
    const event = { stablecoinId: "a", peakDeviationBps: -2600, endedAt: null as number | null };
    const of = async (endedAt: number | null) =>
      card(await cardsOf({ "depeg-events": { events: [{ ...event, endedAt }] } as never }), "a");
    expect(await of(null)).toMatchObject({ overallScore: 39, overallGrade: "F", depegCap: 39 });
    expect((await of(NOW)).depegCap).toBeNull();
  });

  it("of a dead coin is F, whatever else is known", async () => {
    const dead = testCoin("a", { status: { state: "dead", since: null } });
    const result = await safetyLane.run(laneContext({ nowSec: NOW, coins: [dead], datasets: datasets() }));
    expect(result.snapshots["report-cards"]?.data.cards[0]).toMatchObject({
      overallGrade: "F",
      overallReason: "defunct",
      isDefunct: true,
    });
  });

  it("of a NAV token is judged by the peg and the depeg of the coin it names", async () => {
    const wrapped = testCoin("w", { navToken: true, peg: { currency: "USD", type: "peggedUSD", referenceId: "a" } });
    const result = await safetyLane.run(
      laneContext({
        nowSec: NOW,
        coins: [testCoin("a"), wrapped],
        datasets: datasets({
          "depeg-events": { events: [{ stablecoinId: "a", peakDeviationBps: 1200, endedAt: null }] } as never,
        }),
      }),
    );
    const w = result.snapshots["report-cards"]?.data.cards.find(({ id }) => id === "w");
    expect(w?.dimensions.pegStability.score).toBe(90);
    expect(w?.overallScore).toBe(49);
  });
});

describe("the safety lane", () => {
  it("grades nobody without current peg scores, and keeps the last good cards", async () => {
    for (const [more, ages, code] of [
      [{ "peg-summary": undefined }, {}, "pegs-missing"],
      [{ "depeg-events": undefined }, {}, "pegs-missing"],
      [{}, { "peg-summary": 3601 }, "pegs-stale"],
      [{}, { "depeg-events": 3601 }, "pegs-stale"],
    ] as const) {
      const result = await run(more as never, ages);
      expect(result).toMatchObject({ status: "degraded", reasons: [{ code }], withheld: ["report-cards"] });
      expect(result.snapshots).toEqual({});
    }
  });

  it("uses old liquidity and flags it, and takes a tenth where there is none", async () => {
    const stale = await run({}, { "dex-liquidity": 7201 });
    expect(stale).toMatchObject({ status: "degraded", reasons: [{ code: "dex-liquidity-stale" }] });
    expect(stale.snapshots["report-cards"]?.data.liquidityStale).toBe(true);
    const missing = await run({ "dex-liquidity": undefined });
    expect(missing.reasons[0]?.code).toBe("dex-liquidity-missing");
    const a = missing.snapshots["report-cards"]?.data.cards[0];
    expect(a?.dimensions.liquidity.score).toBeNull();
    expect(a?.overallScore).toBe(Math.round(((20 * 53 + 15 * 20 + 25 * 95) / 60) * 0.9 ** 0.4 * 0.9));
  });
});

describe("live reserves", () => {
  const row = (more: Partial<ReserveRow> = {}, reading: Partial<NonNullable<ReserveRow["reading"]>> = {}): ReserveRow =>
    ({
      evidenceClass: "independent",
      mode: "live",
      sync: { status: "ok" },
      reading: {
        fetchedAt: NOW - 3600,
        syncStatus: "ok",
        slices: [
          { name: "USDC", pct: 40, risk: "low", coinId: "usdc" },
          { name: "Treasury bills", pct: 60, risk: "very-low" },
        ],
        metadata: { freshnessMode: "verified" },
        ...reading,
      },
      ...more,
    }) as ReserveRow;

  it("score only when independent, good, younger than 48 hours and of a known time", () => {
    expect(mayScore(row(), NOW)).toBe(true);
    for (const bad of [
      undefined,
      row({ evidenceClass: "weak-live-probe" }),
      row({ sync: { status: "error" } as never }),
      row({ reading: null }),
      row({}, { fetchedAt: NOW - 48 * 3600 }),
      row({}, { syncStatus: "degraded" }),
      row({}, { metadata: { freshnessMode: "unverified" } }),
      row({}, { slices: [] }),
    ])
      expect(mayScore(bad, NOW)).toBe(false);
  });

  it("bring collateral and dependencies, and are named as live", () => {
    const facts = factsOf(testCoin("x", { governance: "cefi-dependent" }), row(), NOW);
    expect(facts).toMatchObject({ fromLive: true, dependencies: [{ id: "usdc", weight: 0.4, type: "collateral" }] });
    expect(facts.assumed).not.toContain("collateralQuality");
    expect(factsOf(testCoin("x"), undefined, NOW)).toMatchObject({ fromLive: false, dependencies: [] });
  });
});

describe("the order of scoring", () => {
  const edge = (id: string): Dependency => ({ id, weight: 1, type: "collateral" });
  it("puts upstreams first", () => {
    const { ids, brokenCycles } = scoringOrder(
      new Map([
        ["c", [edge("b")]],
        ["b", [edge("a")]],
        ["a", []],
      ]),
    );
    expect(ids).toEqual(["a", "b", "c"]);
    expect(brokenCycles).toEqual([]);
  });

  it("breaks a cycle at its largest id and leaves what hangs on it whole", () => {
    const { ids, edges, brokenCycles } = scoringOrder(
      new Map([
        ["a", [edge("b")]],
        ["b", [edge("c")]],
        ["c", [edge("a")]],
        ["z", [edge("c")]],
      ]),
    );
    expect(brokenCycles).toEqual(["c"]);
    expect(ids).toEqual(["c", "b", "z", "a"].sort((x, y) => ids.indexOf(x) - ids.indexOf(y)));
    expect(ids.indexOf("c")).toBeLessThan(ids.indexOf("b"));
    expect(edges.get("c")?.map(({ id }) => [id === "a", upstreamId(id)])).toEqual([[false, "a"]]);
  });

  it("orders any graph, each coin once, upstreams before what stands on them unless the edge was cut", () => {
    const id = fc.constantFrom("a", "b", "c", "d", "e");
    fc.assert(
      fc.property(fc.array(fc.tuple(id, id), { maxLength: 12 }), (pairs) => {
        const graph = new Map<string, Dependency[]>(["a", "b", "c", "d", "e"].map((node) => [node, []]));
        for (const [from, to] of pairs) if (from !== to) graph.get(from)?.push(edge(to));
        const { ids, edges } = scoringOrder(graph);
        expect([...ids].sort()).toEqual(["a", "b", "c", "d", "e"]);
        for (const [node, list] of edges)
          for (const { id: upstream } of list)
            if (graph.has(upstream)) expect(ids.indexOf(upstream)).toBeLessThan(ids.indexOf(node));
      }),
    );
  });
});

describe("levers", () => {
  const score = fc.integer({ min: 0, max: 100 });
  it("are exactly enough: the named score gives the better grade, one less does not", () => {
    fc.assert(
      fc.property(
        score,
        score,
        score,
        score,
        score,
        (pegStability, liquidity, resilience, decentralization, dependencyRisk) => {
          const dimensions = { pegStability, liquidity, resilience, decentralization, dependencyRisk };
          const standing = { dimensions, activeDepegPeakBps: null, navToken: false, parentScore: null };
          const own = overallScore(standing);
          const { upgrade, downgrade } = levers(standing, own.grade);
          const gradeWith = (name: string, value: number) =>
            overallScore({ ...standing, dimensions: { ...dimensions, [name]: value } });
          for (const [name, needed] of Object.entries(upgrade?.dimensions ?? {})) {
            expect(gradeWith(name, needed).score).toBeGreaterThan(own.score ?? 0);
            if (needed > 0) expect(gradeWith(name, needed - 1).score).toBeLessThan(gradeWith(name, needed).score ?? 0);
          }
          for (const [name, falls] of Object.entries(downgrade?.dimensions ?? {})) {
            expect(gradeWith(name, falls).grade).not.toBe(own.grade);
            expect(gradeWith(name, falls + 1).grade).toBe(own.grade);
          }
        },
      ),
    );
  });
});

describe("grade history", () => {
  const at = (overallGrade: "A" | "B", overallScore: number) => [{ id: "a", overallGrade, overallScore }] as const;
  const morning = startOfUtcDay(NOW);
  it("has a row at first sight, at once for a new grade, and once a day for a new score", () => {
    const first = gradeRows(at("B", 70), {}, morning, "1");
    expect(first.rows).toMatchObject([{ grade: "B", prevGrade: null }]);
    expect(gradeRows(at("B", 70), first.state, morning + DAY_SEC, "1").rows).toEqual([]);
    expect(gradeRows(at("B", 71), first.state, morning + 1800, "1").rows).toEqual([]);
    expect(gradeRows(at("B", 71), first.state, morning + DAY_SEC, "1").rows).toMatchObject([
      { score: 71, prevScore: 70 },
    ]);
    expect(gradeRows(at("A", 83), first.state, morning + 1800, "1").rows).toMatchObject([
      { grade: "A", prevGrade: "B" },
    ]);
  });
});
