/**
 * The manifest of data/: every machine-written file with bytes, rows, hash and as-of, so that a stranger can check a copy.
 *
 * Files this run did not write are not looked at: their entries are carried from the last manifest; `plumbline verify` hashes everything anew.
 */
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { UsageError } from "../errors.ts";
import { SCHEMA_VERSION } from "../schema/envelope.ts";
import type { Manifest, ManifestFile, SealedFilesSchema, SignatureSchema } from "../schema/manifest.ts";
import { ARCHIVE_FOLDER } from "../store/archive.ts";
import { METHODOLOGY_VERSION } from "../version.ts";
import { canonicalJson, steadyJson } from "./canonical-json.ts";
import { sha256 } from "./hash.ts";
import { type Heads, packHeads } from "./heads.ts";
import { KEPT_FOLDER } from "./kept-runs.ts";
import { MANIFEST_PATH, readManifest, SEALED_PATH } from "./read-manifest.ts";
import type { FileChanges } from "./staging.ts";

export const SIGNATURE_PATH = "manifest.sig.json";

/** Folders only the pipeline writes; the registry beside them is hand-edited. */
export const GENERATED_FOLDERS = [ARCHIVE_FOLDER, KEPT_FOLDER, "history", "runs", "snapshots", "state"] as const;

/** All machine-written files below data/, sorted. */
export function generatedFiles(dataDir: string): string[] {
  return GENERATED_FOLDERS.flatMap((folder) =>
    existsSync(join(dataDir, folder))
      ? readdirSync(join(dataDir, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(dataDir.length + 1))
      : [],
  ).sort();
}

/** Whether a file is a run's own account of itself, which only the manifest that came with it lists. */
export function isRunManifest(path: string): boolean {
  return path.startsWith("runs/");
}

/** What is known of new files beside their bytes, by path below data/. */
export type FileFacts = Map<string, { rows: number; asOf: number | null }>;

/** Rows of a file that no run of ours said the rows of: lines of JSON lines, else the file is one row. */
function countRows(path: string, content: Uint8Array | string): number {
  if (!path.endsWith(".jsonl")) return 1;
  return Buffer.from(content).toString("utf8").split("\n").length - 1;
}

/**
 * Puts the manifest after `changes` among them, and the list of sealed files where it says something new. `facts` must name the
 * snapshots and the history among the changes. Gives the text of the manifest. A manifest that listed all the runs before would
 * store each of their hashes once more when it goes.
 */
export function addManifest(
  dataDir: string,
  changes: FileChanges,
  facts: FileFacts,
  heads: Heads,
  run: { runId: string; startedAt: number; simulated: boolean },
): string {
  const known = new Map((readManifest(dataDir)?.files ?? []).map((file) => [file.path, file]));
  const entryOf = (path: string, content: Uint8Array | string, rows?: number): ManifestFile => ({
    path,
    bytes: typeof content === "string" ? Buffer.byteLength(content) : content.length,
    rows: rows ?? facts.get(path)?.rows ?? countRows(path, content),
    sha256: sha256(content),
    asOf: facts.get(path)?.asOf ?? null,
  });
  const paths = new Set([...generatedFiles(dataDir), ...changes.keys()]);
  paths.delete(SEALED_PATH);
  const files: ManifestFile[] = [];
  const sealed: ManifestFile[] = [];
  for (const path of [...paths].sort()) {
    const changed = changes.get(path);
    if (changed === null || (changed === undefined && isRunManifest(path))) continue;
    const old = known.get(path);
    // What no run wrote keeps its entry even when the file looks different: damage must stay visible to verify.
    const entry = changed === undefined && old ? old : entryOf(path, changed ?? readFileSync(join(dataDir, path)));
    (path.endsWith(".parquet") ? sealed : files).push(entry);
  }
  if (sealed.length > 0) {
    const text = canonicalJson({ files: sealed } satisfies z.input<typeof SealedFilesSchema>);
    const entry = entryOf(SEALED_PATH, text, sealed.length);
    if (known.get(SEALED_PATH)?.sha256 !== entry.sha256) changes.set(SEALED_PATH, text);
    files.push(entry);
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
  const manifest: Manifest = {
    schemaVersion: SCHEMA_VERSION,
    methodologyVersion: METHODOLOGY_VERSION,
    runId: run.runId,
    generatedAt: run.startedAt,
    simulated: run.simulated,
    heads: packHeads(heads),
    files,
  };
  const text = steadyJson(manifest);
  changes.set(MANIFEST_PATH, text);
  return text;
}

/** Signature file for the exact manifest text. `privateKeyBase64` is a PKCS #8 Ed25519 key from the environment. */
export function signManifest(manifestText: string, privateKeyBase64: string): string {
  let key: ReturnType<typeof createPrivateKey>;
  try {
    key = createPrivateKey({ key: Buffer.from(privateKeyBase64, "base64"), format: "der", type: "pkcs8" });
    if (key.asymmetricKeyType !== "ed25519") throw new Error(`it is a ${key.asymmetricKeyType} key`);
  } catch (error) {
    throw new UsageError("PLUMBLINE_SIGNING_KEY is not an Ed25519 key in PKCS #8 DER, base64", {
      code: "bad-signing-key",
      hint: "make one with `openssl genpkey -algorithm ed25519 -outform DER | base64 -w0`, or unset it: signing is optional",
      cause: error,
    });
  }
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64");
  return canonicalJson({
    algorithm: "ed25519",
    publicKey,
    signature: sign(null, Buffer.from(manifestText), key).toString("base64"),
  });
}

/** Whether the signature belongs to this manifest text and its own public key. */
export function signatureHolds(manifestText: string, signature: z.infer<typeof SignatureSchema>): boolean {
  const key = createPublicKey({ key: Buffer.from(signature.publicKey, "base64"), format: "der", type: "spki" });
  return verify(null, Buffer.from(manifestText), key, Buffer.from(signature.signature, "base64"));
}
