/**
 * Shapes of the API files that are derived from snapshots: per-coin files, history, charts, health, index, badges.
 *
 * Everything sits in the snapshots' envelope. Inside v1 these shapes only grow; `v1.schema-lock.json` is the gate.
 */
import { z } from "zod";
import { DeploymentSchema } from "../../pipeline/schema/coin.ts";
import { EnvelopeHeadSchema, UnixSecondsSchema } from "../../pipeline/schema/envelope.ts";
import { PriceQuoteSchema } from "../../pipeline/schema/price-quotes.ts";
import { PeggedAssetSchema, PegTotalSchema, PriceConfidenceSchema } from "../../pipeline/schema/stablecoins.ts";
import { CircuitStateSchema } from "../../pipeline/schema/status.ts";
import { SupplySourceSchema } from "../../pipeline/schema/supply.ts";

const usdOrNull = z.number().nullable();

export const ChainAmountsSchema = z.object({
  current: usdOrNull,
  circulatingPrevDay: usdOrNull,
  circulatingPrevWeek: usdOrNull,
  circulatingPrevMonth: usdOrNull,
});

const ChainCirculatingSchema = z.record(z.string(), ChainAmountsSchema).describe("USD by chain name");

export const StablecoinsFileSchema = z.object({
  peggedAssets: z.array(
    PeggedAssetSchema.extend({
      chainCirculating: ChainCirculatingSchema.nullable().describe("null: no supply by chain"),
    }),
  ),
  totals: z.array(PegTotalSchema),
  fxFallbackRates: z.record(z.string(), z.number()).describe("USD per unit by peg type"),
});

export const CoinFileSchema = z.object({
  id: z.string(),
  name: z.string(),
  symbol: z.string(),
  pegType: z.string(),
  pegCurrency: z.string(),
  pegMechanism: z.string().nullable(),
  state: z.string(),
  priceUsd: z.number().positive().nullable(),
  priceReason: z.string().nullable().describe("Why there is no price"),
  priceSource: z.string(),
  priceConfidence: PriceConfidenceSchema.nullable(),
  priceUpdatedAt: UnixSecondsSchema.nullable(),
  consensusSources: z.array(z.string()),
  agreeSources: z.array(z.string()),
  pegReferenceUsd: z.number().positive().nullable(),
  deviationBps: z.number().nullable(),
  deviationReason: z.string().nullable(),
  supplySource: SupplySourceSchema.nullable(),
  supplyReason: z.string().nullable(),
  supplyByPegUsd: z.record(z.string(), z.number()).nullable(),
  supplyUsd: z.object({
    current: usdOrNull,
    prevDay: usdOrNull,
    prevWeek: usdOrNull,
    prevMonth: usdOrNull,
    change1d: z.number().nullable().describe("Share, 0.01 is 1 %; null where either end is unknown"),
    change7d: z.number().nullable(),
    change30d: z.number().nullable(),
  }),
  chainCount: z.int().nonnegative(),
  updatedAt: UnixSecondsSchema.nullable().describe("Price observation, as priceUpdatedAt"),
  chainCirculating: ChainCirculatingSchema.nullable(),
  quotes: z.array(PriceQuoteSchema).describe("Every quote looked at, with its verdict"),
  deployments: z.array(DeploymentSchema),
});

export const SupplyHistoryFileSchema = z
  .array(z.object({ date: UnixSecondsSchema, circulatingUsd: z.number().nonnegative(), price: z.number().nullable() }))
  .describe("One row a completed UTC day, ascending");

export const StablecoinChartsFileSchema = z
  .array(
    z.object({
      date: z.string().describe("Unix seconds as text"),
      totalCirculatingUSD: z.record(z.string(), z.number()),
    }),
  )
  .describe("Ascending; the last point is the sum of the current list");

export const CoinQuotesFileSchema = z.object({
  fromSec: UnixSecondsSchema.describe("The first run looked at; a source says what its last point says until asOf"),
  sources: z
    .array(
      z.object({
        source: z.string(),
        points: z.array(
          z.object({
            at: UnixSecondsSchema,
            priceUsd: z.number().nullable().describe("null: nothing came from this source"),
            verdict: z.enum(["agreed", "disagreed", "rejected"]).nullable(),
          }),
        ),
      }),
    )
    .describe("Heaviest first; a point stands where a price or a verdict changed"),
});

const pct = z.number().min(0).max(100);

export const NonUsdShareFileSchema = z
  .array(
    z.object({
      date: UnixSecondsSchema,
      commodityShare: pct.describe("Per cent of the total: coins pegged to metals"),
      fiatNonUsdShare: pct.describe("Per cent of the total: coins pegged to money other than the dollar"),
      commodity: z.number().nonnegative().describe("USD"),
      fiatNonUsd: z.number().nonnegative().describe("USD"),
      total: z.number().nonnegative().describe("USD of all coins on record that day"),
    }),
  )
  .describe("One row a completed UTC day, ascending");

export const HealthFileSchema = z.object({
  status: z.enum(["healthy", "degraded", "stale"]),
  timestamp: UnixSecondsSchema.describe("When this was judged: the newest snapshot's asOf; add your own clock"),
  warnings: z.array(z.string()),
  caches: z.record(
    z.string(),
    z.object({ ageSeconds: z.number().nullable(), maxAge: z.number(), healthy: z.boolean() }),
  ),
  circuits: z.record(
    z.string(),
    CircuitStateSchema.pick({ state: true, consecutiveFailures: true, lastSuccessAt: true }),
  ),
});

export const IndexFileSchema = z.object({
  files: z.array(
    z.object({
      path: z.string().describe("Below /api/v1/; {id} stands for a coin or run id"),
      title: z.string(),
      schema: z.string().nullable().describe("Its JSON Schema, below /api/v1/; null for files with a shape of others"),
      csv: z.string().nullable().describe("The same as CSV, below /api/v1/"),
      parquet: z.string().nullable().describe("All of it as Parquet for range requests, below /api/v1/"),
      files: z.int().nonnegative().describe("How many files the pattern stands for"),
      available: z.boolean(),
      reason: z.string().nullable().describe("Why it is not available; null when it is"),
    }),
  ),
  coins: z.array(z.string()).describe("Every coin id"),
  runs: z.array(z.string()).describe("Runs whose manifests are kept, oldest first"),
});

/** The index exists before the first run, so its run and times may be unknown. */
export const IndexHeadSchema = EnvelopeHeadSchema.extend({
  snapshotId: z.string().nullable(),
  runId: z.string().nullable(),
  generatedAt: UnixSecondsSchema.nullable(),
  asOf: UnixSecondsSchema.nullable(),
  methodologyVersion: z.string().nullable(),
});

export const BadgeSchema = z.object({
  schemaVersion: z.literal(1),
  label: z.string(),
  message: z.string(),
  color: z.string(),
});
