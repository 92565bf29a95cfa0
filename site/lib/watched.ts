/** Which datasets a page stands on, with the interval of the lane that makes each: what the freshness banner looks at. */
import { SNAPSHOTS, type SnapshotName } from "../../pipeline/schema/datasets.ts";
import { type Digest, stateOf } from "./daily-history.ts";
import type { Watched } from "./freshness.ts";
import type { SiteRecord } from "./record.ts";

/** A lane's interval in seconds as the record states it; half an hour where it never ran. */
export function laneInterval(record: SiteRecord, lane: string): number {
  return record.snapshots.status?.data.lanes.find((state) => state.lane === lane)?.intervalSec ?? 1800;
}

export function watchedDatasets(record: SiteRecord, names: readonly SnapshotName[]): Watched[] {
  return names.flatMap((dataset) => {
    const snapshot = record.snapshots[dataset];
    if (!snapshot) return [];
    const { lane } = SNAPSHOTS[dataset];
    const { asOf, status, reasons } = snapshot;
    return { dataset, lane, intervalSec: laneInterval(record, lane), asOf, status, reasons };
  });
}

/** The newest digest: late when the morning after it wrote none. */
export function watchedMorning(record: SiteRecord, digest: Digest): Watched {
  const intervalSec = laneInterval(record, "daily");
  return { dataset: "daily-digest", lane: "daily", intervalSec, asOf: digest.at, ...stateOf(digest) };
}
