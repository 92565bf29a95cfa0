/**
 * The one list of snapshots: name, schema, the lane that owns it, and how old it may get.
 * Types, JSON Schemas, the API index and the schema gate all come from here.
 */
import type { z } from "zod";
import { ChainsSchema } from "./chains.ts";
import { DepegEventsSchema, DepegPendingSchema } from "./depegs.ts";
import { DiscoveryCandidatesSchema } from "./discovery.ts";
import { envelopeOf } from "./envelope.ts";
import { StoredFlowsSchema } from "./flows.ts";
import { FreezeEventsSchema } from "./freezes.ts";
import { FxRatesSchema } from "./fx-rates.ts";
import { DexLiquiditySchema, DexPricesSchema } from "./liquidity.ts";
import { PegSummarySchema } from "./peg-summary.ts";
import { PriceQuotesSchema } from "./price-quotes.ts";
import { RedemptionBackstopsSchema } from "./redemption.ts";
import { ReportCardsSchema } from "./report-cards.ts";
import { ReservesSchema } from "./reserves.ts";
import { StablecoinsSchema } from "./stablecoins.ts";
import { StatusSchema } from "./status.ts";
import { DewsSchema, StabilityIndexSchema } from "./stress.ts";
import { SupplySchema } from "./supply.ts";
import { YieldRankingsSchema } from "./yields.ts";

interface SnapshotDataset<Data extends z.ZodType = z.ZodType> {
  lane: string;
  title: string;
  schema: Data;
  /** Every run's snapshot is kept whole this many days, for readers to fall back on. */
  keptDays?: number;
}

function dataset<Data extends z.ZodType>(lane: string, title: string, schema: Data): SnapshotDataset<Data> {
  return { lane, title, schema };
}

export const SNAPSHOTS = {
  "fx-rates": dataset("fx", "FX and metal references", FxRatesSchema),
  supply: dataset("supply", "Circulating supply by coin and chain", SupplySchema),
  stablecoins: dataset("prices", "Stablecoins: price, peg deviation, supply", StablecoinsSchema),
  "price-quotes": dataset("prices", "Every price quote and its verdict", PriceQuotesSchema),
  "depeg-events": dataset("pegs", "Depegs, open and recent", DepegEventsSchema),
  "depeg-pending": dataset("pegs", "Deviations waiting for confirmation", DepegPendingSchema),
  "peg-summary": dataset("pegs", "Peg score and deviation of every coin", PegSummarySchema),
  "mint-burn-flows": dataset(
    "flows",
    "Mints and burns: pressure, direction and coverage of every coin",
    StoredFlowsSchema,
  ),
  "dex-liquidity": dataset("liquidity", "DEX liquidity: pools, depth and score of every coin", DexLiquiditySchema),
  "dex-prices": dataset("liquidity", "DEX prices by coin, protocol and pool", DexPricesSchema),
  "freeze-events": dataset("freezes", "Frozen, released and emptied addresses", FreezeEventsSchema),
  dews: dataset("stress", "Early warnings: stress of every coin", DewsSchema),
  "stability-index": dataset("stability", "Stability index of the whole market", StabilityIndexSchema),
  "report-cards": dataset("safety", "Safety grades and what would change them", ReportCardsSchema),
  chains: dataset("chains", "Stablecoins by chain, and chain health", ChainsSchema),
  "yield-rankings": dataset("yields", "Yields of savings forms, weighed by safety", YieldRankingsSchema),
  reserves: dataset("reserves", "Live reserves, and what of them can be redeemed now", ReservesSchema),
  "redemption-backstops": {
    ...dataset(
      "redemption",
      "Redemption routes: who gets out, how much, how fast, at what cost",
      RedemptionBackstopsSchema,
    ),
    keptDays: 14,
  },
  "discovery-candidates": dataset("discovery", "Coins that are not tracked yet", DiscoveryCandidatesSchema),
  status: dataset("run", "Health of the record", StatusSchema),
} as const;

export type SnapshotName = keyof typeof SNAPSHOTS;
export type SnapshotData<Name extends SnapshotName> = z.infer<(typeof SNAPSHOTS)[Name]["schema"]>;

export const SNAPSHOT_NAMES = Object.keys(SNAPSHOTS) as SnapshotName[];

/** Schema of a whole snapshot file. */
export function snapshotSchema(name: SnapshotName) {
  return envelopeOf(SNAPSHOTS[name].schema);
}
