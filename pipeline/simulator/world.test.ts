import { describe, expect, it } from "vitest";
import type { IncidentScript } from "./incidents.ts";
import { TEST_NOW_SEC as NOW, testCoins } from "./test-coins.ts";
import { createWorld, type World } from "./world.ts";

const DAY_SEC = 86_400;
const HOUR_SEC = 3_600;
const EPOCH = NOW - 35 * DAY_SEC;
const coins = testCoins();

const worldOf = (seed: number, incidents?: readonly IncidentScript[], from = coins) =>
  createWorld({ seed, coins: from, epochSec: EPOCH, ...(incidents ? { incidents } : {}) });

/** Everything the world says of a moment, as text. */
function stateAt(world: World, timeSec: number): string {
  return JSON.stringify(
    world.coins.map(({ id }) => [
      world.truePriceUsd(id, timeSec),
      world.circulatingUnits(id, timeSec),
      world.chainShares(id, timeSec),
      world.venuePriceUsd("coingecko", id, timeSec),
    ]),
  );
}

function totalUsd(world: World, timeSec: number): number {
  return world.coins.reduce((sum, { id }) => {
    return sum + world.circulatingUnits(id, timeSec) * (world.truePriceUsd(id, timeSec) ?? 0);
  }, 0);
}

describe("the world is a pure function of seed, time and coin", () => {
  const [t1, t2] = [NOW - 9 * DAY_SEC, NOW];

  it("says the same in two worlds of one seed, whatever was asked before", () => {
    const [forward, backward] = [worldOf(7), worldOf(7)];
    const first = [stateAt(forward, t1), stateAt(forward, t2)];
    const second = [stateAt(backward, t2), stateAt(backward, t1)].reverse();
    expect(second).toEqual(first);
    expect(first[0]).not.toBe(first[1]);
  });

  it("differs between seeds", () => {
    expect(stateAt(worldOf(7), t2)).not.toBe(stateAt(worldOf(8), t2));
  });

  it("does not change a coin when another coin is added or the world starts elsewhere", () => {
    const few = createWorld({ seed: 7, coins: coins.slice(0, 5), epochSec: EPOCH - 50 * DAY_SEC, incidents: [] });
    const many = worldOf(7, []);
    for (const { id } of few.coins) {
      expect(few.truePriceUsd(id, t2)).toBe(many.truePriceUsd(id, t2));
      expect(few.circulatingUnits(id, t2)).toBe(many.circulatingUnits(id, t2));
    }
  });
});

describe("prices", () => {
  const world = worldOf(3, []);

  it("stay within 60 bps of the peg where nothing happens", () => {
    const pegged = coins.filter(
      ({ status, navToken, peg }) => status.state === "active" && !navToken && peg.currency !== "VAR",
    );
    expect(pegged.length).toBeGreaterThan(40);
    for (const coin of pegged) {
      for (let ago = 0; ago < 5 * DAY_SEC; ago += 5 * HOUR_SEC) {
        const reference = world.pegReferenceUsd(coin.peg.currency, NOW - ago)! * (coin.commodityOunces ?? 1);
        const price = world.truePriceUsd(coin.id, NOW - ago)!;
        expect(Math.abs(price / reference - 1) * 10_000).toBeLessThan(60);
      }
    }
  });

  it("rest for hours at small coins and move at large ones", () => {
    const changes = (id: string) => {
      let count = 0;
      for (let step = 0; step < 48; step++) {
        const at = NOW - step * 1800;
        if (world.truePriceUsd(id, at) !== world.truePriceUsd(id, at - 1800)) count += 1;
      }
      return count;
    };
    expect(changes("usdt-tether")).toBeGreaterThan(40);
    const smallest = world.coinsBySize
      .filter(({ peg, status }) => peg.currency === "USD" && status.state === "active")
      .at(-1)!;
    expect(changes(smallest.id)).toBeLessThan(5);
  });

  it("grow at NAV tokens, are next to nothing at dead coins and absent at delisted ones", () => {
    expect(world.truePriceUsd("usdy-ondo", NOW)!).toBeGreaterThan(
      world.truePriceUsd("usdy-ondo", NOW - 200 * DAY_SEC)!,
    );
    expect(world.truePriceUsd("ustc-terra", NOW)!).toBeLessThan(0.05);
    expect(world.truePriceUsd("gone-gone", NOW)).toBeNull();
    expect(world.circulatingUnits("gone-gone", NOW)).toBe(0);
    expect(world.truePriceUsd("young-young", NOW - 10 * DAY_SEC)).toBeNull();
    expect(world.truePriceUsd("young-young", NOW)).toBeGreaterThan(0.9);
  });

  it("look nearly alike to different upstreams", () => {
    const seen = coins.flatMap(({ id }) => {
      const [a, b] = ["coingecko", "defillama"].map((upstream) => world.venuePriceUsd(upstream, id, NOW));
      return a && b ? [Math.abs(a / b - 1) * 10_000] : [];
    });
    expect(seen.length).toBeGreaterThan(30);
    expect(Math.max(...seen)).toBeLessThan(40);
  });
});

