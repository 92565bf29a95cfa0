import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { circulatingUsd } from "./pegs/peg-rates.ts";
import { readStates, writeStates } from "./publish/lane-state.ts";
import { readSnapshot } from "./publish/read-snapshot.ts";
import { type FileChanges, putInPlace } from "./publish/staging.ts";
import type { DepegEvent } from "./schema/depegs.ts";
import type { Fault, FaultKind } from "./simulator/faults.ts";
import type { IncidentScript } from "./simulator/incidents.ts";
import { DEFAULT_WORLD_DAYS } from "./simulator/incidents.ts";
import { openStore } from "./store/store.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";
import { DAY_SEC } from "./time.ts";
import { verifyData } from "./verify.ts";

const HOUR_SEC = 3600;
const worlds: SmallWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function newWorld(options: Parameters<typeof smallWorld>[0]): Promise<SmallWorld> {
  const world = await smallWorld({ coins: 110, ...options });
  worlds.push(world);
  return world;
}

/** Runs every half hour; `each` is called after every run. */
async function live(world: SmallWorld, hours: number, each: (nowSec: number) => void = () => {}): Promise<void> {
  for (let at = START_SEC; at <= START_SEC + hours * HOUR_SEC; at += HALF_HOUR_SEC) {
    await world.run(at);
    each(at);
  }
}

function eventsOf(world: SmallWorld): DepegEvent[] {
  return readSnapshot(world.dataDir, "depeg-events")?.data.events ?? [];
}

function pendingOf(world: SmallWorld): string[] {
  return (readSnapshot(world.dataDir, "depeg-pending")?.data.pending ?? []).map((row) => row.stablecoinId);
}

/** Coins whose price alone may decide, small and large, as a calm run shows them. */
async function trustedCoins(seed: number): Promise<{ small: string[]; large: string[] }> {
  const world = await newWorld({ seed });
  await world.run(START_SEC);
  const supply = new Map(
    (readSnapshot(world.dataDir, "stablecoins")?.data.peggedAssets ?? []).map((asset) => [
      asset.id,
      circulatingUsd(asset.circulating),
    ]),
  );
  const trusted = (readSnapshot(world.dataDir, "peg-summary")?.data.coins ?? [])
    .filter((coin) => coin.primaryTrust === "authoritative" && coin.pegCurrency === "USD")
    .map((coin) => coin.id);
  const size = (id: string) => supply.get(id) ?? 0;
  return {
    small: trusted.filter((id) => size(id) > 2e6 && size(id) < 0.8e9),
    large: trusted.filter((id) => size(id) > 1.2e9),
  };
}

/** A dip that starts `afterHours` after the first run. */
function dip(coin: string, afterHours: number, hours: number, floorRatio: number): IncidentScript {
  return {
    kind: "depeg",
    coin,
    shape: "dip",
    floorRatio,
    afterSec: DEFAULT_WORLD_DAYS * DAY_SEC + afterHours * HOUR_SEC,
    durationSec: hours * HOUR_SEC,
  };
}

/** Runs at which the coin is truly off its peg by more than venues' noise can hide. */
function deepRuns(world: SmallWorld, coin: string, hours: number): number[] {
  const runs: number[] = [];
  for (let at = START_SEC; at <= START_SEC + hours * HOUR_SEC; at += HALF_HOUR_SEC)
    if (Math.abs((world.simulator.world.truePriceUsd(coin, at - 120) ?? 1) - 1) > 0.012) runs.push(at);
  return runs;
}

const FAULTS: { name: string; kind: FaultKind }[] = [
  { name: "outage", kind: "status" },
  { name: "html", kind: "html" },
  { name: "stale feed", kind: "stale" },
];

