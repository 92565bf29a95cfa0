/**
 * The one rule by which an exchange's book becomes a price: middle of bid and ask, else the last trade.
 *
 * A pair whose last trade is zero has never traded; its book is no market (one such book showed 0.0012 / 13).
 */
import { decimal, positive } from "./numbers.ts";

export function bookPrice(bid: unknown, ask: unknown, last: unknown): number | null {
  if (isZero(last)) return null;
  const bidPrice = positive(bid);
  const askPrice = positive(ask);
  if (bidPrice !== null && askPrice !== null) return (bidPrice + askPrice) / 2;
  return positive(last);
}

function isZero(value: unknown): boolean {
  return value === 0 || (typeof value === "string" && decimal(value) === 0);
}

/** The currency after the separator of a pair: "BTC-USDT", "USDC/EUR"; Kraken marks books of its own with ":BTNL". */
export function quoteOfPair(pair: string): string | null {
  return /[-/_]([A-Za-z0-9]+)(:[A-Za-z0-9]+)?$/.exec(pair)?.[1]?.toUpperCase() ?? null;
}
