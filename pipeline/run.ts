/**
 * One run, top to bottom: recover, plan, run the lanes that are due, publish what they found, commit, push.
 *
 * A run is a function of (data/ as committed, the upstreams' answers, the clock, the seed). Everything it writes carries the
 * run's clock, never the wall clock, so that a recording of the answers reproduces the bytes.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PlumblineError, UsageError } from "./errors.ts";
import type { LaneContext, LaneResult, Published } from "./lane.ts";
import { isDue, TIMETABLE, type TimetableEntry } from "./lanes.ts";
import { type Applied, applyChanges } from "./publish/apply.ts";
import type { LaneChange, RunChanges } from "./publish/changes.ts";
import { commitMessage } from "./publish/commit-message.ts";
import { commitData, headCommit, isTracked } from "./publish/git.ts";
import { readManifest } from "./publish/manifest.ts";
import { pushData } from "./publish/push.ts";
import { readSnapshot } from "./publish/read-snapshot.ts";
import { lockData, putInPlace, recover, type StepHook } from "./publish/staging.ts";
import { applyUpstreamOverrides, loadRegistry, type Registry, type UpstreamOverrides } from "./registry/registry.ts";
import type { SnapshotData, SnapshotName } from "./schema/datasets.ts";
import type { RunManifest } from "./schema/run-manifest.ts";
import { createBreakers } from "./sources/breaker.ts";
import { createClient, type UpstreamLimits } from "./sources/client.ts";
import { type CollectContext, collect } from "./sources/collect.ts";
import { nodeUpstreams, rpcChains } from "./sources/nodes.ts";
import type { Recorder, Replayer } from "./sources/recorder.ts";
import { openStore, type Store } from "./store/store.ts";
import { isoSeconds, utcDay } from "./time.ts";

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

/** A generator of numbers in 0..1 that is the same for the same seed; used for waiting times only. */
function seededRandom(seed: string): () => number {
  let state = createHash("sha256").update(seed).digest().readUInt32LE(0);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
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

function plan(dataDir: string, nowSec: number, forced: string[]): TimetableEntry[] {
  const unknown = forced.filter((name) => !TIMETABLE.some((entry) => entry.name === name));
  if (unknown.length > 0)
    throw new UsageError(`there is no lane named ${unknown.map((name) => JSON.stringify(name)).join(", ")}`, {
      code: "unknown-lane",
      where: "--lane",
      hint: `lanes are ${TIMETABLE.map((entry) => entry.name).join(", ")}`,
    });
  if (forced.length > 0) return TIMETABLE.filter((entry) => forced.includes(entry.name));
  const lanes = readSnapshot(dataDir, "status")?.data.lanes ?? [];
  return TIMETABLE.filter((entry) =>
    isDue(
      entry,
      lanes.find((lane) => lane.lane === entry.name),
      nowSec,
    ),
  );
}

function failedLane(error: unknown): LaneResult {
  const code = error instanceof PlumblineError ? error.code : "lane-failed";
  const message =
    error instanceof Error ? (error instanceof PlumblineError ? error.explain() : error.message) : String(error);
  return {
    status: "error",
    reasons: [{ code, message: message.replaceAll("\n", " ") }],
    snapshots: {},
    history: [],
    state: {},
    counts: {},
  };
}

function readState(dataDir: string, name: string): unknown {
  const path = join(dataDir, "state", `${name}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
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
    const due = plan(dataDir, nowSec, options.lanes ?? []);
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

    const changes = await runLanes(
      { ...options, dataDir },
      { runId, simulated, baseCommit, registry, due, onStep, log },
    );
    const before = readSnapshot(dataDir, "stablecoins");
    const signingKey = options.replayer ? undefined : options.env?.PLUMBLINE_SIGNING_KEY;
    let applied = await applyChanges(dataDir, changes.run, 0, signingKey);
    onStep("applied");
    const outcome = {
      runId,
      changedPaths: [...applied.files.keys()].sort(),
      committed: false,
      requests: changes.requests,
    };
    if (options.dryRun) return { ...outcome, manifest: applied.run };
    putInPlace(dataDir, runId, applied.files, onStep);
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
          putInPlace(dataDir, runId, applied.files, onStep);
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

interface Prepared {
  runId: string;
  simulated: boolean;
  baseCommit: string | null;
  registry: Registry;
  due: TimetableEntry[];
  onStep: StepHook;
  log: (line: string) => void;
}

/** Collects and computes, lane after lane in the order of the timetable. Writes nothing. */
async function runLanes(options: RunOptions, prepared: Prepared): Promise<{ run: RunChanges; requests: number }> {
  const { dataDir, nowSec, seed } = options;
  const { registry, runId, simulated } = prepared;
  const env = options.env ?? {};
  const client = createClient({
    upstreams: new Map<string, UpstreamLimits>([
      ...registry.upstreams,
      ...nodeUpstreams(registry.chains, env, simulated),
    ]),
    chains: rpcChains(registry.chains, env),
    env,
    nowSec,
    random: seededRandom(seed),
    ...(simulated ? { sleep: async () => {} } : {}),
    ...(options.recorder ? { recorder: options.recorder } : {}),
    ...(options.replayer ? { replayer: options.replayer } : {}),
  });
  const breakers = createBreakers(readState(dataDir, "circuits") ?? {});
  const collecting: CollectContext = { http: client, breakers, report: [] };
  const fresh = new Map<SnapshotName, Published<unknown>>();
  let store: Promise<Store> | null = null;
  const context: LaneContext = {
    nowSec,
    registry,
    collect: (source, request) => collect(source, request, collecting),
    circuitOpen: (source) => source.breaker !== null && breakers.probeAt(source.breaker) !== null,
    published<Name extends SnapshotName>(name: Name) {
      return (fresh.get(name) as Published<SnapshotData<Name>> | undefined) ?? readSnapshot(dataDir, name);
    },
    state: (name) => readState(dataDir, name),
    store() {
      store ??= openStore(dataDir);
      return store;
    },
    log: prepared.log,
  };

  const lanes: LaneChange[] = [];
  for (const entry of prepared.due) {
    let result: LaneResult;
    try {
      result = await (await entry.load()).run(context);
    } catch (error) {
      result = failedLane(error);
    }
    for (const [name, out] of Object.entries(result.snapshots))
      fresh.set(name as SnapshotName, { generatedAt: nowSec, asOf: out.asOf, data: out.data });
    lanes.push({ lane: entry.name, intervalSec: entry.everySec, result });
    prepared.onStep(`lane ${entry.name}`);
    prepared.log(`${entry.name}: ${result.status}${result.reasons[0] ? ` (${result.reasons[0].message})` : ""}`);
  }
  const opened = store as Promise<Store> | null;
  if (opened)
    await opened.then(
      (open) => open.close(),
      () => {},
    );
  await client.close();
  return {
    requests: Object.values(client.counts()).reduce((sum, count) => sum + count.requests, 0),
    run: {
      runId,
      startedAt: nowSec,
      seed,
      simulated,
      baseCommit: prepared.baseCommit,
      lanes,
      circuits: breakers.records(),
      circuitEvents: [...breakers.transitions],
      sources: collecting.report.map(({ source, ok, reason, detail }) => ({ source, ok, reason, detail })),
      sealBefore: prepared.due.some((entry) => entry.seals) ? utcDay(nowSec) : null,
    },
  };
}
