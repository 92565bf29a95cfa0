/**
 * Whether a result is what a case expects, by the comparison rules of the conformance page, as a list of differences.
 *
 * Objects are compared partially, lists item by item, numbers to 1e-9 relative or the case's absolute tolerance; an expected
 * null also matches what is absent. An object that holds matchers only ("$gt", "$in", ...) is a condition on the value; a
 * misspelt matcher is therefore an expected key that nothing has, and fails.
 */
export interface Difference {
  /** JSON path into the result, "$" for the whole. */
  path: string;
  /** What was expected and what came, for people. */
  problem: string;
}

const RELATIVE_TOLERANCE = 1e-9;

type Matcher = (actual: unknown, argument: unknown, settings: Settings) => boolean;

interface Settings {
  /** Absolute, instead of the relative one. */
  tolerance: number | undefined;
}

/** Differences between a result and what was expected; none when the case holds. */
export function compare(actual: unknown, expected: unknown, tolerance?: number): Difference[] {
  return differences(actual, expected, "$", { tolerance });
}

function differences(actual: unknown, expected: unknown, path: string, settings: Settings): Difference[] {
  if (isMatcher(expected)) return unmet(actual, expected, path, settings);
  if (expected === null) return actual === null || actual === undefined ? [] : [differs(path, expected, actual)];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [differs(path, expected, actual)];
    const problem = `expected ${expected.length} items, got ${actual.length}: ${show(actual)}`;
    if (actual.length !== expected.length) return [{ path, problem }];
    return expected.flatMap((item, index) => differences(actual[index], item, `${path}[${index}]`, settings));
  }
  if (isRecord(expected)) {
    if (!isRecord(actual)) return [differs(path, expected, actual)];
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(Object.hasOwn(actual, key) ? actual[key] : undefined, value, `${path}.${key}`, settings),
    );
  }
  const same = typeof expected === "number" ? sameNumber(actual, expected, settings) : actual === expected;
  return same ? [] : [differs(path, expected, actual)];
}

function equals(actual: unknown, expected: unknown, settings: Settings): boolean {
  return differences(actual, expected, "$", settings).length === 0;
}

function sameNumber(actual: unknown, expected: number, { tolerance }: Settings): boolean {
  if (typeof actual !== "number") return false;
  if (actual === expected) return true;
  const allowed = tolerance ?? RELATIVE_TOLERANCE * Math.max(Math.abs(actual), Math.abs(expected));
  return Number.isFinite(actual) && Number.isFinite(expected) && Math.abs(actual - expected) <= allowed;
}

function ordered(holds: (actual: number, bound: number) => boolean): Matcher {
  return (actual, bound) => typeof actual === "number" && typeof bound === "number" && holds(actual, bound);
}

const MATCHERS: Readonly<Record<string, Matcher>> = {
  // "$tol" belongs to "$approx"; alone it says nothing and nothing meets it.
  $approx: (actual, near, settings) => sameNumber(actual, near as number, settings),
  $tol: () => false,
  $gt: ordered((actual, bound) => actual > bound),
  $gte: ordered((actual, bound) => actual >= bound),
  $lt: ordered((actual, bound) => actual < bound),
  $lte: ordered((actual, bound) => actual <= bound),
  $in: (actual, allowed, settings) => asList(allowed).some((item) => equals(actual, item, settings)),
  $contains: (actual, part, settings) =>
    typeof actual === "string"
      ? typeof part === "string" && actual.includes(part)
      : Array.isArray(actual) && actual.some((item) => equals(item, part, settings)),
  $not: (actual, other, settings) => !equals(actual, other, settings),
  $length: (actual, length, settings) => {
    const counted = lengthOf(actual);
    return counted !== null && equals(counted, length, settings);
  },
  $all: (actual, matchers, settings) =>
    Array.isArray(matchers) && matchers.every((matcher) => equals(actual, matcher, settings)),
};

function isMatcher(expected: unknown): expected is Record<string, unknown> {
  if (!isRecord(expected)) return false;
  const keys = Object.keys(expected);
  return keys.length > 0 && keys.every((key) => Object.hasOwn(MATCHERS, key));
}

function unmet(actual: unknown, expected: Record<string, unknown>, path: string, settings: Settings): Difference[] {
  const { $tol, ...conditions } = expected;
  if (!("$approx" in conditions) && $tol !== undefined) conditions.$tol = $tol;
  const near = typeof $tol === "number" ? { tolerance: $tol } : settings;
  return Object.entries(conditions).flatMap(([name, argument]) => {
    const holds = MATCHERS[name]?.(actual, argument, name === "$approx" ? near : settings) ?? false;
    return holds ? [] : [differs(path, name === "$approx" ? expected : { [name]: argument }, actual)];
  });
}

/** Items of a list, keys of an object, characters of a text; null for anything else. */
function lengthOf(value: unknown): number | null {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.values(value).filter((item) => item !== undefined).length : null;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function differs(path: string, expected: unknown, actual: unknown): Difference {
  return { path, problem: `expected ${show(expected)}, got ${show(actual)}` };
}

const SHOWN_CHARACTERS = 300;

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const special = (_key: string, item: unknown) =>
    typeof item === "bigint" || (typeof item === "number" && !Number.isFinite(item)) ? String(item) : item;
  const text = JSON.stringify(value, special) ?? String(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
