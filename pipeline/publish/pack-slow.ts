/**
 * What seldom changes in a snapshot, taken out of what every run may write: git keeps a file whole once in some fifty versions, and names
 * and ids are most of it. Rows keep their order, which is how the two are put together again.
 */
import type { Row } from "./pack-times.ts";

/** What of a snapshot's packed data lies apart. */
export interface Slow {
  /** Keys of the data, with all they hold. */
  keys?: readonly string[];
  /** By a list's key, the fields of its rows. */
  fields?: Readonly<Record<string, readonly string[]>>;
  /** Keys of maps whose own keys lie apart: the map becomes the list of its values. */
  maps?: readonly string[];
}

function pick(row: Row, isWanted: (key: string) => boolean): Row {
  return Object.fromEntries(Object.entries(row).filter(([key]) => isWanted(key)));
}

export function splitSlow(packed: Row, { keys = [], fields = {}, maps = [] }: Slow): { fast: Row; slow: Row } {
  const fast = pick(packed, (key) => !keys.includes(key));
  const slow = pick(packed, (key) => keys.includes(key));
  for (const [key, names] of Object.entries(fields)) {
    const rows = packed[key] as Row[];
    slow[key] = rows.map((row) => pick(row, (name) => names.includes(name)));
    fast[key] = rows.map((row) => pick(row, (name) => !names.includes(name)));
  }
  for (const key of maps) {
    slow[key] = Object.keys(packed[key] as Row);
    fast[key] = Object.values(packed[key] as Row);
  }
  return { fast, slow };
}

/** Throws TypeError when the two are not of one snapshot. */
export function joinSlow(fast: Row, slow: Row, { fields = {}, maps = [] }: Slow): Row {
  const joined = { ...slow, ...fast };
  const pairs = (key: string) => {
    const [rest, apart] = [fast[key], slow[key]] as [unknown[], unknown[]];
    if (rest.length !== apart.length)
      throw new TypeError(`${key} has ${rest.length} rows beside ${apart.length} in the slow file`);
    return rest.map((value, at) => [apart[at], value] as const);
  };
  for (const key of Object.keys(fields))
    joined[key] = pairs(key).map(([apart, row]) => ({ ...(apart as Row), ...(row as Row) }));
  for (const key of maps) joined[key] = Object.fromEntries(pairs(key) as [string, unknown][]);
  return joined;
}
