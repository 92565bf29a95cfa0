/** Times near the run's own lie in git as ages, which rest from run to run, and not as clock readings, which never do. */

/** Older observations are of an earlier run and rest as they are. */
const AGE_UP_TO_SEC = 1799;

export type Row = Record<string, unknown>;
/** Packs or unpacks one time of a row, against the run's own time. */
export type TimeChange = (row: Row, key: string, generatedAt: number) => Row;

export const packTime: TimeChange = (row, key, generatedAt) => {
  const at = row[key];
  if (typeof at !== "number" || at > generatedAt || generatedAt - at > AGE_UP_TO_SEC) return row;
  const { [key]: _time, ...rest } = row;
  return { ...rest, [`${key}AgeSec`]: generatedAt - at };
};

export const unpackTime: TimeChange = (row, key, generatedAt) => {
  const { [`${key}AgeSec`]: age, ...rest } = row;
  return typeof age === "number" ? { ...rest, [key]: generatedAt - age } : row;
};

/** Applies `change` to every named time of every row of a list or a map. */
export function eachTime(
  rows: Row[] | Record<string, Row>,
  times: string[],
  generatedAt: number,
  change: TimeChange,
): unknown {
  const whole = (row: Row) => times.reduce((changed, key) => change(changed, key, generatedAt), row);
  if (Array.isArray(rows)) return rows.map(whole);
  return Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, whole(row)]));
}
