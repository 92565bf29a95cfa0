/**
 * The lanes of one run, one after the other: each asks its sources through the one client and returns what it would publish.
 *
 * Kept apart from the run itself so that an idle run loads no client, no chain library and no database.
 */
import { createHash } from "node:crypto";
import { DataDamaged, PlumblineError } from "./errors.ts";
import type { LaneContext, LaneResult, Published } from "./lane.ts";
import type { TimetableEntry } from "./lanes.ts";
import type { LaneChange, RunChanges } from "./publish/changes.ts";
import { type LaneStates, readStates } from "./publish/lane-state.ts";
import type { SnapshotReader } from "./publish/read-snapshot.ts";
import type { StepHook } from "./publish/staging.ts";
import type { Registry } from "./registry/registry.ts";
import type { RunOptions } from "./run.ts";
import type { SnapshotData, SnapshotName } from "./schema/datasets.ts";
import type { HistoryDataset } from "./schema/history.ts";
import type { SourceRun } from "./schema/run-manifest.ts";
import { DATASET_STATUS } from "./schema/status.ts";
import { createBreakers } from "./sources/breaker.ts";
import { createClient, type UpstreamLimits } from "./sources/client.ts";
import { type CollectContext, collect, type SourceReport } from "./sources/collect.ts";
import { nodeUpstreams, rpcChains } from "./sources/nodes.ts";
import { historyRows } from "./store/day-rows.ts";
import { type Database, openDatabase } from "./store/duckdb.ts";
import { openStore, type Store } from "./store/store.ts";
import { utcDay } from "./time.ts";

/** A generator of numbers in 0..1 that is the same for the same seed; used for waiting times only. */
export function seededRandom(seed: string): () => number {
  let state = createHash("sha256").update(seed).digest().readUInt32LE(0);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
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

/** The lane's own word, and beside it every dataset of other lanes that was there and could not be read. */
function withDamages(result: LaneResult, damages: ReadonlyMap<SnapshotName, DataDamaged>): LaneResult {
  if (damages.size === 0) return result;
  const reasons = [...damages].map(([name, error]) => ({
    code: `${name}-damaged`,
    message: `${error.message}: it was taken as missing`,
  }));
  return {
    ...result,
    status: result.status === "ok" ? "degraded" : result.status,
    reasons: [...result.reasons, ...reasons],
  };
}

/** One line a source, however often it was asked: a failure, the same one whoever of many answered first, or that all went well. */
function reportsBySource(report: readonly SourceReport[]): SourceRun[] {
  return [...Map.groupBy(report, ({ source }) => source).values()].map((asked) => {
    const [failure] = asked.filter((one) => !one.ok).sort((a, b) => ((a.detail ?? "") < (b.detail ?? "") ? -1 : 1));
    const { source, ok, reason, detail } = failure ?? (asked[0] as SourceReport);
    return { source, ok, reason, detail };
  });
}

export interface Prepared {
  runId: string;
  simulated: boolean;
  baseCommit: string | null;
  registry: Registry;
  due: TimetableEntry[];
  /** As they were before the run. */
  snapshots: SnapshotReader;
  onStep: StepHook;
  log: (line: string) => void;
}

/** Collects and computes, lane after lane in the order of the timetable. Writes nothing. */
export async function runLanes(
  options: RunOptions,
  prepared: Prepared,
): Promise<{ run: RunChanges; requests: number }> {
  const { dataDir, nowSec, seed } = options;
  const { registry, runId, simulated, snapshots: read } = prepared;
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
  const breakers = createBreakers(read("status")?.data.circuits ?? {});
  const collecting: CollectContext = { http: client, breakers, report: [] };
  const fresh = new Map<SnapshotName, Published<unknown>>();
  let states: LaneStates | null = null;
  let store: Promise<Store> | null = null;
  let database: Promise<Database> | null = null;
  let owned: readonly string[] = [];
  const damages = new Map<SnapshotName, DataDamaged>();
  const context: LaneContext = {
    nowSec,
    registry,
    collect: (source, request) => collect(source, request, collecting),
    circuitOpen: (source) => source.breaker !== null && breakers.probeAt(source.breaker) !== null,
    nothingToAsk({ breaker }) {
      if (breaker !== null && breakers.probeAt(breaker) !== null) breakers.recordOutcome(breaker, true, nowSec);
    },
    published<Name extends SnapshotName>(name: Name) {
      const known = fresh.get(name) as Published<SnapshotData<Name>> | undefined;
      if (known) return known;
      try {
        return read(name);
      } catch (error) {
        // A lane that cannot read its own last word stops; that of another is missing to it, and named.
        if (!(error instanceof DataDamaged) || owned.includes(name)) throw error;
        damages.set(name, error);
        return null;
      }
    },
    state(name) {
      states ??= readStates(dataDir);
      return states[name] ?? null;
    },
    async history<Row>(dataset: HistoryDataset<Row>, sinceSec: number) {
      const open = () => {
        database ??= openDatabase([dataDir]);
        return database;
      };
      return (await historyRows(dataDir, dataset, sinceSec, open)) as Row[];
    },
    nodes: (caip) => client.rpc.nodes(caip),
    setting: (name) => env[name]?.trim() || null,
    store() {
      store ??= openStore(dataDir);
      return store;
    },
    log: prepared.log,
  };

  const lanes: LaneChange[] = [];
  try {
    for (const entry of prepared.due) {
      let result: LaneResult;
      owned = entry.publishes;
      damages.clear();
      try {
        result = withDamages(await (await entry.load()).run(context), damages);
      } catch (error) {
        // A lane's failure is its status; that of a repair is for whoever asked for it.
        if (options.repair) throw error;
        result = failedLane(error);
      }
      for (const [name, out] of Object.entries(result.snapshots))
        fresh.set(name as SnapshotName, {
          generatedAt: nowSec,
          asOf: out.asOf,
          status: DATASET_STATUS[result.status],
          data: out.data,
        });
      lanes.push({ lane: entry.name, intervalSec: entry.everySec, result });
      prepared.onStep(`lane ${entry.name}`);
      prepared.log(`${entry.name}: ${result.status}${result.reasons[0] ? ` (${result.reasons[0].message})` : ""}`);
    }
  } finally {
    for (const opened of [store, database] as (Promise<{ close(): void }> | null)[])
      await opened?.then(
        (open) => open.close(),
        () => {},
      );
    await client.close();
  }
  return {
    requests: Object.values(client.counts()).reduce((sum, count) => sum + count.requests, 0),
    run: {
      runId,
      startedAt: nowSec,
      seed,
      simulated,
      baseCommit: prepared.baseCommit,
      isRepair: options.repair !== undefined,
      lanes,
      circuits: breakers.records(),
      circuitEvents: [...breakers.transitions],
      sources: reportsBySource(collecting.report),
      sealBefore: prepared.due.some((entry) => entry.seals) ? utcDay(nowSec) : null,
    },
  };
}
