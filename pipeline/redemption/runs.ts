/** Runs of the redemption lane: how one is judged, and which one a reader may serve. Method sections 14.1 and 15.1. */
import type { LaneStatus } from "../schema/status.ts";

export interface RunCounts {
  configured: number;
  resolved: number;
  /** Rows by state. */
  missingCapacity?: number | undefined;
  impaired?: number | undefined;
  failed?: number | undefined;
  missingCache?: number | undefined;
  /** Configured coins that are not in the list of stablecoins, whatever their rows say. */
  missingFromCache?: number | undefined;
  liquidityStale?: boolean | undefined;
  /** Inputs that could not be read, writes that went wrong. */
  warnings?: number | undefined;
}

export function runStatus(counts: RunCounts): {
  status: LaneStatus;
  missingCapacityOkThreshold: number;
  coverageRatio: number;
} {
  const { configured, resolved, missingCapacity = 0, failed = 0, missingCache = 0, missingFromCache = 0 } = counts;
  const missingCapacityOkThreshold = Math.ceil(configured / 100);
  const coverageRatio = configured > 0 ? resolved / configured : 1;
  const blocking = failed > 0 || missingFromCache > 0 || missingCache > 0;
  const allMissing = configured > 0 && missingCapacity === configured;
  const isError = resolved === 0 && (blocking || allMissing);
  const isDegraded =
    blocking ||
    missingCapacity > missingCapacityOkThreshold ||
    counts.liquidityStale === true ||
    (counts.warnings ?? 0) > 0;
  return {
    status: isError ? "error" : isDegraded ? "degraded" : "ok",
    missingCapacityOkThreshold,
    coverageRatio,
  };
}

export interface CandidateRun {
  runId: string;
  completedAt: number | null;
  expectedCount: number;
  writtenCount: number;
  maxUpdatedAt: number | null;
  methodologyVersion: string | null;
  /** Immutable rows that can be decoded. */
  rowCount: number;
  /** false: reading or decoding them failed. */
  rowsReadable?: boolean | undefined;
}

export interface StoredState {
  completedRuns: readonly CandidateRun[];
  currentTableHasManifestedRows: boolean;
  currentTableMaxUpdatedAt: number | null;
  currentTableMethodologyVersion?: string | null | undefined;
}

export type Selection =
  | { outcome: "run"; runId: string; latestUpdatedAt: number | null; methodologyVersion: string | null }
  | { outcome: "legacy"; latestUpdatedAt: number | null; methodologyVersion: string | null }
  | { outcome: "unavailable" };

/** How many completed runs a reader tries before it says that there is none. */
export const RUNS_TRIED = 5;

function isWhole(run: CandidateRun): boolean {
  return (
    run.writtenCount === run.expectedCount &&
    !(run.expectedCount > 0 && run.maxUpdatedAt === null) &&
    run.rowsReadable !== false &&
    run.rowCount === run.writtenCount
  );
}

/** The newest completed run that is whole; rows of a run without its manifest are never served. */
export function selectSnapshot(stored: StoredState): Selection {
  const newest = [...stored.completedRuns].sort((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0));
  const run = newest.slice(0, RUNS_TRIED).find(isWhole);
  if (run !== undefined) {
    const { runId, maxUpdatedAt, methodologyVersion } = run;
    return { outcome: "run", runId, latestUpdatedAt: maxUpdatedAt, methodologyVersion };
  }
  if (newest.length > 0 || stored.currentTableHasManifestedRows) return { outcome: "unavailable" };
  return {
    outcome: "legacy",
    latestUpdatedAt: stored.currentTableMaxUpdatedAt,
    methodologyVersion: stored.currentTableMethodologyVersion ?? null,
  };
}
