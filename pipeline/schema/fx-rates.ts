/** FX and metal references: USD per one unit of every peg currency, each with its own provenance and freshness. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";

export const FxCadenceSchema = z.enum(["business-daily", "calendar-daily", "intraday"]);
export type FxCadence = z.infer<typeof FxCadenceSchema>;

export const FxReferenceTypeSchema = z.enum(["fresh", "stale", "static", "none"]);
export type FxReferenceType = z.infer<typeof FxReferenceTypeSchema>;

export const FxRefusalSchema = z.object({
  source: z.string(),
  usdPerUnit: z.number(),
  reason: z.enum([
    "out-of-bounds",
    "jump-over-20-percent",
    "far-from-current-rate",
    "future-dated",
    "older-than-the-last",
  ]),
});

export const FxRateSchema = z.object({
  usdPerUnit: z.number().positive().describe("USD per one unit (currencies) or per troy ounce (GOLD, SILVER)"),
  source: z.string().describe("Source id the rate was taken from"),
  cadence: FxCadenceSchema,
  observedAt: UnixSecondsSchema.describe("When the rate was true, by its source"),
  sourceDate: z.string().nullable().describe("UTC date the source names for a daily rate"),
  referenceType: FxReferenceTypeSchema.describe("What price validation may make of it"),
  freshness: z.enum(["fresh", "degraded", "stale"]),
  carriedForward: z.boolean().describe("true: no live answer this run, the previous rate stands"),
  refused: z.array(FxRefusalSchema).describe("Rates offered in this run and not believed"),
});
export type FxRate = z.infer<typeof FxRateSchema>;

export const FxRatesSchema = z.object({
  mode: z
    .enum(["live", "cached"])
    .describe("cached: no source gave the daily set and the previous set is past its cadence"),
  cachedStreak: z.int().nonnegative().describe("Runs in a row in cached mode"),
  rates: z.record(z.string(), FxRateSchema).describe("By ISO 4217 code, or GOLD and SILVER"),
  missing: z.array(z.object({ currency: z.string(), reason: z.string() })).describe("Peg currencies without any rate"),
});
export type FxRates = z.infer<typeof FxRatesSchema>;
