/** What the stress lane reads of other lanes: each input is there, stale, or missing, and each case is written down. */
import type { LaneContext, Published } from "../lane.ts";
import type { SnapshotData, SnapshotName } from "../schema/datasets.ts";
import type { Dews } from "../schema/stress.ts";

const HALF_HOUR_SEC = 1800;
const HOUR_SEC = 3600;

/** Beyond this an input is no input. Liquidity's two hours are the method's; the others are two or three of their intervals. */
const MAX_AGE_SEC = {
  "dex-liquidity": 2 * HOUR_SEC,
  "dex-prices": 2_100,
  "freeze-events": 13 * HOUR_SEC,
  "yield-rankings": 3 * HOUR_SEC,
  "mint-burn-flows": 3 * HALF_HOUR_SEC,
  "fx-rates": 4 * HOUR_SEC,
} as const satisfies Partial<Record<SnapshotName, number>>;
type InputName = keyof typeof MAX_AGE_SEC;

/** Inputs whose absence says nothing of the record's health: flows need weeks before they have a baseline. */
const SLOW: readonly InputName[] = ["mint-burn-flows"];

export interface Inputs {
  get<Name extends InputName>(name: Name): Published<SnapshotData<Name>> | null;
  failures: Dews["sourceFailures"];
}

/** `bootstrapComplete`: stress was published before, so that a missing input is a failure and no longer the beginning. */
export function readInputs(context: LaneContext, bootstrapComplete: boolean): Inputs {
  const failures: Dews["sourceFailures"] = [];
  const found = new Map<InputName, Published<unknown>>();
  for (const [name, maxAgeSec] of Object.entries(MAX_AGE_SEC) as [InputName, number][]) {
    const snapshot = context.published(name);
    if (!snapshot) {
      failures.push({ source: name, reason: `${name}-missing`, bootstrap: !bootstrapComplete || SLOW.includes(name) });
    } else if (context.nowSec - snapshot.asOf > maxAgeSec || snapshot.asOf > context.nowSec) {
      failures.push({ source: name, reason: `${name}-stale`, bootstrap: false });
    } else found.set(name, snapshot);
  }
  return {
    failures,
    get: <Name extends InputName>(name: Name) => (found.get(name) as Published<SnapshotData<Name>> | undefined) ?? null,
  };
}
