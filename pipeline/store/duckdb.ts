/**
 * DuckDB, sandboxed: an in-memory database that may touch one folder and nothing else, and whose settings are locked.
 *
 * Provider text never becomes SQL: values are bound, and paths come from our own listing.
 */
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";

export type Row = Record<string, unknown>;

export interface Database {
  /** Runs a statement; bigint results come back as numbers when they are safe integers. */
  all(sql: string, values?: Record<string, DuckDBValue>): Promise<Row[]>;
  run(sql: string, values?: Record<string, DuckDBValue>): Promise<void>;
  connection: DuckDBConnection;
  close(): void;
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

/** A text as a SQL literal; only for our own file names, where binding is not possible. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Opens an in-memory database that may read and write below `folders` only. `threads` 1 makes every result repeatable. */
export async function openDatabase(folders: string[], threads = 1, file = ":memory:"): Promise<Database> {
  const instance = await DuckDBInstance.create(file, { threads: String(threads) });
  const connection = await instance.connect();
  await connection.run(`SET allowed_directories = [${folders.map((folder) => literal(`${folder}/`)).join(", ")}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run("SET lock_configuration = true");
  return {
    connection,
    async all(sql, values) {
      const reader = await connection.runAndReadAll(sql, values);
      return reader.getRowObjects().map((row) => {
        const out: Row = {};
        for (const [key, value] of Object.entries(row)) out[key] = plain(value);
        return out;
      });
    },
    async run(sql, values) {
      await connection.run(sql, values);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
