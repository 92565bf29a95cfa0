/** Chains: the stablecoins on each, how they moved, and how healthy they are taken together. */
import { z } from "zod";
import { RollupFactsSchema } from "./chain.ts";

export const ChainBandSchema = z.enum(["robust", "healthy", "mixed", "fragile", "concentrated"]);
export type ChainBand = z.infer<typeof ChainBandSchema>;

const score = z.int().min(0).max(100);
const change = z.number().nullable().describe("USD at today's prices; null: an earlier amount is not known");
const changePct = z.number().nullable().describe("Share: 0.01 is one per cent");
const CoinShareSchema = z.object({ id: z.string(), symbol: z.string(), share: z.number() });

export const ChainRowSchema = z.object({
  id: z.string().describe("CAIP-2 id where the registry knows the chain, else DefiLlama's name"),
  slug: z.string().describe("Short name, for addresses"),
  name: z.string(),
  type: z.enum(["evm", "tron", "other"]),
  totalUsd: z.number(),
  change24h: change,
  change24hPct: changePct,
  change7d: change,
  change7dPct: changePct,
  change30d: change,
  change30dPct: changePct,
  stablecoinCount: z.int(),
  dominantStablecoin: CoinShareSchema.nullable(),
  topStablecoins: z.array(CoinShareSchema.extend({ supplyUsd: z.number() })).describe("Five largest"),
  dominanceShare: z.number().nullable(),
  healthScore: score.nullable(),
  healthReason: z.string().nullable().describe("Why there is no health score"),
  healthBand: ChainBandSchema.nullable(),
  healthFactors: z.object({
    quality: score.nullable(),
    chainEnvironment: score,
    concentration: score,
    pegStability: score,
    backingDiversity: score,
  }),
  ratedShare: z.number().nullable().describe("Share of the chain's supply whose coins have a safety score"),
  chainEnvironmentEvidence: z
    .enum(["rollup", "tier"])
    .describe("rollup: L2BEAT's assessment on file; tier: there is none, the chain's tier stands in"),
  rollup: RollupFactsSchema.pick({ stage: true, risks: true, asOf: true, source: true })
    .nullable()
    .default(null)
    .describe("What the environment was made from, and of which day"),
});
export type ChainRow = z.infer<typeof ChainRowSchema>;

export const ChainsSchema = z.object({
  chains: z
    .array(ChainRowSchema)
    .describe("Largest first; a row rests while its total stays within half a per cent and its health within a point"),
  globalTotalUsd: z.number(),
  chainAttributedTotalUsd: z.number().describe("Never more than the global total"),
  unattributedTotalUsd: z.number(),
  globalChange24hPct: changePct,
  globalChange7dPct: changePct,
  globalChange30dPct: changePct,
  healthMethodologyVersion: z.string(),
});
export type Chains = z.infer<typeof ChainsSchema>;
