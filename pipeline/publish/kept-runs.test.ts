import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { methodology } from "../redemption/methodology.ts";
import type { RedemptionBackstops } from "../schema/redemption.ts";
import { DAY_SEC, isoSeconds } from "../time.ts";
import { keptPath, keptRuns, pruneKept } from "./kept-runs.ts";
import { readSnapshot, snapshotPath } from "./read-snapshot.ts";
import { snapshotFile, wholeText } from "./snapshot-file.ts";
import { type FileChanges, putInPlace, recover } from "./staging.ts";

const NAME = "redemption-backstops";
const START = Date.UTC(2026, 10, 20, 8) / 1000;
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-kept-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const runIdAt = (nowSec: number) => `${isoSeconds(nowSec).replace(/[-:]/g, "")}-abc123`;

function textOf(nowSec: number, change: (data: RedemptionBackstops) => void = () => {}, version?: string): string {
  const data = {
    coins: {},
    methodology: methodology(version),
    updatedAt: nowSec,
    run: {
      runId: `redemption:${nowSec}`,
      startedAt: nowSec,
      completedAt: nowSec,
      status: "completed",
      expectedCount: 0,
      writtenCount: 0,
      methodologyVersion: version ?? "4.06",
      minUpdatedAt: nowSec,
      maxUpdatedAt: nowSec,
      metadata: {
        synced: 0,
        resolved: 0,
        unresolved: 0,
        unresolvedMissingCapacity: 0,
        unresolvedCritical: 0,
        availabilityDegraded: 0,
        missingCapacityOkThreshold: 0,
        coverageRatio: 1,
        failed: 0,
        configured: 0,
        dynamic: 0,
        estimated: 0,
        static: 0,
        liquidityStale: false,
        severeActiveDepegThresholdBps: 2500,
        registryHash: "x",
        familyCounts: {},
        strongProxyCount: 0,
        heuristicCount: 0,
        validatorVersion: 4,
        configMethodologyVersion: "4.06",
        v4ScoringParametersHash: "x",
        routeStatusProducer: "x",
        routeStatusProducerFetches: false,
      },
    },
  } as RedemptionBackstops;
  change(data);
  const run = { runId: runIdAt(nowSec), startedAt: nowSec, simulated: true };
  const head = { asOf: nowSec, status: "fresh" as const, reasons: [], sources: [] };
  return wholeText(snapshotFile(NAME, run, head, data, () => null));
}

function changesAt(nowSec: number, text = textOf(nowSec)): FileChanges {
  return new Map([
    [keptPath(NAME, runIdAt(nowSec)), text],
    [snapshotPath(NAME), text],
    [`runs/${runIdAt(nowSec)}.json`, "{}"],
  ]);
}

const put = (nowSec: number, text?: string) => putInPlace(dataDir, runIdAt(nowSec), changesAt(nowSec, text));
const put2 = (path: string, text: string) => {
  mkdirSync(dirname(join(dataDir, path)), { recursive: true });
  writeFileSync(join(dataDir, path), text);
};
const served = () => readSnapshot(dataDir, NAME)?.data.run.startedAt ?? null;
class Killed extends Error {}

describe("a run killed between any two writes", () => {
  it("leaves readers on the previous completed run or on the whole new one, and the next start finishes or drops it", () => {
    put(START);
    const next = START + 14_400;
    let steps = 0;
    putInPlace(mkdtempSync(join(dataDir, "dry-")), "dry", changesAt(next), () => steps++);
    expect(steps).toBeGreaterThan(8);
    const seen = new Set<number | null>();
    for (let kill = 1; kill <= steps; kill++) {
      const folder = mkdtempSync(join(dataDir, "killed-"));
      const before = dataDir;
      dataDir = folder;
      put(START);
      let step = 0;
      expect(() =>
        putInPlace(folder, runIdAt(next), changesAt(next), () => {
          if (++step === kill) throw new Killed();
        }),
      ).toThrow(Killed);
      seen.add(served());
      expect([START, next]).toContain(served());
      const finished = recover(folder);
      expect(served(), `killed at ${kill}`).toBe(finished.length > 0 || served() === next ? next : START);
      dataDir = before;
    }
    expect(seen).toEqual(new Set([START, next]));
  });
});

describe("a reader", () => {
  it("passes over runs that are half written or not completed, newest first", () => {
    put(START);
    put2(keptPath(NAME, runIdAt(START + 1)), textOf(START + 1).slice(0, 400));
    put2(keptPath(NAME, runIdAt(START + 2)), textOf(START + 2).replace('"completed"', '"running"'));
    put2(keptPath(NAME, runIdAt(START + 3)), textOf(START + 3).replace('"writtenCount": 0', '"writtenCount": 3'));
    put2(keptPath(NAME, runIdAt(START + 4)), textOf(START + 4).replace('"expectedCount": 0', '"expectedCount": 1'));
    expect(served()).toBe(START);
  });

  it("tries five completed runs and then says that the snapshot is damaged, and never serves the loose copy", () => {
    put(START);
    for (let n = 1; n <= 5; n++) put2(keptPath(NAME, runIdAt(START + n)), "{");
    expect(() => readSnapshot(dataDir, NAME)).toThrow(/redemption-backstops is not JSON/);
    expect(JSON.parse(readFileSync(join(dataDir, snapshotPath(NAME)), "utf8")).dataset).toBe(NAME);
  });

  it("finds nothing where nothing was ever published", () => expect(readSnapshot(dataDir, NAME)).toBeNull());

  it("serves a run of another methodology under its own version", () => {
    put(START, textOf(START, undefined, "9.99"));
    expect(readSnapshot(dataDir, NAME)?.data.methodology).toMatchObject({ version: "9.99", currentVersion: "4.06" });
  });
});

it("a snapshot with rows that its run does not account for is never published", () => {
  const { problem } = snapshotFile(
    NAME,
    { runId: runIdAt(START), startedAt: START, simulated: true },
    { asOf: START, status: "fresh", reasons: [], sources: [] },
    { ...JSON.parse(textOf(START)).data, run: { status: "completed", expectedCount: 2, writtenCount: 1 } },
    () => null,
  );
  expect(problem?.code).toBe("schema-failure");
});

describe("retention", () => {
  const days = (n: number) => START - n * DAY_SEC;
  it("removes runs older than 14 days, oldest first, and keeps the one just written however old the others are", () => {
    for (const n of [20, 15, 14, 13]) put(days(n));
    const files: FileChanges = new Map();
    pruneKept(dataDir, NAME, keptPath(NAME, runIdAt(START)), START, files);
    expect([...files]).toEqual([
      [keptPath(NAME, runIdAt(days(20))), null],
      [keptPath(NAME, runIdAt(days(15))), null],
    ]);
  });

  it("never removes the newest, even when a late run is older than all limits", () => {
    put(days(30));
    const files: FileChanges = new Map();
    pruneKept(dataDir, NAME, keptPath(NAME, runIdAt(days(40))), START, files);
    expect([...files.keys()]).toEqual([]);
    expect(keptRuns(dataDir, NAME)).toHaveLength(1);
  });
});
