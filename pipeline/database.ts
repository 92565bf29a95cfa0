/** `plumbline database`: one plumbline.duckdb with every dataset as a table, for people who would rather ask than read files. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readSnapshot } from "./publish/read-snapshot.ts";
import { HISTORY_DATASETS } from "./schema/history.ts";
import { literal, openDatabase } from "./store/duckdb.ts";
import { historyFiles, jsonLinesSql, viewName } from "./store/store.ts";

/** Snapshot fields that are lists of rows become tables of their own; the rest stays reachable as JSON in `snapshots`. */
const TABLES = [
  { table: "coins", dataset: "stablecoins", list: "peggedAssets" },
  { table: "peg_totals", dataset: "stablecoins", list: "totals" },
  { table: "peg_summary", dataset: "peg-summary", list: "coins" },
  { table: "supply", dataset: "supply", list: "coins" },
  { table: "lanes", dataset: "status", list: "lanes" },
] as const;

/** Writes the database file and gives the rows of each table. An existing file is replaced. */
export async function writeDatabase(dataDir: string, file: string): Promise<Record<string, number>> {
  const target = resolve(file);
  mkdirSync(dirname(target), { recursive: true });
  for (const path of [target, `${target}.wal`]) rmSync(path, { force: true });
  const database = await openDatabase([resolve(dataDir), dirname(target)], 1, target);
  const rows: Record<string, number> = {};
  const count = async (table: string) => {
    const [row] = await database.all(`SELECT count(*) AS n FROM ${table}`);
    rows[table] = row?.n as number;
  };
  try {
    for (const dataset of HISTORY_DATASETS) {
      const files = historyFiles(resolve(dataDir), dataset.name);
      const table = viewName(dataset);
      const columns = Object.entries(dataset.columns).map(([name, type]) => `"${name}" ${type}`);
      await database.run(`CREATE TABLE ${table} (${columns.join(", ")})`);
      if (files.parquet.length > 0)
        await database.run(
          `INSERT INTO ${table} BY NAME SELECT * FROM read_parquet([${files.parquet.map(literal).join(", ")}])`,
        );
      if (files.jsonl.length > 0)
        await database.run(`INSERT INTO ${table} BY NAME ${jsonLinesSql(dataset, files.jsonl)}`);
      await count(table);
    }
    for (const { table, dataset, list } of TABLES) {
      if (!readSnapshot(dataDir, dataset)) continue;
      const path = join(resolve(dataDir), "snapshots", `${dataset}.json`);
      await database.run(
        `CREATE TABLE ${table} AS SELECT unnest(data.${list}, max_depth := 2) FROM read_json(${literal(path)}, maximum_object_size := 268435456)`,
      );
      await count(table);
    }
  } finally {
    database.close();
  }
  return rows;
}
