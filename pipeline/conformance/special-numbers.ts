/**
 * JSON has no NaN and no infinities: case inputs write them as `{"$num": "NaN"}` or as the bare words.
 *
 * The words are read as numbers wherever they stand, since no input of the method means them as text; a function that takes
 * free text turns them back with `String`.
 */
const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-Infinity": Number.NEGATIVE_INFINITY,
};

/** The same value with the special numbers in place. */
export function withSpecialNumbers(value: unknown): unknown {
  if (typeof value === "string") return special(value) ?? value;
  if (Array.isArray(value)) return value.map(withSpecialNumbers);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [key, word] = entries[0] ?? [];
  if (entries.length === 1 && key === "$num" && typeof word === "string") return special(word) ?? value;
  return Object.fromEntries(entries.map(([name, item]) => [name, withSpecialNumbers(item)]));
}

function special(word: string): number | undefined {
  return Object.hasOwn(SPECIAL, word) ? SPECIAL[word] : undefined;
}
