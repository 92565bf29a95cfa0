import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LaneContext, LaneResult, Published } from "../lane.ts";
import { loadRegistry, type Registry } from "../registry/registry.ts";
import type { SnapshotData, SnapshotName } from "../schema/datasets.ts";
import type { DepegEvent } from "../schema/depegs.ts";
import { type RedemptionBackstops, RedemptionBackstopsSchema, type RedemptionRow } from "../schema/redemption.ts";
import type { ReserveRow } from "../schema/reserves.ts";
import { HOME } from "../test-support/small-world.ts";
import { redemptionLane } from "./lane.ts";

const NOW = Date.UTC(2026, 10, 20, 8) / 1000;
let registry: Registry;
beforeAll(() => {
  registry = loadRegistry(join(HOME, "data"));
});

type Given = { [Name in SnapshotName]?: SnapshotData<Name> };

/** Every configured coin with 100 million dollars, unless the test says otherwise. */
function stablecoins(supply: (id: string) => number | null = () => 100_000_000): SnapshotData<"stablecoins"> {
  const peggedAssets = registry.coins.flatMap(({ id }) => {
    const usd = supply(id);
    return [{ id, circulating: usd === null ? null : { peggedUSD: usd }, price: 1 }];
  });
  return { peggedAssets, totals: [], fxFallbackRates: {} } as unknown as SnapshotData<"stablecoins">;
}

const dex = (score: number) =>
  Object.fromEntries(
    registry.coins.map(({ id }) => [id, { liquidityScore: score }]),
  ) as unknown as SnapshotData<"dex-liquidity">;
const noDepegs = { events: [], total: 0, orphanCleanup: "done", keptOpen: [] } as SnapshotData<"depeg-events">;
const depegs = (stablecoinId: string, peakDeviationBps: number) => ({
  ...noDepegs,
  events: [{ stablecoinId, peakDeviationBps, direction: "below", startedAt: NOW - 7_200, endedAt: null } as DepegEvent],
});

function reserves(rows: Record<string, Partial<ReserveRow["reading"]> & object>): SnapshotData<"reserves"> {
  const coins = Object.fromEntries(
    Object.entries(rows).map(([id, reading]) => [
      id,
      {
        stablecoinId: id,
        evidenceClass: "independent",
        telemetry: { capacity: "direct", fee: "current-bps" },
        reading: { fetchedAt: NOW, syncStatus: "ok", source: "test", slices: [], warnings: [], ...reading },
      } as unknown as ReserveRow,
    ]),
  );
  return { coins, sharedPools: [], updatedAt: NOW };
}
const live = (redemption: object) => ({ metadata: { freshnessMode: "not-applicable" as const, redemption } });

const whole = (): Given => ({
  stablecoins: stablecoins(),
  "dex-liquidity": dex(60),
  "depeg-events": noDepegs,
  reserves: reserves({
    "lusd-liquity": live({
      capacityUsd: 90e6,
      capacityKind: "live-direct-bounded",
      freshnessKind: "same-run-onchain",
      feeBps: 52,
    }),
    "dai-makerdao": live({ capacityUsd: 40e6, capacityKind: "live-direct", freshnessKind: "same-run-onchain" }),
  }),
});

async function run(
  given: Given,
  more: { nowSec?: number; asOf?: Partial<Record<SnapshotName, number>>; registry?: Registry; state?: unknown } = {},
): Promise<LaneResult & { rows: Record<string, RedemptionRow>; data: RedemptionBackstops | undefined }> {
  const nowSec = more.nowSec ?? NOW;
  const context = {
    nowSec,
    registry: more.registry ?? registry,
    published: (name: SnapshotName): Published<unknown> | null => {
      const data = given[name];
      const asOf = more.asOf?.[name] ?? nowSec;
      return data === undefined ? null : { data, asOf, generatedAt: asOf, status: "fresh" };
    },
    state: () => more.state ?? null,
    log: () => {},
  } as unknown as LaneContext;
  const result = await redemptionLane.run(context);
  const data = result.snapshots["redemption-backstops"]?.data;
  return { ...result, data, rows: data?.coins ?? {} };
}

const codes = (result: Pick<LaneResult, "reasons">) => result.reasons.map(({ code }) => code);

