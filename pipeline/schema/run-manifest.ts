/** One manifest a run: what ran and what came of it and why. The hash of everything it put in place stands in the manifest of its commit. */
import { z } from "zod";
import { ReasonSchema, UnixSecondsSchema } from "./envelope.ts";
import { LaneStatusSchema } from "./status.ts";

export const PublicationSchema = z.object({
  dataset: z.string(),
  outcome: z
    .enum(["published", "unchanged", "stood-down", "withheld"])
    .describe("stood-down: a newer snapshot of that lane was already there; withheld: a check refused it"),
  rows: z.int().nonnegative(),
  sha256: z
    .string()
    .nullable()
    .describe("Of the file, while it is the newest; later it stands in manifest.json at the run's commit"),
});
/** A publication as a run writes it. */
const WrittenPublicationSchema = PublicationSchema.omit({ sha256: true });
export type Publication = z.infer<typeof WrittenPublicationSchema>;

export const LaneRunSchema = z.object({
  lane: z.string(),
  status: LaneStatusSchema,
  reasons: z.array(ReasonSchema),
  publications: z.array(PublicationSchema),
  counts: z.record(z.string(), z.number()),
});

export const SourceRunSchema = z.object({
  source: z.string(),
  ok: z.boolean(),
  reason: z.string().nullable(),
  detail: z.string().nullable(),
});
export type SourceRun = z.infer<typeof SourceRunSchema>;

export const RunManifestSchema = z.object({
  schemaVersion: z.string(),
  runId: z.string(),
  startedAt: UnixSecondsSchema.describe("The run's clock; every time a run writes itself is this one"),
  seed: z.string(),
  simulated: z.boolean(),
  softwareVersion: z.string(),
  methodologyVersion: z.string(),
  baseCommit: z.string().nullable().describe("Commit of data/ the run started from; null outside git"),
  status: LaneStatusSchema,
  lanes: z.array(LaneRunSchema),
  sources: z.array(SourceRunSchema),
  circuitEvents: z.array(z.object({ circuit: z.string(), event: z.enum(["open", "close"]), at: UnixSecondsSchema })),
  pushAttempts: z.int().nonnegative().describe("Rejected pushes before this manifest was written"),
});

/** The manifest as a run writes it: hashes stand beside it in manifest.json. */
export const RunFileSchema = RunManifestSchema.extend({
  lanes: z.array(LaneRunSchema.extend({ publications: z.array(WrittenPublicationSchema) })),
});
export type RunManifest = z.infer<typeof RunFileSchema>;
export type LaneRun = RunManifest["lanes"][number];
