/** Yields: what a coin's savings form pays, from where that is known, and whether the pay is worth the risk. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import { GradeSchema } from "./report-cards.ts";

export const YieldWarningSchema = z.enum([
  "yield-spike",
  "yield-divergence",
  "negative-trend",
  "reward-heavy",
  "tvl-outflow",
  "zero-yield",
  "data-stale",
]);
export type YieldWarning = z.infer<typeof YieldWarningSchema>;

export const YieldTierSchema = z
  .enum(["chain-read", "benchmark", "curated-pool", "discovered-pool", "price-derived"])
  .describe("Best trusted first");
export type YieldTier = z.infer<typeof YieldTierSchema>;

export const YieldTypeSchema = z.enum([
  "lending-vault",
  "rebase",
  "fee-sharing",
  "lp-receipt",
  "nav-appreciation",
  "governance-set",
  "lending-opportunity",
]);

const pct = z.number().nullable();

export const YieldRowSchema = z.object({
  id: z.string(),
  symbol: z.string(),
  name: z.string(),
  currentApy: z.number().describe("Per cent a year"),
  apy7d: pct,
  apy30d: pct,
  apyBase: pct,
  apyReward: pct,
  yieldSource: z.string(),
  yieldType: YieldTypeSchema,
  dataSource: YieldTierSchema,
  sourceTvlUsd: z.number().nullable(),
  yieldScore: z.int().min(0).max(100).nullable().describe("Yield for risk, 0 to 100"),
  safetyScore: z.int().nullable(),
  safetyGrade: GradeSchema,
  yieldToRisk: z.number().nullable(),
  excessYield: z.number().nullable().describe("Percentage points above the benchmark; null: benchmark not known"),
  yieldStability: z.number().min(0).max(1).nullable(),
  apyMin30d: pct,
  apyMax30d: pct,
  samples30d: z.int(),
  warningSignals: z.array(YieldWarningSchema),
  altSources: z.array(z.object({ source: z.string(), dataSource: YieldTierSchema, apy: z.number() })),
  observedAt: UnixSecondsSchema.nullable(),
});
export type YieldRow = z.infer<typeof YieldRowSchema>;

export const YieldRankingsSchema = z.object({
  rankings: z.array(YieldRowSchema).describe("Best yield score first"),
  riskFreeRate: z.object({ currency: z.string(), apy: z.number(), source: z.string() }),
  scalingFactor: z.number(),
  medianApy: z.number().nullable(),
  safetyCoverage: z.number().nullable().describe("Share of the ranked coins with a safety score"),
});
export type YieldRankings = z.infer<typeof YieldRankingsSchema>;
