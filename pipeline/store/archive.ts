/**
 * The archive: sealed days older than a dataset's retention, in Hive partitions, byte for byte as they were sealed.
 *
 * `archive/<dataset>/year=2026/month=08/2026-08-14.parquet` is readable as it lies by DuckDB, Spark, Trino and ClickHouse, and can
 * be copied to a release or an object store; the manifest names every file with its hash. The bytes do not change, so git stores
 * nothing anew, and whoever reads the history reads the archive with it.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { AnyHistory } from "../schema/history.ts";
import { HISTORY_DATASETS } from "../schema/history.ts";
import { DAY_SEC, utcDay } from "../time.ts";

export const ARCHIVE_FOLDER = "archive";
const DAY_NAME_LENGTH = "2026-11-21".length;

/** Where a sealed day of a dataset lies in the archive, below data/. */
export function archivePath(dataset: string, fileName: string): string {
  const [year, month] = fileName.split("-");
  return `${ARCHIVE_FOLDER}/${dataset}/year=${year}/month=${month}/${fileName}`;
}

/** Files below `folder` whose names end so, sorted by name: by time. */
export function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

export interface Archived {
  /** Sealed file below data/. */
  from: string;
  /** The same in the archive, below data/. */
  to: string;
}

/** Sealed days among `paths` (below data/) that are older than their dataset's retention at `today` ("YYYY-MM-DD"). */
export function daysToArchive(
  paths: Iterable<string>,
  today: string,
  datasets: readonly AnyHistory[] = HISTORY_DATASETS,
): Archived[] {
  const retained = new Map(
    datasets.flatMap(({ name, retentionDays }) =>
      retentionDays === undefined ? [] : [[name, utcDay(Date.parse(today) / 1000 - retentionDays * DAY_SEC)]],
    ),
  );
  return [...paths].sort().flatMap((from) => {
    const [folder, dataset = ""] = from.split("/");
    const name = basename(from);
    const oldest = retained.get(dataset);
    if (folder !== "history" || oldest === undefined || !name.endsWith(".parquet")) return [];
    return name.slice(0, DAY_NAME_LENGTH) < oldest ? [{ from, to: archivePath(dataset, name) }] : [];
  });
}
