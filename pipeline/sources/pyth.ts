/**
 * Pyth: oracle prices of coins with a confidence band, from the Hermes web service.
 *
 * Producer Pyth Data Association, https://hermes.pyth.network, no key, 30 calls in ten seconds; prices every 400 ms. Figures are integer text
 * with an exponent that differs per feed (-8 coins, -5 equities and fiat). Ids come back without the 0x they may be asked with.
 */
import { z } from "zod";
import { fromBaseUnits, positive, roundHalfUp } from "./numbers.ts";
import { asQuotes, inBatches, makeQuote, mergeQuotes, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readRows, readShape } from "./shape.ts";
import type { Quote, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";
import { feedOf, type PriceVenue } from "./venue.ts";

const IntegerText = z.union([z.string(), z.int()]).transform(String);

const FeedSchema = z.object({
  id: z.string().regex(/^(0x)?[0-9a-f]+$/i, "not a feed id"),
  price: z.object({
    price: IntegerText,
    conf: IntegerText.nullish(),
    expo: z.int(),
    publish_time: z.unknown().optional(),
  }),
});

export interface PythQuote extends Quote {
  /** Half width of the band Pyth states, in basis points of the price; null where it states none. */
  confidenceBps: number | null;
}

const IDS_PER_REQUEST = 50;

export const pythPrice: Source<QuoteRequest, Quotes<PythQuote>> = {
  id: "pyth:price",
  upstream: "pyth-hermes",
  breaker: "pyth",
  docs: "https://hermes.pyth.network/docs/",
  example: { keys: ["2b89b9dc8fdf9f34709a5b106b472f0f39bb6ca9ce04b0fd7f2e971688e2e53b"] },
  async fetch(http, request) {
    const answers: Quotes<PythQuote>[] = [];
    for (const ids of inBatches(wantedKeys(request) ?? [], IDS_PER_REQUEST)) {
      const query = { "ids[]": ids.map((id) => `0x${plainId(id)}`) };
      const path = "/v2/updates/price/latest";
      const { body } = await http.json("pyth-hermes", { path, query, timeoutMs: 10_000, retries: 1 });
      answers.push(this.parse(body, request));
    }
    return mergeQuotes(answers);
  },
  parse(body, request) {
    const list = readShape(z.object({ parsed: z.array(z.unknown()) }), body, this.id).parsed;
    const quotes: PythQuote[] = [];
    for (const { id, price: feed } of readRows(FeedSchema, list, this.id).rows) {
      const price = positive(scaled(feed.price, feed.expo));
      if (price === null) continue;
      const band = feed.conf == null ? null : scaled(feed.conf, feed.expo);
      quotes.push({
        ...makeQuote(plainId(id), price, "USD", epochSeconds(feed.publish_time)),
        confidenceBps: band === null || band < 0 ? null : roundHalfUp((band / price) * 10_000),
      });
    }
    return asQuotes(quotes, wantedKeys(request), plainId);
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

function plainId(id: string): string {
  return id.toLowerCase().replace(/^0x/, "");
}

function scaled(integer: string, exponent: number): number | null {
  return fromBaseUnits(integer, -exponent);
}

export const pythVenue: PriceVenue = {
  key: "pyth",
  source: pythPrice,
  keyOf: (coin) => feedOf(coin, "pyth")?.feedId ?? null,
};
