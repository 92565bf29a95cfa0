/**
 * Binance: last trades of its dollar pairs, from the data host or the main one.
 *
 * Producer Binance, https://data-api.binance.vision then https://api.binance.com, no key, weight 4 for all pairs. The answer has no
 * time and no book; pairs are written without a separator, so only pairs we name are read. Many networks are refused
 * for legal reasons (403, 451): that is "blocked" and no failure of the venue. A host in trouble is not asked twice, the other is.
 */
import { z } from "zod";
import { SourceUnavailable } from "../errors.ts";
import { HttpRefused } from "./client-errors.ts";
import { positive } from "./numbers.ts";
import { asQuotes, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readRows, readShape, upstreamError } from "./shape.ts";
import type { Http, Quote, Source } from "./source.ts";
import { feedOf, type PriceVenue } from "./venue.ts";

const HOSTS = ["binance", "binance-main"] as const;

const RowSchema = z.object({ symbol: z.string().min(1), price: z.string() });

/** Quote currencies its pairs end in, longest first; other pairs are not read. */
const QUOTE = /(FDUSD|TUSD|USDT|USDC|BUSD|USD1|USD|EUR|GBP|TRY|BRL|JPY|DAI)$/;

export const binanceTicker: Source<QuoteRequest, Quotes> = {
  id: "binance:ticker",
  upstream: "binance",
  breaker: "binance",
  docs: "https://developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints",
  example: { keys: ["USDTUSD", "USDCUSD"] },
  async fetch(http, request) {
    return this.parse(await askHosts(http), request);
  },
  parse(body, request) {
    const refusal = z.object({ code: z.number(), msg: z.string() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.msg);
    const list = Array.isArray(body) ? body : [readShape(RowSchema, body, this.id)];
    const quotes: Quote[] = [];
    for (const { symbol, price } of readRows(RowSchema, list, this.id).rows) {
      const usable = positive(price);
      const quote = QUOTE.exec(symbol.toUpperCase())?.[1];
      if (usable !== null && quote !== undefined) quotes.push(makeQuote(symbol, usable, quote, null));
    }
    return asQuotes(quotes, wantedKeys(request), (pair) => pair.toUpperCase());
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

async function askHosts(http: Http): Promise<unknown> {
  const troubles: unknown[] = [];
  for (const host of HOSTS) {
    try {
      // One more attempt for a network error only; a status sends us to the next host.
      const request = { path: "/api/v3/ticker/price", timeoutMs: 10_000, retries: 1, retryStatuses: false };
      return (await http.json(host, request)).body;
    } catch (error) {
      if (!(error instanceof SourceUnavailable)) throw error;
      troubles.push(error);
    }
  }
  const isBlocked = troubles.every((error) => error instanceof HttpRefused && [403, 451].includes(error.status));
  if (!isBlocked) throw troubles[0];
  throw new SourceUnavailable("binance refuses this network on all its hosts", {
    code: "blocked",
    where: "binance",
    hint: "A legal restriction of the place this runs in; the other venues carry on.",
  });
}

export const binanceVenue: PriceVenue = {
  key: "binance",
  source: binanceTicker,
  keyOf: (coin) => feedOf(coin, "binance")?.symbol ?? null,
};
