/**
 * gold-api.com: spot gold and silver in USD per troy ounce, the reference of commodity pegs.
 *
 * Producer gold-api.com, https://api.gold-api.com, no key, no licence stated; refreshed every few seconds. Two shapes are
 * alive: since mid-2026 the answer also names its currency, and other currencies exist then. No history is read from it.
 */
import { z } from "zod";
import { positive } from "./numbers.ts";
import { asQuotes, makeQuote, mergeQuotes, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const BodySchema = z.object({
  /** XAU, XAG. */
  symbol: z.string().min(1),
  price: z.number().nullable(),
  /** Absent in the older shape, where it is always USD. */
  currency: z.string().min(1).nullish(),
  /** ISO 8601, no fraction. */
  updatedAt: z.unknown().optional(),
});

export const goldApi: Source<QuoteRequest, Quotes> = {
  id: "gold-api:price",
  upstream: "gold-api",
  breaker: null,
  docs: "https://gold-api.com/docs",
  example: { keys: ["XAU", "XAG"] },
  async fetch(http, request) {
    const answers: Quotes[] = [];
    for (const metal of wantedKeys(request) ?? ["XAU", "XAG"]) {
      const { body } = await http.json("gold-api", { path: `/price/${encodeURIComponent(metal)}` });
      answers.push(this.parse(body, request));
    }
    return mergeQuotes(answers);
  },
  parse(body, request) {
    const refusal = z.object({ error: z.string() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.error);
    const { symbol, price, currency, updatedAt } = readShape(BodySchema, body, this.id);
    const usable = positive(price);
    if (usable === null) return { quotes: [] };
    const quote = makeQuote(symbol.toUpperCase(), usable, currency ?? "USD", epochSeconds(updatedAt));
    return asQuotes([quote], wantedKeys(request), (key) => key.toUpperCase());
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};
