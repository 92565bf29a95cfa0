/**
 * How many bytes each part of a repository takes in its pack, after `git gc`: what a clone downloads, split by folder.
 *
 * `%(objectsize:disk)` is the size of an object as it lies in the pack, that is of its delta where it is stored as one.
 */
import { git } from "../publish/run-git.ts";

/** Folder below data/ (or "commits", "trees") to packed bytes. */
export type PackedSizes = Map<string, number>;

function groupOf(type: string, path: string): string {
  if (type !== "blob") return `${type}s`;
  const parts = path.replace(/^data\//, "").split("/");
  if (parts[0] === "history") return path.endsWith(".parquet") ? "history, sealed Parquet" : "history, open JSON lines";
  if (parts[0] === "snapshots") return `snapshots/${parts[1]}`;
  return parts.length > 1 ? `${parts[0]}/` : (parts[0] ?? path);
}

/**
 * Packs everything as `git gc` does by default, but with one thread, then measures: every thread begins its share of the objects with
 * whole files, so that the size would depend on the machine's cores.
 */
export async function packedSizes(folder: string): Promise<PackedSizes> {
  await git(folder, "-c", "pack.threads=1", "gc", "--quiet", "--prune=now");
  const listed = await git(folder, "rev-list", "--objects", "--all");
  const pathOf = new Map(listed.split("\n").map((line) => [line.slice(0, 40), line.slice(41)] as const));
  const format = "--batch-check=%(objectname) %(objecttype) %(objectsize:disk)";
  const checked = await git(folder, "cat-file", "--batch-all-objects", format);
  const sizes: PackedSizes = new Map();
  for (const line of checked.split("\n")) {
    const [id = "", type = "", bytes = "0"] = line.split(" ");
    const group = groupOf(type, pathOf.get(id) ?? "");
    sizes.set(group, (sizes.get(group) ?? 0) + Number(bytes));
  }
  return sizes;
}

export function totalBytes(sizes: PackedSizes): number {
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** `after` less `before`, largest first. */
export function growth(before: PackedSizes, after: PackedSizes): [group: string, bytes: number][] {
  return [...after]
    .map(([group, bytes]): [string, number] => [group, bytes - (before.get(group) ?? 0)])
    .sort((a, b) => b[1] - a[1]);
}
