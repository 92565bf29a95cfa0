/** Every quote that was looked at for every coin: who said what, who agreed, who was refused and why. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import { ObservedAtModeSchema } from "./stablecoins.ts";

export const PriceQuoteSchema = z.object({
  source: z.string().describe("Price source key of the method, e.g. coingecko, defillama-list"),
  priceUsd: z.number().nullable().describe("USD per token; null when what came was no price"),
  observedAt: UnixSecondsSchema.nullable(),
  observedAtMode: ObservedAtModeSchema.nullable(),
  weight: z.number(),
  verdict: z.enum(["agreed", "disagreed", "rejected"]),
  reason: z.string().nullable().describe("Why it was rejected; null otherwise"),
});
export type PriceQuote = z.infer<typeof PriceQuoteSchema>;

export const PriceQuotesSchema = z.object({ quotes: z.record(z.string(), z.array(PriceQuoteSchema)) });
export type PriceQuotes = z.infer<typeof PriceQuotesSchema>;
