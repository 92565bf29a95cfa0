/**
 * CoinMarketCap: its stablecoin category in one answer of up to 300 coins.
 *
 * Producer CoinMarketCap, https://coinmarketcap.com/api, a key is needed; the free plan counts every call, so the method asks once an hour.
 * `quote.USD.last_updated` is ISO 8601. Symbols repeat, slugs do not. A page that holds fewer coins than `num_tokens` names is cut
 * off, and says nothing of the coins it leaves out.
 */
import { z } from "zod";
import { positive, whole } from "./numbers.ts";
import { asQuotes, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readRows, readShape, upstreamError } from "./shape.ts";
import type { Quote, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

/** CoinMarketCap's number of its stablecoin category. */
const STABLECOINS = "604f2753ebccdd50cd175fc1";
const PAGE_SIZE = 300;

const CoinSchema = z.object({
  slug: z.string().min(1),
  symbol: z.string(),
  quote: z.object({ USD: z.object({ price: z.unknown(), last_updated: z.unknown().optional() }) }),
});

const BodySchema = z.object({ data: z.object({ num_tokens: z.unknown().optional(), coins: z.array(z.unknown()) }) });

export interface CategoryQuote extends Quote {
  symbol: string;
}

export interface CategoryQuotes extends Quotes<CategoryQuote> {
  /** Coins of the page, priced or not. */
  rowCount: number;
  /** Coins of the category as the answer counts them; null where it does not say. */
  numTokens: number | null;
}

export const coinmarketcapCategory: Source<QuoteRequest, CategoryQuotes> = {
  id: "coinmarketcap:category",
  upstream: "coinmarketcap",
  breaker: "coinmarketcap",
  docs: "https://coinmarketcap.com/api/documentation/v1/#operation/getV1CryptocurrencyCategory",
  example: { keys: ["tether", "usd-coin"] },
  async fetch(http, request) {
    const { body } = await http.json("coinmarketcap", {
      path: "/v1/cryptocurrency/category",
      query: { id: STABLECOINS, limit: PAGE_SIZE, convert: "USD" },
      headers: { "X-CMC_PRO_API_KEY": "{key}" },
      timeoutMs: 10_000,
      retries: 0,
    });
    return this.parse(body, request);
  },
  parse(body, request) {
    const refusal = z
      .object({ status: z.object({ error_code: z.number().refine((code) => code !== 0), error_message: z.unknown() }) })
      .safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.status.error_message);
    const { data } = readShape(BodySchema, body, this.id);
    const { rows } = readRows(CoinSchema, data.coins, this.id);
    const quotes: CategoryQuote[] = [];
    for (const { slug, symbol, quote } of rows) {
      const price = positive(quote.USD.price);
      if (price !== null)
        quotes.push({ ...makeQuote(slug, price, "USD", epochSeconds(quote.USD.last_updated)), symbol });
    }
    return { ...asQuotes(quotes, wantedKeys(request)), rowCount: data.coins.length, numTokens: whole(data.num_tokens) };
  },
  rows: ({ rowCount }) => rowCount,
  isUsable: ({ quotes }) => quotes.length > 0,
};
