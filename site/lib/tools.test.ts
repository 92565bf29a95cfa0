import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CoinProfile } from "../api/profiles.ts";
import { COMPARED, comparedFrom, MOST_COMPARED } from "./compare.ts";
import { holdingsFrom, holdingsText, NOT_SAID, portfolioOf } from "./portfolio.ts";
import { failuresFrom, failuresText, gradesAfter } from "./standings.ts";

const DIMENSIONS = { pegStability: 100, liquidity: 80, resilience: 80, decentralization: 80, dependencyRisk: 80 };

function coin(id: string, more: Partial<CoinProfile> = {}): CoinProfile {
  return {
    id,
    symbol: id.split("-")[0]?.toUpperCase() ?? id,
    maker: id.slice(id.indexOf("-") + 1),
    parentId: null,
    priceUsd: 1,
    supplyUsd: 1e9,
    chains: null,
    grade: "A-",
    overallScore: 80,
    dimensions: DIMENSIONS,
    governance: "centralized",
    navToken: false,
    isDefunct: false,
    activeDepegBps: null,
    dependencies: [],
    dexScore: 40,
    exit: null,
    ...more,
  } as CoinProfile;
}

const exit = (nowUsd: number | null, more: object = {}) =>
  ({
    coverage: "covered",
    nowUsd,
    eventualUsd: null,
    feeBps: 10,
    minUsd: null,
    perDay: false,
    isClosed: false,
    poolId: null,
    lifts: true,
    ...more,
  }) as CoinProfile["exit"];

describe("a stress test by hand", () => {
  const parent = coin("usd-a");
  const child = coin("susd-a", {
    parentId: "usd-a",
    dependencies: [{ id: "usd-a", weight: 1, type: "wrapper" }],
  });
  const apart = coin("eur-b", { chains: { Tron: 0.6, Ethereum: 0.4 }, exit: exit(1e6) });
  const coins = [parent, child, apart];
  const moved = (...text: string[]) =>
    gradesAfter(coins, failuresFrom(text.join(","))).map(({ coin: { id }, score }) => [id, score]);

  it("without a failure changes nothing", () => expect(moved()).toEqual([]));

  it("takes a coin down with what stands on it, and nobody else", () => {
    expect(moved("coin:usd-a")).toEqual([
      ["susd-a", 0],
      ["usd-a", 0],
    ]);
    expect(gradesAfter(coins, failuresFrom("coin:usd-a")).map(({ isDirect }) => isDirect)).toEqual([false, true]);
  });

  it("takes all coins of a maker", () => {
    expect(moved("maker:a").map(([id]) => id)).toEqual(["susd-a", "usd-a"]);
  });

  it("takes those with more than half of their supply on a chain, and leaves the rest", () => {
    expect(moved("chain:Tron")).toEqual([["eur-b", 0]]);
    expect(moved("chain:Ethereum")).toEqual([]);
  });

  it("leaves a coin the exit of its markets when its route closes", () => {
    const [[id, score] = []] = moved("route:eur-b");
    expect(id).toBe("eur-b");
    expect(score).toBe(Math.round((30 * 40 + 60 * 80) / 90));
    expect(gradesAfter([coin("eur-b", { exit: exit(1e6, { lifts: false }) })], failuresFrom("route:eur-b"))).toEqual(
      [],
    );
  });

  it("never lifts a score, whatever fails", () => {
    const what = fc.constantFrom(
      "coin:usd-a",
      "coin:susd-a",
      "coin:eur-b",
      "maker:a",
      "maker:b",
      "chain:Tron",
      "route:eur-b",
    );
    fc.assert(
      fc.property(fc.uniqueArray(what), (failures) => {
        for (const { coin: own, score } of gradesAfter(coins, failuresFrom(failures.join(","))))
          expect(score ?? 0).toBeLessThan(own.overallScore ?? 0);
      }),
    );
  });

  it("is written into an address and read back", () => {
    const text = "coin:usd-a,chain:BNB Chain,maker:a";
    expect(failuresText(failuresFrom(text))).toBe(text);
    expect(failuresFrom("nonsense,coin:,planet:earth")).toEqual([]);
  });
});

