/** Health of the record itself: every lane, every circuit, every dataset with its age limit. Public and read-only. */
import { z } from "zod";
import { type DatasetStatus, ReasonSchema, UnixSecondsSchema } from "./envelope.ts";

export const LaneStatusSchema = z.enum(["ok", "degraded", "error"]);
export type LaneStatus = z.infer<typeof LaneStatusSchema>;

/** This many open circuits degrade the record's health; fewer are only listed. */
export const OPEN_CIRCUITS_THAT_DEGRADE = 3;

/** What a lane's status says of the snapshots it publishes. */
export const DATASET_STATUS: Readonly<Record<LaneStatus, DatasetStatus>> = {
  ok: "fresh",
  degraded: "degraded",
  error: "stale",
};

export const LaneStateSchema = z.object({
  lane: z.string(),
  intervalSec: z.int().positive(),
  status: LaneStatusSchema,
  reasons: z.array(ReasonSchema),
  lastRunId: z.string(),
  lastStartedAt: UnixSecondsSchema,
  lastPublishedAt: UnixSecondsSchema.nullable().describe("Last run that put a snapshot of this lane in place"),
  failuresInARow: z.int().nonnegative(),
});
export type LaneState = z.infer<typeof LaneStateSchema>;

export const CircuitStateSchema = z.object({
  state: z.enum(["closed", "open", "half-open"]),
  consecutiveFailures: z.int().nonnegative(),
  lastFailureAt: UnixSecondsSchema.nullable(),
  lastSuccessAt: UnixSecondsSchema.nullable(),
  openedAt: UnixSecondsSchema.nullable(),
});

export const SourceStateSchema = z.object({
  id: z.string(),
  state: z.enum(["ok", "disabled", "failing"]),
  detail: z.string().nullable(),
  lastTriedAt: UnixSecondsSchema,
  lastOkAt: UnixSecondsSchema.nullable(),
});
export type SourceState = z.infer<typeof SourceStateSchema>;

export const StatusSchema = z.object({
  lanes: z.array(LaneStateSchema),
  circuits: z.record(z.string(), CircuitStateSchema),
  openCircuits: z.int().nonnegative(),
  sources: z.array(SourceStateSchema),
  health: z.enum(["healthy", "degraded", "stale"]),
  warnings: z.array(z.string()),
});
export type Status = z.infer<typeof StatusSchema>;
