/** The recap of a week: what its daily digests said, taken together, and the sentences a template makes of that. */
import { z } from "zod";
import { CoinSchema, DigestFactsSchema } from "./digest.ts";
import { UnixSecondsSchema } from "./envelope.ts";
import type { HistoryDataset } from "./history-dataset.ts";
import { StabilityBandSchema, StressBandSchema } from "./stress.ts";

const count = z.int().nonnegative();
const day = z.iso.date();
const mornings = z.int().positive().describe("Mornings of the week on which it was so");
const daily = DigestFactsSchema.shape;

/** A part is null where no morning of the week knew it; counts are of the mornings that did. */
export const WeeklyFactsSchema = z.object({
  days: z.array(day).min(1).describe("Mornings whose digests are in it, ascending"),
  market: z.object({
    totalUsd: z.number().describe("Of the last morning"),
    change7d: daily.market.shape.change7d,
    largestMovers7d: daily.market.shape.largestMovers7d,
  }),
  depegs: z
    .object({
      known: mornings,
      offPeg: z
        .array(CoinSchema.extend({ mornings, worstBps: z.int() }))
        .describe("Among the heaviest of a morning; most mornings first"),
      mostOpen: count.describe("Most coins off their peg on one morning"),
      ended: daily.depegs.unwrap().shape.ended,
    })
    .nullable(),
  stability: z
    .object({
      first: z.number(),
      last: z.number(),
      lastBand: StabilityBandSchema,
      lowest: z.number(),
      lowestDay: day,
    })
    .nullable(),
  flows: z
    .object({
      gaugeLowest: z.number().nullable(),
      gaugeHighest: z.number().nullable(),
      gaugeLast: z.number().nullable(),
      flightMornings: count
        .nullable()
        .describe("With a flight to quality; null: no morning knew whether there was one"),
    })
    .nullable(),
  stress: z
    .object({
      alerted: z.array(CoinSchema.extend({ mornings, band: StressBandSchema, score: z.int() })).describe("At worst"),
    })
    .nullable(),
  grades: daily.grades,
  freezes: z.object({ events: count, usd: z.number(), unknownAmounts: count }).nullable(),
  yields: z.array(CoinSchema.extend({ mornings })).nullable().describe("With a warning on most mornings"),
  dexScores: daily.dexScores.describe("From the first morning's score to the last one's; moves of 8 and more"),
  method: daily.method,
  gaps: z.array(z.object({ source: z.string(), mornings })).describe("Sources that were missing, and how often"),
});
export type WeeklyFacts = z.infer<typeof WeeklyFactsSchema>;

/** Fewer digests make no recap. */
export const LEAST_MORNINGS = 5;

export const WeeklyDigestSchema = z.object({
  date: UnixSecondsSchema.describe("Start of the Monday it ends with"),
  at: UnixSecondsSchema.describe("Run that wrote it"),
  title: z.string(),
  text: z.string().describe("Sentences, one a line"),
  facts: z.string().describe("What the sentences were made from, as JSON"),
  methodologyVersion: z.string(),
});
export type WeeklyDigest = z.infer<typeof WeeklyDigestSchema>;

/** One row a week with five digests or more; the first run of a Monday or later writes it, and none rewrites it. */
export const WEEKLY_DIGESTS: HistoryDataset<WeeklyDigest> = {
  name: "weekly-digest",
  row: WeeklyDigestSchema,
  columns: {
    date: "BIGINT",
    at: "BIGINT",
    title: "VARCHAR",
    text: "VARCHAR",
    facts: "VARCHAR",
    methodologyVersion: "VARCHAR",
  },
  key: ["date"],
  timeColumn: "date",
  period: "year",
};
