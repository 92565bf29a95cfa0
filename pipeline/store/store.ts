/**
 * The history as tables: one DuckDB view per history dataset over its sealed Parquet and its open JSON lines.
 *
 * A damaged file is named and stops the reader; it is never skipped, since a hole would look like calm.
 */
import { join } from "node:path";
import { DataDamaged } from "../errors.ts";
import { type AnyHistory, HISTORY_DATASETS } from "../schema/history.ts";
import { ARCHIVE_FOLDER, filesBelow } from "./archive.ts";
import { type Database, literal, openDatabase, type Row } from "./duckdb.ts";
import { listColumns } from "./open-rows.ts";

export interface Store {
  /** Rows of a query over the views; views are named like their dataset with underscores. */
  query(sql: string, values?: Parameters<Database["all"]>[1]): Promise<Row[]>;
  close(): void;
}

export function viewName(dataset: AnyHistory): string {
  return dataset.name.replaceAll("-", "_");
}

/** Files of one history dataset, archived and sealed ones together, and open ones, in order of time. */
export function historyFiles(dataDir: string, dataset: string): { parquet: string[]; jsonl: string[] } {
  const folder = join(dataDir, "history", dataset);
  const archived = filesBelow(join(dataDir, ARCHIVE_FOLDER, dataset), ".parquet");
  return { parquet: [...archived, ...filesBelow(folder, ".parquet")], jsonl: filesBelow(folder, ".jsonl") };
}

/** Text becomes a wide whole number six times as fast by way of HUGEINT, with the same values and the same refusals. */
const WIDE_INTEGER = "DECIMAL(38,0)";

/** A column of open lines: the type it is read as, and what gives its values. */
function openColumn(name: string, type: string, isList: boolean): { readAs: string; select: string } {
  if (isList) return { readAs: `${type}[]`, select: `unnest("${name}") AS "${name}"` };
  if (type === WIDE_INTEGER) return { readAs: "HUGEINT", select: `CAST("${name}" AS ${type}) AS "${name}"` };
  return { readAs: type, select: `"${name}"` };
}

/** SELECT over JSON-lines files with the dataset's own types: no guessing, a wrong type is an error. */
export function jsonLinesSql(dataset: AnyHistory, files: string[]): string {
  const lists = listColumns(dataset);
  const columns = Object.entries(dataset.columns).map(([name, type]) => ({
    name,
    ...openColumn(name, type, lists.includes(name)),
  }));
  const types = columns.map(({ name, readAs }) => `${literal(name)}: ${literal(readAs)}`).join(", ");
  const paths = files.map(literal).join(", ");
  return `SELECT ${columns.map(({ select }) => select).join(", ")}
    FROM read_json([${paths}], format = 'newline_delimited', columns = {${types}})`;
}

/** SELECT over sealed files; bytes come back as the 0x-hex text they stand for. */
export function parquetSql(dataset: AnyHistory, files: string[]): string {
  const columns = Object.keys(dataset.columns).map((name) =>
    dataset.hexColumns?.includes(name) ? `'0x' || lower(hex("${name}")) AS "${name}"` : `"${name}"`,
  );
  return `SELECT ${columns.join(", ")} FROM read_parquet([${files.map(literal).join(", ")}])`;
}

/** SELECT over every row of a dataset's files, corrected ones too; typed and without rows where there is no file. */
export function storedRowsSql(dataset: AnyHistory, files: ReturnType<typeof historyFiles>): string {
  const parts = [
    ...(files.parquet.length > 0 ? [parquetSql(dataset, files.parquet)] : []),
    ...(files.jsonl.length > 0 ? [jsonLinesSql(dataset, files.jsonl)] : []),
  ];
  const nothing = Object.entries(dataset.columns).map(([name, type]) => `CAST(NULL AS ${type}) AS "${name}"`);
  return parts.length > 0 ? parts.join(" UNION ALL ") : `SELECT ${nothing.join(", ")} WHERE false`;
}

/** The rows that hold, out of rows of which some may be corrected. */
export function currentRowsSql(dataset: AnyHistory, rowsSql: string): string {
  if (dataset.revisions === undefined) return rowsSql;
  const { column, removed } = dataset.revisions;
  const key = dataset.key.map((name) => `"${name}"`).join(", ");
  return `WITH stored AS (${rowsSql}),
    corrected AS (SELECT ${key}, max("${column}") AS newest FROM stored WHERE "${column}" > 0 GROUP BY ALL)
    SELECT stored.* FROM stored LEFT JOIN corrected USING (${key})
    WHERE NOT stored."${removed}" AND (newest IS NULL OR "${column}" = newest)`;
}

/** Whether a query asks a dataset, by its view or by its files. */
function asks(sql: string, dataset: AnyHistory): boolean {
  return new RegExp(`\\b${viewName(dataset)}\\b`).test(sql) || sql.includes(`/${dataset.name}/`);
}

/** Says which file of the history cannot be read, by reading them one by one. */
async function findDamage(
  database: Database,
  dataset: AnyHistory,
  files: ReturnType<typeof historyFiles>,
  cause: unknown,
) {
  for (const file of [...files.parquet, ...files.jsonl]) {
    const sql = file.endsWith(".parquet")
      ? `SELECT count(*) FROM read_parquet(${literal(file)})`
      : jsonLinesSql(dataset, [file]);
    try {
      await database.all(sql);
    } catch (error) {
      return new DataDamaged(
        `the history of ${dataset.name} holds a file that cannot be read: ${(error as Error).message.split("\n")[0]}`,
        {
          code: "history-damaged",
          where: file,
          hint: "restore the file with `git checkout -- <file>`, or run `plumbline verify` to see everything that differs from the manifest",
          cause: error,
        },
      );
    }
  }
  return cause;
}

/**
 * Opens DuckDB over the history below `dataDir`, and `folders` to write to. A damaged dataset stops only the queries that need it: they throw DataDamaged
 * naming the file.
 */
export async function openStore(dataDir: string, threads = 1, folders: readonly string[] = []): Promise<Store> {
  const database = await openDatabase([dataDir, ...folders], threads);
  const damaged = new Map<AnyHistory, unknown>();
  for (const dataset of HISTORY_DATASETS) {
    const files = historyFiles(dataDir, dataset.name);
    try {
      const rows = currentRowsSql(dataset, storedRowsSql(dataset, files));
      await database.run(`CREATE VIEW ${viewName(dataset)} AS ${rows}`);
    } catch (error) {
      damaged.set(dataset, await findDamage(database, dataset, files, error));
    }
  }
  return {
    async query(sql, values) {
      for (const [dataset, error] of damaged) if (asks(sql, dataset)) throw error;
      try {
        return await database.all(sql, values);
      } catch (error) {
        for (const dataset of HISTORY_DATASETS.filter((each) => asks(sql, each))) {
          const named = await findDamage(database, dataset, historyFiles(dataDir, dataset.name), error);
          if (named !== error) throw named;
        }
        throw error;
      }
    },
    close: () => database.close(),
  };
}
