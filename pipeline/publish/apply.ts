/**
 * From what a run wants to change to the files that will stand under data/, given the tree as it is now.
 *
 * Called once when a run ends, and again on the newer tree each time a push is rejected: history rows are merged by key,
 * a lane's snapshots and state are put in place only where no newer run of that lane is already there.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { SnapshotName } from "../schema/datasets.ts";
import { type Envelope, SCHEMA_VERSION } from "../schema/envelope.ts";
import { HISTORY_DATASETS } from "../schema/history.ts";
import type { LaneRun, Publication, RunManifest } from "../schema/run-manifest.ts";
import { DATASET_STATUS, type LaneStatus } from "../schema/status.ts";
import { daysToArchive } from "../store/archive.ts";
import { openDatabase } from "../store/duckdb.ts";
import { daysToSeal, sealFile } from "../store/seal.ts";
import { historyFiles } from "../store/store.ts";
import { DAY_SEC } from "../time.ts";
import { METHODOLOGY_VERSION, SOFTWARE_VERSION } from "../version.ts";
import { isSameJson, type Json, steadyJson } from "./canonical-json.ts";
import type { LaneChange, RunChanges } from "./changes.ts";
import { type Heads, headOf, readListed } from "./heads.ts";
import { mergeHistory } from "./history-files.ts";
import { keptDays, keptPath, pruneKept, runStartedAt } from "./kept-runs.ts";
import { type LaneStates, writeStates } from "./lane-state.ts";
import { addManifest, type FileFacts, SIGNATURE_PATH, signManifest } from "./manifest.ts";
import { leaningOn } from "./packing.ts";
import { readManifest } from "./read-manifest.ts";
import { type SnapshotReader, slowPath, snapshotPath, snapshotsIn } from "./read-snapshot.ts";
import {
  fileText,
  longestCollection,
  packedFile,
  type SnapshotFile,
  snapshotFile,
  wholeText,
} from "./snapshot-file.ts";
import { type FileChanges, scratchFolder } from "./staging.ts";
import { mergeStatus } from "./status.ts";

/** Run manifests are kept this long; git keeps them for ever. */
const RUN_MANIFEST_DAYS = 3;

export interface Applied {
  files: FileChanges;
  run: RunManifest;
}

function worst(statuses: LaneStatus[]): LaneStatus {
  if (statuses.includes("error")) return "error";
  return statuses.includes("degraded") ? "degraded" : "ok";
}

/** What a run puts in place, file by file, and the snapshots as they will stand afterwards. */
class Tree {
  readonly files: FileChanges = new Map();
  readonly facts: FileFacts = new Map();
  readonly #before: SnapshotReader;
  /** Heads of the snapshots as they will stand. */
  readonly heads: Heads;
  readonly #written = new Map<SnapshotName, Envelope<unknown>>();

  readonly dataDir: string;

  constructor(dataDir: string, before: SnapshotReader) {
    this.dataDir = dataDir;
    this.#before = before;
    this.heads = readListed(dataDir).heads;
  }

  /** The snapshot as it will stand. */
  readonly reader = ((name: SnapshotName) => this.#written.get(name) ?? this.#before(name)) as SnapshotReader;

  /** Whether the tree says this already, for the same time and by the same run. */
  has(name: SnapshotName, file: SnapshotFile): boolean {
    const path = join(this.dataDir, snapshotPath(name));
    const head = this.heads[name];
    if (!head || !isSameJson(head, headOf(file.envelope))) return false;
    if (!existsSync(path) || readFileSync(path, "utf8") !== file.text) return false;
    return this.#before(name)?.snapshotId === file.envelope.snapshotId;
  }

  write(name: SnapshotName, file: SnapshotFile): void {
    this.#put(name, file);
    this.heads[name] = headOf(file.envelope);
    this.#written.set(name, file.envelope);
  }

  #put(name: SnapshotName, file: Pick<SnapshotFile, "text" | "slowText" | "rows">): void {
    this.files.set(snapshotPath(name), file.text);
    this.facts.set(snapshotPath(name), { rows: file.rows, asOf: null });
    if (file.slowText !== null) this.files.set(slowPath(name), file.slowText);
  }

  /** The run's own copy, head and all, which is put in place before anything points to it. */
  keep(name: SnapshotName, run: RunChanges, file: SnapshotFile): void {
    const path = keptPath(name, run.runId);
    this.files.set(path, wholeText(file));
    this.facts.set(path, file);
    pruneKept(this.dataDir, name, path, run.startedAt, this.files);
  }

