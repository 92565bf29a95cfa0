/**
 * Sealing: the JSON lines of a closed UTC day become one immutable Parquet file, byte for byte the same on any machine.
 *
 * Rows are ordered by the dataset's key, one thread writes, and a sealed file is never rewritten: rows that arrive late
 * (a run that lost a race over midnight) are sealed into a second file of that day.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type AnyHistory, HISTORY_DATASETS } from "../schema/history.ts";
import { literal, openDatabase } from "./duckdb.ts";
import { historyFiles, jsonLinesSql } from "./store.ts";

export interface Sealed {
  dataset: string;
  /** Sealed JSON-lines file, below data/. */
  from: string;
  /** New Parquet file, below data/. */
  to: string;
}

const PARQUET_OPTIONS = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 65536";

/** Open days below `root` that are over at `today` ("YYYY-MM-DD"), with the file of `dataDir` that each will become. */
export function daysToSeal(root: string, today: string, dataDir: string): Sealed[] {
  return HISTORY_DATASETS.flatMap((dataset) =>
    historyFiles(root, dataset.name)
      .jsonl.map((file) => basename(file, ".jsonl"))
      .filter((period) => period < today.slice(0, period.length))
      .map((period) => {
        const folder = `history/${dataset.name}`;
        let to = `${folder}/${period}.parquet`;
        for (let part = 2; existsSync(join(dataDir, to)); part++) to = `${folder}/${period}.${part}.parquet`;
        return { dataset: dataset.name, from: `${folder}/${period}.jsonl`, to };
      }),
  );
}

/** Writes the Parquet twin of JSON-lines `from` to `to` (absolute paths). */
export async function sealFile(dataset: AnyHistory, from: string, to: string, folders: string[]): Promise<void> {
  const database = await openDatabase(folders, 1);
  const key = dataset.key.map((name) => `"${name}"`).join(", ");
  try {
    await database.run(
      `COPY (SELECT * FROM (${jsonLinesSql(dataset, [from])}) ORDER BY ${key}) TO ${literal(to)} (${PARQUET_OPTIONS})`,
    );
  } finally {
    database.close();
  }
}
