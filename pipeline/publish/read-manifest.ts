/** The one reader of data/manifest.json and of the list of sealed files beside it: parsed, or absent; a damaged one is named. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { DataDamaged } from "../errors.ts";
import { type Manifest, ManifestSchema, SealedFilesSchema } from "../schema/manifest.ts";

export const MANIFEST_PATH = "manifest.json";
export const SEALED_PATH = "history/sealed.json";

function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new DataDamaged("the manifest of the record cannot be read", {
      code: "manifest-damaged",
      where: path,
      hint: "restore it with `git checkout -- <file>`",
      cause,
    });
  }
}

/**
 * The manifest of data/ with all files, sealed ones too, or null where nothing was ever published. Throws DataDamaged when it is
 * not what was published.
 */
export function readManifest(dataDir: string): Manifest | null {
  const path = join(dataDir, MANIFEST_PATH);
  if (!existsSync(path)) return null;
  const manifest = readJson(path, ManifestSchema);
  if (!manifest.files.some((file) => file.path === SEALED_PATH)) return manifest;
  const sealed = readJson(join(dataDir, SEALED_PATH), SealedFilesSchema);
  return { ...manifest, files: [...manifest.files, ...sealed.files].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