  /** Snapshots that lean on one that was written, and were not written themselves, say the same beside the new one. */
  packAnew(): void {
    const leaning = [...this.#written.keys()].flatMap(leaningOn).filter((name) => !this.#written.has(name));
    for (const name of new Set(leaning)) {
      const envelope = this.#before(name);
      if (!envelope) continue;
      const { file, slowText } = packedFile(envelope, name, this.reader);
      const rows = longestCollection(envelope.data as Json);
      this.#put(name, { text: fileText(file), slowText, rows });
    }
  }
}

function applySnapshots(tree: Tree, change: LaneChange, run: RunChanges, stoodDown: boolean): Publication[] {
  const publications: Publication[] = [];
  for (const [key, out] of Object.entries(change.result.snapshots)) {
    const name = key as SnapshotName;
    const head = {
      asOf: out.asOf,
      status: DATASET_STATUS[change.result.status],
      reasons: change.result.reasons,
      sources: out.sources,
    };
    const file = snapshotFile(name, run, head, out.data, tree.reader);
    const { problem, rows } = file;
    if (problem)
      change.result = {
        ...change.result,
        status: worst([change.result.status, "degraded"]),
        reasons: [problem, ...change.result.reasons],
      };
    const outcome = stoodDown ? "stood-down" : problem ? "withheld" : tree.has(name, file) ? "unchanged" : "published";
    if (outcome === "published") {
      if (keptDays(name) !== null) tree.keep(name, run, file);
      tree.write(name, file);
    }
    publications.push({ dataset: name, outcome, rows });
  }
  for (const name of change.result.withheld ?? []) publications.push({ dataset: name, outcome: "withheld", rows: 0 });
  return publications;
}

function applyHistory(dataDir: string, run: RunChanges, { files, facts }: Tree): void {
  for (const dataset of HISTORY_DATASETS) {
    const rows = run.lanes.flatMap((change) =>
      change.result.history.filter((out) => out.dataset.name === dataset.name).flatMap((out) => out.rows),
    );
    for (const row of rows) dataset.row.parse(row);
    if (rows.length === 0) continue;
    for (const [path, open] of mergeHistory(dataDir, dataset, rows)) {
      files.set(path, open.text);
      facts.set(path, { rows: open.rows, asOf: null });
    }
  }
}

/** Seals closed days, those whose rows came with this very run included. */
async function applySeal(dataDir: string, run: RunChanges, files: FileChanges, facts: FileFacts): Promise<void> {
  if (run.sealBefore === null) return;
  const scratch = scratchFolder(dataDir, run.runId);
  for (const [path, text] of files)
    if (path.endsWith(".jsonl") && typeof text === "string") {
      mkdirSync(join(scratch, path, ".."), { recursive: true });
      writeFileSync(join(scratch, path), text);
    }
  const staged = daysToSeal(scratch, run.sealBefore, dataDir);
  const fromData = daysToSeal(dataDir, run.sealBefore, dataDir).filter(
    (day) => !staged.some((other) => other.from === day.from),
  );
  const days = [...staged, ...fromData];
  if (days.length === 0) return;
  const database = await openDatabase([dataDir]);
  try {
    for (const day of days) {
      const source = join(staged.includes(day) ? scratch : dataDir, day.from);
      const target = join(scratch, `${day.dataset.name}-${basename(day.to)}`);
      const sealedBefore = day.sealedBefore.map((path) => join(dataDir, path));
      const rows = await sealFile(database, day.dataset, { from: source, to: target, sealedBefore });
      // Rows of a closed day that came with this very run were never a file of data/.
      if (existsSync(join(dataDir, day.from))) files.set(day.from, null);
      else files.delete(day.from);
      if (rows === 0) continue;
      files.set(day.to, readFileSync(target));
      facts.set(day.to, { rows, asOf: null });
    }
  } finally {
    database.close();
  }
}

/** Moves sealed days beyond the retention into the archive, as they are: the new place first, then the old one goes. */
function applyArchive(dataDir: string, run: RunChanges, files: FileChanges, facts: FileFacts): void {
  if (run.sealBefore === null) return;
  const known = new Map((readManifest(dataDir)?.files ?? []).map((file) => [file.path, file]));
  const stored = HISTORY_DATASETS.filter(({ retentionDays }) => retentionDays !== undefined).flatMap(({ name }) =>
    historyFiles(dataDir, name).parquet.map((path) => path.slice(dataDir.length + 1)),
  );
  const sealed = [...files].filter(([, content]) => content !== null).map(([path]) => path);
  for (const { from, to } of daysToArchive(new Set([...stored, ...sealed]), run.sealBefore)) {
    const fresh = files.get(from);
    const rows = facts.get(from)?.rows ?? known.get(from)?.rows;
    if (rows === undefined) continue;
    files.set(to, fresh ?? readFileSync(join(dataDir, from)));
    facts.set(to, { rows, asOf: null });
    if (existsSync(join(dataDir, from))) files.set(from, null);
    else files.delete(from);
  }
}

function pruneRuns(dataDir: string, nowSec: number, files: FileChanges): void {
  const folder = join(dataDir, "runs");
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (runStartedAt(name) < nowSec - RUN_MANIFEST_DAYS * DAY_SEC) files.set(`runs/${name}`, null);
  }
}

