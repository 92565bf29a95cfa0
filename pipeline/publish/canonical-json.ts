/** JSON for git and for people: keys sorted, two spaces, newline at the end, so that the same data is the same bytes. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function sorted(value: unknown, path: string): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw new TypeError(`${path} is ${value}: JSON has no such number; use null with a reason`);
    return Object.is(value, -0) ? 0 : value;
  }
  if (Array.isArray(value)) return value.map((item, index) => sorted(item, `${path}[${index}]`));
  if (typeof value === "object") {
    const out: { [key: string]: Json } = {};
    for (const key of Object.keys(value).sort()) {
      const item = (value as Record<string, unknown>)[key];
      if (item !== undefined) out[key] = sorted(item, `${path}.${key}`);
    }
    return out;
  }
  throw new TypeError(`${path} is a ${typeof value}: it cannot be published`);
}

/**
 * Pretty canonical JSON text of `value`; keys named in `lead` stand first, in that order, so that a file says what it is
 * before it says what it holds. Throws TypeError for NaN, Infinity, bigint and functions.
 */
export function canonicalJson(value: unknown, lead: readonly string[] = []): string {
  const plain = sorted(value, "$");
  const isObject = typeof plain === "object" && plain !== null && !Array.isArray(plain);
  const ordered = isObject
    ? { ...Object.fromEntries(lead.filter((key) => key in plain).map((key) => [key, plain[key]])), ...plain }
    : plain;
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/** One line of canonical JSON without a newline, for JSON lines and for hashing. */
export function canonicalLine(value: unknown): string {
  return JSON.stringify(sorted(value, "$"));
}
