/** Figures and lists as the digest and the recap write them. */

const MINUS = "−";

export function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? MINUS : "+"}${text}`;
}

export function percent(share: number | null): string {
  return share === null ? "by an unknown share" : `${signed(share * 100, 2)} %`;
}

export function bpsText(bps: number): string {
  return `${signed(bps, 0)} bps`;
}

export function usdText(usd: number): string {
  const size = Math.abs(usd);
  const [divisor, unit] = size >= 1e9 ? [1e9, "bn"] : size >= 1e6 ? [1e6, "m"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  return `$${(size / divisor).toFixed(size >= 1e6 && size / divisor < 10 ? 2 : size >= 1e6 ? 1 : 0)}${unit}`;
}

export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

export function times(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** A sentence, or nothing worth one. */
export type Sentence = string | null;
