/** The one reader of data/manifest.json: parsed, or absent; a damaged one is named. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataDamaged } from "../errors.ts";
import { type Manifest, ManifestSchema } from "../schema/manifest.ts";

export const MANIFEST_PATH = "manifest.json";

/** The manifest of data/, or null where nothing was ever published. Throws DataDamaged when it is not what was published. */
export function readManifest(dataDir: string): Manifest | null {
  const path = join(dataDir, MANIFEST_PATH);
  if (!existsSync(path)) return null;
  try {
    return ManifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new DataDamaged("the manifest of the record cannot be read", {
      code: "manifest-damaged",
      where: path,
      hint: "restore it with `git checkout -- <file>`",
      cause,
    });
  }
}
