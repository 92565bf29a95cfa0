/** The bytes of a folder as one comparable value. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { sha256 } from "../publish/hash.ts";

/** Path to hash for every file below `folder`; names in `leaveOut` are skipped wherever they stand. */
export function treeOf(folder: string, leaveOut: readonly string[] = [".staging", ".git"]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name));
    if (path.split("/").some((part) => leaveOut.includes(part))) continue;
    files[path] = sha256(readFileSync(join(folder, path)));
  }
  return files;
}
