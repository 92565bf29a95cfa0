/** The history as a list of downloads, from the manifest. */
import { basename } from "node:path";
import { HISTORY_DATASETS } from "../../pipeline/schema/history.ts";
import type { ManifestFile } from "../../pipeline/schema/manifest.ts";
import type { SiteRecord } from "./record.ts";

export interface HistoryListing {
  name: string;
  files: ManifestFile[];
  rows: number;
  bytes: number;
  /** First period, e.g. 2026-10-16. */
  first: string;
  /** Path of the newest file below data/. */
  newest: string;
}

export function historyListing(record: SiteRecord): HistoryListing[] {
  return HISTORY_DATASETS.flatMap(({ name }) => {
    const files = (record.manifest?.files ?? [])
      .filter(({ path }) => path.startsWith(`history/${name}/`) || path.startsWith(`archive/${name}/`))
      .sort((a, b) => (basename(a.path) < basename(b.path) ? -1 : 1));
    const first = files[0];
    const newest = files.at(-1);
    if (!first || !newest) return [];
    return {
      name,
      files,
      rows: files.reduce((sum, file) => sum + file.rows, 0),
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      first: basename(first.path).split(".")[0] as string,
      newest: newest.path,
    };
  });
}
