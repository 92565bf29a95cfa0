import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TIMETABLE } from "./lanes.ts";
import { readSnapshot } from "./publish/read-snapshot.ts";
import { readRecording, recordRun, reproduce } from "./recordings.ts";
import { SNAPSHOT_NAMES, SNAPSHOTS } from "./schema/datasets.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";
import { childRun } from "./test-support/spawn.ts";
import { treeOf } from "./test-support/tree.ts";
import { verifyData } from "./verify.ts";

let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld();
});
afterAll(() => world.close());

function child(dataDir: string, nowSec: number, killAt: number) {
  return childRun({ dataDir, nowSec, upstreamsFile: world.upstreamsFile, killAt });
}

function copyOf(name: string): string {
  const copy = join(world.root, name);
  cpSync(world.dataDir, copy, { recursive: true });
  return copy;
}

describe("a run", () => {
  it("publishes prices, supply, rates and history that verify", async () => {
    const outcome = await world.run(START_SEC);
    expect(outcome.manifest?.lanes.map((lane) => [lane.lane, lane.status])).toEqual([
      ["fx", "ok"],
      ["supply", "ok"],
      ["liquidity", "ok"],
      ["prices", "ok"],
      ["pegs", "ok"],
      ["flows", "ok"],
      ["reserves", "ok"],
      // More routes wait for an adapter than the method tolerates.
      ["redemption", "degraded"],
      ["safety", "ok"],
      // Savings forms are left out of the small world: hardly a coin of it earns, and those are not graded.
      ["yields", "degraded"],
      ["freezes", "ok"],
      ["stress", "ok"],
      ["stability", "ok"],
      ["chains", "ok"],
      ["discovery", "ok"],
      ["daily", "ok"],
    ]);
    const assets = readSnapshot(world.dataDir, "stablecoins")?.data.peggedAssets ?? [];
    expect(assets.length).toBe(world.registry.coins.length);
    expect(assets.filter((asset) => asset.priceConfidence === "high").length).toBeGreaterThan(50);
    const verification = await verifyData(world.dataDir);
    expect(verification.problems).toEqual([]);
    expect(verification.filesChecked).toBeGreaterThan(8);
    expect(verification.rowsChecked).toBeGreaterThan(3000);
  });

  it("is idle when nothing is due, and changes no byte", async () => {
    const before = treeOf(world.dataDir);
    const outcome = await world.run(START_SEC);
    expect(outcome.manifest).toBeNull();
    expect(outcome.requests).toBe(0);
    expect(treeOf(world.dataDir)).toEqual(before);
  });

  it("labels everything simulated", () => {
    const lanes = new Set(["run", ...TIMETABLE.map((entry) => entry.name)]);
    const names = SNAPSHOT_NAMES.filter((name) => lanes.has(SNAPSHOTS[name].lane));
    expect(names.length).toBeGreaterThan(7);
    for (const name of names) expect(readSnapshot(world.dataDir, name)?.simulated, name).toBe(true);
  });

  it("gives the same bytes for the same inputs in another folder", async () => {
    const other = copyOf("same-inputs");
    await world.run(START_SEC + HALF_HOUR_SEC);
    world.simulator.setNow(START_SEC + HALF_HOUR_SEC);
    await world.run(START_SEC + HALF_HOUR_SEC, { dataDir: other });
    expect(treeOf(other)).toEqual(treeOf(world.dataDir));
  });

  it("is reproduced from its recording, byte for byte, without any upstream", async () => {
    const folder = join(world.root, "recording");
    const nowSec = START_SEC + 2 * HALF_HOUR_SEC;
    world.simulator.setNow(nowSec);
    const env = { PLUMBLINE_ADDRESS_PROVIDERS: "none" };
    await recordRun(
      { dataDir: world.dataDir, nowSec, seed: "test", overrides: world.simulator.overrides, env },
      folder,
    );
    expect((await readRecording(folder)).options.env, "settings are part of what is repeated").toEqual(env);
    world.simulator.setFaults([{ upstream: "defillama", kind: "status", status: 500 }]);
    const reproduction = await reproduce(folder);
    world.simulator.setFaults([]);
    expect(reproduction.different).toEqual([]);
    expect(reproduction.same).toContain("snapshots/stablecoins.json");
    expect(reproduction.same).toContain("manifest.json");
  });
});

/**
 * Steps to be killed at, counted from 1: all of them where PLUMBLINE_EVERY_STEP is set; else the first, the middle and the last
 * of each kind, since one moved file is like another.
 */
function stepsToKill(names: readonly string[]): number[] {
  const numbered = names.map((name, index) => ({ kind: name.split(" ")[0], step: index + 1 }));
  if (process.env.PLUMBLINE_EVERY_STEP) return numbered.map(({ step }) => step);
  return [...Map.groupBy(numbered, ({ kind }) => kind).values()]
    .flatMap((steps) => [steps[0], steps[Math.floor(steps.length / 2)], steps.at(-1)])
    .flatMap((step) => step?.step ?? [])
    .filter((step, index, all) => all.indexOf(step) === index);
}

describe("a run that is killed", () => {
  const nowSec = START_SEC + 86_400;

  it("leaves a record that the next run brings to the undisturbed bytes", async () => {
    world.simulator.setNow(nowSec);
    const undisturbed = copyOf("undisturbed");
    const whole = await child(undisturbed, nowSec, 0);
    expect(whole.stderr).toBe("");
    const { steps } = JSON.parse(whole.stdout) as { steps: string[] };
    expect(steps.length).toBeGreaterThan(40);
    const expected = treeOf(undisturbed);
    const old = treeOf(world.dataDir);

    const at = stepsToKill(steps);
    const planned = at.length;
    expect(planned).toBeGreaterThan(9);
    const killed: string[] = [];
    async function worker(): Promise<void> {
      for (let step = at.shift(); step !== undefined; step = at.shift()) {
        const folder = copyOf(`killed-${step}`);
        const { signal } = await child(folder, nowSec, step);
        expect(signal, `step ${step}`).toBe("SIGKILL");
        killed.push(existsSync(join(folder, ".staging")) ? "staging" : "clean");
        const again = await child(folder, nowSec, 0);
        expect(again.stderr, `step ${step}`).toBe("");
        expect(treeOf(folder), `step ${step}`).toEqual(expected);
      }
    }
    await Promise.all([worker(), worker()]);
    expect(killed).toHaveLength(planned);
    expect(treeOf(world.dataDir)).toEqual(old);
  }, 480_000);
});

describe("the run manifest", () => {
  it("says what ran and from which sources", async () => {
    const { runId } = await world.run(START_SEC + 2 * 86_400);
    const manifest = JSON.parse(readFileSync(join(world.dataDir, "runs", `${runId}.json`), "utf8"));
    expect(manifest.lanes.find((lane: { lane: string }) => lane.lane === "prices").publications).toContainEqual(
      expect.objectContaining({ dataset: "stablecoins", outcome: "published", rows: expect.any(Number) }),
    );
    expect(manifest.sources.length).toBeGreaterThan(5);
  });
});
