/** Binance's last prices on its two hosts: all symbols in one list, or one symbol; no bid or ask, no time. */
import { usdBook } from "../order-book.ts";
import { ok, type SimUpstream } from "../upstream.ts";
import type { World } from "../world.ts";

const ID = "binance";
const SYMBOLS = ["USDC", "USDT"];
const INVALID_SYMBOL = { status: 400, body: { code: -1121, msg: "Invalid symbol." } };

function tickers(world: World, nowSec: number): { symbol: string; price: string }[] {
  return SYMBOLS.flatMap((symbol) => {
    const book = usdBook(world, ID, symbol, nowSec);
    return book ? [{ symbol: `${symbol}USD`, price: book.last.toFixed(8) }] : [];
  });
}

function host(id: string): SimUpstream {
  return {
    id,
    answer({ path, query }, world, nowSec) {
      if (path !== "/api/v3/ticker/price") return null;
      const all = tickers(world, nowSec);
      const symbol = query.get("symbol");
      if (symbol === null) return ok(all);
      const one = all.find((ticker) => ticker.symbol === symbol);
      return one ? ok(one) : INVALID_SYMBOL;
    },
  };
}

export const binance = host("binance");
export const binanceMain = host("binance-main");
