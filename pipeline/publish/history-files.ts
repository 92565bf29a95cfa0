/** New history rows merged into the JSON lines of their day or year, ordered by time and key, no key twice. */
import { join } from "node:path";
import type { AnyHistory } from "../schema/history.ts";
import { linesOfRows, openPath, readOpenRows } from "../store/open-rows.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import { canonicalLine } from "./canonical-json.ts";

type HistoryRow = Record<string, unknown>;

const LINES_AT_ONCE = 1000;

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
function textOf(lines: readonly HistoryRow[]): string {
  let text = "";
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE)
    text += `${lines
      .slice(at, at + LINES_AT_ONCE)
      .map(canonicalLine)
      .join("\n")}\n`;
  return text;
}

export interface OpenFile {
  text: string;
  rows: number;
}

/** Path below data/ to the whole new text of every open file that `rows` touch. A row whose key is already there is not added again. */
export function mergeHistory(dataDir: string, dataset: AnyHistory, rows: HistoryRow[]): Map<string, OpenFile> {
  const nameLength = dataset.period === "day" ? "2026-11-21".length : "2026".length;
  const days = new Map<number, string>();
  const periodOf = (row: HistoryRow) => {
    const sec = row[dataset.timeColumn] as number;
    const day = Math.floor(sec / DAY_SEC);
    const known = days.get(day) ?? utcDay(sec).slice(0, nameLength);
    days.set(day, known);
    return known;
  };
  const files = new Map<string, OpenFile>();
  for (const [period, periodRows] of Map.groupBy(rows, periodOf)) {
    const path = openPath(dataset, period);
    const index: Index = new Map();
    for (const row of readOpenRows(dataset, join(dataDir, path))) put(dataset, index, row);
    for (const row of periodRows) put(dataset, index, row);
    const merged = inOrder(dataset, rowsOf(index));
    files.set(path, { text: textOf(linesOfRows(dataset, merged)), rows: merged.length });
  }
  return files;
}
