/** Circulating supply of every coin in USD, in total and by chain, as the list of DefiLlama (or its fallback) states it. */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";

export const SupplySourceSchema = z.enum([
  "defillama",
  "coingecko-fallback",
  "onchain-total-supply",
  "onchain-circulating-supply",
]);

/**
 * USD amounts now and at three earlier times; null where unknown. Earlier amounts use today's price, so differences are
 * units. One chain's amount may be negative where DefiLlama books a bridge twice; a coin's total never is.
 */
export const SupplyWindowSchema = z.object({
  current: z.number().nullable(),
  prevDay: z.number().nullable(),
  prevWeek: z.number().nullable(),
  prevMonth: z.number().nullable(),
});
export type SupplyWindow = z.infer<typeof SupplyWindowSchema>;

export const CoinSupplySchema = z.object({
  coinId: z.string(),
  supplySource: SupplySourceSchema.nullable(),
  reason: z.string().nullable().describe("Why the supply is null or held back; null when it is known and new"),
  observedAt: UnixSecondsSchema.nullable(),
  carriedForward: z.boolean().describe("true: last good supply, no answer this run"),
  usdPerUnit: z
    .number()
    .positive()
    .nullable()
    .describe("Price the USD amounts are made with: the list's, in steps of 0.1 %; null when not known"),
  units: SupplyWindowSchema.nullable().describe("Tokens; null where only USD is known"),
  chainUnits: z
    .record(z.string(), SupplyWindowSchema)
    .nullable()
    .describe("Tokens by chain; null where only USD is known"),
  usd: SupplyWindowSchema,
  chainsObservedAt: UnixSecondsSchema.nullable().describe(
    "When the parts by chain were taken: once a UTC day, all of a coin together",
  ),
  chains: z.record(z.string(), SupplyWindowSchema).describe("By chain name as DefiLlama spells it"),
});
export type CoinSupply = z.infer<typeof CoinSupplySchema>;

export const SupplySchema = z.object({
  coins: z.array(CoinSupplySchema),
  untracked: z
    .array(
      z.object({
        llamaId: z.string(),
        geckoId: z.string().nullable().optional().describe("CoinGecko's id as DefiLlama gives it"),
        symbol: z.string(),
        name: z.string(),
        circulatingUsd: z.number(),
      }),
    )
    .describe("Listed assets above 5 million USD that the registry does not know"),
  flatChains: z
    .record(z.string(), UnixSecondsSchema)
    .optional()
    .describe(
      "Chains whose large parts all stand still while others move, with when that was first seen; absent: none",
    ),
  rowsRead: z.int(),
  rowsMalformed: z.int().describe("Rows dropped because id, name, symbol or circulating were not as promised"),
  duplicates: z.array(z.object({ coinId: z.string(), kept: z.string(), dropped: z.string() })),
});
export type Supply = z.infer<typeof SupplySchema>;
