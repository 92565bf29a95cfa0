/** The daily digest: the facts of a morning, and the sentences a template makes of them. No opinion, no model. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import type { HistoryDataset } from "./history-dataset.ts";
import { GradeSchema } from "./report-cards.ts";
import { StabilityBandSchema, StressBandSchema } from "./stress.ts";
import { YieldWarningSchema } from "./yields.ts";

const share = z.number().nullable().describe("Share: 0.01 is one per cent; null: not known");
export const CoinSchema = z.object({ id: z.string(), symbol: z.string() });
const count = z.int().nonnegative();

/** A fact is null where its source was missing, too old or damaged; the source is then named in `degradedSources`. */
export const DigestFactsSchema = z.object({
  market: z.object({
    totalUsd: z.number(),
    change24h: share,
    change7d: share,
    largestMover: CoinSchema.extend({ changeUsd: z.number(), change: share }).nullable(),
    largestMovers7d: z.array(CoinSchema.extend({ changeUsd: z.number(), change: share })).describe("Three of a week"),
  }),
  depegs: z
    .object({
      open: count,
      worst: z
        .array(CoinSchema.extend({ bps: z.int(), supplyUsd: z.number(), startedAt: UnixSecondsSchema }))
        .describe("Five heaviest by distance now times size"),
      ended: z
        .array(CoinSchema.extend({ peakBps: z.int(), recovered: z.boolean() }))
        .describe("Peak over 200 bps, $50M"),
    })
    .nullable(),
  stability: z
    .object({
      score: z.number(),
      band: StabilityBandSchema,
      change24h: z.number().nullable(),
      change7d: z.number().nullable(),
    })
    .nullable(),
  flows: z
    .object({
      gauge: z.number().nullable(),
      band: z.string().nullable(),
      flightToQuality: z.boolean().nullable().describe("null: not known"),
      pressed: z.array(CoinSchema.extend({ score: z.number() })).describe("Pressure beyond 20 either way"),
    })
    .nullable(),
  velocity: z
    .array(CoinSchema.extend({ day: z.number(), week: z.number(), kind: z.enum(["fast", "reversal"]) }))
    .describe("Of the ten largest: 2.5 times the week's pace, or against the week's direction"),
  stress: z
    .object({
      alerted: count,
      worst: z.array(CoinSchema.extend({ band: StressBandSchema, score: z.int() })),
      bands: z
        .record(z.string(), StressBandSchema.nullable())
        .nullable()
        .default(null)
        .describe("Of coins that are not calm; null: a coin without a score. The next morning is compared with it"),
      changes: z
        .array(CoinSchema.extend({ from: StressBandSchema, to: StressBandSchema }))
        .nullable()
        .default(null)
        .describe("Into, out of or among ALERT and worse since the digest before; null: that one did not say"),
    })
    .nullable(),
  grades: z
    .object({
      changes: z.array(CoinSchema.extend({ from: GradeSchema, to: GradeSchema })),
      regraded: count.describe("More than ten at once is a re-grade and no news of coins: their number, else 0"),
    })
    .nullable(),
  freezes: z
    .object({ events: count, usd: z.number().describe("Of the amounts that are known"), unknownAmounts: count })
    .nullable()
    .describe("Freezes and seizures since the digest before"),
  yields: z.array(CoinSchema.extend({ warnings: z.array(YieldWarningSchema) })).nullable(),
  dexScores: z
    .array(CoinSchema.extend({ before: z.int(), after: z.int() }))
    .nullable()
    .describe("Moves of 8 and more"),
  method: z.object({ changed: z.boolean(), coinsAdded: count, coinsRemoved: count, factsChanged: count }),
  degradedSources: z.array(z.object({ source: z.string(), reason: z.string() })),
});
export type DigestFacts = z.infer<typeof DigestFactsSchema>;

export const DigestDaySchema = z.object({
  date: UnixSecondsSchema.describe("Start of its UTC day"),
  at: UnixSecondsSchema.describe("Run that wrote it"),
  since: UnixSecondsSchema.describe("What it calls new is newer than this"),
  title: z.string(),
  text: z.string().describe("Sentences, one a line"),
  facts: z.string().describe("What the sentences were made from, as JSON"),
  methodologyVersion: z.string(),
});
export type DigestDay = z.infer<typeof DigestDaySchema>;

export const DIGEST_DAYS: HistoryDataset<DigestDay> = {
  name: "daily-digest",
  row: DigestDaySchema,
  columns: {
    date: "BIGINT",
    at: "BIGINT",
    since: "BIGINT",
    title: "VARCHAR",
    text: "VARCHAR",
    facts: "VARCHAR",
    methodologyVersion: "VARCHAR",
  },
  key: ["date"],
  timeColumn: "date",
  period: "year",
};
