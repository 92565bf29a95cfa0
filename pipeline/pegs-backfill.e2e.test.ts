import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { circulatingUsd } from "./pegs/peg-rates.ts";
import { readSnapshot } from "./publish/read-snapshot.ts";
import type { DepegEvent } from "./schema/depegs.ts";
import { DEFAULT_WORLD_DAYS } from "./simulator/incidents.ts";
import { openStore } from "./store/store.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";
import { plumbline } from "./test-support/spawn.ts";
import { treeOf } from "./test-support/tree.ts";
import { DAY_SEC, isoSeconds } from "./time.ts";
import { verifyData } from "./verify.ts";

const SEED = 21;
const RUNS = 12;
const DAY = "2026-11-20";
const LAST_SEC = START_SEC + RUNS * HALF_HOUR_SEC;

let world: SmallWorld;
let coin: string;

/** A smaller coin whose price alone may decide, as a calm run shows it. */
async function trustedCoin(): Promise<string> {
  const calm = await smallWorld({ seed: SEED });
  try {
    await calm.run(START_SEC);
    const size = new Map(
      readSnapshot(calm.dataDir, "stablecoins")?.data.peggedAssets.map((asset) => [
        asset.id,
        circulatingUsd(asset.circulating),
      ]),
    );
    const trusted = readSnapshot(calm.dataDir, "peg-summary")?.data.coins.find(
      ({ id, primaryTrust, pegCurrency }) =>
        primaryTrust === "authoritative" &&
        pegCurrency === "USD" &&
        (size.get(id) ?? 0) > 5e6 &&
        (size.get(id) ?? 0) < 8e8,
    );
    if (!trusted) throw new Error("no coin to choose");
    return trusted.id;
  } finally {
    await calm.close();
  }
}

beforeAll(async () => {
  coin = await trustedCoin();
  const afterSec = DEFAULT_WORLD_DAYS * DAY_SEC + 1.2 * 3600;
  world = await smallWorld({
    seed: SEED,
    incidents: [{ kind: "depeg", coin, shape: "dip", floorRatio: 0.95, afterSec, durationSec: 2.5 * 3600 }],
  });
  await world.run(START_SEC);
  // Nobody looks at pegs while it happens.
  for (let run = 1; run <= RUNS; run++)
    await world.run(START_SEC + run * HALF_HOUR_SEC, { lanes: ["fx", "supply", "prices"] });
}, 120_000);
afterAll(() => world?.close());

async function backfill(...flags: string[]) {
  const now = isoSeconds(LAST_SEC + 60);
  const args = ["backfill", "pegs", "--data", world.dataDir, "--upstreams", world.upstreamsFile, "--now", now];
  const { code, stdout, stderr } = await plumbline([...args, "--no-commit", ...flags]);
  const report = code === 0 ? (JSON.parse(stdout) as { found: number; covered: number; added: DepegEvent[] }) : null;
  return { code, report, output: stdout + stderr };
}

describe("a depeg that nobody looked at", () => {
  it("is found in a dry run, which writes nothing", async () => {
    const before = treeOf(world.dataDir);
    const { report, output } = await backfill("--from", DAY, "--dry-run");
    expect(report, output).toMatchObject({ found: 1, covered: 0, dryRun: true, contextDays: 3 });
    expect(report?.added[0]).toMatchObject({
      stablecoinId: coin,
      direction: "below",
      source: "backfill",
      endReason: "recovered",
    });
    expect(Math.abs((report?.added[0]?.peakDeviationBps ?? 0) + 500)).toBeLessThan(60);
    expect(treeOf(world.dataDir)).toEqual(before);
  }, 60_000);

  it("is not in a window before it, nor of another coin", async () => {
    expect((await backfill("--from", "2026-11-01", "--to", "2026-11-10", "--dry-run")).report).toMatchObject({
      found: 0,
    });
    const other = world.registry.coins.find(({ id }) => id !== coin)?.id as string;
    expect((await backfill("--from", DAY, "--coin", other, "--dry-run")).report).toMatchObject({ found: 0 });
  }, 60_000);

  it("is added once, and the next run counts it", async () => {
    expect((await backfill("--from", DAY)).report?.added).toHaveLength(1);
    expect((await backfill("--from", DAY)).report).toMatchObject({ found: 1, covered: 1, added: [] });
    const store = await openStore(world.dataDir);
    const rows = await store.query("SELECT stablecoinId, source FROM depeg_events");
    store.close();
    expect(rows).toEqual([{ stablecoinId: coin, source: "backfill" }]);
    await world.run(LAST_SEC + HALF_HOUR_SEC);
    const row = readSnapshot(world.dataDir, "peg-summary")?.data.coins.find(({ id }) => id === coin);
    expect(row).toMatchObject({ eventCount: 1, activeDepeg: false });
    expect(row?.pegPct).toBeLessThan(100);
    expect((await verifyData(world.dataDir)).problems).toEqual([]);
  }, 60_000);

  it.each([
    [["--from", "2026-11-20", "--to", "2026-11-19"], /ends before it starts/],
    [["--from", "2026-02-30"], /is not a day/],
    [[], /first day of the window is missing/],
    [["--from", DAY, "--coin", "ghost-coin"], /there is no coin "ghost-coin"/],
  ])(
    "is not looked for with %j, which is said",
    async (flags, says) => {
      const before = treeOf(world.dataDir);
      const { code, output } = await backfill(...flags);
      expect(code).toBe(2);
      expect(output).toMatch(says);
      expect(treeOf(world.dataDir)).toEqual(before);
    },
    60_000,
  );
});