describe("the table of all routes", () => {
  const table: string[] = [];
  afterAll(() => console.log(table.join("\n")));

  it("has a row for every route of the registry, each of the published shape", async () => {
    const { data, rows } = await run(whole());
    expect(Object.keys(rows).length).toBeGreaterThan(300);
    RedemptionBackstopsSchema.parse(data);
    const columns = (cells: (string | number | null)[]) =>
      cells.map((cell, i) => String(cell ?? "n/a").padEnd([32, 18, 15, 10, 7, 7, 7, 11][i] ?? 0)).join("");
    table.push(columns(["coin", "family", "state", "capacity", "score", "exit", "event.", "confidence"]));
    for (const row of Object.values(rows)) {
      const capacity = row.capacityProfile.scoringUsd;
      table.push(
        columns([
          row.stablecoinId,
          row.routeFamily,
          row.resolutionState,
          capacity === null ? null : `${(capacity / 1e6).toFixed(1)}m`,
          row.score,
          row.effectiveExitScore,
          row.eventualRedeemabilityScore,
          row.modelConfidence,
        ]),
      );
    }
    for (const row of Object.values(rows)) {
      if (row.routeFamily === "offchain-issuer" && row.score !== null)
        expect(row.score, row.stablecoinId).toBeLessThanOrEqual(65);
      if (row.routeFamily === "queue-redeem" && row.score !== null)
        expect(row.score, row.stablecoinId).toBeLessThanOrEqual(70);
      if (row.capacitySemantics === "eventual-only") expect(row.score, row.stablecoinId).toBeNull();
      expect(row.stablecoinId in rows).toBe(true);
    }
  });

  it("has the families the method counts, less the seven routes of coins the registry does not know", async () => {
    const { data } = await run(whole());
    expect(data?.run.metadata.familyCounts).toEqual({
      "offchain-issuer": 147,
      "stablecoin-redeem": 62,
      "collateral-redeem": 40,
      "queue-redeem": 37,
      "psm-swap": 10,
      "basket-redeem": 9,
    });
  });
});

describe("a run", () => {
  it("uses a live capacity and fee, and a reviewed fallback where there is none", async () => {
    const { rows } = await run(whole());
    expect(rows["lusd-liquity"]).toMatchObject({
      capacityConfidence: "live-direct",
      feeBps: 52,
      modelConfidence: "high",
      score: 89,
    });
    expect(rows["usds-sky"]).toMatchObject({
      provider: "reserve-sync-fallback",
      modelConfidence: "low",
      immediateCapacityRatio: 0.33,
    });
    // Reservoir's documented floor: 25 basis points of supply lie in the PSM, whoever cannot read it.
    for (const id of ["wsrusd-reservoir", "srusd-reservoir"])
      expect(rows[id]).toMatchObject({
        provider: "reserve-sync-fallback",
        capacityConfidence: "documented-bound",
        immediateCapacityUsd: 250_000,
      });
  });

  it("goes on without DEX liquidity, depegs and reserves, says so, and is degraded", async () => {
    const { status, data, rows, ...result } = await run({ stablecoins: stablecoins() });
    expect(status).toBe("degraded");
    expect(codes(result)).toEqual(["missing-capacity", "liquidity-stale", "preload-warning", "preload-warning"]);
    expect(data?.run.metadata).toMatchObject({ liquidityStale: true, unresolvedMissingCapacity: 55 });
    expect(rows["usdt-tether"]).toMatchObject({
      resolutionState: "resolved",
      dexLiquidityScore: null,
      effectiveExitScore: null,
    });
  });

  it("still uses a DEX score that is two hours old, and says that it is", async () => {
    const { data, rows, reasons } = await run(whole(), { asOf: { "dex-liquidity": NOW - 3_601 } });
    expect(data?.run.metadata.liquidityStale).toBe(true);
    expect(reasons.map(({ code }) => code)).toContain("liquidity-stale");
    expect(rows["usdt-tether"]?.effectiveExitScore).toBe(60);
    const onTime = await run(whole(), { asOf: { "dex-liquidity": NOW - 3_600 } });
    expect(onTime.data?.run.metadata.liquidityStale).toBe(false);
  });

  it("writes nothing without a current list of stablecoins", async () => {
    for (const result of [await run({}), await run(whole(), { asOf: { stablecoins: NOW - 4 * 3_600 - 1 } })]) {
      expect(result.status).toBe("error");
      expect(result.snapshots).toEqual({});
      expect(codes(result)).toEqual(["stablecoins-not-current"]);
    }
  });

  it("writes nothing when not a single route could be resolved", async () => {
    const result = await run({ ...whole(), stablecoins: stablecoins(() => null), reserves: reserves({}) });
    expect(result.status).toBe("error");
    expect(result.snapshots).toEqual({});
    expect(codes(result)[0]).toBe("nothing-resolved");
  });

  it("keeps a row for a coin without supply, and one with a supply of nothing, and never makes a nothing of the first", async () => {
    const supply = (id: string) => (id === "usdt-tether" ? null : id === "usdc-circle" ? 0 : 1e8);
    const { rows, data, ...result } = await run({ ...whole(), stablecoins: stablecoins(supply) });
    expect(rows["usdt-tether"]).toMatchObject({
      resolutionState: "missing-cache",
      score: null,
      immediateCapacityUsd: null,
    });
    expect(rows["usdt-tether"]?.capacityProfile.eventualUsd).toBeNull();
    expect(rows["usdc-circle"]).toMatchObject({ resolutionState: "resolved", immediateCapacityUsd: 0 });
    expect(data?.run.metadata.missingFromCache).toEqual(["usdt-tether"]);
    expect(codes(result)).toContain("missing-from-cache");
  });

  it("drops the row of a coin that left the registry", async () => {
    const fewer = { ...registry, coins: registry.coins.filter(({ id }) => id !== "usdc-circle") };
    const { rows, data } = await run(whole(), { registry: fewer });
    expect(rows["usdc-circle"]).toBeUndefined();
    expect(data?.run.writtenCount).toBe(Object.keys(rows).length);
  });

  it("turns one coin's failure into one failed row", async () => {
    const broken = reserves({ "lusd-liquity": live({ capacityUsd: 1 }) });
    Object.defineProperty(broken.coins["lusd-liquity"]?.reading, "warnings", { get: () => [null] });
    const given = whole();
    const { rows, data, status } = await run({ ...given, reserves: broken });
    expect(status).toBe("degraded");
    expect(rows["lusd-liquity"]).toMatchObject({
      resolutionState: "failed",
      provider: "sync-error",
      score: null,
      modelConfidence: "low",
      accessScore: 100,
    });
    expect(data?.run.metadata.failedIds).toEqual(["lusd-liquity"]);
  });

  it("is not stale before the review date and low a year after it", async () => {
    const early = await run(whole(), { nowSec: Date.UTC(2026, 0, 1) / 1000, asOf: { reserves: NOW } });
    expect(early.rows["usdt-tether"]?.confidenceDetails.reviewedDocAgeDays).toBe(0);
    const late = await run(whole(), { nowSec: Date.UTC(2027, 5, 1) / 1000 });
    expect(late.rows["usdt-tether"]).toMatchObject({
      modelConfidence: "low",
      confidenceDetails: { reasons: [expect.stringMatching(/year/)] },
    });
  });
});