/** Files to put in place for `run` on the tree below `dataDir`, whose snapshots `snapshots` reads. `signingKey` is optional. */
export async function applyChanges(
  dataDir: string,
  run: RunChanges,
  pushAttempts: number,
  signingKey: string | undefined,
  snapshots: SnapshotReader = snapshotsIn(dataDir),
): Promise<Applied> {
  const tree = new Tree(dataDir, snapshots);
  const { files, facts } = tree;
  const before = snapshots("status");
  const newer = new Set(
    (before?.data.lanes ?? [])
      .filter(
        (lane) =>
          lane.lastStartedAt > run.startedAt || (lane.lastStartedAt === run.startedAt && lane.lastRunId > run.runId),
      )
      .map((lane) => lane.lane),
  );
  const changes = run.lanes.map((change) => ({ ...change }));
  const states: LaneStates = {};
  const laneRuns: LaneRun[] = changes.map((change) => {
    const stoodDown = newer.has(change.lane);
    const publications = applySnapshots(tree, change, run, stoodDown);
    if (!stoodDown) Object.assign(states, change.result.state);
    return {
      lane: change.lane,
      status: change.result.status,
      reasons: change.result.reasons,
      publications,
      counts: change.result.counts,
    };
  });
  writeStates(dataDir, states, files);
  tree.packAnew();
  applyHistory(dataDir, run, tree);

  const hasHistory = new Set(
    changes.filter((change) => change.result.history.some((out) => out.rows.length > 0)).map((change) => change.lane),
  );
  const publishedLanes = new Set(
    laneRuns
      .filter(
        (lane) =>
          hasHistory.has(lane.lane) ||
          lane.publications.some((p) => p.outcome === "published" || p.outcome === "unchanged"),
      )
      .map((lane) => lane.lane),
  );
  const status = mergeStatus(before?.data ?? null, { ...run, lanes: changes }, newer, publishedLanes);
  const asOf = Math.max(run.startedAt, before?.asOf ?? 0);
  const head = { asOf, status: "fresh" as const, reasons: [], sources: [] };
  tree.write("status", snapshotFile("status", run, head, status, tree.reader));

  const manifest: RunManifest = {
    schemaVersion: SCHEMA_VERSION,
    runId: run.runId,
    startedAt: run.startedAt,
    seed: run.seed,
    simulated: run.simulated,
    softwareVersion: SOFTWARE_VERSION,
    methodologyVersion: METHODOLOGY_VERSION,
    baseCommit: run.baseCommit,
    status: worst(laneRuns.map((lane) => lane.status)),
    lanes: laneRuns,
    sources: run.sources,
    circuitEvents: run.circuitEvents,
    pushAttempts,
  };
  files.set(`runs/${run.runId}.json`, steadyJson(manifest));
  pruneRuns(dataDir, run.startedAt, files);

  await applySeal(dataDir, run, files, facts);
  applyArchive(dataDir, run, files, facts);
  const manifestText = addManifest(dataDir, files, facts, tree.heads, run);
  if (signingKey) files.set(SIGNATURE_PATH, signManifest(manifestText, signingKey));
  else if (existsSync(join(dataDir, SIGNATURE_PATH))) files.set(SIGNATURE_PATH, null);
  return { files, run: manifest };
}
