/** The main dataset: every coin with its price, who says so, how far it hangs from its peg, and its size. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import { SupplySourceSchema, SupplyWindowSchema } from "./supply.ts";

export const PriceConfidenceSchema = z.enum(["high", "single-source", "low", "fallback"]);
export type PriceConfidence = z.infer<typeof PriceConfidenceSchema>;

export const ObservedAtModeSchema = z.enum(["upstream", "local_fetch", "unknown"]);
export type ObservedAtMode = z.infer<typeof ObservedAtModeSchema>;

const ByPegTypeSchema = z
  .record(z.string(), z.number())
  .describe("USD already, keyed by peg type; never multiply by price");

export const PeggedAssetSchema = z.object({
  id: z.string(),
  name: z.string(),
  symbol: z.string(),
  geckoId: z.string().nullable(),
  pegType: z.string(),
  pegCurrency: z.string(),
  pegMechanism: z.string().nullable(),
  state: z.string().describe("active, delisted, dead, frozen or pre-launch"),
  price: z.number().positive().nullable().describe("USD per token"),
  priceReason: z.string().nullable().describe("Why there is no price; null when there is one"),
  priceSource: z.string().describe("Winning source or cluster label; 'missing' without a price"),
  priceSelectedSource: z.string().nullable(),
  priceEstimator: z.enum(["selected_source", "cluster_median"]).nullable(),
  priceConfidence: PriceConfidenceSchema.nullable(),
  priceConfidenceReason: z
    .string()
    .optional()
    .describe(
      "Why quotes that agree are not high: one-family-agrees where one producer is behind all; absent otherwise",
    ),
  priceObservedAt: UnixSecondsSchema.nullable(),
  priceObservedAtMode: ObservedAtModeSchema.nullable(),
  priceSyncedAt: UnixSecondsSchema.nullable(),
  priceUpdatedAt: UnixSecondsSchema.nullable().describe("priceObservedAt, else priceSyncedAt"),
  consensusSources: z.array(z.string()),
  agreeSources: z.array(z.string()),
  pegReferenceUsd: z.number().positive().nullable().describe("USD value of one peg unit, commodity ounces applied"),
  deviationBps: z.number().nullable().describe("(price / reference - 1) in basis points, below peg negative"),
  deviationReason: z.string().nullable().describe("Why the deviation is null"),
  supplySource: SupplySourceSchema.nullable(),
  supplyReason: z.string().nullable(),
  supplyUnits: SupplyWindowSchema.nullable().describe("Tokens now and earlier; null where only USD is known"),
  supplyUsdPerUnit: z
    .number()
    .positive()
    .nullable()
    .describe("Price the circulating USD are made with, the list's own"),
  circulating: ByPegTypeSchema.nullable(),
  circulatingPrevDay: ByPegTypeSchema.nullable(),
  circulatingPrevWeek: ByPegTypeSchema.nullable(),
  circulatingPrevMonth: ByPegTypeSchema.nullable(),
  chains: z.array(z.string()),
});
export type PeggedAsset = z.infer<typeof PeggedAssetSchema>;

export const PegTotalSchema = z.object({
  pegCurrency: z.string(),
  coins: z.int(),
  circulatingUsd: z.number(),
  prevDayUsd: z.number().describe("Same coins a day ago at today's prices: a change is units, not exchange rates"),
  prevWeekUsd: z.number(),
  prevMonthUsd: z.number(),
  circulatingNative: z.number().nullable().describe("USD total over the FX reference: units of the peg currency"),
});

export const StablecoinsSchema = z.object({
  peggedAssets: z.array(PeggedAssetSchema),
  totals: z.array(PegTotalSchema).describe("Market cap by peg currency, largest first"),
  fxFallbackRates: z.record(z.string(), z.number()).describe("USD per unit by peg type"),
});
export type Stablecoins = z.infer<typeof StablecoinsSchema>;
