/**
 * The manifest of data/: every machine-written file with its size, rows, hash and versions. Signed when a key is set.
 *
 * Sealed files are listed in a file of their own, which the manifest lists: they never change and are many after a year.
 */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";

export const ManifestFileSchema = z.object({
  path: z.string().describe("Below data/"),
  bytes: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  sha256: z.string(),
  asOf: UnixSecondsSchema.nullable(),
});
export type ManifestFile = z.infer<typeof ManifestFileSchema>;

export const ManifestSchema = z.object({
  schemaVersion: z.string(),
  methodologyVersion: z.string(),
  runId: z.string(),
  generatedAt: UnixSecondsSchema,
  simulated: z.boolean(),
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