describe("supply", () => {
  it("adds up to a plausible market in every seed and 400 days back", () => {
    for (const seed of [1, 2, 3]) {
      const world = worldOf(seed, [], testCoins(400));
      for (const at of [NOW, NOW - 400 * DAY_SEC]) {
        expect(totalUsd(world, at)).toBeGreaterThan(200e9);
        expect(totalUsd(world, at)).toBeLessThan(450e9);
      }
    }
  });

  it("starts from the recorded figure of the day it was recorded", () => {
    const units = worldOf(5).circulatingUnits("usdt-tether", Date.UTC(2026, 7, 22, 1) / 1000);
    expect(units / 183_189_769_279.91).toBeCloseTo(1, 2);
  });

  it("comes in steps: large coins in chunks within a day, small ones rest for a day", () => {
    const world = worldOf(5);
    const values = (id: string) => {
      const seen = new Set<number>();
      for (let hour = 0; hour < 24; hour++) seen.add(world.circulatingUnits(id, NOW - hour * HOUR_SEC));
      return seen;
    };
    expect(values("usdt-tether").size).toBeGreaterThan(2);
    for (const units of values("usdt-tether")) expect(units % 10_000_000).toBe(0);
    expect(values(world.coinsBySize.at(-1)!.id).size).toBeLessThanOrEqual(2);
  });

  it("is shared out over the chains without rest", () => {
    const shares = worldOf(5).chainShares("usdc-circle", NOW);
    expect(shares.map(({ chain }) => chain)).toEqual(["eip155:1", "eip155:42161"]);
    expect(shares.reduce((sum, { shareRatio }) => sum + shareRatio, 0)).toBeCloseTo(1, 12);
  });
});

describe("exchange rates", () => {
  const world = worldOf(9);

  it("stay near their real levels and inside 20 % of yesterday", () => {
    for (const [code, low, high] of [
      ["EUR", 1.05, 1.25],
      ["JPY", 0.0058, 0.0069],
      ["XAU", 3_700, 4_900],
      ["VND", 3.6e-5, 4.1e-5],
    ] as const) {
      const [now, before] = [world.fxUsdPerUnit(code, NOW)!, world.fxUsdPerUnit(code, NOW - DAY_SEC)!];
      expect(now).toBeGreaterThan(low);
      expect(now).toBeLessThan(high);
      expect(Math.abs(now / before - 1)).toBeLessThan(0.01);
    }
  });

  it("rest over the weekend, and a currency that follows another moves with it", () => {
    const saturday = Date.UTC(2026, 10, 21, 3) / 1000;
    expect(world.fxUsdPerUnit("EUR", saturday)).toBe(world.fxUsdPerUnit("EUR", saturday + DAY_SEC));
    const cnyPerCnh = (at: number) => world.fxUsdPerUnit("CNH", at)! / world.fxUsdPerUnit("CNY", at)!;
    expect(cnyPerCnh(NOW)).toBeCloseTo(cnyPerCnh(NOW - 90 * DAY_SEC), 9);
  });

  it("have no value for VAR or for what nobody trades", () => {
    expect(world.pegReferenceUsd("VAR", NOW)).toBeNull();
    expect(world.fxUsdPerUnit("ZZZ", NOW)).toBeNull();
  });
});

