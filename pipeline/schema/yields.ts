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

export const BenchmarkBasisSchema = z
  .enum(["observed", "carried-forward", "fallback"])
  .describe(
    "observed: a figure of the last week; carried-forward: an older one, of its date; fallback: the method's number",
  );

export const BenchmarkSchema = z.object({
  currency: z.string(),
  name: z.string(),
  ratePct: z.number().nullable().describe("Per cent a year; null: not known"),
  observedOn: z.string().nullable().describe("Day of the figure; null: it is no observation"),
  basis: BenchmarkBasisSchema.nullable(),
  source: z.string().nullable(),
  reason: z.string().nullable().describe("Why it is not an observation of this week"),
});
export type Benchmark = z.infer<typeof BenchmarkSchema>;

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
  benchmarkCurrency: z
    .string()
    .nullable()
    .default(null)
    .describe("Whose benchmark it is compared with: its own currency's; null: there is none"),
  benchmarkBasis: BenchmarkBasisSchema.nullable().default(null),
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
  riskFreeRate: z
    .object({ currency: z.string(), apy: z.number(), source: z.string() })
    .describe("Of dollars; source `fallback`: the method's number and no observation"),
  benchmarks: z.array(BenchmarkSchema).default([]).describe("By currency; those that are not known say why"),
  scalingFactor: z.number(),
  medianApy: z.number().nullable(),
  safetyCoverage: z.number().nullable().describe("Share of the ranked coins with a safety score"),
});
export type YieldRankings = z.infer<typeof YieldRankingsSchema>;