describe("a severe depeg", () => {
  it("closes a route that is only written down, and leaves a degraded run no worse", async () => {
    const { rows, data } = await run({ ...whole(), "depeg-events": depegs("usdc-circle", -2_500) });
    expect(rows["usdc-circle"]).toMatchObject({
      resolutionState: "impaired",
      score: null,
      effectiveExitScore: null,
      routeStatus: "degraded",
      routeStatusSource: "market-implied",
      activeDepegBps: 2_500,
      capsApplied: expect.arrayContaining(["market-implied-depeg-impairment"]),
    });
    expect(data?.run.metadata).toMatchObject({ availabilityDegraded: 1, availabilityDegradedIds: ["usdc-circle"] });
    const mild = await run({ ...whole(), "depeg-events": depegs("usdc-circle", -2_499) });
    expect(mild.rows["usdc-circle"]?.resolutionState).toBe("resolved");
  });

  it("closes what pays out the coin too, however well it pays", async () => {
    const coins = registry.coins.map((coin) =>
      coin.id === "susds-sky" ? { ...coin, peg: { ...coin.peg, referenceId: "usds-sky" } } : coin,
    );
    const given = {
      ...whole(),
      reserves: reserves({ "susds-sky": live({ capacityUsd: 5e7, capacityKind: "live-direct" }) }),
    };
    const { rows } = await run(
      { ...given, "depeg-events": depegs("usds-sky", -3_000) },
      { registry: { ...registry, coins } },
    );
    expect(rows["susds-sky"]).toMatchObject({
      resolutionState: "impaired",
      outputImpairedDependencyId: "usds-sky",
      outputImpairedShare: 1,
    });
  });
});

describe("history", () => {
  it("gets the day that closed, as its last run left it, and then only what changed", async () => {
    const first = await run(whole(), { nowSec: NOW });
    const yesterday = { ...whole(), "redemption-backstops": first.data } as Given;
    const same = await run(yesterday, { nowSec: NOW + 3_600 });
    expect(same.history).toEqual([]);
    const next = await run(yesterday, { nowSec: NOW + 86_400, asOf: { reserves: NOW } });
    const rows = next.history[0]?.rows ?? [];
    expect(rows.length).toBe(Object.keys(first.rows).length);
    expect(rows[0]).toMatchObject({ date: Date.UTC(2026, 10, 20) / 1000, runId: `redemption:${NOW}` });
    const state = next.state["redemption-history"];
    const third = await run({ ...whole(), "redemption-backstops": next.data } as Given, {
      nowSec: NOW + 2 * 86_400,
      state,
    });
    expect(third.history.flatMap(({ rows: changed }) => changed).length).toBeLessThan(20);
  });
});
