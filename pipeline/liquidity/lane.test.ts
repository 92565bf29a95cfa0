import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSnapshot } from "../publish/read-snapshot.ts";
import { GLOBAL_ROW } from "../schema/liquidity.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "../test-support/small-world.ts";
import { DAY_SEC } from "../time.ts";

let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld({ coins: 60 });
  await world.run(START_SEC);
});
afterAll(() => world.close());

const lanes = ["fx", "supply", "liquidity"];
const state = () => readSnapshot(world.dataDir, "status")?.data.lanes.find(({ lane }) => lane === "liquidity");

describe("the liquidity lane", () => {
  it("scores coins with pools, counts every pool once in the row of all, and prices them near the truth", () => {
    const rows = readSnapshot(world.dataDir, "dex-liquidity")?.data ?? {};
    const coins = Object.keys(rows).filter((id) => id !== GLOBAL_ROW);
    expect(coins.length).toBeGreaterThan(10);
    for (const id of coins) {
      const row = rows[id];
      expect(row?.liquidityScore, id).not.toBeNull();
      expect(row?.coverageClass, id).not.toBe("unobserved");
      const parts = Object.values(row?.protocolTvl ?? {}).reduce((sum, usd) => sum + usd, 0);
      expect(Math.abs(parts - (row?.totalTvlUsd ?? 0)), id).toBeLessThanOrEqual(0.1 * (row?.totalTvlUsd ?? 0));
    }
    const all = rows[GLOBAL_ROW];
    const sum = coins.reduce((total, id) => total + (rows[id]?.poolCount ?? 0), 0);
    expect(all?.poolCount).toBeGreaterThan(0);
    expect(all?.poolCount).toBeLessThan(sum);
    expect(all?.liquidityScore).toBeNull();

    const prices = Object.entries(readSnapshot(world.dataDir, "dex-prices")?.data.prices ?? {});
    expect(prices.length).toBeGreaterThan(5);
    for (const [id, { priceUsd }] of prices) {
      const truth = world.simulator.world.truePriceUsd(id, START_SEC) ?? Number.NaN;
      expect(Math.abs(priceUsd / truth - 1), id).toBeLessThan(0.003);
    }
  });

  it("says degraded and why when one source is silent, and keeps its last snapshot when all are", async () => {
    world.simulator.setFaults([{ upstream: "curve", kind: "status", status: 503 } as const]);
    await world.run(START_SEC + HALF_HOUR_SEC, { lanes });
    expect(state()?.status).toBe("degraded");
    expect(state()?.reasons[0]?.code).toBe("curve-unavailable");

    const before = readSnapshot(world.dataDir, "dex-liquidity");
    world.simulator.setFaults(
      ["curve", "llama-yields", "dexscreener"].map(
        (upstream) => ({ upstream, kind: "status", status: 503 }) as const,
      ) as never,
    );
    await world.run(START_SEC + 2 * HALF_HOUR_SEC, { lanes });
    expect(state()?.status).toBe("error");
    expect(state()?.reasons.map(({ code }) => code)).toEqual([
      "no-pools",
      "llama-yields-unavailable",
      "curve-unavailable",
      "dexscreener-unavailable",
    ]);
    expect(readSnapshot(world.dataDir, "dex-liquidity")).toEqual(before);
    world.simulator.setFaults([]);
  });

  it("tells a week's change from a day a week ago, and steadiness from seven days", async () => {
    for (let day = 1; day <= 7; day++) await world.run(START_SEC + day * DAY_SEC, { lanes });
    const rows = Object.values(readSnapshot(world.dataDir, "dex-liquidity")?.data ?? {});
    expect(rows.filter((row) => row.tvlChange7d !== null).length).toBeGreaterThan(10);
    const primary = rows.filter((row) => row.coverageClass === "primary");
    expect(primary.length).toBeGreaterThan(3);
    expect(primary.every((row) => row.depthStability !== null)).toBe(true);
  });
});
