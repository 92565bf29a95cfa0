/**
 * One run, top to bottom: recover, plan, run the lanes that are due, publish what they found, commit, push.
 *
 * A run is a function of (data/ as committed, the upstreams' answers, the clock, the seed). Everything it writes carries the
 * run's clock, never the wall clock, so that a recording of the answers reproduces the bytes.
 */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { UsageError } from "./errors.ts";
import type { Lane } from "./lane.ts";
import { isDue, TIMETABLE, type TimetableEntry } from "./lanes.ts";
import type { Applied } from "./publish/apply.ts";
import { commitData, headCommit, isTracked } from "./publish/git.ts";
import { pushData } from "./publish/push.ts";
import { readManifest } from "./publish/read-manifest.ts";
import { readSnapshot, type SnapshotReader, snapshotsIn } from "./publish/read-snapshot.ts";
import { lockData, putInPlace, recover, type StepHook } from "./publish/staging.ts";
import { applyUpstreamOverrides, loadRegistry, type Registry, type UpstreamOverrides } from "./registry/registry.ts";
import type { RunManifest } from "./schema/run-manifest.ts";
import type { Recorder, Replayer } from "./sources/recorder.ts";
import { isoSeconds } from "./time.ts";

export interface RunOptions {
  dataDir: string;
  /** Run clock, unix seconds. */
  nowSec: number;
  /** Names the run together with the clock; recorded, so that a run can be repeated. */
  seed: string;
  /** Lanes to run whether due or not; empty: whatever is due. */
  lanes?: string[];
  overrides?: UpstreamOverrides;
  env?: NodeJS.ProcessEnv;
  recorder?: Recorder;
  replayer?: Replayer;
  dryRun?: boolean;
  commit?: boolean;
  push?: boolean;
  /** Commit the run starts from, when it is repeated elsewhere. */
  baseCommit?: string | null;
  /** Registry already in memory, for many runs in one process. */
  registry?: Registry;
  onStep?: StepHook;
  log?: (line: string) => void;
  /** Instead of the timetable: one piece of work by hand on a lane's own record. It leaves the lane's status as it is; its failure is thrown. */
  repair?: Lane;
}

export interface RunOutcome {
  runId: string;
  /** Null when nothing was due. */
  manifest: RunManifest | null;
  /** Paths below data/ that changed. */
  changedPaths: string[];
  committed: boolean;
  requests: number;
}

/** `20261121T080000Z-3fa1c2`: sortable by time, different for two seeds at one second. */
export function runIdOf(nowSec: number, seed: string): string {
  const stamp = isoSeconds(nowSec).replace(/[-:]/g, "");
  return `${stamp}-${createHash("sha256").update(seed).digest("hex").slice(0, 6)}`;
}

/** Simulated upstreams never write into a record of the real world. */
function refuseMixedWorlds(dataDir: string, simulated: boolean): void {
  const home = resolve(import.meta.dirname, "..", "data");
  if (simulated && resolve(dataDir) === home)
    throw new UsageError("simulated upstreams may not write into data/", {
      code: "simulated-into-record",
      where: dataDir,
      hint: "give another folder with --data DIR",
    });
  const manifest = readManifest(dataDir);
  if (manifest && manifest.simulated !== simulated)
    throw new UsageError(
      `this folder holds a ${manifest.simulated ? "simulated" : "real"} record and this run is ${simulated ? "simulated" : "real"}`,
      { code: "mixed-worlds", where: dataDir, hint: "give another folder with --data DIR" },
    );
}

function plan(snapshots: SnapshotReader, nowSec: number, forced: string[]): TimetableEntry[] {
  const unknown = forced.filter((name) => !TIMETABLE.some((entry) => entry.name === name));
  if (unknown.length > 0)
    throw new UsageError(`there is no lane named ${unknown.map((name) => JSON.stringify(name)).join(", ")}`, {
      code: "unknown-lane",
      where: "--lane",
      hint: `lanes are ${TIMETABLE.map((entry) => entry.name).join(", ")}`,
    });
  if (forced.length > 0) return TIMETABLE.filter((entry) => forced.includes(entry.name));
  const lanes = snapshots("status")?.data.lanes ?? [];
  return TIMETABLE.filter((entry) =>
    isDue(
      entry,
      lanes.find((lane) => lane.lane === entry.name),
      nowSec,
    ),
  );
}

