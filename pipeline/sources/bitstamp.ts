/**
 * Bitstamp: order books of all pairs in one answer, with the venue's own time.
 *
 * Producer Bitstamp, https://www.bitstamp.net, no key, 400 calls a second allowed and one needed. Figures and times are text; rows
 * name their pair "USDC/USD" (some older ones as `market`). A single pair's answer is such an object without its name.
 */
import { z } from "zod";
import { bookPrice, quoteOfPair } from "./book.ts";
import { asQuotes, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { badShape, readRows, readShape, upstreamError } from "./shape.ts";
import type { Quote, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";
import { feedOf, type PriceVenue } from "./venue.ts";

const FigureSchema = z.union([z.string(), z.number()]).nullish();

const RowSchema = z
  .object({
    pair: z.string().nullish(),
    market: z.string().nullish(),
    bid: FigureSchema,
    ask: FigureSchema,
    last: FigureSchema,
    timestamp: z.unknown().optional(),
  })
  .refine(({ bid, ask, last }) => (bid != null && ask != null) || last != null, "neither a book nor a last trade");

export const bitstampTicker: Source<QuoteRequest, Quotes> = {
  id: "bitstamp:ticker",
  upstream: "bitstamp",
  breaker: "bitstamp",
  docs: "https://www.bitstamp.net/api/#tag/Tickers",
  example: { keys: ["USDT/USD", "USDC/USD"] },
  async fetch(http, request) {
    const { body } = await http.json("bitstamp", { path: "/api/v2/ticker/", timeoutMs: 10_000, retries: 1 });
    return this.parse(body, request);
  },
  parse(body, request) {
    const refusal = z.object({ status: z.literal("error"), reason: z.unknown().optional() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.reason ?? "no reason given");
    const wanted = wantedKeys(request);
    if (!Array.isArray(body)) {
      const row = readShape(RowSchema, body, this.id);
      const pair = row.pair ?? row.market ?? wanted?.[0];
      if (pair === undefined) throw badShape(this.id, "the request names no pair");
      return asQuotes(quotesOf(pair, row), undefined);
    }
    const { rows } = readRows(RowSchema, body, this.id);
    const quotes = rows.flatMap((row) => quotesOf(row.pair ?? row.market ?? "", row));
    return asQuotes(quotes, wanted, (pair) => pair.toUpperCase());
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

function quotesOf(pair: string, { bid, ask, last, timestamp }: z.output<typeof RowSchema>): Quote[] {
  const price = bookPrice(bid, ask, last);
  const quote = quoteOfPair(pair);
  return price === null || quote === null ? [] : [makeQuote(pair, price, quote, epochSeconds(timestamp))];
}

export const bitstampVenue: PriceVenue = {
  key: "bitstamp",
  source: bitstampTicker,
  keyOf: (coin) => feedOf(coin, "bitstamp")?.market ?? null,
};
