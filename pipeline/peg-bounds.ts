/**
 * What a unit of each peg currency can plausibly be worth: bounds for a coin's price and for an FX rate, in USD.
 *
 * Figures: pricing methodology, section 9. `price` bounds are exclusive, `rate` bounds inclusive; metals are per troy ounce.
 */
export type Bounds = readonly [min: number, max: number];

interface CurrencyBounds {
  price: Bounds;
  /** Null for USD, which needs no rate. */
  rate: Bounds | null;
}

export const CURRENCY_BOUNDS: Readonly<Record<string, CurrencyBounds>> = {
  USD: { price: [0.01, 1.19], rate: null },
  EUR: { price: [0.01, 2], rate: [0.5, 2.5] },
  GBP: { price: [0.01, 2], rate: [0.5, 3] },
  CHF: { price: [0.01, 2], rate: [0.4, 2.5] },
  BRL: { price: [0.01, 2], rate: [0.05, 0.6] },
  JPY: { price: [0.001, 0.05], rate: [0.003, 0.03] },
  IDR: { price: [0.00001, 0.001], rate: [0.00003, 0.0003] },
  SGD: { price: [0.2, 5], rate: [0.3, 1.5] },
  TRY: { price: [0.005, 0.5], rate: [0.01, 0.2] },
  AUD: { price: [0.2, 5], rate: [0.3, 1.5] },
  RUB: { price: [0.005, 0.5], rate: [0.003, 0.1] },
  ZAR: { price: [0.01, 0.5], rate: [0.02, 0.2] },
  CAD: { price: [0.3, 2], rate: [0.4, 1.5] },
  CNY: { price: [0.01, 0.5], rate: [0.05, 0.4] },
  CNH: { price: [0.01, 0.5], rate: [0.05, 0.4] },
  PHP: { price: [0.002, 0.1], rate: [0.01, 0.06] },
  MXN: { price: [0.005, 0.2], rate: [0.02, 0.15] },
  MYR: { price: [0.18, 0.3], rate: [0.18, 0.3] },
  KRW: { price: [0.0005, 0.001], rate: [0.0005, 0.001] },
  UAH: { price: [0.002, 0.15], rate: [0.01, 0.1] },
  ARS: { price: [0.000001, 0.05], rate: [0.0001, 0.01] },
  KGS: { price: [0.005, 0.05], rate: [0.005, 0.05] },
  NGN: { price: [0.0002, 0.005], rate: [0.0002, 0.005] },
  XOF: { price: [0.001, 0.005], rate: [0.001, 0.005] },
  VND: { price: [0.00002, 0.00006], rate: [0.00002, 0.00006] },
  GOLD: { price: [100, 100_000], rate: [500, 10_000] },
  SILVER: { price: [5, 500], rate: [5, 500] },
};

export const METALS: readonly string[] = ["GOLD", "SILVER"];

/** "BRL" for "peggedREAL", "REAL" and "brl"; the code itself otherwise. */
export function currencyCode(name: string): string {
  const code = name
    .trim()
    .replace(/^pegged/i, "")
    .toUpperCase();
  return code === "REAL" ? "BRL" : code;
}

/** Exclusive price bounds per unit of the peg currency, or null for a currency the method does not know. */
export function staticPriceBounds(currency: string): Bounds | null {
  return CURRENCY_BOUNDS[currencyCode(currency)]?.price ?? null;
}

/** Inclusive bounds of an FX or metal rate, or null where the method has none. */
export function fxRateBounds(currency: string): Bounds | null {
  return CURRENCY_BOUNDS[currencyCode(currency)]?.rate ?? null;
}

/** "peggedEUR" for "EUR", "peggedREAL" for "BRL"; null for VAR, OTHER and nothing: they have no fixed peg. */
export function normalizePegTypeFromCurrency(currency: string | null | undefined): string | null {
  if (!currency) return null;
  const code = currencyCode(currency);
  if (code === "VAR" || code === "OTHER" || code === "") return null;
  return code === "BRL" ? "peggedREAL" : `pegged${code}`;
}

/** How far from its peg a coin counts as depegged, basis points. */
export function depegThresholdBps(pegType: string | null | undefined): number {
  return currencyCode(pegType ?? "") === "USD" ? 100 : 150;
}
