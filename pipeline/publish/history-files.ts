/** New history rows merged into the JSON lines of their day or year: one line a row, ordered by time and key, no key twice. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataDamaged } from "../errors.ts";
import type { AnyHistory } from "../schema/history.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import { canonicalLine } from "./canonical-json.ts";

type HistoryRow = Record<string, unknown>;

function keyOf(dataset: AnyHistory, row: HistoryRow): string {
  return JSON.stringify(dataset.key.map((name) => row[name]));
}

function readRows(path: string): HistoryRow[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      if (line === "") return [];
      try {
        return [JSON.parse(line) as HistoryRow];
      } catch (error) {
        throw new DataDamaged(`line ${index + 1} of an open history file is not JSON`, {
          code: "history-damaged",
          where: path,
          hint: "restore the file with `git checkout -- <file>`",
          cause: error,
        });
      }
    });
}

/** Whether a row is a later word on the one that is stored; of equals the stored one stays. */
function isCorrection({ revisions }: AnyHistory, row: HistoryRow, stored: HistoryRow): boolean {
  return revisions !== undefined && (row[revisions.column] as number) > (stored[revisions.column] as number);
}

/** Path below data/ to the whole new text of every open file that `rows` touch. A row whose key is already there is not added again. */
export function mergeHistory(dataDir: string, dataset: AnyHistory, rows: HistoryRow[]): Map<string, string> {
  const nameLength = dataset.period === "day" ? "2026-11-21".length : "2026".length;
  const days = new Map<number, string>();
  const periodOf = (row: HistoryRow) => {
    const sec = row[dataset.timeColumn] as number;
    const day = Math.floor(sec / DAY_SEC);
    const known = days.get(day) ?? utcDay(sec).slice(0, nameLength);
    days.set(day, known);
    return known;
  };
  const byPeriod = Map.groupBy(rows, periodOf);
  const files = new Map<string, string>();
  for (const [period, periodRows] of byPeriod) {
    const path = `history/${dataset.name}/${period}.jsonl`;
    const merged = new Map(readRows(join(dataDir, path)).map((row) => [keyOf(dataset, row), row]));
    for (const row of periodRows) {
      const key = keyOf(dataset, row);
      const stored = merged.get(key);
      if (stored === undefined || isCorrection(dataset, row, stored)) merged.set(key, row);
    }
    const sorted = [...merged].sort(([aKey, a], [bKey, b]) => {
      const byTime = (a[dataset.timeColumn] as number) - (b[dataset.timeColumn] as number);
      return byTime !== 0 ? byTime : aKey < bKey ? -1 : 1;
    });
    files.set(path, sorted.map(([, row]) => `${canonicalLine(row)}\n`).join(""));
  }
  return files;
}
