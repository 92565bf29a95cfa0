/**
 * The one envelope around everything we publish: what this is, when it was true, who says so, and whether to trust its age.
 *
 * `status` is what the producing run knew; a reader adds the age of `asOf` and shows the worse of the two.
 */
import { z } from "zod";

/** Version of the shapes below `/api/v1`; fields are added freely, never removed, renamed or retyped. */
export const SCHEMA_VERSION = "1.0.0";

/** Unix seconds, UTC. */
export const UnixSecondsSchema = z.int().nonnegative().describe("Unix seconds, UTC");

export const ReasonSchema = z.object({
  code: z.string().describe("Stable machine-readable reason"),
  message: z.string().describe("The same for people"),
});
export type Reason = z.infer<typeof ReasonSchema>;

export const SourceUseSchema = z.object({
  id: z.string().describe("Source id, <upstream>:<endpoint>, or the dataset that was read"),
  observedAt: UnixSecondsSchema.nullable().describe("Newest observation taken from it; null when it states none"),
});
export type SourceUse = z.infer<typeof SourceUseSchema>;

export const DatasetStatusSchema = z.enum(["fresh", "degraded", "stale"]);
export type DatasetStatus = z.infer<typeof DatasetStatusSchema>;

export const EnvelopeHeadSchema = z.object({
  schemaVersion: z.string().describe("Version of this file's shape"),
  dataset: z.string().describe("Name of the dataset"),
  snapshotId: z.string().describe("Content address: first 16 hex digits of the SHA-256 of the data"),
  runId: z.string().describe("Run that published it; its manifest is data/runs/<runId>.json"),
  generatedAt: UnixSecondsSchema.describe("When the run that published it started"),
  asOf: UnixSecondsSchema.describe("The time the data speaks for"),
  status: DatasetStatusSchema,
  reasons: z.array(ReasonSchema).describe("Why it is not fresh; empty when it is"),
  simulated: z.boolean().describe("true: made from simulated upstreams, not an observation of the world"),
  methodologyVersion: z.string().describe("Version of the method that computed the data"),
  sources: z.array(SourceUseSchema),
});
export type EnvelopeHead = z.infer<typeof EnvelopeHeadSchema>;

export interface Envelope<Data> extends EnvelopeHead {
  data: Data;
}

/** The envelope schema of one dataset. */
export function envelopeOf<Data extends z.ZodType>(data: Data) {
  return EnvelopeHeadSchema.extend({ data });
}
