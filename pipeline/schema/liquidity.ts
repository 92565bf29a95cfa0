/** DEX liquidity: pools of every coin, what they are worth as an exit, and the prices they show. */
import { z } from "zod";

/** Key of the row in which every physical pool is counted once. */
export const GLOBAL_ROW = "__global__";

const points = z.number().min(0).max(100);
const ratio = z.number().min(0).max(1);

export const DexPoolSchema = z.object({
  pool: z.string().describe("Address where a source gives one, else the source's id"),
  project: z.string(),
  chain: z.string().describe("CAIP-2 id where the registry knows the chain, else the source's name"),
  symbol: z.string(),
  poolType: z.string(),
  tvlUsd: z.number(),
  volumeUsd1d: z.number().nullable(),
  balanceRatio: ratio.nullable().describe("Smallest over largest side, 1 balanced; null: not measured"),
  pairQuality: ratio,
  poolStress: points.nullable(),
  source: z.string().describe("Family of the source whose figures were kept"),
});
export type DexPool = z.infer<typeof DexPoolSchema>;

export const CoverageClassSchema = z.enum(["primary", "mixed", "fallback", "legacy", "unobserved"]);
export type CoverageClass = z.infer<typeof CoverageClassSchema>;

export const DexPriceSourceSchema = z.object({
  protocol: z.string(),
  family: z.string().describe("Venues of one maker are one voice"),
  chain: z.string(),
  priceUsd: z.number().positive(),
  tvlUsd: z.number().nonnegative(),
});
export type DexPriceSource = z.infer<typeof DexPriceSourceSchema>;

export const DexLiquidityRowSchema = z.object({
  totalTvlUsd: z.number(),
  totalVolume24hUsd: z.number().nullable(),
  totalVolume7dUsd: z.number().nullable(),
  effectiveTvlUsd: z.number().describe("TVL times venue, balance and pair quality"),
  poolCount: z.int(),
  pairCount: z.int(),
  chainCount: z.int(),
  protocolTvl: z.record(z.string(), z.number()),
  chainTvl: z.record(z.string(), z.number()),
  topPools: z.array(DexPoolSchema).describe("Ten largest"),
  liquidityScore: z.int().min(0).max(100).nullable().describe("null: no pool was found, or none was looked for"),
  scoreComponents: z
    .object({
      tvlDepth: points,
      volumeActivity: points,
      poolQuality: points,
      durability: points,
      pairDiversity: points,
    })
    .nullable(),
  concentrationHhi: ratio.nullable().describe("Sum of squared TVL shares of all kept pools"),
  depthStability: ratio.nullable().describe("1 less the coefficient of variation of daily TVL; null under 7 days"),
  tvlChange24h: z.number().nullable().describe("Per cent"),
  tvlChange7d: z.number().nullable(),
  score7dAgo: z.int().nullable().describe("Score on the first run of the day a week ago"),
  dexPriceUsd: z.number().positive().nullable(),
  dexDeviationBps: z.number().nullable(),
  priceSourceCount: z.int(),
  priceSourceTvl: z.number(),
  priceSources: z.array(DexPriceSourceSchema),
  avgPoolStress: points.nullable(),
  weightedBalanceRatio: ratio.nullable().describe("By TVL, over the pools whose balances were read"),
  organicFraction: ratio.nullable().describe("Share of pools' yield that is fees and not rewards"),
  durabilityScore: points.nullable(),
  lockedLiquidityPct: z.number().nullable(),
  coverageClass: CoverageClassSchema,
  coverageConfidence: ratio,
  sourceMix: z.record(z.string(), z.object({ poolCount: z.int(), tvlUsd: z.number() })),
  balanceMeasuredTvlUsd: z.number(),
  organicMeasuredTvlUsd: z.number(),
});
export type DexLiquidityRow = z.infer<typeof DexLiquidityRowSchema>;

/**
 * By coin id, and one row for everything together. Rows rest up to a UTC day while, from hour to hour, their score moves by no more
 * than five points, depth by a quarter and stress by 15, within the hour by twice that, below 250,000 USD of depth by twice that
 * again; prices are of now.
 */
export const DexLiquiditySchema = z.record(z.string(), DexLiquidityRowSchema);
export type DexLiquidity = z.infer<typeof DexLiquiditySchema>;

export const DexPriceSchema = z.object({
  priceUsd: z.number().positive().describe("Median of pool prices, weighed by TVL"),
  deviationBps: z.number().nullable().optional().describe("Of that price from the peg; null where the peg has no rate"),
  totalTvlUsd: z.number().describe("Of the pools that gave a price"),
  poolCount: z.int(),
  protocols: z.array(DexPriceSourceSchema).describe("One median a protocol and chain"),
  pools: z.array(DexPriceSourceSchema).describe("Single pools of 100,000 USD and more, deepest first, at most five"),
});
export type DexPrice = z.infer<typeof DexPriceSchema>;

export const DexPricesSchema = z.object({
  prices: z.record(z.string(), DexPriceSchema).describe("By coin id; observed at the snapshot's asOf"),
});
export type DexPrices = z.infer<typeof DexPricesSchema>;
