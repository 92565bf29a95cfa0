/**
 * What one run wants to change, as facts rather than files, so that it can be applied again on a newer tree.
 *
 * A push that was rejected means somebody else published first: the same changes are then applied to their tree, history
 * rows by their keys, snapshots only where no newer run of that lane is there.
 */
import type { LaneResult } from "../lane.ts";
import type { SourceRun } from "../schema/run-manifest.ts";
import type { CircuitRecord, CircuitTransition } from "../sources/breaker.ts";

export interface LaneChange {
  lane: string;
  intervalSec: number;
  result: LaneResult;
}

export interface RunChanges {
  runId: string;
  /** Unix seconds; also the run's clock. */
  startedAt: number;
  seed: string;
  simulated: boolean;
  baseCommit: string | null;
  lanes: LaneChange[];
  /** Work by hand: its rows and state are kept, the status of its lane is not touched. */
  isRepair?: boolean;
  /** Circuits this run touched, as they stand after it. */
  circuits: Record<string, CircuitRecord>;
  circuitEvents: CircuitTransition[];
  sources: SourceRun[];
  /** Seal open days before this UTC day; null when this run does not seal. */
  sealBefore: string | null;
}
