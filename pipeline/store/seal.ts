/**
 * Sealing: the JSON lines of a closed UTC day become one immutable Parquet file, byte for byte the same on any machine.
 *
 * Rows are ordered by the dataset's key, one thread writes, and a sealed file is never rewritten: rows that arrive late
 * (a run that lost a race over midnight) are sealed into a second file of that day.
 */
import { existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { type AnyHistory, HISTORY_DATASETS } from "../schema/history.ts";
import { archivePath } from "./archive.ts";
import { type Database, literal, type Row } from "./duckdb.ts";
import { openPath } from "./open-rows.ts";
import { historyFiles, jsonLinesSql, parquetSql } from "./store.ts";

export interface Sealed {
  dataset: AnyHistory;
  /** Sealed JSON-lines file, below data/. */
  from: string;
  /** New Parquet file, below data/. */
  to: string;
  /** Parquet files of the same period that were sealed before, below data/. */
  sealedBefore: string[];
}

const PARQUET_OPTIONS = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 65536";

/** Where a closed period lies: days in a folder a year, since the folder of the open day is written with every run. */
function sealedPath({ name, period }: AnyHistory, file: string): string {
  return `history/${name}/${period === "day" ? `${file.slice(0, 4)}/` : ""}${file}.parquet`;
}

/** Open days below `root` that are over at `today` ("YYYY-MM-DD"), with the file of `dataDir` that each will become. */
export function daysToSeal(root: string, today: string, dataDir: string): Sealed[] {
  return HISTORY_DATASETS.flatMap((dataset) =>
    historyFiles(root, dataset.name)
      .jsonl.map((file) => basename(file).split(".")[0] as string)
      .filter((period) => period < today.slice(0, period.length))
      .map((period) => {
        const sealedBefore: string[] = [];
        let to = sealedPath(dataset, period);
        for (let part = 2; ; part++) {
          const there = [to, archivePath(dataset.name, basename(to))].filter((path) => existsSync(join(dataDir, path)));
          if (there.length === 0) break;
          sealedBefore.push(...there);
          to = sealedPath(dataset, `${period}.${part}`);
        }
        return { dataset, from: openPath(dataset, period), to, sealedBefore };
      }),
  );
}

/**
 * Writes the rows of JSON-lines `from` that no file of `sealedBefore` holds to `to` (absolute paths, all below the folders of
 * `database`, which must have one thread). Gives their number; with 0 no file is written.
 */
export async function sealFile(
  database: Database,
  dataset: AnyHistory,
  files: { from: string; to: string; sealedBefore: string[] },
): Promise<number> {
  const key = dataset.key.map((name) => `"${name}"`).join(", ");
  const identity = dataset.revisions ? `${key}, "${dataset.revisions.column}"` : key;
  const hexColumns = (dataset.hexColumns ?? []).map((name) => `unhex(substr("${name}", 3)) AS "${name}"`);
  const columns = hexColumns.length > 0 ? `* REPLACE (${hexColumns.join(", ")})` : "*";
  const copyOf = (source: string) =>
    database.all(
      `COPY (SELECT ${columns} FROM ${source} ORDER BY ${key}) TO ${literal(files.to)} (${dataset.parquet ?? PARQUET_OPTIONS})`,
    );
  const lines = jsonLinesSql(dataset, [files.from]);
  if (files.sealedBefore.length === 0) {
    const rows = copiedRows(await copyOf(`(${lines})`));
    if (rows === 0) rmSync(files.to);
    return rows;
  }
  await database.run(`CREATE OR REPLACE TABLE rows AS ${lines}`);
  for (const sealed of files.sealedBefore) {
    await database.run(
      `DELETE FROM rows WHERE (${identity}) IN (SELECT (${identity}) FROM (${parquetSql(dataset, [sealed])}))`,
    );
  }
  const [count] = await database.all("SELECT count(*) AS rows FROM rows");
  return count?.rows === 0 ? 0 : copiedRows(await copyOf("rows"));
}

/** DuckDB answers a COPY with the number of rows. */
function copiedRows([answer]: Row[]): number {
  return answer?.Count as number;
}
