/**
 * CoinGecko: aggregated market prices by coin id, and the market caps we fall back on when DefiLlama is down.
 *
 * Producer CoinGecko, https://api.coingecko.com/api/v3, terms at https://www.coingecko.com/en/api_terms (attribution asked for).
 * Without a key a handful of calls a minute, with a demo key 30; prices move every minute or so. A pro key needs another host
 * and header: give them with --upstreams.
 *
 * What it gets wrong: symbols are not unique (twenty coins are called USDC) and ids may be odd ("_"), so ids alone are keys;
 * answers come in another order than asked; whole prices come as integers; an unknown id is silently absent.
 */
import { z } from "zod";
import { finite, positive } from "./numbers.ts";
import { asQuotes, inBatches, makeQuote, mergeQuotes, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readRows, readShape, upstreamError } from "./shape.ts";
import type { Http, HttpRequest, Quote, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";
import type { PriceVenue } from "./venue.ts";

export interface CoinGeckoRequest extends QuoteRequest {
  /** Currency to quote in, default "usd". */
  vs?: string | undefined;
}

/** Longer id lists make URLs that are refused. */
const IDS_PER_REQUEST = 250;
const DOCS = "https://docs.coingecko.com/reference/introduction";

const ErrorSchema = z.object({
  status: z.object({ error_code: z.number(), error_message: z.string().optional() }),
});

/** One request to CoinGecko with the key where there is one; its error bodies may come with HTTP 200. */
export async function askCoinGecko(http: Http, request: HttpRequest): Promise<unknown> {
  const { body } = await http.json("coingecko", { ...request, headers: { "x-cg-demo-api-key": "{key}" } });
  return body;
}

export function refuseErrorBody(body: unknown, source: string): void {
  const refusal = ErrorSchema.safeParse(body);
  if (refusal.success) throw upstreamError(source, refusal.data.status.error_message ?? refusal.data.status.error_code);
  const plain = z.object({ error: z.string() }).safeParse(body);
  if (plain.success) throw upstreamError(source, plain.data.error);
}

/** Coin id to `{<currency>: price, last_updated_at: seconds}`. */
const SimplePriceSchema = z.record(z.string(), z.record(z.string(), z.number().nullable()));

export const coingeckoSimplePrice: Source<CoinGeckoRequest, Quotes> = {
  id: "coingecko:simple-price",
  upstream: "coingecko",
  breaker: "coingecko-prices",
  docs: DOCS,
  example: { keys: ["tether", "usd-coin", "dai"] },
  async fetch(http, request) {
    const answers: Quotes[] = [];
    for (const ids of inBatches(wantedKeys(request) ?? [], IDS_PER_REQUEST)) {
      const query = { ids: ids.join(","), vs_currencies: request.vs ?? "usd", include_last_updated_at: "true" };
      answers.push(this.parse(await askCoinGecko(http, { path: "/simple/price", query }), request));
    }
    return mergeQuotes(answers);
  },
  parse(body, request) {
    refuseErrorBody(body, this.id);
    const vs = (request.vs ?? "usd").toLowerCase();
    const quotes: Quote[] = [];
    for (const [coin, values] of Object.entries(readShape(SimplePriceSchema, body, this.id))) {
      const price = positive(values[vs]);
      if (price !== null) quotes.push(makeQuote(coin, price, vs, epochSeconds(values.last_updated_at)));
    }
    return asQuotes(quotes, wantedKeys(request));
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

export interface NativeRequest {
  /** Coin ids, each with the currency it is wanted in. */
  pairs: readonly { key: string; vs: string }[];
}

/** Coins in their own currencies, all currencies in one request: what a euro coin is worth in euro. */
export const coingeckoNativePrice: Source<NativeRequest, Quotes> = {
  id: "coingecko:native-price",
  upstream: "coingecko",
  breaker: "coingecko-prices",
  docs: DOCS,
  example: { pairs: [{ key: "euro-coin", vs: "eur" }] },
  async fetch(http, request) {
    const answers: Quotes[] = [];
    for (const pairs of inBatches(request.pairs, IDS_PER_REQUEST)) {
      const [ids, currencies] = [pairs.map(({ key }) => key), pairs.map(({ vs }) => vs.toLowerCase())];
      const query = {
        ids: [...new Set(ids)].sort().join(","),
        vs_currencies: [...new Set(currencies)].sort().join(","),
        include_last_updated_at: "true",
      };
      answers.push(this.parse(await askCoinGecko(http, { path: "/simple/price", query }), { pairs }));
    }
    return mergeQuotes(answers);
  },
  parse(body, request) {
    refuseErrorBody(body, this.id);
    const prices = readShape(SimplePriceSchema, body, this.id);
    const quotes = (request.pairs ?? []).flatMap(({ key, vs }) => {
      const price = positive(prices[key]?.[vs.toLowerCase()]);
      return price === null ? [] : [makeQuote(key, price, vs, epochSeconds(prices[key]?.last_updated_at))];
    });
    return asQuotes(quotes, undefined);
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

export const coingeckoVenue: PriceVenue = {
  key: "coingecko",
  source: coingeckoSimplePrice,
  keyOf: (coin) => coin.ids.coingecko,
};

const MarketSchema = z.object({
  id: z.string().min(1),
  symbol: z.string().nullish(),
  /** Integer or fraction; null for coins without a market. */
  current_price: z.unknown(),
  /** Zero where CoinGecko does not know the supply. */
  market_cap: z.unknown().optional(),
  circulating_supply: z.unknown().optional(),
  /** ISO 8601 with milliseconds. */
  last_updated: z.unknown().optional(),
});

export interface MarketQuote extends Quote {
  /** In the quote currency; null where unknown. Zero stays zero. */
  marketCap: number | null;
  /** In tokens. */
  circulatingSupply: number | null;
}

export const coingeckoMarkets: Source<CoinGeckoRequest, Quotes<MarketQuote>> = {
  id: "coingecko:coins-markets",
  upstream: "coingecko",
  breaker: "coingecko-mcap",
  docs: DOCS,
  example: { keys: ["tether", "usd-coin", "dai"] },
  async fetch(http, request) {
    const answers: Quotes<MarketQuote>[] = [];
    for (const ids of inBatches(wantedKeys(request) ?? [], IDS_PER_REQUEST)) {
      const query = { vs_currency: request.vs ?? "usd", ids: ids.join(","), per_page: IDS_PER_REQUEST, page: 1 };
      answers.push(this.parse(await askCoinGecko(http, { path: "/coins/markets", query }), request));
    }
    return mergeQuotes(answers);
  },
  parse(body, request) {
    refuseErrorBody(body, this.id);
    const { rows } = readRows(MarketSchema, readShape(z.array(z.unknown()), body, this.id), this.id);
    const quotes: MarketQuote[] = [];
    for (const row of rows) {
      const price = positive(row.current_price);
      if (price === null) continue;
      quotes.push({
        ...makeQuote(row.id, price, request.vs ?? "usd", epochSeconds(row.last_updated)),
        marketCap: finite(row.market_cap),
        circulatingSupply: finite(row.circulating_supply),
      });
    }
    return asQuotes(quotes, wantedKeys(request));
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

const CategoryRowSchema = z.object({
  id: z.string().min(1),
  symbol: z.string(),
  name: z.string(),
  market_cap: z.unknown(),
});

export interface CategoryCoins {
  coins: { id: string; symbol: string; name: string; marketCap: number | null }[];
}

/** The largest coins of CoinGecko's stablecoin category, priced or not: who is there at all. */
export const coingeckoCategory: Source<Record<string, never>, CategoryCoins> = {
  id: "coingecko:stablecoin-category",
  upstream: "coingecko",
  breaker: "coingecko-discovery",
  docs: DOCS,
  example: {},
  async fetch(http, request) {
    const query = {
      vs_currency: "usd",
      category: "stablecoins",
      order: "market_cap_desc",
      per_page: IDS_PER_REQUEST,
      page: 1,
    };
    return this.parse(await askCoinGecko(http, { path: "/coins/markets", query }), request);
  },
  parse(body) {
    refuseErrorBody(body, this.id);
    const { rows } = readRows(CategoryRowSchema, readShape(z.array(z.unknown()), body, this.id), this.id);
    return {
      coins: rows.map(({ id, symbol, name, market_cap }) => ({ id, symbol, name, marketCap: finite(market_cap) })),
    };
  },
  rows: ({ coins }) => coins.length,
  isUsable: ({ coins }) => coins.length > 0,
};

const CoinSchema = z.object({ id: z.string().min(1), symbol: z.string(), name: z.string().nullish() });

export interface CoinList {
  coins: { id: string; symbol: string; name: string | null }[];
}

export const coingeckoList: Source<Record<string, never>, CoinList> = {
  id: "coingecko:coins-list",
  upstream: "coingecko",
  breaker: "coingecko-discovery",
  docs: DOCS,
  example: {},
  async fetch(http, request) {
    return this.parse(await askCoinGecko(http, { path: "/coins/list" }), request);
  },
  parse(body) {
    refuseErrorBody(body, this.id);
    const { rows } = readRows(CoinSchema, readShape(z.array(z.unknown()), body, this.id), this.id);
    return { coins: rows.map(({ id, symbol, name }) => ({ id, symbol, name: name ?? null })) };
  },
  rows: ({ coins }) => coins.length,
  isUsable: ({ coins }) => coins.length > 0,
};
