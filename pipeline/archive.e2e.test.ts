import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyChanges } from "./publish/apply.ts";
import type { RunChanges } from "./publish/changes.ts";
import { sha256 } from "./publish/hash.ts";
import { mergeHistory } from "./publish/history-files.ts";
import { readManifest } from "./publish/read-manifest.ts";
import { putInPlace, recover, type StepHook } from "./publish/staging.ts";
import { type FlowEventRow, MINT_BURN_EVENTS } from "./schema/flows.ts";
import { filesBelow } from "./store/archive.ts";
import { openDatabase } from "./store/duckdb.ts";
import { openStore } from "./store/store.ts";
import { treeOf } from "./test-support/tree.ts";
import { DAY_SEC } from "./time.ts";
import { verifyData } from "./verify.ts";

const NOW_SEC = Date.UTC(2026, 10, 20, 8) / 1000;
const TODAY = "2026-11-20";
const RETENTION_DAYS = MINT_BURN_EVENTS.retentionDays as number;
/** Days ago: two well beyond the retention, the last one within it, one just beyond, and a young one. */
const AGES = [RETENTION_DAYS + 300, RETENTION_DAYS + 30, RETENTION_DAYS + 1, RETENTION_DAYS, 3];

let root: string;
let plain: string;
const hex = (text: string, bytes: number) => `0x${sha256(text).slice(0, bytes * 2)}`;

function event(ageDays: number, i: number, more: Partial<FlowEventRow> = {}): FlowEventRow {
  return {
    coinId: `coin-${i % 3}`,
    chainId: "ethereum",
    blockNumber: 24_000_000 - ageDays * 7200 + i,
    logIndex: i,
    txHash: hex(`${ageDays}/${i}`, 32),
    timestamp: NOW_SEC - ageDays * DAY_SEC + i,
    direction: i % 2 === 0 ? "mint" : "burn",
    amountUnits: String(10n ** 24n + BigInt(i)),
    decimals: 18,
    counterparty: hex(`holder/${i}`, 20),
    flowType: "standard",
    burnType: i % 2 === 0 ? null : "effective_burn",
    burnReviewReason: null,
    priceUsed: 1,
    priceTimestamp: NOW_SEC,
    priceSource: "supply-history-daily",
    revision: 0,
    removed: false,
    ...more,
  };
}

function write(dataDir: string, rows: readonly FlowEventRow[]): void {
  for (const [path, { text }] of mergeHistory(
    dataDir,
    MINT_BURN_EVENTS,
    rows as unknown as Record<string, unknown>[],
  )) {
    mkdirSync(dirname(join(dataDir, path)), { recursive: true });
    writeFileSync(join(dataDir, path), text);
  }
}

/** The sealing part of a daily run, and nothing else of it. */
async function seal(dataDir: string, runId: string, onStep: StepHook = () => {}): Promise<void> {
  recover(dataDir);
  const run: RunChanges = {
    runId,
    startedAt: NOW_SEC,
    seed: "test",
    simulated: true,
    baseCommit: null,
    isRepair: false,
    lanes: [],
    circuits: {},
    circuitEvents: [],
    sources: [],
    sealBefore: TODAY,
  };
  const { files } = await applyChanges(dataDir, run, 0, undefined);
  putInPlace(dataDir, runId, files, onStep);
}

async function storedEvents(dataDir: string): Promise<string[]> {
  const store = await openStore(dataDir);
  try {
    const rows = await store.query(
      "SELECT txHash, flowType, CAST(amountUnits AS VARCHAR) AS units FROM mint_burn_events ORDER BY ALL",
    );
    return rows.map(({ txHash, flowType, units }) => `${txHash} ${flowType} ${units}`);
  } finally {
    store.close();
  }
}

const rows = AGES.flatMap((age) => Array.from({ length: 20 }, (_, i) => event(age, i)));
const truth = (list: readonly FlowEventRow[]) =>
  list.map(({ txHash, flowType, amountUnits }) => `${txHash} ${flowType} ${amountUnits}`).sort();
const names = (dataDir: string) =>
  filesBelow(join(dataDir, "archive/mint-burn-events"), ".parquet").map((path) => path.slice(dataDir.length + 1));

