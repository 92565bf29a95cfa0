/**
 * The manifest of data/: every machine-written file with its size, rows, hash and versions, and the heads of the snapshots. Signed
 * when a key is set.
 *
 * Sealed files are listed in a file of their own, which the manifest lists: they never change and are many after a year. Of the runs'
 * own manifests it lists the one that was written with it; those before were listed by the manifests before.
 */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";

export const ManifestFileSchema = z.object({
  path: z.string().describe("Below data/"),
  bytes: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  sha256: z.string(),
  asOf: UnixSecondsSchema.nullable().describe(
    "Of a run's own copy of a snapshot; for a dataset's newest its head says it",
  ),
});
export type ManifestFile = z.infer<typeof ManifestFileSchema>;

const RowSchema = z.record(z.string(), z.unknown());

const PackedHeadsSchema = z
  .object({
    newest: RowSchema.describe("Run, time and versions of the newest of them"),
    datasets: z
      .record(z.string(), RowSchema)
      .describe("What a head says otherwise than the newest run's good snapshot of its own time"),
  })
  .describe("Heads of the snapshots: which run published each, for when it speaks, from which sources");
export type PackedHeads = z.infer<typeof PackedHeadsSchema>;

export const ManifestSchema = z.object({
  schemaVersion: z.string(),
  methodologyVersion: z.string(),
  runId: z.string(),
  generatedAt: UnixSecondsSchema,
  simulated: z.boolean(),
  heads: PackedHeadsSchema.optional(),
  files: z.array(ManifestFileSchema),
});
export type Manifest = z.infer<typeof ManifestSchema>;

/** Content of `history/sealed.json`. */
export const SealedFilesSchema = z.object({ files: z.array(ManifestFileSchema) });

export const SignatureSchema = z.object({
  algorithm: z.literal("ed25519"),
  publicKey: z.string().describe("SPKI, base64"),
  signature: z.string().describe("Of the exact bytes of manifest.json, base64"),
});
