/**
 * Rows of the last days of a history, without a view over all of it: what a lane needs every half hour.
 *
 * A sealed file never changes, so its rows are kept for the life of the process, by path, size and time. Rows come as they
 * lie in the JSON lines, corrections applied.
 */
import { statSync } from "node:fs";
import { basename } from "node:path";
import type { AnyHistory } from "../schema/history.ts";
import { utcDay } from "../time.ts";
import { type Database, literal, type Row } from "./duckdb.ts";
import { historyDamaged, readOpenRows } from "./open-rows.ts";
import { historyFiles, parquetSql } from "./store.ts";

const sealed = new Map<string, { stamp: string; rows: Row[] }>();

function stampOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${size}/${mtimeMs}`;
}

/** Decimals wider than a number come back as the text they are in JSON lines. */
function jsonTypes(dataset: AnyHistory): string {
  const columns = Object.entries(dataset.columns).map(([name, type]) =>
    type.startsWith("DECIMAL") ? `CAST("${name}" AS VARCHAR) AS "${name}"` : `"${name}"`,
  );
  return columns.join(", ");
}

/** Rows of each file, by its own footer, in the order of the paths. */
async function rowCounts(database: Database, paths: readonly string[]): Promise<[path: string, rows: number][]> {
  const sql = `SELECT file_name AS path, num_rows AS rows FROM parquet_file_metadata([${paths.map(literal).join(", ")}])`;
  const counts = new Map((await database.all(sql)).map(({ path, rows }) => [path as string, rows as number]));
  return paths.map((path) => [path, counts.get(path) ?? 0]);
}

async function readSealed(
  dataset: AnyHistory,
  paths: readonly string[],
  open: () => Promise<Database>,
): Promise<Row[][]> {
  const unread = paths.filter((path) => sealed.get(path)?.stamp !== stampOf(path));
  if (unread.length > 0) {
    const database = await open();
    try {
      // All at once, in the order of the files: a query a file costs more than its rows.
      const rows = await database.all(`SELECT ${jsonTypes(dataset)} FROM (${parquetSql(dataset, unread)})`);
      let from = 0;
      for (const [path, count] of await rowCounts(database, unread)) {
        sealed.set(path, { stamp: stampOf(path), rows: rows.slice(from, from + count) });
        from += count;
      }
      if (from !== rows.length) throw new Error(`${rows.length} rows were read of files that hold ${from}`);
    } catch (error) {
      throw historyDamaged("a file of the history", unread.map(literal).join(", "), error);
    }
  }
  return paths.map((path) => sealed.get(path)?.rows ?? []);
}

/** Of rows with one key the newest revision, unless it takes the row back. */
export function currentRows(dataset: AnyHistory, rows: readonly Row[]): Row[] {
  const { revisions } = dataset;
  if (revisions === undefined) return [...rows];
  const { column, removed } = revisions;
  if (rows.every((row) => row[column] === 0)) return [...rows];
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify(dataset.key.map((name) => row[name]));
    const known = newest.get(key);
    if (known === undefined || (known[column] as number) < (row[column] as number)) newest.set(key, row);
  }
  return [...newest.values()].filter((row) => row[removed] !== true);
}

/** Rows at or after `sinceSec`, file by file in order of time. `open` gives a database over `dataDir`; the caller closes it. */
export async function historyRows(
  dataDir: string,
  dataset: AnyHistory,
  sinceSec: number,
  open: () => Promise<Database>,
): Promise<Row[]> {
  const length = dataset.period === "day" ? "2026-11-21".length : "2026".length;
  const from = utcDay(Math.max(0, sinceSec)).slice(0, length);
  const isRecent = (path: string) => basename(path).slice(0, length) >= from;
  const files = historyFiles(dataDir, dataset.name);
  const stored = await readSealed(dataset, files.parquet.filter(isRecent), open);
  const rows = [...stored.flat(), ...files.jsonl.filter(isRecent).flatMap((path) => readOpenRows(dataset, path))];
  return currentRows(dataset, rows).filter((row) => (row[dataset.timeColumn] as number) >= sinceSec);
}
