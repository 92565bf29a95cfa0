/** Redemption by day: a coin's row as the last run of a UTC day left it, written when it differs from the one before. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import type { HistoryDataset } from "./history-dataset.ts";
import { ModelConfidenceSchema, ResolutionStateSchema, RouteStatusSchema } from "./redemption.ts";

const score = z.number().min(0).max(100).nullable();

export const RedemptionDaySchema = z.object({
  date: UnixSecondsSchema.describe("Start of the UTC day whose last run this is"),
  coinId: z.string(),
  score,
  effectiveExitScore: score,
  dexLiquidityScore: score,
  eventualRedeemabilityScore: score,
  resolutionState: ResolutionStateSchema,
  routeStatus: RouteStatusSchema,
  modelConfidence: ModelConfidenceSchema,
  capacityUsd: z.number().nonnegative().nullable().describe("Current executable capacity, two digits"),
  feeBps: z.number().nonnegative().nullable(),
  updatedAt: UnixSecondsSchema,
  methodologyVersion: z.string(),
  runId: z.string(),
});
export type RedemptionDay = z.infer<typeof RedemptionDaySchema>;

/** A day without a row says the same as the last one with a row. */
export const REDEMPTION_HISTORY: HistoryDataset<RedemptionDay> = {
  name: "redemption-history",
  row: RedemptionDaySchema,
  columns: {
    date: "BIGINT",
    coinId: "VARCHAR",
    score: "DOUBLE",
    effectiveExitScore: "DOUBLE",
    dexLiquidityScore: "DOUBLE",
    eventualRedeemabilityScore: "DOUBLE",
    resolutionState: "VARCHAR",
    routeStatus: "VARCHAR",
    modelConfidence: "VARCHAR",
    capacityUsd: "DOUBLE",
    feeBps: "DOUBLE",
    updatedAt: "BIGINT",
    methodologyVersion: "VARCHAR",
    runId: "VARCHAR",
  },
  key: ["coinId", "date"],
  timeColumn: "date",
  period: "year",
};
