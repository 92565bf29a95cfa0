import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TIMETABLE } from "./lanes.ts";
import { keptRuns } from "./publish/kept-runs.ts";
import { snapshotPath } from "./publish/read-snapshot.ts";
import type { SnapshotName } from "./schema/datasets.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";

let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld();
  for (const at of [START_SEC - HALF_HOUR_SEC, START_SEC]) await world.run(at);
}, 120_000);
afterAll(() => world.close());

/** The judging lanes, each run alone and again at the instant of the last run, so that nothing heals the damage before it is read. */
const READERS = ["safety", "stress", "stability", "chains", "redemption", "yields", "daily"];

/** What every run compares with, and what that leans on: a run beside a damaged one of these stops, names it and changes nothing. */
const MAIN: readonly string[] = ["stablecoins", "supply", "fx-rates"];

const SPOILS = [
  ["torn", (text: string) => text.trimEnd().slice(0, text.trimEnd().length / 2)],
  ["of another shape", (text: string) => text.replace(/"data": ?\{/, '"data": [{').replace(/\}\s*$/, "")],
  ["emptied", () => "{}"],
] as const;

/** A copy of the good record with one dataset spoilt, its kept runs too. */
function spoilt(lane: string, dataset: SnapshotName): { dataDir: string; how: string } {
  const dataDir = join(world.root, `${lane}-${dataset}`);
  cpSync(world.dataDir, dataDir, { recursive: true });
  const [how, spoil] = SPOILS[(lane.length + dataset.length) % SPOILS.length] ?? SPOILS[0];
  for (const below of [snapshotPath(dataset), ...keptRuns(dataDir, dataset)]) {
    const path = join(dataDir, below);
    writeFileSync(path, spoil(readFileSync(path, "utf8")));
  }
  return { dataDir, how };
}

/** Every dataset that one of these lanes reads of another, with the lane. */
function combinations(): [lane: string, dataset: SnapshotName][] {
  return TIMETABLE.filter(({ name }) => READERS.includes(name)).flatMap(({ name, reads, publishes }) =>
    reads
      .filter((dataset) => !(publishes as string[]).includes(dataset))
      .map((dataset): [string, SnapshotName] => [name, dataset]),
  );
}

describe("a published dataset that is damaged", () => {
  const pairs = combinations();

  it("is tried for every dataset that a judging lane reads of another", () => {
    expect(pairs.length).toBeGreaterThan(20);
    expect(new Set(pairs.map(([lane]) => lane)).size).toBe(READERS.length);
  });

  it.each(pairs.filter(([, dataset]) => !MAIN.includes(dataset)))(
    "does not stop the %s lane, to which %s is then missing and named",
    async (lane, dataset) => {
      const { dataDir, how } = spoilt(lane, dataset);
      const outcome = await world.run(START_SEC, { dataDir, lanes: [lane], dryRun: true });
      const run = outcome.manifest?.lanes.find((each) => each.lane === lane);
      expect(
        run?.reasons.map(({ code }) => code),
        `${dataset} ${how}`,
      ).toContain(`${dataset}-damaged`);
      expect(run?.status).toBe("degraded");
    },
  );

  it.each(pairs.filter(([, dataset]) => MAIN.includes(dataset)))(
    "stops a run of the %s lane where it is %s, which every run compares with, and names it",
    async (lane, dataset) => {
      const { dataDir, how } = spoilt(lane, dataset);
      const running = world.run(START_SEC, { dataDir, lanes: [lane], dryRun: true });
      await expect(running, how).rejects.toMatchObject({ code: "snapshot-damaged" });
      await expect(running).rejects.toThrow(new RegExp(`published snapshot ${dataset}\\b`));
    },
  );

  it("of the lane's own stops that lane, by name, and no other", async () => {
    const dataDir = join(world.root, "own");
    cpSync(world.dataDir, dataDir, { recursive: true });
    writeFileSync(join(dataDir, snapshotPath("chains")), "{");
    const outcome = await world.run(START_SEC, { dataDir, lanes: ["chains", "safety"], dryRun: true });
    const lanes = Object.fromEntries(outcome.manifest?.lanes.map((each) => [each.lane, each]) ?? []);
    expect(lanes.chains).toMatchObject({ status: "error", reasons: [{ code: "snapshot-damaged" }] });
    expect(lanes.safety?.status).not.toBe("error");
  });
});