describe("incidents", () => {
  const coin = "plain0-issuer";
  const ratio = (world: World, at: number) => world.truePriceUsd(coin, at)! / worldOf(4, []).truePriceUsd(coin, at)!;

  it("show in truth at the stated times and to the stated depth, in every shape", () => {
    const common = { kind: "depeg", coin, floorRatio: 0.93, afterSec: 20 * DAY_SEC, durationSec: 3 * DAY_SEC } as const;
    const start = EPOCH + common.afterSec;
    const worlds = {
      dip: worldOf(4, [{ ...common, shape: "dip" }]),
      bleed: worldOf(4, [{ ...common, shape: "bleed" }]),
      collapse: worldOf(4, [{ ...common, shape: "collapse" }]),
    };
    for (const world of Object.values(worlds)) {
      expect(ratio(world, start - 60)).toBe(1);
      expect(world.truth.depegs).toMatchObject([{ coin, startSec: start, floorRatio: 0.93 }]);
    }
    const [middle, end] = [start + 1.5 * DAY_SEC, start + 3 * DAY_SEC];
    expect(ratio(worlds.dip, middle)).toBeCloseTo(0.93, 9);
    expect(ratio(worlds.bleed, middle)).toBeCloseTo(0.965, 9);
    expect(ratio(worlds.collapse, end)).toBeCloseTo(0.93, 9);
    expect([ratio(worlds.dip, end), ratio(worlds.bleed, end)]).toEqual([1, 1]);
    expect(ratio(worlds.collapse, end + 9 * DAY_SEC)).toBeCloseTo(0.93, 9);
  });

  it("move one venue alone when a venue drifts", () => {
    const drift = { kind: "drifting-venue", upstream: "coingecko", coin, bpsPerHour: 10, maxBps: 150 } as const;
    const world = worldOf(4, [{ ...drift, afterSec: 0, durationSec: DAY_SEC }]);
    const calm = worldOf(4, []);
    const seen = (upstream: string, at: number) =>
      (world.venuePriceUsd(upstream, coin, at)! / calm.venuePriceUsd(upstream, coin, at)! - 1) * 10_000;
    expect(calm.venuePriceUsd("coingecko", coin, EPOCH)).not.toBeNull();
    expect(seen("coingecko", EPOCH + 5 * HOUR_SEC)).toBeCloseTo(50, 6);
    expect(seen("coingecko", EPOCH + 20 * HOUR_SEC)).toBeCloseTo(150, 6);
    expect(seen("coingecko", EPOCH + DAY_SEC)).toBeCloseTo(0, 9);
    expect(world.truePriceUsd(coin, EPOCH + 5 * HOUR_SEC)).toBe(calm.truePriceUsd(coin, EPOCH + 5 * HOUR_SEC));
  });

  it("are by default a bit of everything within 35 days, with a depeg and a drifting venue now", () => {
    const { incidents, depegs } = worldOf(4).truth;
    expect(new Set(incidents.map(({ kind }) => kind))).toEqual(
      new Set(["stale-feed", "outage", "depeg", "drifting-venue"]),
    );
    expect(depegs).toHaveLength(4);
    for (const { startSec } of incidents) {
      expect(startSec).toBeGreaterThanOrEqual(EPOCH);
      expect(startSec).toBeLessThan(NOW);
    }
    expect(incidents.filter(({ endSec }) => endSec > NOW).map(({ kind }) => kind)).toEqual(["depeg", "drifting-venue"]);
  });
});
