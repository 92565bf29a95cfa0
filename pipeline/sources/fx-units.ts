/** Currency tables to USD per unit, whatever base they are stated in. */
import { positive } from "./numbers.ts";

export interface FxRequest {
  /** Currency codes, any case; absent means all. */
  symbols?: readonly string[] | undefined;
  keys?: readonly string[] | undefined;
}

export interface FxRates {
  /** Currency the answer was stated in, upper case. */
  base: string;
  /** UTC day the rates are for, as the source says. */
  date: string;
  /** USD per unit by upper-case code. A code without a value is absent. */
  rates: Record<string, number>;
}

/** Null where the table is not in USD and has no USD entry to be carried over. */
export function usdPerUnit(
  base: string,
  unitsPerBase: Record<string, unknown>,
  request: FxRequest,
): Record<string, number> | null {
  const table = new Map<string, number>();
  for (const [code, value] of Object.entries(unitsPerBase)) {
    const units = typeof value === "number" ? positive(value) : null;
    if (units !== null) table.set(code.toUpperCase(), units);
  }
  const baseCode = base.toUpperCase();
  const usdPerBase = baseCode === "USD" ? 1 : table.get("USD");
  if (usdPerBase === undefined) return null;
  if (baseCode !== "USD") table.set(baseCode, 1);

  const symbols = request.symbols ?? request.keys;
  const wanted = symbols === undefined ? null : new Set(symbols.map((code) => code.toUpperCase()));
  const rates: Record<string, number> = {};
  for (const [code, units] of [...table].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const rate = usdPerBase / units;
    if ((wanted === null || wanted.has(code)) && Number.isFinite(rate)) rates[code] = rate;
  }
  return rates;
}
