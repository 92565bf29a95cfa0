import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ChainsFileSchema, type RollupFacts } from "../schema/chain.ts";
import type { ChainRow } from "../schema/chains.ts";
import type { SupplyWindow } from "../schema/supply.ts";
import { type Datasets, laneContext, testCoin } from "../test-support/lane-context.ts";
import { HOME } from "../test-support/small-world.ts";
import { chainEnvironment } from "./chain-health.ts";
import { chainsLane, restingChain } from "./lane.ts";

const NOW = 1_780_000_000;
const usd = (current: number | null, prevDay: number | null = current): SupplyWindow => ({
  current,
  prevDay,
  prevWeek: null,
  prevMonth: null,
});
const coins = [
  testCoin("a"),
  testCoin("b", { backing: "crypto" }),
  testCoin("gone", { status: { state: "frozen", since: null } }),
];
const supply = [
  { coinId: "a", usd: usd(100e6, 90e6), chains: { Ethereum: usd(60e6, 50e6), Solana: usd(30e6, null) } },
  { coinId: "b", usd: usd(40e6), chains: { Ethereum: usd(20e6), Odd: usd(-5e6) } },
  { coinId: "gone", usd: usd(1e9), chains: { Ethereum: usd(1e9) } },
];
const card = (id: string, overallScore: number | null) => ({ id, overallScore });
const datasets = (more: Datasets = {}): Datasets => ({
  supply: { coins: supply } as never,
  stablecoins: {
    peggedAssets: [
      { id: "a", price: 1, pegReferenceUsd: 1 },
      { id: "b", price: 0.99, pegReferenceUsd: 1 },
    ],
  } as never,
  "report-cards": { cards: [card("a", 80), card("b", null)] } as never,
  ...more,
});
const run = (more: Datasets = {}, agesSec = {}) =>
  chainsLane.run(laneContext({ nowSec: NOW, coins, datasets: datasets(more), agesSec }));

describe("the chains lane", () => {
  it("sums what lies on each chain, without coins that are frozen or gone", async () => {
    const { status, snapshots } = await run();
    expect(status).toBe("ok");
    const data = snapshots.chains?.data;
    expect(data?.chains.map(({ name, totalUsd }) => [name, totalUsd])).toEqual([
      ["Ethereum", 80e6],
      ["Solana", 30e6],
    ]);
    expect(data).toMatchObject({ globalTotalUsd: 140e6, chainAttributedTotalUsd: 110e6, unattributedTotalUsd: 30e6 });
    expect(data?.chains[0]).toMatchObject({
      change24h: 10e6,
      change7d: null,
      dominantStablecoin: { id: "a", share: 0.75 },
      stablecoinCount: 2,
    });
    expect(data?.chains[1]).toMatchObject({ change24h: null, change24hPct: null });
  });

  it("computes health by the method, and none below half of the supply rated", async () => {
    const [ethereum] = (await run()).snapshots.chains?.data.chains ?? [];
    const factors = { quality: 70, chainEnvironment: 20, concentration: 38, pegStability: 95, backingDiversity: 81 };
    expect(ethereum?.healthFactors).toEqual(factors);
    expect(ethereum?.healthScore).toBe(Math.round(0.3 * 70 + 0.2 * (20 + 38 + 95) + 0.1 * 81));
    const unrated = await run({ "report-cards": { cards: [card("b", 90)] } as never });
    expect(unrated.snapshots.chains?.data.chains[0]).toMatchObject({
      healthScore: null,
      healthBand: null,
      healthReason: "less than half of the supply is rated",
    });
  });

  it("takes the environment from a rollup's assessment where one is on file, and says of which day", async () => {
    const rollup: RollupFacts = {
      stage: "1",
      risks: {
        sequencerFailure: "good",
        stateValidation: "good",
        dataAvailability: "good",
        exitWindow: "bad",
        proposerFailure: "good",
      },
      asOf: "2026-08-21",
      source: "https://l2beat.com/scaling/projects/somewhere",
      readFrom: "https://example.org/copy",
    };
    const context = laneContext({ nowSec: NOW, coins, datasets: datasets() });
    const known = { id: "eip155:7", slug: "somewhere", name: "Somewhere", rollup };
    context.registry.chainByLlamaName.set("Ethereum", known as never);
    context.registry.chainById.set(known.id, known as never);
    const rows = (await chainsLane.run(context)).snapshots.chains?.data.chains ?? [];
    expect(rows[0]).toMatchObject({
      id: "eip155:7",
      healthFactors: { chainEnvironment: 82 },
      chainEnvironmentEvidence: "rollup",
      rollup: { stage: "1", asOf: "2026-08-21" },
    });
    expect(rows[1]).toMatchObject({ chainEnvironmentEvidence: "tier", rollup: null });
  });

  it("is degraded without current grades, and says that no chain has a health score", async () => {
    for (const [more, ages, code] of [
      [{ "report-cards": undefined }, {}, "report-cards-missing"],
      [{}, { "report-cards": 7201 }, "report-cards-stale"],
    ] as const) {
      const result = await run(more as never, ages);
      expect(result).toMatchObject({ status: "degraded", reasons: [{ code }] });
      expect(result.snapshots.chains?.data.chains.every(({ healthScore }) => healthScore === null)).toBe(true);
    }
    expect(await run({ supply: undefined } as never)).toMatchObject({ status: "degraded", withheld: ["chains"] });
  });
});

describe("a chain's row", () => {
  const row = (more: Partial<ChainRow> = {}) =>
    ({
      totalUsd: 1000,
      healthScore: 60,
      healthBand: "healthy",
      healthReason: null,
      stablecoinCount: 2,
      topStablecoins: [{ id: "a" }],
      change7dPct: 0,
      change24hPct: 0,
      change30dPct: 0,
      ...more,
    }) as ChainRow;
  it("rests within half a per cent and a point of health, never across a band or when another coin leads", () => {
    const before = row();
    expect(restingChain(row({ totalUsd: 1004.9, healthScore: 61 }), before)).toBe(before);
    for (const more of [
      { totalUsd: 1006 },
      { healthScore: 62 },
      { healthScore: 59, healthBand: "mixed" },
      { topStablecoins: [{ id: "b" }] },
      { stablecoinCount: 3 },
      { change24hPct: 0.006 },
      { rollup: { stage: "1" } as never },
    ] as Partial<ChainRow>[])
      expect(restingChain(row(more), before), JSON.stringify(more)).not.toBe(before);
    expect(restingChain(before, undefined)).toBe(before);
  });
});

describe("the assessments on file", () => {
  const chains = ChainsFileSchema.parse(JSON.parse(readFileSync(`${HOME}/data/registry/chains.json`, "utf8")));
  const rollups = chains.flatMap(({ id, rollup }) => (rollup ? [{ id, rollup }] : []));

  it("are of chains that settle elsewhere, each with a page of its own and a day that is over", () => {
    expect(rollups.length).toBeGreaterThan(30);
    expect(new Set(rollups.map(({ rollup }) => rollup.source)).size).toBe(rollups.length);
    expect(rollups.map(({ id }) => id)).not.toContain("eip155:1");
    for (const { id, rollup } of rollups) expect(Date.parse(rollup.asOf), id).toBeLessThan(Date.now());
  });

  it("give the large rollups what their stage and risks are worth", () => {
    const of = (id: string) => chainEnvironment(rollups.find((each) => each.id === id)?.rollup as RollupFacts);
    expect([of("eip155:42161"), of("eip155:8453"), of("eip155:10"), of("eip155:137")]).toEqual([82, 82, 82, 46]);
  });
});
