import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSnapshot } from "../publish/read-snapshot.ts";
import { loadRegistry, type Registry } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import type { IncidentScript, ReserveTrouble } from "../simulator/incidents.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { HOME } from "../test-support/small-world.ts";

const START = Date.UTC(2026, 10, 20, 8, 15) / 1000;
const HOUR = 3_600;
const DAY = 86_400;
const LATER = START + 4 * HOUR;

/** Trouble from `fromSec` after the start on, for good. */
const trouble = (coin: string, kind: ReserveTrouble, fromSec = HOUR): IncidentScript => ({
  kind: "reserve",
  coin,
  trouble: kind,
  afterSec: 30 * DAY + fromSec,
  durationSec: Number.POSITIVE_INFINITY,
});
const SCRIPT = [
  trouble("lusd-liquity", "silent"),
  trouble("sdai-sky", "lying"),
  trouble("dai-makerdao", "lying"),
  trouble("usdaf-asymmetry", "lying"),
  trouble("cusd-cap", "paused"),
  trouble("bold-liquity", "paused"),
  trouble("gho-aave", "paused"),
  trouble("jupusd-jupiter", "frozen", -4 * DAY + 3 * HOUR),
];

let root: string;
let dataDir: string;
let registry: Registry;
let simulator: Simulator;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "plumbline-reserves-"));
  dataDir = join(root, "data");
  mkdirSync(dataDir);
  cpSync(join(HOME, "data", "registry"), join(dataDir, "registry"), { recursive: true });
  registry = loadRegistry(dataDir);
  simulator = await startSimulator({
    seed: 3,
    coins: registry.coins,
    nowSec: START,
    epochSec: START - 30 * DAY,
    incidents: SCRIPT,
  });
});
afterAll(async () => {
  await simulator?.close();
  rmSync(root, { recursive: true });
});

async function run(nowSec: number) {
  simulator.setNow(nowSec);
  const { manifest } = await runOnce({
    dataDir,
    nowSec,
    seed: "test",
    lanes: ["reserves"],
    registry,
    overrides: simulator.overrides,
    env: {},
  });
  const data = readSnapshot(dataDir, "reserves")?.data;
  if (!data) throw new Error("no reserves");
  return { lane: manifest?.lanes[0], coins: data.coins, sharedPools: data.sharedPools };
}

describe("the reserves lane", () => {
  it("reads every coin that has an adapter, and counts one pool for two coins", async () => {
    const { lane, coins, sharedPools } = await run(START);
    const configured = registry.coins.filter((coin) => coin.reserveAdapter !== null).map((coin) => coin.id);
    expect(configured.length).toBeGreaterThan(15);
    expect(Object.keys(coins).sort()).toEqual(configured);
    expect(Object.values(coins).filter((row) => row.reading === null)).toEqual([]);
    expect(lane).toMatchObject({ lane: "reserves", status: "ok" });
    expect(sharedPools).toEqual([
      { id: "sky-lite-psm-usdc", coinIds: ["dai-makerdao", "usds-sky"], capacityUsd: expect.any(Number) },
      // Nobody has priced USDC in this run.
      { id: "reservoir-psm", coinIds: ["srusd-reservoir", "wsrusd-reservoir"], capacityUsd: null },
    ]);
  });

  it("keeps the last good reading of a source that falls silent, and says so", async () => {
    const before = readSnapshot(dataDir, "reserves")?.data.coins["lusd-liquity"];
    const { coins, lane } = await run(LATER);
    expect(coins["lusd-liquity"]).toMatchObject({
      mode: "live",
      reading: before?.reading,
      sync: {
        status: "error",
        failuresInARow: 1,
        lastAttemptedAt: LATER,
        lastSuccessAt: START,
        lastError: expect.stringMatching(/debt/),
      },
    });
    expect(lane?.status).toBe("ok");
  });

  it("takes no capacity from a contract that points elsewhere, and keeps what one said before it lied", async () => {
    const { coins } = await run(LATER + 60);
    expect(coins["dai-makerdao"]?.reading?.syncStatus).toBe("degraded");
    expect(coins["dai-makerdao"]?.reading?.metadata.redemption?.capacityUsd).toBeUndefined();
    expect(coins["sdai-sky"]).toMatchObject({
      sync: { status: "error", lastError: expect.stringMatching(/another asset/) },
    });
    expect(coins["sdai-sky"]?.reading?.fetchedAt).toBe(START);
    expect(coins["usdaf-asymmetry"]?.reading?.warnings.map(({ code }) => code)).toContain("undercollateralised");
  });

  it("publishes what was closed as closed", async () => {
    const { coins } = await run(LATER + 120);
    const status = (id: string) => coins[id]?.reading?.metadata.redemption;
    expect(status("cusd-cap")).toMatchObject({ routeStatus: "paused", capacityUsd: 0 });
    expect(status("bold-liquity")).toMatchObject({ routeStatus: "degraded" });
    expect(status("gho-aave")).toMatchObject({ routeStatus: "degraded" });
  });

  it("stores a frozen dashboard without letting it score", async () => {
    const { coins } = await run(LATER + 180);
    expect(coins["jupusd-jupiter"]?.reading).toMatchObject({ syncStatus: "degraded" });
    expect(coins["jupusd-jupiter"]?.reading?.warnings.map(({ code }) => code)).toContain("source-stale");
  });

  it("is degraded when more than a tenth fails, by a dead node or by answers of another shape, and publishes the others", async () => {
    simulator.setFaults([
      { upstream: "asymmetry", kind: "wrong-types" },
      { upstream: "rpc:eip155:1", kind: "status", status: 503 },
    ]);
    const { lane, coins } = await run(LATER + 240);
    simulator.setFaults([]);
    expect(lane).toMatchObject({ status: "degraded", reasons: [{ code: "reserves-unread" }] });
    expect(coins["jupusd-jupiter"]?.sync.status).not.toBe("error");
    expect(coins["usdaf-asymmetry"]).toMatchObject({ sync: { status: "error" }, mode: "live" });
    expect(coins["usds-sky"]?.reading?.fetchedAt).toBe(LATER + 180);
  });

  it("says of a reading older than two days that it is no longer live", async () => {
    const { coins } = await run(START + 49 * HOUR);
    expect(coins["lusd-liquity"]?.mode).toBe("live-stale");
    expect(coins["usds-sky"]?.mode).toBe("live");
  });
});
