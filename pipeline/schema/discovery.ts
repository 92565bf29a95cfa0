/** Coins that the registry does not know and perhaps should: seen on DefiLlama's list or in CoinGecko's category. */
import { z } from "zod";
import { ReasonSchema, UnixSecondsSchema } from "./envelope.ts";

export const DiscoveryCandidateSchema = z.object({
  id: z.string().describe("CoinGecko's id where one is known, else llama-<number>"),
  symbol: z.string(),
  name: z.string(),
  source: z.enum(["defillama", "coingecko", "both"]),
  marketCapUsd: z.number().nonnegative(),
  firstSeen: UnixSecondsSchema,
  lastSeen: UnixSecondsSchema,
  dismissed: z.boolean().describe("true: somebody looked and said no, in data/registry/corrections.json"),
  dismissedAt: UnixSecondsSchema.nullable(),
  dismissedMarketCapUsd: z.number().nullable().describe("It comes back above ten times this"),
});
export type DiscoveryCandidate = z.infer<typeof DiscoveryCandidateSchema>;

export const DiscoveryCandidatesSchema = z.object({
  candidates: z.array(DiscoveryCandidateSchema).describe("Largest first, dismissed ones last"),
  weeklyScan: z.object({
    status: z.enum(["ok", "degraded", "skipped"]).describe("skipped: not a Monday"),
    reason: ReasonSchema.shape.code.nullable(),
    scannedAt: UnixSecondsSchema.nullable().describe("Last time CoinGecko's category was read"),
  }),
});
export type DiscoveryCandidates = z.infer<typeof DiscoveryCandidatesSchema>;
