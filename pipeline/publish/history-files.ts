/** New history rows merged into the JSON lines of their day or year: one line a row, ordered by time and key, no key twice. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataDamaged } from "../errors.ts";
import type { AnyHistory } from "../schema/history.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import { canonicalLine } from "./canonical-json.ts";

type HistoryRow = Record<string, unknown>;

const LINES_AT_ONCE = 1000;

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

type Index = Map<unknown, HistoryRow | Index>;

/**
 * Puts a row where no other has its key, or where it corrects the one that has. Rows are told apart by one column of the key after the
 * other, the last one first, and by no more than it takes: a key in one piece costs more than the rest of the merge.
 */
function put(dataset: AnyHistory, index: Index, row: HistoryRow, column = dataset.key.length - 1): void {
  const value = row[dataset.key[column] as string];
  const there = index.get(value);
  if (there === undefined) index.set(value, row);
  else if (there instanceof Map) put(dataset, there, row, column - 1);
  else if (column > 0) {
    const finer: Index = new Map([[there[dataset.key[column - 1] as string], there]]);
    index.set(value, finer);
    put(dataset, finer, row, column - 1);
  } else if (isCorrection(dataset, row, there)) index.set(value, row);
}

function rowsOf(index: Index, into: HistoryRow[] = []): HistoryRow[] {
  for (const there of index.values()) {
    if (there instanceof Map) rowsOf(there, into);
    else into.push(there);
  }
  return into;
}

/** By time, rows of one time by the text of their key: the first column that differs decides. */
function inOrder({ key, timeColumn }: AnyHistory, rows: HistoryRow[]): HistoryRow[] {
  const last = key.at(-1);
  return rows.sort((a, b) => {
    const byTime = (a[timeColumn] as number) - (b[timeColumn] as number);
    if (byTime !== 0) return byTime;
    for (const name of key) {
      if (a[name] === b[name]) continue;
      const end = name === last ? "]" : ",";
      return JSON.stringify(a[name]) + end < JSON.stringify(b[name]) + end ? -1 : 1;
    }
    return 0;
  });
}

/** In pieces, so that the lines of a large file are not all held beside its text. */
function linesOf(rows: readonly HistoryRow[]): string {
  let text = "";
  for (let at = 0; at < rows.length; at += LINES_AT_ONCE) {
    const lines = rows.slice(at, at + LINES_AT_ONCE).map(canonicalLine);
    text += `${lines.join("\n")}\n`;
  }
  return text;
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
  const files = new Map<string, string>();
  for (const [period, periodRows] of Map.groupBy(rows, periodOf)) {
    const path = `history/${dataset.name}/${period}.jsonl`;
    const index: Index = new Map();
    for (const row of readRows(join(dataDir, path))) put(dataset, index, row);
    for (const row of periodRows) put(dataset, index, row);
    files.set(path, linesOf(inOrder(dataset, rowsOf(index))));
  }
  return files;
}
