/** Bitstamp's tickers: all markets in one list, or one by its market symbol; every value a text. */
import { usdBook } from "../order-book.ts";
import { ok, type SimUpstream } from "../upstream.ts";
import type { World } from "../world.ts";

const ID = "bitstamp";
const SYMBOLS = ["DAI", "PYUSD", "RLUSD", "USDC", "USDT"];
const PRICE_PLACES = 5;

function ticker(world: World, symbol: string, nowSec: number): Record<string, string> | null {
  const book = usdBook(world, ID, symbol, nowSec);
  if (!book) return null;
  const last = book.last.toFixed(PRICE_PLACES);
  return {
    timestamp: String(nowSec),
    open: last,
    high: last,
    low: last,
    last,
    volume: book.volume.toFixed(8),
    vwap: last,
    bid: book.bid.toFixed(PRICE_PLACES),
    ask: book.ask.toFixed(PRICE_PLACES),
    side: "0",
    open_24: last,
    percent_change_24: "0.00",
  };
}

export const bitstamp: SimUpstream = {
  id: ID,
  answer({ path }, world, nowSec) {
    const one = /^(?:\/api\/v2)?\/ticker(?:\/([a-z0-9]+)usd)?\/?$/.exec(path);
    if (!one) return null;
    if (one[1]) {
      const body = ticker(world, one[1], nowSec);
      return body && ok(body);
    }
    const all = SYMBOLS.map((symbol) => {
      const row = ticker(world, symbol, nowSec);
      return row && { ...row, pair: `${symbol}/USD`, market: `${symbol}/USD` };
    });
    return ok(all.filter((row) => row !== null));
  },
};
