/**
 * How fast a closed day is sealed: a million price rows from JSON lines to sorted Parquet, beside plain Node.
 *
 * Node parses the same lines and sorts by the same key but writes no Parquet, so the comparison favours Node. The public
 * figure is a million rows written to Parquet by DuckDB on two cores in 0.67 s, without reading JSON and without sorting.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PRICE_HISTORY, type PriceHistoryRow } from "../schema/history.ts";
import { openDatabase } from "../store/duckdb.ts";
import { sealFile } from "../store/seal.ts";
import type { Benchmark } from "./benchmark.ts";

const ROWS = 1_000_000;
const COINS = 500;
const PUBLIC_ROWS_PER_SEC = ROWS / 0.67;
const START_SEC = Date.UTC(2026, 10, 20) / 1000;

function makeRows(): string {
  const lines: string[] = [];
  for (let i = 0; i < ROWS; i++) {
    const row: PriceHistoryRow = {
      coinId: `coin-${(i * 7919) % COINS}`,
      confidence: "high",
      deviationBps: ((i * 31) % 400) / 10 - 20,
      observedRunAt: START_SEC + Math.floor(i / COINS) * 30,
      priceUsd: 1 + (((i * 31) % 400) / 10 - 20) / 10_000,
    };
    lines.push(JSON.stringify(row));
  }
  return `${lines.join("\n")}\n`;
}

/** Parse and sort, as a program without an engine would start. Gives seconds. */
function plainNode(file: string): number {
  const startedMs = performance.now();
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as PriceHistoryRow);
  rows.sort((a, b) => (a.coinId < b.coinId ? -1 : a.coinId > b.coinId ? 1 : a.observedRunAt - b.observedRunAt));
  return (performance.now() - startedMs) / 1000;
}

export const sealing: Benchmark = {
  name: "sealing",
  about: "a million JSON lines sealed to sorted Parquet, beside plain Node and a public figure",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "plumbline-seal-"));
    try {
      const [from, to] = [join(folder, "day.jsonl"), join(folder, "day.parquet")];
      writeFileSync(from, makeRows());
      const startedMs = performance.now();
      const database = await openDatabase([folder]);
      await sealFile(database, PRICE_HISTORY, { from, to, sealedBefore: [] });
      database.close();
      const perSecond = ROWS / ((performance.now() - startedMs) / 1000);
      const nodePerSecond = ROWS / plainNode(from);
      const row = { measured: perSecond, unit: "rows/s", better: "more" } as const;
      return [
        { what: "sealing, JSON lines -> Parquet", yardstick: nodePerSecond, from: "Node: parse and sort only", ...row },
        {
          what: `  the same, ${(statSync(to).size / ROWS).toFixed(1)} bytes a row (public figure writes only)`,
          ...row,
          unit: `rows/s of ${Math.round(PUBLIC_ROWS_PER_SEC / 1000)}k`,
          yardstick: null,
          from: `${(perSecond / PUBLIC_ROWS_PER_SEC).toFixed(2)} of DuckDB's 0.67 s for 1e6 rows`,
        },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