function copyOf(name: string, from = plain): string {
  const copy = join(root, name);
  cpSync(from, copy, { recursive: true });
  return copy;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "plumbline-archive-"));
  plain = join(root, "plain");
  mkdirSync(plain);
  write(plain, rows);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("events beyond the retention", () => {
  it("lie in the archive by year and month, byte for byte as sealed, and are read with all others", async () => {
    const data = copyOf("once");
    await seal(data, "run-1");
    expect(names(data)).toHaveLength(3);
    for (const name of names(data))
      expect(name).toMatch(/^archive\/mint-burn-events\/year=\d{4}\/month=\d\d\/\d{4}-\d\d-\d\d\.parquet$/);
    expect(filesBelow(join(data, "history/mint-burn-events"), ".parquet")).toHaveLength(2);
    expect(await storedEvents(data)).toEqual(truth(rows));
    const listed = new Map(readManifest(data)?.files.map((file) => [file.path, file]));
    for (const name of names(data)) {
      expect(listed.get(name)).toMatchObject({ rows: 20, sha256: sha256(readFileSync(join(data, name))) });
    }
    expect((await verifyData(data)).problems).toEqual([]);
  });

  it("are found by any engine that knows Hive partitions", async () => {
    const data = copyOf("hive");
    await seal(data, "run-1");
    const database = await openDatabase([data]);
    try {
      const [row] = await database.all(
        `SELECT count(*) AS n, min(year) AS first FROM read_parquet('${data}/archive/mint-burn-events/*/*/*.parquet', hive_partitioning = true)`,
      );
      expect(row).toMatchObject({ n: 60 });
      expect(Number(row?.first)).toBe(new Date((NOW_SEC - (AGES[0] as number) * DAY_SEC) * 1000).getUTCFullYear());
    } finally {
      database.close();
    }
  });

  it("are moved once: the next run moves nothing", async () => {
    const data = copyOf("twice");
    await seal(data, "run-1");
    const before = treeOf(data);
    await seal(data, "run-1");
    expect(treeOf(data)).toEqual(before);
  });

  it("may be corrected and added to: late rows stand beside the archived day, none twice", async () => {
    const data = copyOf("late");
    await seal(data, "run-1");
    const age = AGES[1] as number;
    const added = event(age, 77);
    const corrected = event(age, 3, { flowType: "bridge_transfer", burnType: "bridge_burn", revision: NOW_SEC });
    // A backfill that reads the whole day again: what is there already is not stored again.
    write(data, [...rows.filter(({ timestamp }) => timestamp < NOW_SEC - (age - 1) * DAY_SEC), added, corrected]);
    await seal(data, "run-2");
    expect(names(data)).toHaveLength(4);
    expect(names(data).some((name) => name.endsWith(".2.parquet"))).toBe(true);
    const expected = [...rows.filter(({ txHash }) => txHash !== corrected.txHash), added, corrected];
    expect(await storedEvents(data)).toEqual(truth(expected));
    expect((await verifyData(data)).problems).toEqual([]);
  });

  it("survive a run that is killed at any step: the next one ends with the same tree", async () => {
    const whole = copyOf("whole");
    const steps: string[] = [];
    await seal(whole, "run-1", (step) => steps.push(step));
    const expected = treeOf(whole);
    expect(steps.filter((step) => step.includes("archive/")).length).toBe(6);
    // Every step of the archive, and every fourth of the others.
    const kills = steps.flatMap((step, i) => (step.includes("archive/") || i % 4 === 0 ? [i + 1] : []));
    for (const killAt of kills) {
      const data = copyOf(`killed-${killAt}`);
      let step = 0;
      const kill = () => {
        step += 1;
        if (step === killAt) throw new Error("killed");
      };
      await expect(seal(data, "run-1", kill)).rejects.toThrow("killed");
      await seal(data, "run-1");
      expect(treeOf(data), `killed at ${steps[killAt - 1]}`).toEqual(expected);
      rmSync(data, { recursive: true, force: true });
    }
  });

  it("stay in the history while nothing is older than the retention", async () => {
    const data = join(root, "young");
    mkdirSync(data);
    write(
      data,
      rows.filter(({ timestamp }) => timestamp > NOW_SEC - RETENTION_DAYS * DAY_SEC),
    );
    await seal(data, "run-1");
    expect(existsSync(join(data, "archive"))).toBe(false);
  });
});
