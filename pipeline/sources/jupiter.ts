/**
 * Jupiter: prices of Solana mints from the aggregator's own routing, with the liquidity behind them.
 *
 * Producer Jupiter, https://api.jup.ag (version 3 of the price API; a key raises the limit of about one call a second). Prices are numbers
 * keyed by mint, whose case matters; unknown mints are absent; there is no time, only the slot (`blockId`).
 */
import { z } from "zod";
import { finite, positive, whole } from "./numbers.ts";
import { asQuotes, inBatches, makeQuote, mergeQuotes, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readShape, upstreamError } from "./shape.ts";
import type { Quote, Source } from "./source.ts";

const BodySchema = z.record(
  z.string(),
  z.object({ usdPrice: z.unknown(), liquidity: z.unknown().optional(), blockId: z.unknown().optional() }).nullable(),
);

export interface JupiterQuote extends Quote {
  liquidityUsd: number | null;
  /** Solana slot the price was seen at. */
  blockId: number | null;
}

const MINTS_PER_REQUEST = 50;

export const jupiterPrice: Source<QuoteRequest, Quotes<JupiterQuote>> = {
  id: "jupiter:price",
  upstream: "jupiter",
  breaker: "jupiter",
  docs: "https://dev.jup.ag/docs/price/v3",
  example: { keys: ["EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"] },
  async fetch(http, request) {
    const answers: Quotes<JupiterQuote>[] = [];
    for (const mints of inBatches(wantedKeys(request) ?? [], MINTS_PER_REQUEST)) {
      const { body } = await http.json("jupiter", {
        path: "/price/v3",
        query: { ids: mints.join(",") },
        headers: { "x-api-key": "{key}" },
      });
      answers.push(this.parse(body, request));
    }
    return mergeQuotes(answers);
  },
  parse(body, request) {
    const refusal = z.object({ error: z.string() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.error);
    const quotes: JupiterQuote[] = [];
    for (const [mint, entry] of Object.entries(readShape(BodySchema, body, this.id))) {
      const price = typeof entry?.usdPrice === "number" ? positive(entry.usdPrice) : null;
      if (entry === null || price === null) continue;
      const quote = makeQuote(mint, price, "USD", null);
      quotes.push({ ...quote, liquidityUsd: finite(entry.liquidity), blockId: whole(entry.blockId) });
    }
    return asQuotes(quotes, wantedKeys(request));
  },
  rows: ({ quotes }) => quotes.length,
  // Sparse answers are healthy: many mints are simply not traded.
  isUsable: () => true,
};
