/**
 * What a lane is: one question, asked on a timetable, answered as published datasets.
 *
 * A lane reads the world through `collect` and other lanes through `published`; it returns what should be published and
 * writes nothing. It never imports another lane.
 */
import type { Registry } from "./registry/registry.ts";
import type { SnapshotData, SnapshotName } from "./schema/datasets.ts";
import type { Envelope, Reason, SourceUse } from "./schema/envelope.ts";
import type { AnyHistory, HistoryDataset } from "./schema/history.ts";
import type { LaneStatus } from "./schema/status.ts";
import type { Collected } from "./sources/collect.ts";
import type { Source } from "./sources/source.ts";
import type { Store } from "./store/store.ts";

/**
 * Settings: environment variables that are no secrets and decide what a run asks. A recording holds their values, so that a run can be
 * repeated.
 */
export const SETTINGS = ["PLUMBLINE_ADDRESS_PROVIDERS"] as const;
export type SettingName = (typeof SETTINGS)[number];

/** What a lane may know of another lane's snapshot. */
export type Published<Data> = Pick<Envelope<Data>, "generatedAt" | "asOf" | "status" | "data">;

export interface LaneContext {
  /** Run clock, unix seconds; the same for every lane of a run. */
  nowSec: number;
  registry: Registry;
  /** Asks a source through the one client, its key check and its circuit. Never throws for upstream trouble. */
  collect<Request, Out>(source: Source<Request, Out>, request: Request): Promise<Collected<Out>>;
  /** Whether the circuit of this source is open now, after what this run saw. */
  circuitOpen(source: { breaker: string | null }): boolean;
  /** This run has no question for the source: an open circuit closes, so that it cannot stay open for want of questions. */
  nothingToAsk(source: { breaker: string | null }): void;
  /**
   * Last published snapshot, this run's included; null when there is none yet, or when that of another lane is damaged: the run
   * then names it among this lane's reasons.
   */
  published<Name extends SnapshotName>(name: Name): Published<SnapshotData<Name>> | null;
  /** The lane's own committed state file, or null. Unvalidated: the lane parses it. */
  state(name: string): unknown;
  /** Rows of a history at or after a time, as they lie in its files; cheaper than the database for the last days. */
  history<Row>(dataset: HistoryDataset<Row>, sinceSec: number): Promise<Row[]>;
  /** Nodes of a chain (CAIP-2) that this run can ask, in the order they are tried. */
  nodes(caip: string): readonly string[];
  /** A setting of this installation, or null where it says nothing. */
  setting(name: SettingName): string | null;
  /** DuckDB over the history, opened on first use. */
  store(): Promise<Store>;
  log(line: string): void;
}

export interface SnapshotOut<Name extends SnapshotName = SnapshotName> {
  data: SnapshotData<Name>;
  asOf: number;
  sources: SourceUse[];
}

export interface HistoryOut {
  dataset: AnyHistory;
  /** Checked against `dataset.row` before anything is written. */
  rows: Record<string, unknown>[];
}

export interface LaneResult {
  status: LaneStatus;
  /** Why the status is not ok, worst first. */
  reasons: Reason[];
  /** A lane that cannot publish well leaves a snapshot out: the last good one stays. */
  snapshots: { [Name in SnapshotName]?: SnapshotOut<Name> };
  /** Snapshots computed and refused by a guard, with the reason in `reasons`. */
  withheld?: SnapshotName[];
  history: HistoryOut[];
  /** State files of this lane: name without ".json" to content. */
  state: Record<string, unknown>;
  /** Numbers for the run manifest. */
  counts: Record<string, number>;
}

export interface Lane {
  name: string;
  run(context: LaneContext): Promise<LaneResult>;
}
