/**
 * Figures that move, taken out of rows that rest: one list a figure, in the order of the rows. Git stores a version as what to copy from
 * another and what is new; figures that lie close together are copied and replaced in far fewer bytes.
 */
import type { Row } from "./pack-times.ts";

export type Columns = Record<string, unknown[]>;

/** Stands for a row without the figure; figures are texts with something in them, numbers or null. */
const ABSENT = "";

export function takeColumns(rows: readonly Row[], names: readonly string[]): { rows: Row[]; columns: Columns } {
  const columns = Object.fromEntries(
    names.map((name) => [name, rows.map((row) => (Object.hasOwn(row, name) ? row[name] : ABSENT))]),
  );
  const left = rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !names.includes(key))));
  return { rows: left, columns };
}

/** Throws TypeError when the columns are not those of the rows. */
export function putColumns(rows: readonly Row[], columns: Columns): Row[] {
  const figuresOf = Object.entries(columns);
  for (const [name, figures] of figuresOf)
    if (figures.length !== rows.length)
      throw new TypeError(`${name} has ${figures.length} figures for ${rows.length} rows`);
  return rows.map((row, at) => ({
    ...row,
    ...Object.fromEntries(
      figuresOf.flatMap(([name, figures]) => (figures[at] === ABSENT ? [] : [[name, figures[at]]])),
    ),
  }));
}
