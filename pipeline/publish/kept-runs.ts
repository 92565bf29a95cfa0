/**
 * Datasets whose runs are kept whole: a run's snapshot also lies under its own name, is never rewritten, and is what readers are served.
 *
 * It has a head of its own; each run has a folder, since git packs files of one name against each other. A reader tries the newest few
 * completed runs and serves the first that is whole; where runs are and none is, there is no snapshot. Old runs go after a
 * while, the newest never.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SNAPSHOTS, type SnapshotName } from "../schema/datasets.ts";
import { DAY_SEC } from "../time.ts";
import type { FileChanges } from "./staging.ts";

export const KEPT_FOLDER = "completed";

/** How many completed runs a reader tries. */
export const RUNS_TRIED = 5;

/** Files of one run that are removed at once, oldest first. */
const PRUNED_AT_ONCE = 100;

export function keptDays(name: SnapshotName): number | null {
  const { keptDays: days } = SNAPSHOTS[name] as { keptDays?: number };
  return days ?? null;
}

export function keptPath(name: SnapshotName, runId: string): string {
  return `${KEPT_FOLDER}/${runId}/${name}.json`;
}

/** Paths below data/ of the kept runs, newest first: run ids begin with their time. */
export function keptRuns(dataDir: string, name: SnapshotName): string[] {
  const folder = join(dataDir, KEPT_FOLDER);
  if (!existsSync(folder)) return [];
  const runIds = readdirSync(folder).filter((runId) => /^\d{8}T\d{6}Z-\w+$/.test(runId));
  return runIds
    .sort()
    .reverse()
    .map((runId) => keptPath(name, runId))
    .filter((path) => existsSync(join(dataDir, path)));
}

/** Unix seconds of the run that a file is of, by the run id in its path. */
export function runStartedAt(path: string): number {
  const [, y, mo, d, h, mi, s] = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(path) ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) / 1000;
}

/** Marks runs older than the dataset keeps for removal; `written` and the newest of the others stay, however old. */
export function pruneKept(
  dataDir: string,
  name: SnapshotName,
  written: string,
  nowSec: number,
  files: FileChanges,
): void {
  const days = keptDays(name);
  if (days === null) return;
  const [, ...older] = [written, ...keptRuns(dataDir, name).filter((path) => path !== written)].sort().reverse();
  const stale = older.filter((path) => path !== written && runStartedAt(path) < nowSec - days * DAY_SEC);
  for (const path of stale.reverse().slice(0, PRUNED_AT_ONCE)) files.set(path, null);
}
