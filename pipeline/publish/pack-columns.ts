/**
 * Figures that move, taken out of rows that rest: one list a figure, in the order of the rows. Git stores a version as what to copy from
 * another and what is new; figures that lie close together are copied and replaced in far fewer bytes.
 */
import type { Row } from "./pack-times.ts";

/** Where a figure stands in a row: keys from the outside in. */
type Path = readonly string[];
export type Columns = Record<string, unknown[]>;

/** Stands for a row without the figure; figures are numbers or null. */
const ABSENT = "";

function parentOf(row: Row, path: Path): Row | null {
  let at: unknown = row;
  for (const key of path.slice(0, -1)) at = (at as Row | null | undefined)?.[key];
  return (at as Row | null | undefined) ?? null;
}

function without(row: Row, [key = "", ...inner]: Path): Row {
  const { [key]: value, ...rest } = row;
  return inner.length === 0 ? rest : { ...rest, [key]: without(value as Row, inner) };
}

function withFigure(row: Row, [key = "", ...inner]: Path, figure: unknown): Row {
  return { ...row, [key]: inner.length === 0 ? figure : withFigure(row[key] as Row, inner, figure) };
}

export function takeColumns(rows: readonly Row[], paths: readonly Path[]): { rows: Row[]; columns: Columns } {
  const columns: Columns = {};
  let left: Row[] = [...rows];
  for (const path of paths) {
    const last = path.at(-1) as string;
    const holds = left.map((row) => Object.hasOwn(parentOf(row, path) ?? {}, last));
    columns[path.join(".")] = left.map((row, at) => (holds[at] ? parentOf(row, path)?.[last] : ABSENT));
    left = left.map((row, at) => (holds[at] ? without(row, path) : row));
  }
  return { rows: left, columns };
}

/** Throws TypeError when the columns are not those of the rows. */
export function putColumns(rows: readonly Row[], columns: Columns): Row[] {
  let whole = [...rows];
  for (const [name, figures] of Object.entries(columns)) {
    if (figures.length !== rows.length)
      throw new TypeError(`${name} has ${figures.length} figures for ${rows.length} rows`);
    const path = name.split(".");
    whole = whole.map((row, at) => (figures[at] === ABSENT ? row : withFigure(row, path, figures[at])));
  }
  return whole;
}
