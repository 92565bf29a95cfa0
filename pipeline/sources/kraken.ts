/**
 * Kraken: order books of dollar pairs, one of the hard market voices.
 *
 * Producer Kraken, https://api.kraken.com, no key, about one call a second. All figures are text in arrays: `a` ask, `b` bid, `c`
 * last trade. Keys are "BASE/QUOTE" with assetVersion=1; without it old pairs answer under another name than asked (USDTUSD as
 * USDTZUSD), so pairs are compared without slash and without that Z. The answer has no time. One unknown pair in the list
 * makes Kraken refuse the whole list, so then all pairs are asked for. Pairs that never traded are listed with a last price of 0.
 */
import { z } from "zod";
import { SourceChanged } from "../errors.ts";
import { bookPrice, quoteOfPair } from "./book.ts";
import { asQuotes, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readShape, upstreamError } from "./shape.ts";
import type { Quote, Source } from "./source.ts";
import { feedOf, type PriceVenue } from "./venue.ts";

const SideSchema = z.array(z.unknown()).optional();

const BodySchema = z.object({
  error: z.array(z.unknown()).default([]),
  result: z.record(z.string(), z.object({ a: SideSchema, b: SideSchema, c: SideSchema })),
});

/** Quote currencies of pairs written without a slash, longest first. */
const OLD_QUOTE = /(USDT|USDC|PYUSD|USD|EUR|GBP|CHF|CAD|AUD|JPY|DAI|XBT|ETH)$/;

export const krakenTicker: Source<QuoteRequest, Quotes> = {
  id: "kraken:ticker",
  upstream: "kraken",
  breaker: "kraken",
  docs: "https://docs.kraken.com/api/docs/rest-api/get-ticker-information",
  example: { keys: ["USDTUSD", "USDCUSD"] },
  async fetch(http, request) {
    const ask = async (pair?: string): Promise<Quotes> => {
      const common = { path: "/0/public/Ticker", timeoutMs: 10_000, retries: 1 };
      return this.parse((await http.json("kraken", { ...common, query: { pair } })).body, request);
    };
    try {
      return await ask(wantedKeys(request)?.join(","));
    } catch (error) {
      if (error instanceof SourceChanged && /unknown asset pair/i.test(error.message)) return ask();
      throw error;
    }
  },
  parse(body, request) {
    const refusal = z.object({ error: z.array(z.unknown()).nonempty() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.error);
    // A caller finds its pair under the name it asked for.
    const asked = new Map(wantedKeys(request)?.map((pair) => [plainPair(pair), pair]));
    const quotes: Quote[] = [];
    for (const [pair, { a, b, c }] of Object.entries(readShape(BodySchema, body, this.id).result)) {
      const price = bookPrice(b?.[0], a?.[0], c?.[0]);
      const quote = quoteOfPair(pair) ?? OLD_QUOTE.exec(pair)?.[1];
      if (price !== null && quote) quotes.push(makeQuote(asked.get(plainPair(pair)) ?? pair, price, quote, null));
    }
    return asQuotes(quotes, wantedKeys(request), plainPair);
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

/** "USDT/USD", "USDTUSD" and "USDTZUSD" are one pair. */
function plainPair(pair: string): string {
  return pair
    .toUpperCase()
    .replace("/", "")
    .replace(/^[XZ]([A-Z]{3})Z(?=[A-Z]{3}$)/, "$1")
    .replace(/^([A-Z0-9]{4,})Z(USD|EUR|GBP|CAD|JPY|AUD)$/, "$1$2");
}

export const krakenVenue: PriceVenue = {
  key: "kraken",
  source: krakenTicker,
  keyOf: (coin) => feedOf(coin, "kraken")?.pair ?? null,
};
