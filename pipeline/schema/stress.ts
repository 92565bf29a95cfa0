/** Early warnings by coin, and the stability index of the whole market. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";

/** Calm to dangerous. */
export const StressBandSchema = z.enum(["CALM", "WATCH", "ALERT", "WARNING", "DANGER"]);
export type StressBand = z.infer<typeof StressBandSchema>;

export const StressSignalSchema = z.enum(["supply", "pool", "liq", "price", "diverg", "black", "flow", "yield"]);
export type StressSignal = z.infer<typeof StressSignalSchema>;

export const StabilityBandSchema = z.enum(["BEDROCK", "STEADY", "TREMOR", "FRACTURE", "CRISIS", "MELTDOWN"]);
export type StabilityBand = z.infer<typeof StabilityBandSchema>;

export const CoinStressSchema = z.object({
  score: z.int().min(0).max(100).nullable(),
  band: StressBandSchema.nullable(),
  reason: z.string().nullable().describe("Why there is no score"),
  amplified: z.number().describe("What the market and its peers multiplied the score by; 1: nothing"),
  signals: z
    .record(z.string(), z.number().min(0).max(100))
    .describe("Available signals and their value; a signal that is not here is not available, which is not calm"),
});
export type CoinStress = z.infer<typeof CoinStressSchema>;

export const DewsSchema = z.object({
  signals: z
    .record(z.string(), CoinStressSchema)
    .describe(
      "By coin id; a reading rests while its band stays, its score within two points and its signals within four",
    ),
  bands: z.record(z.string(), z.int()).describe("Coins by band; NR: no score"),
  sourceFailures: z
    .array(z.object({ source: z.string(), reason: z.string(), bootstrap: z.boolean() }))
    .describe("Inputs that could not be read, and whether that is expected of a young record"),
  coverage: z.record(z.string(), z.int()).describe("Coins for which each signal was available"),
  validationFailures: z.int().describe("Rows of other datasets that could not be used"),
  bootstrapComplete: z.boolean(),
  stabilityIndex: z.number().nullable().describe("Index that amplified the scores; null: not known"),
});
export type Dews = z.infer<typeof DewsSchema>;

const ComponentsSchema = z.object({
  severity: z.number(),
  breadth: z.number(),
  stressBreadth: z.number(),
  trend: z.number(),
});

export const StabilityIndexSchema = z.object({
  current: z.object({
    score: z.number().min(0).max(100),
    band: StabilityBandSchema,
    avg24h: z.number().nullable().describe("Mean of the samples of the last 24 hours"),
    avg24hBand: StabilityBandSchema.nullable(),
    components: ComponentsSchema,
    contributors: z
      .array(
        z.object({ id: z.string(), symbol: z.string(), bps: z.int(), mcapUsd: z.number(), depegAgeDays: z.number() }),
      )
      .describe("Coins that are off their peg now, largest effect first"),
    stressed: z.array(z.object({ id: z.string(), band: StressBandSchema })).describe("Coins in ALERT or worse"),
    withoutPrice: z.array(z.string()).describe("Open depegs left out for want of a current price"),
    totalMcapUsd: z.number(),
    mcap7dChangePct: z.number(),
    samples24h: z.int(),
  }),
});
export type StabilityIndex = z.infer<typeof StabilityIndexSchema>;

export const StabilitySampleSchema = z.object({
  at: UnixSecondsSchema,
  score: z.number(),
  band: StabilityBandSchema,
  severity: z.number(),
  breadth: z.number(),
  stressBreadth: z.number(),
  trend: z.number(),
});
export type StabilitySample = z.infer<typeof StabilitySampleSchema>;

export const StabilityDaySchema = z.object({
  date: UnixSecondsSchema.describe("Start of the UTC day"),
  score: z.number().describe("Mean of the day's samples"),
  band: StabilityBandSchema,
  samples: z.int().positive(),
  severity: z.number(),
  breadth: z.number(),
  stressBreadth: z.number(),
  trend: z.number(),
});
export type StabilityDay = z.infer<typeof StabilityDaySchema>;