describe("in a calm world", () => {
  it.each([11, 12, 13])("no depeg is invented, none waits (seed %i)", async (seed) => {
    const world = await newWorld({ seed });
    await live(world, 6, () => {
      expect(eventsOf(world)).toEqual([]);
      expect(pendingOf(world)).toEqual([]);
    });
    const summary = readSnapshot(world.dataDir, "peg-summary")?.data;
    expect(summary?.summary.totalTracked).toBeGreaterThan(80);
    expect(summary?.summary.coinsAtPeg).toBeGreaterThan(60);
    expect(summary?.summary.activeDepegCount).toBe(0);
  });

  it.each(FAULTS)("nor when an upstream has a fault: $name", async ({ kind }) => {
    const world = await newWorld({ seed: 14 });
    const broken = ["coingecko", "defillama", "pyth-hermes", "frankfurter", "gold-api"];
    for (let index = 0; index < 10; index++) {
      const upstream = broken[Math.floor(index / 2)] as string;
      world.simulator.setFaults([{ upstream, kind }]);
      const { manifest } = await world.run(START_SEC + index * HALF_HOUR_SEC);
      if (kind !== "stale") expect(manifest?.status, upstream).toMatch(/degraded|error/);
      expect(eventsOf(world)).toEqual([]);
    }
    expect(readSnapshot(world.dataDir, "peg-summary")?.data.coins.length).toBeGreaterThan(80);
  });
});

describe("a scripted depeg", () => {
  it("is found within two runs, at its true depth, and ended within two runs, for small and large coins", async () => {
    const { small, large } = await trustedCoins(21);
    expect([small.length, large.length].every((count) => count > 0)).toBe(true);
    const [first, second] = [small[0] as string, large[0] as string];
    const world = await newWorld({ seed: 21, incidents: [dip(first, 1, 5, 0.95), dip(second, 2, 5, 0.97)] });
    expect(world.simulator.truth.depegs).toHaveLength(2);
    const foundAt = new Map<string, number>();
    await live(world, 10, (at) => {
      for (const event of eventsOf(world)) if (!foundAt.has(event.stablecoinId)) foundAt.set(event.stablecoinId, at);
    });

    const events = eventsOf(world);
    expect(events.map((event) => event.stablecoinId).sort()).toEqual([first, second].sort());
    for (const { coin, floorRatio } of world.simulator.truth.depegs) {
      const deep = deepRuns(world, coin, 10);
      const event = events.find((candidate) => candidate.stablecoinId === coin) as DepegEvent;
      expect(foundAt.get(coin), coin).toBeLessThanOrEqual((deep[0] as number) + HALF_HOUR_SEC);
      expect(event.startedAt).toBeLessThanOrEqual(deep[0] as number);
      expect(event.endedAt).toBeLessThanOrEqual((deep.at(-1) as number) + 2 * HALF_HOUR_SEC);
      expect(event).toMatchObject({ direction: "below", endReason: "recovered", source: "live" });
      expect(Math.abs(event.peakDeviationBps / 10_000 - (floorRatio - 1)), "its own wander beside").toBeLessThan(0.002);
    }
    const bySize = new Map(events.map((event) => [event.stablecoinId, event]));
    expect(bySize.get(first)?.pendingReason).toBeNull();
    expect(bySize.get(second)?.pendingReason).toBe("large-cap");
    expect(bySize.get(second)?.confirmationSources).toMatch(/(^|\+)(cex|oracle|dex):/);

    const store = await openStore(world.dataDir);
    const rows = await store.query("SELECT id, endReason FROM depeg_events ORDER BY id");
    store.close();
    expect(rows).toEqual(events.map(({ id, endReason }) => ({ id, endReason })).sort((a, b) => a.id - b.id));
    expect((await verifyData(world.dataDir)).problems).toEqual([]);
    const row = readSnapshot(world.dataDir, "peg-summary")?.data.coins.find((coin) => coin.id === first);
    expect(row).toMatchObject({
      activeDepeg: false,
      eventCount: 1,
      worstDeviationBps: bySize.get(first)?.peakDeviationBps,
    });
  });

  it.each(FAULTS)("is not ended, and no other is made, while an upstream has a fault: $name", async ({ kind }) => {
    const { small } = await trustedCoins(22);
    const coin = small[0] as string;
    const world = await newWorld({ seed: 22, incidents: [dip(coin, 0.5, 8, 0.96)] });
    const faults: Fault[] = ["coingecko", "defillama", "frankfurter"].map((upstream) => ({
      upstream,
      kind,
      fromSec: START_SEC + 3 * HOUR_SEC,
      toSec: START_SEC + 5 * HOUR_SEC,
    }));
    world.simulator.setFaults(faults);
    const deep = deepRuns(world, coin, 12);
    await live(world, 12, (at) => {
      const open = eventsOf(world).filter((event) => event.endedAt === null);
      if (at > (deep[1] as number) && at <= (deep.at(-1) as number))
        expect(open.map((event) => event.stablecoinId)).toEqual([coin]);
    });
    expect(eventsOf(world)).toHaveLength(1);
    expect(eventsOf(world)[0]?.endReason).toBe("recovered");
  });

  it("outlives a total outage: nothing is decided without prices", async () => {
    const { small } = await trustedCoins(23);
    const coin = small[0] as string;
    const world = await newWorld({ seed: 23, incidents: [dip(coin, 0, 6, 0.95)] });
    await live(world, 2);
    const before = eventsOf(world);
    expect(before.map((event) => event.stablecoinId)).toEqual([coin]);
    const everything = [...Object.keys(world.simulator.overrides.upstreams), "rpc"];
    world.simulator.setFaults(everything.map((upstream) => ({ upstream, kind: "status", status: 503 })));
    for (const hours of [3, 7]) {
      const { manifest } = await world.run(START_SEC + hours * HOUR_SEC);
      expect(manifest?.lanes.find((lane) => lane.lane === "pegs")).toMatchObject({
        status: "degraded",
        reasons: [{ code: "prices-not-current" }],
      });
      expect(eventsOf(world)).toEqual(before);
    }
    world.simulator.setFaults([]);
    await world.run(START_SEC + 9 * HOUR_SEC);
    expect(eventsOf(world)[0]).toMatchObject({ endReason: "recovered", endedAt: START_SEC + 9 * HOUR_SEC });
  });

  it("of a coin that only aggregators quote waits for a second opinion in sight of everybody", async () => {
    const calm = await newWorld({ seed: 24 });
    await calm.run(START_SEC);
    const soft = (readSnapshot(calm.dataDir, "stablecoins")?.data.peggedAssets ?? []).find(
      (asset) => asset.priceSource === "coingecko+defillama-list" && circulatingUsd(asset.circulating) > 5e6,
    )?.id as string;
    const world = await newWorld({ seed: 24, incidents: [dip(soft, 0, 8, 0.95)] });
    await live(world, 2);
    expect(pendingOf(world)).toEqual([soft]);
    expect(eventsOf(world)).toEqual([]);
    expect(readSnapshot(world.dataDir, "peg-summary")?.data.coins.find((coin) => coin.id === soft)?.pendingDepeg).toBe(
      true,
    );
  });
});

