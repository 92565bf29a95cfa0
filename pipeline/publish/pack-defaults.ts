/** Rows without what follows from the rest of the row: a packed row keeps only the fields that differ from what is derived. */
import { isSameJson } from "./canonical-json.ts";
import type { Row } from "./pack-times.ts";

/** `derive` may look only at fields it does not give. */
export function packRow(row: Row, derive: (row: Row) => Row): Row {
  const derived = derive(row);
  const follows = (key: string, value: unknown) =>
    Object.hasOwn(derived, key) && isSameJson(derived[key] ?? null, value);
  return Object.fromEntries(Object.entries(row).filter(([key, value]) => !follows(key, value)));
}

export function unpackRow(packed: Row, derive: (row: Row) => Row): Row {
  return { ...derive(packed), ...packed };
}

/** A map with every value changed. */
export function eachValue<From, To>(all: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, change(value)]));
}
