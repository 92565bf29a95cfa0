/** Upstream values to numbers: what is no usable number becomes null here and nowhere else. */

/** A finite number, zero and negative included; text is no number. */
export function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A finite number above zero, from a number or plain decimal text. */
export function positive(value: unknown): number | null {
  const number = typeof value === "string" ? decimal(value) : finite(value);
  return number !== null && number > 0 ? number : null;
}

/** Plain decimal text as venues send prices: digits, point, exponent. "0x10", "1.0 USD" and "-1" are refused. */
export function decimal(text: string): number | null {
  if (!/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text.trim())) return null;
  return finite(Number(text));
}

/** A whole number from hex ("0x" is 0), decimal text or a number; null for anything else and beyond exact integers. */
export function whole(value: unknown): number | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : null;
  let number: unknown = value;
  if (typeof value === "string") {
    if (value === "0x") return 0;
    number = /^(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : null;
  }
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : null;
}

/** Base units as decimal text to units, rounded once: "52009905314662" with 6 decimals is 52009905.314662. */
export function fromBaseUnits(text: string, decimals: number): number | null {
  return /^-?\d+$/.test(text) ? finite(Number(`${text}e${-decimals}`)) : null;
}

/** Half up, as the method rounds: -150.5 gives -150. */
export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}
