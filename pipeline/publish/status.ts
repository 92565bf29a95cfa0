/** The status snapshot: what every lane last did, which circuits are open, which sources fail, merged over runs. */
import type { SourceRun } from "../schema/run-manifest.ts";
import { type LaneState, OPEN_CIRCUITS_THAT_DEGRADE, type SourceState, type Status } from "../schema/status.ts";
import type { CircuitRecord } from "../sources/breaker.ts";
import type { LaneChange, RunChanges } from "./changes.ts";

function laneState(change: LaneChange, run: RunChanges, published: boolean, before: LaneState | undefined): LaneState {
  const { status, reasons } = change.result;
  return {
    lane: change.lane,
    intervalSec: change.intervalSec,
    status,
    reasons,
    lastRunId: run.runId,
    lastStartedAt: run.startedAt,
    lastPublishedAt: published ? run.startedAt : (before?.lastPublishedAt ?? null),
    failuresInARow: status === "error" ? (before?.failuresInARow ?? 0) + 1 : 0,
  };
}

function sourceState(run: SourceRun, at: number, before: SourceState | undefined): SourceState {
  return {
    id: run.source,
    state: run.ok ? "ok" : run.reason === "disabled" ? "disabled" : "failing",
    detail: run.detail,
    lastTriedAt: at,
    lastOkAt: run.ok ? at : (before?.lastOkAt ?? null),
  };
}

/** Of two records of one circuit, the one that saw the outside world last. */
function newerCircuit(a: CircuitRecord | undefined, b: CircuitRecord): CircuitRecord {
  const lastSeen = (record: CircuitRecord) =>
    Math.max(record.lastSuccessAt ?? 0, record.lastFailureAt ?? 0, record.openedAt ?? 0);
  return a && lastSeen(a) > lastSeen(b) ? a : b;
}

export function mergeCircuits(
  before: Record<string, CircuitRecord>,
  after: Record<string, CircuitRecord>,
): Record<string, CircuitRecord> {
  const merged = { ...before };
  for (const [key, record] of Object.entries(after)) merged[key] = newerCircuit(before[key], record);
  return merged;
}

/** `stoodDown` lanes keep the state that the newer run wrote. `publishedLanes` put at least one snapshot in place. */
export function mergeStatus(
  before: Status | null,
  run: RunChanges,
  stoodDown: Set<string>,
  publishedLanes: Set<string>,
): Status {
  const lanes = new Map((before?.lanes ?? []).map((lane) => [lane.lane, lane]));
  for (const change of run.lanes) {
    if (!stoodDown.has(change.lane) && !run.isRepair)
      lanes.set(change.lane, laneState(change, run, publishedLanes.has(change.lane), lanes.get(change.lane)));
  }
  const sources = new Map((before?.sources ?? []).map((source) => [source.id, source]));
  for (const source of run.sources) {
    const known = sources.get(source.source);
    if (!known || known.lastTriedAt <= run.startedAt)
      sources.set(source.source, sourceState(source, run.startedAt, known));
  }
  const circuits = mergeCircuits(before?.circuits ?? {}, run.circuits);
  const openCircuits = Object.values(circuits).filter((circuit) => circuit.state === "open").length;
  const laneList = [...lanes.values()].sort((a, b) => (a.lane < b.lane ? -1 : 1));
  const warnings = laneList
    .filter((lane) => lane.status !== "ok")
    .map((lane) => `${lane.lane}: ${lane.reasons.map((reason) => reason.message).join("; ") || lane.status}`);
  if (openCircuits >= OPEN_CIRCUITS_THAT_DEGRADE) warnings.push(`${openCircuits} circuits are open`);
  return {
    lanes: laneList,
    circuits,
    openCircuits,
    sources: [...sources.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    health:
      openCircuits >= OPEN_CIRCUITS_THAT_DEGRADE || laneList.some((lane) => lane.status !== "ok")
        ? "degraded"
        : "healthy",
    warnings,
  };
}
