/** Rows without what follows from the rest of the row: a packed row keeps only the fields that differ from what is derived. */
import { canonicalLine } from "./canonical-json.ts";
import type { Row } from "./pack-times.ts";

/** `derive` may look only at fields it does not give. */
export function packRow(row: Row, derive: (row: Row) => Row): Row {
  const derived = derive(row);
  const follows = (key: string, value: unknown) => Object.hasOwn(derived, key) && isSame(derived[key] ?? null, value);
  return Object.fromEntries(Object.entries(row).filter(([key, value]) => !follows(key, value)));
}

/** Most fields are words and numbers: only lists and objects are compared as text. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return canonicalLine(a) === canonicalLine(b);
}

export function unpackRow(packed: Row, derive: (row: Row) => Row): Row {
  return { ...derive(packed), ...packed };
}
