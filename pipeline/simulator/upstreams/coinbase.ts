/** Coinbase Exchange's ticker, one product a request: prices are texts, the time ISO with microseconds. */
import { usdBook } from "../order-book.ts";
import { ok, type SimUpstream } from "../upstream.ts";

const ID = "coinbase";
const SYMBOLS = new Set(["USDT", "DAI", "PAXG", "USDS", "USD1", "HONEY"]);
const PRICE_PLACES = 6;
const TRADED_AGO_SEC = 4;

export const coinbase: SimUpstream = {
  id: ID,
  answer({ path }, world, nowSec) {
    const symbol = /^\/products\/([A-Z0-9]+)-USD\/ticker$/.exec(path)?.[1] ?? "";
    const book = SYMBOLS.has(symbol) ? usdBook(world, ID, symbol, nowSec) : null;
    if (!book) return { status: 404, body: { message: "NotFound" } };
    return ok({
      ask: book.ask.toFixed(PRICE_PLACES),
      bid: book.bid.toFixed(PRICE_PLACES),
      volume: book.volume.toFixed(8),
      trade_id: 100_000_000 + Math.floor(nowSec / 7),
      price: book.last.toFixed(PRICE_PLACES),
      size: "150.00000000",
      time: new Date((nowSec - TRADED_AGO_SEC) * 1000).toISOString().replace("Z", "000Z"),
    });
  },
};
