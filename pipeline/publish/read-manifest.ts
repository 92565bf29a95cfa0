/** The one reader of data/manifest.json and of the list of sealed files beside it: parsed, or absent; a damaged one is named. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DataDamaged, unreadable } from "../errors.ts";
import { type Manifest, type ManifestFile, ManifestSchema, SealedFilesSchema } from "../schema/manifest.ts";
import { sha256 } from "./hash.ts";

export const MANIFEST_PATH = "manifest.json";
export const SEALED_PATH = "history/sealed.json";

function damaged(path: string, cause: unknown): DataDamaged {
  return unreadable("the manifest of the record cannot be read", "manifest-damaged", path, cause);
}

/** The list of sealed files, which must be the one that the manifest names by its hash. */
function readSealed(path: string, hash: string): ManifestFile[] {
  try {
    const text = readFileSync(path, "utf8");
    if (sha256(text) !== hash) throw new Error("it is not the file that manifest.json names");
    return SealedFilesSchema.parse(JSON.parse(text)).files;
  } catch (cause) {
    throw damaged(path, cause);
  }
}

/** Throws DataDamaged, naming `where`. */
export function parseManifest(text: string, where: string): Manifest {
  try {
    return ManifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw damaged(where, cause);
  }
}

/** What manifest.json itself says, without the sealed files; null where nothing was ever published. Throws DataDamaged. */
export function readOwnManifest(dataDir: string): Manifest | null {
  const path = join(dataDir, MANIFEST_PATH);
  return existsSync(path) ? parseManifest(readFileSync(path, "utf8"), path) : null;
}

/**
 * The manifest of data/ with all files, sealed ones too, or null where nothing was ever published. Throws DataDamaged when it is
 * not what was published.
 */
export function readManifest(dataDir: string): Manifest | null {
  const manifest = readOwnManifest(dataDir);
  if (!manifest) return null;
  const list = manifest.files.find((file) => file.path === SEALED_PATH);
  if (!list) return manifest;
  const sealed = readSealed(join(dataDir, SEALED_PATH), list.sha256);
  return { ...manifest, files: [...manifest.files, ...sealed].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
