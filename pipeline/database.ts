/** `plumbline database`: one plumbline.duckdb with every dataset as a table, for people who would rather ask than read files. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readSnapshot } from "./publish/read-snapshot.ts";
import { HISTORY_DATASETS } from "./schema/history.ts";
import { literal, openDatabase } from "./store/duckdb.ts";
import { currentRowsSql, historyFiles, storedRowsSql, viewName } from "./store/store.ts";

/** Lists of rows in snapshots that become tables of their own. */
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
      const rowsSql = currentRowsSql(dataset, storedRowsSql(dataset, files));
      await database.run(`INSERT INTO ${table} BY NAME SELECT * FROM (${rowsSql})`);
      await count(table);
    }
    for (const { table, dataset, list } of TABLES) {
      const snapshot = readSnapshot(dataDir, dataset);
      if (!snapshot) continue;
      const rows = `${target}.${table}.jsonl`;
      writeFileSync(
        rows,
        (snapshot.data as unknown as Record<string, unknown[]>)
          [list]!.map((row) => `${JSON.stringify(row)}\n`)
          .join(""),
      );
      try {
        await database.run(
          `CREATE TABLE ${table} AS SELECT * FROM read_json(${literal(rows)}, format = 'newline_delimited', sample_size = -1)`,
        );
      } finally {
        rmSync(rows, { force: true });
      }
      await count(table);
    }
  } finally {
    database.close();
  }
  return rows;
}
