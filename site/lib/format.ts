/**
 * Numbers, ages and times as people read them; signs are always shown for changes, and unknown is "n/a", never 0.
 *
 * The minus is U+2212, as wide as the plus, so that columns of tabular figures line up.
 */
const MINUS = "−";
export const UNKNOWN = "n/a";

/** Made once: a formatter costs a thousand times what formatting does. */
const WHOLE = new Intl.NumberFormat("en-US");
const EXACT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const PRICE = new Intl.NumberFormat("en-US", { minimumSignificantDigits: 6, maximumSignificantDigits: 6 });

function withMinus(text: string): string {
  return text.startsWith("-") ? MINUS + text.slice(1) : text;
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** "+1.2", "−0.9", "0.0": fixed digits, with a sign unless it rounds to zero. */
export function signed(value: number | null | undefined, digits: number): string {
  if (!isKnown(value)) return UNKNOWN;
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? MINUS : "+") + text;
}

/** Basis points with one digit below 100 and none above: "−0.9", "+1,240". */
export function bps(value: number | null | undefined): string {
  if (!isKnown(value)) return UNKNOWN;
  if (Math.abs(value) < 100) return signed(value, 1);
  return (value < 0 ? MINUS : "+") + WHOLE.format(Math.round(Math.abs(value)));
}

/** A share in percent, without the unit: 0.0123 is "+1.23". */
export function percent(ratio: number | null | undefined): string {
  if (!isKnown(ratio)) return UNKNOWN;
  const value = ratio * 100;
  if (Math.abs(value) < 1000) return signed(value, 2);
  return (value < 0 ? MINUS : "+") + WHOLE.format(Math.round(Math.abs(value)));
}

/** The same with its unit, for sentences and single figures. */
export function percentChange(ratio: number | null | undefined): string {
  const text = percent(ratio);
  return text === UNKNOWN ? text : `${text} %`;
}

const STEPS: [limit: number, divisor: number, unit: string][] = [
  [1e12, 1e12, "tn"],
  [1e9, 1e9, "bn"],
  [1e6, 1e6, "m"],
  [1e3, 1e3, "k"],
];

/** Three significant digits and a unit: 75,984,125,990 is "76.0bn". */
export function compact(value: number | null | undefined): string {
  if (!isKnown(value)) return UNKNOWN;
  const size = Math.abs(value);
  // 999.6k would round to 1,000k: the next unit starts where rounding reaches it.
  const step = STEPS.find(([limit]) => size >= limit * 0.9995);
  const scaled = step ? value / step[1] : value;
  const digits = Math.abs(scaled) >= 99.95 ? 0 : Math.abs(scaled) >= 9.995 ? 1 : 2;
  return withMinus(scaled.toFixed(digits)) + (step ? step[2] : "");
}

/** "$76.0bn" */
export function usd(value: number | null | undefined): string {
  const text = compact(value);
  if (text === UNKNOWN) return text;
  return text.startsWith(MINUS) ? `${MINUS}$${text.slice(1)}` : `$${text}`;
}

/** "75,984,125,990": the whole number behind a compact one. */
export function exact(value: number | null | undefined): string {
  if (!isKnown(value)) return UNKNOWN;
  return withMinus(EXACT.format(value));
}

/** A price with the six digits it was published with, never in powers of ten: "0.999908", "1.00050", "4,308.63". */
export function price(value: number | null | undefined): string {
  if (!isKnown(value)) return UNKNOWN;
  return withMinus(PRICE.format(value));
}

/** "3 min", "2 h", "5 d": how long ago, coarse enough to be read at a glance. */
export function age(seconds: number | null | undefined): string {
  if (!isKnown(seconds)) return UNKNOWN;
  const sec = Math.max(0, seconds);
  if (sec < 5400) return `${Math.round(sec / 60)} min`;
  return sec < 172_800 ? `${Math.round(sec / 3600)} h` : `${Math.round(sec / 86_400)} d`;
}

/** "2026-11-20 12:00 UTC" */
export function utcMinute(unixSec: number): string {
  return `${iso(unixSec).slice(0, 16).replace("T", " ")} UTC`;
}

/** "2026-11-20T12:00:00Z" */
export function iso(unixSec: number): string {
  return new Date(unixSec * 1000).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** "1 coin", "2 coins" */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${WHOLE.format(n)} ${n === 1 ? one : many}`;
}

/** now / before - 1, or null where either is unknown or there was nothing before. */
export function changeRatio(now: number | null | undefined, before: number | null | undefined): number | null {
  return isKnown(now) && isKnown(before) && before > 0 ? now / before - 1 : null;
}