describe("the lane's state", () => {
  it("that was lost is built again from what was published", async () => {
    const { small } = await trustedCoins(25);
    const [ended, open] = [small[0] as string, small[1] as string];
    const world = await newWorld({ seed: 25, incidents: [dip(ended, 0, 2, 0.95), dip(open, 1, 20, 0.96)] });
    await live(world, 4);
    const before = eventsOf(world);
    expect(before.map((event) => event.endedAt === null)).toEqual([true, false]);
    const { pegs, "peg-intervals": intervals, ...others } = readStates(world.dataDir);
    expect([pegs, intervals]).not.toContain(undefined);
    rmSync(join(world.dataDir, "state"), { recursive: true });
    const files: FileChanges = new Map();
    writeStates(world.dataDir, others, files);
    putInPlace(world.dataDir, "without-pegs", files);
    await world.run(START_SEC + 4.5 * HOUR_SEC);
    expect(
      eventsOf(world).map(({ id, episodeId, startedAt, endedAt }) => ({ id, episodeId, startedAt, endedAt })),
    ).toEqual(before.map(({ id, episodeId, startedAt, endedAt }) => ({ id, episodeId, startedAt, endedAt })));
    expect(readSnapshot(world.dataDir, "depeg-events")?.data.total).toBe(2);
  });
});
