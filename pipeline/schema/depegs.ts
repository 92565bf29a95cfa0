/** Depegs: when a coin left its peg, how far, how it ended, and what waits for a second opinion. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";

export const DirectionSchema = z.enum(["above", "below"]);
export type Direction = z.infer<typeof DirectionSchema>;

/** Why an event ended without anybody seeing the coin back at its peg. */
export const OrphanReasonSchema = z.enum([
  "untracked",
  "ineligible",
  "validation-failed",
  "no-price",
  "below-supply-floor",
  "not-processed",
]);
export type OrphanReason = z.infer<typeof OrphanReasonSchema>;

export const EndReasonSchema = z.enum(["recovered", "direction-flip", "merged", ...OrphanReasonSchema.options]);
export type EndReason = z.infer<typeof EndReasonSchema>;

export const DepegEventSchema = z
  .object({
    id: z.int().positive().describe("Made from coin, start and source: the same event has the same id everywhere"),
    stablecoinId: z.string(),
    symbol: z.string(),
    pegType: z.string(),
    direction: DirectionSchema,
    peakDeviationBps: z.int().describe("Farthest from par, signed, below peg negative"),
    startedAt: UnixSecondsSchema.describe("When the price was first seen across the threshold"),
    endedAt: UnixSecondsSchema.nullable().describe("null: open"),
    startPrice: z.number().positive().describe("USD; units of the peg where pegReference is 1"),
    peakPrice: z.number().positive(),
    recoveryPrice: z.number().positive().nullable().describe("null: open, or its end was not observed"),
    pegReference: z.number().positive().describe("USD per token at par when it started"),
    source: z.enum(["live", "backfill"]),
    confirmationSources: z.string().nullable().describe("Who confirmed a pending depeg, joined with +"),
    pendingReason: z.string().nullable().describe("Why it had to be confirmed first, joined with +"),
    endReason: EndReasonSchema.nullable().describe("null: open; recovered is the only observed return to the peg"),
    episodeId: z.string().describe("Events of one coin and direction less than 24 h apart share it"),
  })
  .refine(({ startedAt, endedAt }) => endedAt === null || endedAt >= startedAt, {
    path: ["endedAt"],
    error: "is before it started",
  });
export type DepegEvent = z.infer<typeof DepegEventSchema>;

export const DepegEventsSchema = z.object({
  events: z.array(DepegEventSchema).describe("Every open event and the latest closed ones, newest start first"),
  total: z.int().nonnegative().describe("Open events and those that ended within the last four years"),
  orphanCleanup: z
    .enum(["done", "skipped-degraded-coverage"])
    .describe("Whether events of coins that were not seen in this run were ended"),
  keptOpen: z.array(z.int()).describe("Events that stayed open only because coverage was degraded"),
});

export const PendingDepegSchema = z.object({
  stablecoinId: z.string(),
  symbol: z.string(),
  pegType: z.string(),
  direction: DirectionSchema,
  reason: z.string().describe("extreme-move, large-cap, low-confidence, joined with +"),
  pegReference: z.number().positive(),
  firstSeenAt: UnixSecondsSchema,
  firstSeenBps: z.int(),
  firstPrice: z.number().positive(),
  lastSeenAt: UnixSecondsSchema,
  lastSeenBps: z.int(),
  lastSeenPrice: z.number().positive(),
  peakSeenBps: z.int(),
  peakPrice: z.number().positive(),
});
export type PendingDepeg = z.infer<typeof PendingDepegSchema>;

export const DepegPendingSchema = z.object({
  pending: z.array(PendingDepegSchema).describe("Deviations that wait for confirmation, one a coin; no events yet"),
});
