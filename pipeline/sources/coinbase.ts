/**
 * Coinbase Exchange: order books of dollar pairs, one request per pair.
 *
 * Producer Coinbase, https://api.exchange.coinbase.com, no key, ten calls a second. Figures are text, the time is ISO 8601 with
 * microseconds; the answer does not name its pair, so the request must. A pair that fails leaves the others standing.
 */
import { z } from "zod";
import { PlumblineError } from "../errors.ts";
import { bookPrice, quoteOfPair } from "./book.ts";
import { asQuotes, makeQuote, mergeQuotes, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { badShape, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";
import { feedOf, type PriceVenue } from "./venue.ts";

const FigureSchema = z.union([z.string(), z.number()]).nullish();

const BodySchema = z
  .object({ bid: FigureSchema, ask: FigureSchema, price: FigureSchema, time: z.unknown().optional() })
  .refine(({ bid, ask, price }) => (bid != null && ask != null) || price != null, "neither a book nor a last trade");

export const coinbaseTicker: Source<QuoteRequest, Quotes> = {
  id: "coinbase:ticker",
  upstream: "coinbase",
  breaker: "coinbase",
  docs: "https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/products/get-product-ticker",
  example: { keys: ["USDT-USD"] },
  async fetch(http, request) {
    const answers: Quotes[] = [];
    let trouble: PlumblineError | null = null;
    for (const pair of wantedKeys(request) ?? []) {
      const path = `/products/${encodeURIComponent(pair)}/ticker`;
      try {
        const { body } = await http.json("coinbase", { path, timeoutMs: 10_000, retries: 1 });
        answers.push(this.parse(body, { keys: [pair] }));
      } catch (error) {
        if (!(error instanceof PlumblineError)) throw error;
        trouble ??= error;
      }
    }
    if (trouble !== null && answers.length === 0) throw trouble;
    return mergeQuotes(answers);
  },
  parse(body, request) {
    const refusal = z.strictObject({ message: z.string() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.message);
    const { bid, ask, price, time } = readShape(BodySchema, body, this.id);
    const pair = wantedKeys(request)?.[0];
    const quote = pair === undefined ? null : quoteOfPair(pair);
    if (pair === undefined || quote === null) throw badShape(this.id, "the request names no pair");
    const middle = bookPrice(bid, ask, price);
    return asQuotes(middle === null ? [] : [makeQuote(pair, middle, quote, epochSeconds(time))], undefined);
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

export const coinbaseVenue: PriceVenue = {
  key: "coinbase",
  source: coinbaseTicker,
  keyOf: (coin) => feedOf(coin, "coinbase")?.product ?? null,
};
