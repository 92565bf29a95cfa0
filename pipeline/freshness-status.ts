/** How a reader judges age: fresh up to 8 intervals, degraded up to 12, stale beyond; the data's own word can only make it worse. */
import type { DatasetStatus } from "./schema/envelope.ts";

export const FRESH_INTERVALS = 8;
export const DEGRADED_INTERVALS = 12;

const ORDER: DatasetStatus[] = ["fresh", "degraded", "stale"];

/** `staleTimeSec` is the interval of the lane that makes the data. */
export function freshnessStatus(
  ageSec: number,
  staleTimeSec: number,
  backendStatus?: DatasetStatus | null,
): DatasetStatus {
  const byAge: DatasetStatus =
    ageSec <= FRESH_INTERVALS * staleTimeSec
      ? "fresh"
      : ageSec <= DEGRADED_INTERVALS * staleTimeSec
        ? "degraded"
        : "stale";
  return ORDER[Math.max(ORDER.indexOf(byAge), ORDER.indexOf(backendStatus ?? "fresh"))] as DatasetStatus;
}
