/**
 * Rows of the open period as they lie in JSON lines: a row a line, or a line for all rows of one time with a list a column, where a run
 * brings hundreds of them.
 */
import { existsSync, readFileSync } from "node:fs";
import { DataDamaged } from "../errors.ts";
import type { AnyHistory } from "../schema/history.ts";
import type { Row } from "./duckdb.ts";

/**
 * Path below data/ of the open rows of a period, "2026-11-21" or "2026". A day's file has the initials of its dataset in its name: git
 * takes for versions of one file whatever ends in the same sixteen letters, and would store days of small datasets between those of large ones.
 */
export function openPath({ name, period: kind }: AnyHistory, period: string): string {
  const initials = name.split("-").map((word) => word[0]);
  return `history/${name}/${kind === "day" ? `${period}.${initials.join("")}` : period}.jsonl`;
}

/** Columns that a shared line holds as lists. */
export function listColumns({ columns, timeColumn, linePerTime }: AnyHistory): string[] {
  return linePerTime ? Object.keys(columns).filter((name) => name !== timeColumn) : [];
}

/** Throws TypeError when the lists of a line are not of one length. */
export function rowsOfLine(dataset: AnyHistory, line: Row): Row[] {
  const [first, ...more] = listColumns(dataset);
  if (first === undefined) return [line];
  const lists = [first, ...more].map((name) => [name, line[name] as unknown[]] as const);
  const count = lists[0]?.[1].length;
  for (const [name, list] of lists)
    if (list.length !== count) throw new TypeError(`${name} has ${list.length} values beside ${count}`);
  const time = { [dataset.timeColumn]: line[dataset.timeColumn] };
  return (line[first] as unknown[]).map((_, at) => ({
    ...time,
    ...Object.fromEntries(lists.map(([name, list]) => [name, list[at]])),
  }));
}

/** Lines to write, of rows that are in order of time. */
export function linesOfRows(dataset: AnyHistory, rows: readonly Row[]): Row[] {
  const lists = listColumns(dataset);
  if (lists.length === 0) return [...rows];
  return [...Map.groupBy(rows, (row) => row[dataset.timeColumn])].map(([time, same]) => ({
    [dataset.timeColumn]: time,
    ...Object.fromEntries(lists.map((name) => [name, same.map((row) => row[name])])),
  }));
}

/** A file of the history, or a part of one, that cannot be read. */
export function historyDamaged(what: string, where: string, cause: unknown): DataDamaged {
  return new DataDamaged(`${what} cannot be read`, {
    code: "history-damaged",
    where,
    hint: "restore the file with `git checkout -- <file>`",
    cause,
  });
}

/** Rows of an open file; none where there is no file. Throws DataDamaged, naming the line. */
export function readOpenRows(dataset: AnyHistory, path: string): Row[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      if (line === "") return [];
      try {
        return rowsOfLine(dataset, JSON.parse(line));
      } catch (cause) {
        throw historyDamaged(`line ${index + 1} of an open history file`, path, cause);
      }
    });
}
