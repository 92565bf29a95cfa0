/** How well every coin keeps its peg: now, and over its tracked time. Prices and their times stand in `stablecoins`. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import { PriceConfidenceSchema } from "./stablecoins.ts";

export const PegSummaryCoinSchema = z.object({
  id: z.string(),
  symbol: z.string(),
  name: z.string(),
  pegType: z.string(),
  pegCurrency: z.string(),
  governance: z.string().nullable(),
  currentDeviationBps: z.int().nullable().describe("Against the peg rate of this run, below peg negative"),
  deviationReason: z.string().nullable().describe("Why the deviation is null"),
  priceSource: z.string(),
  priceConfidence: PriceConfidenceSchema.nullable(),
  primaryTrust: z.enum(["authoritative", "confirm_required", "unusable"]).describe("What its price alone may decide"),
  pegScore: z.number().nullable().describe("0-100; null under seven days of tracking"),
  earlyScore: z.boolean().describe("true: the score rests on less than 30 days"),
  pegPct: z.number().describe("Per cent of the tracked time without a depeg"),
  severityScore: z.number().describe("0-100, what depth and length of its events leave"),
  spreadPenalty: z.number(),
  eventCount: z.int().nonnegative(),
  trackingSpanDays: z.int().nonnegative().describe("Since launch or first sight, at most four years"),
  worstDeviationBps: z.int().nullable(),
  lastEventAt: UnixSecondsSchema.nullable(),
  activeDepeg: z.boolean(),
  pendingDepeg: z.boolean().describe("true: a deviation waits for confirmation"),
  dexPriceCheck: z
    .object({
      dexPrice: z.number(),
      dexDeviationBps: z.number(),
      agrees: z.boolean(),
      sourcePools: z.int(),
      sourceTvl: z.number(),
    })
    .nullable()
    .describe("null: no DEX price young and deep enough"),
});
export type PegSummaryCoin = z.infer<typeof PegSummaryCoinSchema>;

export const PegRateSchema = z.object({
  pegType: z.string(),
  usdPerUnit: z.number().positive().describe("What one unit of the peg is worth, per troy ounce for metals"),
  source: z.enum(["median", "fallback"]).describe("median: by its coins' own prices; fallback: by the FX reference"),
});

export const PegSummarySchema = z.object({
  pegRates: z
    .array(PegRateSchema)
    .describe("What deviations are measured against, of every peg that a tracked coin has"),
  coins: z.array(PegSummaryCoinSchema).describe("Every tracked coin with a fixed peg"),
  summary: z.object({
    activeDepegCount: z.int(),
    medianDeviationBps: z.number().nullable().describe("Median of the absolute deviations"),
    worstCurrent: z.object({ id: z.string(), symbol: z.string(), bps: z.int() }).nullable(),
    coinsAtPeg: z.int().describe("Coins whose deviation is known and inside their threshold"),
    totalTracked: z.int(),
    depegEventsToday: z.int().describe("Events that started on this UTC day"),
    depegEventsYesterday: z.int(),
    fallbackPegRates: z
      .array(z.object({ pegType: z.string(), usdPerUnit: z.number() }))
      .describe("Pegs with fewer than three priced coins, judged by their FX reference"),
  }),
});
export type PegSummary = z.infer<typeof PegSummarySchema>;
