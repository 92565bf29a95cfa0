/**
 * Kraken's public ticker: asked by pair, answered under Kraken's own keys (USDTUSD comes back as USDTZUSD), every number a
 * text. With assetVersion=1 keys are BASE/QUOTE. One market has never traded and shows a last price of zero.
 */
import { type Book, usdBook } from "../order-book.ts";
import { listOf, ok, type SimUpstream } from "../upstream.ts";

const ID = "kraken";
const SYMBOLS = ["DAI", "EURC", "PAXG", "PYUSD", "RLUSD", "USD1", "USDC", "USDG", "USDS", "USDT"];
const ANSWER_KEYS: Record<string, string> = { USDTUSD: "USDTZUSD" };
const NEVER_TRADED = "EURR";
const NEVER_TRADED_BOOK: Book = { bid: 0.774, ask: 0.7741, last: 0, volume: 0 };

function row({ bid, ask, last, volume }: Book): object {
  const price = (value: number) => value.toFixed(8);
  const amount = volume.toFixed(8);
  const day = [price(last), price(last)];
  return {
    a: [price(ask), "1000", "1000.000"],
    b: [price(bid), "1000", "1000.000"],
    c: [price(last), "100.00000000"],
    v: [amount, amount],
    p: day,
    t: [Math.round(volume / 1000), Math.round(volume / 500)],
    l: day,
    h: day,
    o: price(last),
  };
}

export const kraken: SimUpstream = {
  id: ID,
  answer({ path, query }, world, nowSec) {
    if (path !== "/0/public/Ticker") return null;
    const markets = [...SYMBOLS, NEVER_TRADED];
    const slashed = query.get("assetVersion") === "1";
    const pairs = query.has("pair") ? listOf(query, "pair") : markets.map((symbol) => `${symbol}USD`);
    const result: Record<string, object> = {};
    for (const pair of pairs) {
      const symbol = markets.find((s) => pair === `${s}USD` || pair === `${s}/USD` || pair === ANSWER_KEYS[`${s}USD`]);
      const book = symbol === NEVER_TRADED ? NEVER_TRADED_BOOK : symbol ? usdBook(world, ID, symbol, nowSec) : null;
      if (!book) {
        if (query.has("pair")) return ok({ error: ["EQuery:Unknown asset pair"] });
        continue;
      }
      const key = slashed ? `${symbol}/USD` : (ANSWER_KEYS[`${symbol}USD`] ?? `${symbol}USD`);
      result[key] = row(book);
    }
    return ok({ error: [], result });
  },
};
