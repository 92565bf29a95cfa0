/** Rows that the judging lanes leave behind: grades when they change, the index by run and day, liquidity and stress by day. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import { GradeSchema } from "./report-cards.ts";
import { StressBandSchema } from "./stress.ts";

export const GradeHistoryRowSchema = z.object({
  at: UnixSecondsSchema.describe("Run that first gave this grade"),
  coinId: z.string(),
  grade: GradeSchema,
  score: z.int().nullable(),
  prevGrade: GradeSchema.nullable().describe("null: the first grade on record"),
  prevScore: z.int().nullable(),
  methodologyVersion: z.string(),
});
export type GradeHistoryRow = z.infer<typeof GradeHistoryRowSchema>;

export const LiquidityDaySchema = z.object({
  date: UnixSecondsSchema.describe("Start of the UTC day on which it was first seen"),
  coinId: z.string(),
  tvlUsd: z.number(),
  volume24hUsd: z.number().nullable(),
  score: z.int().nullable(),
  coverageConfidence: z.number(),
});
export type LiquidityDay = z.infer<typeof LiquidityDaySchema>;

export const StressDaySchema = z.object({
  date: UnixSecondsSchema.describe("Start of the UTC day"),
  coinId: z.string(),
  score: z.int().nullable(),
  band: StressBandSchema.nullable(),
});
export type StressDay = z.infer<typeof StressDaySchema>;

export const YieldDaySchema = z.object({
  date: UnixSecondsSchema.describe("Start of the UTC day"),
  coinId: z.string(),
  apy: z.number(),
  dataSource: z.string(),
  sourceTvlUsd: z.number().nullable(),
});
export type YieldDay = z.infer<typeof YieldDaySchema>;
