/** Order of table cells by what they mean: "−0.9" before "+1.2", "76.0bn" after "9.1m", and unknown always last. */
const UNITS: Record<string, number> = { k: 1e3, m: 1e6, bn: 1e9, tn: 1e12, min: 60, h: 3600, d: 86_400 };

/** The number a cell states, or null when it states none. */
export function cellNumber(text: string): number | null {
  const match = /^\s*([−+-]?)\$?([\d,]*\.?\d+)(?:\/(\d+))?\s*(k|m|bn|tn|min|h|d)?\b/.exec(text);
  if (!match) return null;
  const value = Number((match[2] ?? "").replaceAll(",", "")) * (UNITS[match[4] ?? ""] ?? 1);
  const signed = match[1] === "−" || match[1] === "-" ? -value : value;
  // "2/3": by how many agree, then by the share that does.
  return match[3] ? signed + signed / (Number(match[3]) + 1) : signed;
}

/** `sign` 1 ascending, -1 descending. */
export function compareCells(a: string, b: string, kind: "number" | "text", sign: 1 | -1): number {
  if (kind === "text") return sign * a.localeCompare(b, "en");
  const [x, y] = [cellNumber(a), cellNumber(b)];
  if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
  return sign * (x - y);
}
