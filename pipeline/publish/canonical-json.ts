/** JSON for git and for people: keys sorted, two spaces, newline at the end, so that the same data is the same bytes. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

type Row = Record<string, unknown>;

class NotJson extends Error {}

/** Most keys are in order already, and looking is cheaper than sorting. */
function areSorted(keys: readonly string[]): boolean {
  return keys.every((key, at) => at === 0 || (keys[at - 1] as string) <= key);
}

function plain(value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new NotJson();
    return Object.is(value, -0) ? 0 : value;
  }
  if (typeof value !== "object") throw new NotJson();
  if (Array.isArray(value)) return value.map(plain);
  const out: { [key: string]: Json } = {};
  const keys = Object.keys(value);
  for (const key of areSorted(keys) ? keys : keys.sort()) {
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    // Not by assignment: a key named __proto__ would be lost.
    if (key === "__proto__")
      Object.defineProperty(out, key, { value: plain(item), enumerable: true, configurable: true, writable: true });
    else out[key] = plain(item);
  }
  return out;
}

/** Path of the first value that JSON does not have; looked for only once something failed. */
function findNotJson(value: unknown, path: string): string {
  if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      try {
        if (item !== undefined) plain(item);
      } catch {
        return findNotJson(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
      }
    }
  }
  return `${path} is ${String(value)}: JSON has no such value; use null with a reason`;
}

/** `value` as JSON knows it, keys sorted, -0 as 0. Throws TypeError naming the place of a NaN, an Infinity, a bigint or a function. */
export function canonical(value: unknown): Json {
  try {
    return plain(value);
  } catch (error) {
    if (error instanceof NotJson) throw new TypeError(findNotJson(value, "$"));
    throw error;
  }
}

/** Whether two values are the same JSON, whatever the order of their keys; a key that is undefined is none. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
  if (Array.isArray(b)) return false;
  const keys = (value: object) => Object.keys(value).filter((key) => (value as Row)[key] !== undefined);
  const names = keys(a);
  return (
    names.length === keys(b).length &&
    names.every((key) => Object.hasOwn(b, key) && isSameJson((a as Row)[key], (b as Row)[key]))
  );
}

/** Pretty canonical JSON text of `value`, newline at the end. */
export function canonicalJson(value: unknown): string {
  return prettyJson(canonical(value));
}

/** The same for a file that every run writes anew; see `steadySize`. */
export function steadyJson(value: unknown): string {
  return steadySize(canonicalJson(value));
}

/** Pretty text of what is canonical already, in the key order it has. */
export function prettyJson(value: Json): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * `text` of JSON with spaces before its last newline, up to the next step of its size: a sixteenth at the most, 512 bytes at least.
 *
 * When git packs, it lines up the versions of a file by size, and those of one size by age: a file of steady size is stored as what
 * changed since its neighbour in time, where one that grows and shrinks by a few bytes is stored against whatever had a like size.
 */
export function steadySize(text: string): string {
  const bytes = Buffer.byteLength(text);
  const step = Math.max(512, 2 ** (Math.floor(Math.log2(bytes)) - 4));
  return `${text.slice(0, -1)}${" ".repeat((step - (bytes % step)) % step)}\n`;
}

/** Whether JSON writes a value as it is. */
function isFlat(item: unknown): boolean {
  return (
    item === null ||
    typeof item === "string" ||
    typeof item === "boolean" ||
    (typeof item === "number" && Number.isFinite(item))
  );
}

/** One line of canonical JSON without a newline, for JSON lines and for hashing. Rows whose keys come in order are fastest. */
export function canonicalLine(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(canonical(value));
  let sorted = true;
  let last = "";
  for (const key in value) {
    if (!isFlat((value as Row)[key])) return JSON.stringify(canonical(value));
    if (key < last) sorted = false;
    last = key;
  }
  return sorted ? JSON.stringify(value) : JSON.stringify(value, Object.keys(value).sort());
}