describe("a portfolio", () => {
  const coins = [
    coin("usd-a", { exit: exit(600, { poolId: "p" }) }),
    coin("susd-a", {
      priceUsd: 1.5,
      exit: exit(600, { poolId: "p" }),
      dependencies: [{ id: "usd-a", weight: 1, type: "wrapper" }],
    }),
    coin("mix-c", {
      dependencies: [{ id: "usd-a", weight: 0.4, type: "collateral" }],
      exit: exit(1e9, { coverage: "heuristic" }),
    }),
    coin("new-d", { priceUsd: null }),
    coin("odd-e", { exit: exit(null) }),
  ];
  const of = (text: string) => portfolioOf(holdingsFrom(text), coins);

  it("is worth its tokens at the record's prices, and leaves out what has none by name", () => {
    const held = of("usd-a=100&susd-a=100&new-d=5000&ghost-x=1");
    expect(held.totalUsd).toBe(250);
    expect(held.unpriced).toEqual(["new-d", "ghost-x"]);
    expect(held.makers).toEqual([{ name: "a", usd: 250 }]);
    expect(held.rows.find(({ holding }) => holding.id === "new-d")).toMatchObject({ valueUsd: null, exit: null });
  });

  it("lets out of one pool no more than is in it", () => {
    expect(of("usd-a=500&susd-a=200").outNowUsd).toBe(600);
    expect(of("usd-a=500").outNowUsd).toBe(500);
  });

  it("calls neither a rule of thumb nor the unknown a way out", () => {
    const held = of("mix-c=100&odd-e=70");
    expect(held).toMatchObject({ outNowUsd: 0, outByRuleUsd: 100, exitUnknownUsd: 70 });
  });

  it("is looked through to what it stands on, and its sum stays", () => {
    const held = of("mix-c=100&susd-a=100");
    expect(held.upstreams).toEqual([
      { name: "usd-a", usd: 190 },
      { name: "mix-c", usd: 60 },
    ]);
    expect(held.upstreams.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(held.totalUsd);
  });

  it("ends its look through a circle of coins", () => {
    const circle = [
      coin("a-a", { dependencies: [{ id: "b-b", weight: 1, type: "collateral" }] }),
      coin("b-b", { dependencies: [{ id: "a-a", weight: 1, type: "collateral" }] }),
    ];
    expect(portfolioOf(holdingsFrom("a-a=10"), circle).upstreams).toEqual([{ name: "b-b", usd: 10 }]);
  });

  it("names a chain only where its holder did", () => {
    expect(of("usd-a=10@Ethereum&usd-a=5").chains).toEqual([
      { name: "Ethereum", usd: 10 },
      { name: NOT_SAID, usd: 5 },
    ]);
  });

  it("is written into an address and read back; nonsense is left out", () => {
    const holding = fc.record({
      id: fc.constantFrom("usd-a", "susd-a", "mix-c"),
      tokens: fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
      chain: fc.constantFrom(null, "Ethereum", "BNB Chain", "a&b"),
    });
    const key = ({ id, chain }: { id: string; chain: string | null }) => `${id}@${chain}`;
    fc.assert(
      fc.property(fc.uniqueArray(holding, { selector: key }), (holdings) => {
        expect(holdingsFrom(`#${holdingsText(holdings)}`)).toEqual(holdings);
      }),
    );
    expect(holdingsFrom("usd-a=0&usd-a=-1&usd-a=NaN&<b>=1&usd-a=Infinity&usd-a=")).toEqual([]);
    expect(holdingsFrom("usd-a=1,000&usd-a=1")).toEqual([{ id: "usd-a", tokens: 1001, chain: null }]);
  });
});

describe("a comparison", () => {
  it("is of at most five coins, each once", () => {
    expect(comparedFrom("a-a,b-b,a-a,c-c,d-d,e-e,f-f")).toHaveLength(MOST_COMPARED);
    expect(comparedFrom("<script>,,A B")).toEqual([]);
  });

  it("says n/a with a reason for a coin of which nothing is known, never a zero", () => {
    const unknown = coin("x-x", {
      priceUsd: null,
      priceReason: "no-quote",
      deviationBps: null,
      deviationReason: "no-price",
      supplyUsd: null,
      change7d: null,
      priceConfidence: null,
      peg: null,
      grade: null,
      overallScore: null,
      dimensions: null,
      dexScore: null,
      dexTvlUsd: null,
      stress: null,
      netFlow7dUsd: null,
      freezability: null,
      backing: null,
    });
    const cells = COMPARED.flatMap(({ rows }) => rows).map((row) => ({ label: row.label, ...row.cell(unknown) }));
    expect(cells.length).toBeGreaterThan(20);
    for (const { label, text } of cells) if (label !== "Made of") expect([label, text]).toEqual([label, "n/a"]);
    expect(cells.find(({ label }) => label === "Price, USD")?.why).toBe("no-quote");
  });
});