function repairEntry(lane: Lane): TimetableEntry {
  const entry = TIMETABLE.find(({ name }) => name === lane.name);
  if (entry === undefined) throw new Error(`there is no lane ${lane.name} to repair`);
  return { ...entry, seals: false, load: async () => lane };
}

/** Runs what is due (or what is forced) and puts it in place. Throws only for bad input and damage; a lane's failure is a status. */
export async function runOnce(options: RunOptions): Promise<RunOutcome> {
  const { nowSec, seed, onStep = () => {}, log = () => {} } = options;
  const dataDir = resolve(options.dataDir);
  const simulated = options.overrides?.simulated ?? false;
  const runId = runIdOf(nowSec, seed);
  const unlock = lockData(dataDir);
  try {
    const finished = recover(dataDir, onStep);
    for (const id of finished) log(`finished what run ${id} had left`);
    refuseMixedWorlds(dataDir, simulated);
    const loaded = options.registry ?? loadRegistry(dataDir);
    const registry = options.overrides ? applyUpstreamOverrides(loaded, options.overrides) : loaded;
    const snapshots = snapshotsIn(dataDir);
    const due = options.repair ? [repairEntry(options.repair)] : plan(snapshots, nowSec, options.lanes ?? []);
    const inGit = (options.commit ?? false) && (await isTracked(dataDir));
    if (due.length === 0) {
      log("nothing is due");
      const committed =
        inGit && (await commitData(dataDir, `data: what run ${finished.join(", ") || "before"} left uncommitted`));
      return { runId, manifest: null, changedPaths: [], committed, requests: 0 };
    }
    const baseCommit =
      options.baseCommit !== undefined
        ? options.baseCommit
        : (await isTracked(dataDir))
          ? await headCommit(dataDir)
          : null;

    const { runLanes, seededRandom } = await import("./run-lanes.ts");
    const { applyChanges } = await import("./publish/apply.ts");
    const { commitMessage } = await import("./publish/commit-message.ts");
    const changes = await runLanes(
      { ...options, dataDir },
      { runId, simulated, baseCommit, registry, due, snapshots, onStep, log },
    );
    const before = snapshots("stablecoins");
    const signingKey = options.replayer ? undefined : options.env?.PLUMBLINE_SIGNING_KEY;
    let applied = await applyChanges(dataDir, changes.run, 0, signingKey, snapshots);
    onStep("applied");
    const outcome = {
      runId,
      changedPaths: [...applied.files.keys()].sort(),
      committed: false,
      requests: changes.requests,
    };
    if (options.dryRun) return { ...outcome, manifest: applied.run };
    putInPlace(dataDir, runId, applied.files, onStep, !simulated);
    onStep("published");
    if (!inGit) return { ...outcome, manifest: applied.run };

    const commit = async (result: Applied) =>
      commitData(dataDir, commitMessage(result.run, before, readSnapshot(dataDir, "stablecoins")));
    const committed = await commit(applied);
    onStep("committed");
    if (options.push) {
      const random = seededRandom(`${seed}/${process.pid}`);
      await pushData({
        dataDir,
        log,
        waitMs: (attempt) => Math.round(random() * 250 * 2 ** attempt),
        async reapply(attempt) {
          applied = await applyChanges(dataDir, changes.run, attempt, signingKey);
          putInPlace(dataDir, runId, applied.files, onStep, !simulated);
          await commit(applied);
        },
      });
      onStep("pushed");
    }
    return { ...outcome, manifest: applied.run, committed };
  } finally {
    unlock();
  }
}
