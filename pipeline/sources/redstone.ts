/**
 * RedStone: oracle prices with the price of every venue behind them, so that agreement can be judged.
 *
 * Producer RedStone, https://api.redstone.finance, no key; prices about every ten seconds, times in milliseconds. Symbols are exact in case and
 * not unique in meaning; a symbol may be missing from a batch and be there when asked alone; an answer may hold a list per
 * symbol, of which the newest counts. We take the median of the venues and not RedStone's own `value`.
 */
import { z } from "zod";
import { median } from "../statistics.ts";
import { positive, roundHalfUp } from "./numbers.ts";
import { asQuotes, inBatches, makeQuote, mergeQuotes, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readShape, upstreamError } from "./shape.ts";
import type { Quote, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";
import { feedOf, type PriceVenue } from "./venue.ts";

const EntrySchema = z.object({
  value: z.unknown(),
  /** Milliseconds. */
  timestamp: z.unknown().optional(),
  /** Venue to price. */
  source: z.record(z.string(), z.unknown()).nullish(),
});
type Entry = z.output<typeof EntrySchema>;

const BodySchema = z.record(z.string(), z.union([EntrySchema, z.array(EntrySchema).nonempty()]));

export interface RedstoneQuote extends Quote {
  /** Venues with a positive price. */
  venues: number;
  /** Share of venues within 50 bps of the median, whole per cent. */
  agreementPct: number;
}

const SYMBOLS_PER_REQUEST = 10;
const SOLO_RETRIES = 5;
const AGREEMENT = 0.005;

export const redstonePrices: Source<QuoteRequest, Quotes<RedstoneQuote>> = {
  id: "redstone:prices",
  upstream: "redstone",
  breaker: "redstone",
  docs: "https://docs.redstone.finance/",
  example: { symbols: ["USDT", "USDC"] },
  async fetch(http, request) {
    const ask = async (symbols: readonly string[]): Promise<Quotes<RedstoneQuote>> => {
      const query = { symbols: symbols.join(","), provider: "redstone-primary-prod" };
      const { body } = await http.json("redstone", { path: "/prices", query, timeoutMs: 7_500 });
      return this.parse(body, { symbols });
    };
    const answers: Quotes<RedstoneQuote>[] = [];
    let retriesLeft = SOLO_RETRIES;
    for (const symbols of inBatches(wantedKeys(request) ?? [], SYMBOLS_PER_REQUEST)) {
      const answer = await ask(symbols);
      answers.push(answer);
      const found = new Set(answer.quotes.map(({ key }) => key));
      for (const missing of symbols.length > 1 ? symbols.filter((symbol) => !found.has(symbol)) : []) {
        if (retriesLeft === 0) break;
        retriesLeft -= 1;
        answers.push(await ask([missing]));
      }
    }
    return mergeQuotes(answers);
  },
  parse(body, request) {
    const refusal = z.object({ error: z.unknown().optional() }).safeParse(body);
    if (refusal.success && typeof refusal.data.error === "string") throw upstreamError(this.id, refusal.data.error);
    const quotes: RedstoneQuote[] = [];
    for (const [symbol, given] of Object.entries(readShape(BodySchema, body, this.id))) {
      const quote = quoteOf(symbol, Array.isArray(given) ? newest(given) : given);
      if (quote !== null) quotes.push(quote);
    }
    return asQuotes(quotes, wantedKeys(request));
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

function newest(entries: readonly Entry[]): Entry | undefined {
  const time = (entry: Entry) =>
    typeof entry.timestamp === "number" ? entry.timestamp : (epochSeconds(entry.timestamp) ?? 0);
  return entries.toSorted((a, b) => time(b) - time(a))[0];
}

function quoteOf(symbol: string, entry: Entry | undefined): RedstoneQuote | null {
  if (entry === undefined || positive(entry.value) === null) return null;
  const venues = Object.values(entry.source ?? {})
    .map(positive)
    .filter((price) => price !== null);
  const price = median(venues);
  if (price === null) return null;
  const agreeing = venues.filter((venue) => Math.abs(venue / price - 1) <= AGREEMENT).length;
  return {
    ...makeQuote(symbol, price, "USD", epochSeconds(entry.timestamp)),
    venues: venues.length,
    agreementPct: roundHalfUp((100 * agreeing) / venues.length),
  };
}

export const redstoneVenue: PriceVenue = {
  key: "redstone",
  source: redstonePrices,
  keyOf: (coin) => feedOf(coin, "redstone")?.symbol ?? null,
};
