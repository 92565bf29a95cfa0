/**
 * Mints and burns: the events themselves, their hours, and what the flows page says of them.
 *
 * An event is stored once its block is final; younger ones are listed in the snapshot as provisional and never reach the
 * history unless their block stays. USD amounts, ids and addresses of explorers follow from the rest and are not stored.
 */
import { z } from "zod";
import { UnixSecondsSchema } from "./envelope.ts";
import type { HistoryDataset } from "./history-dataset.ts";

export const FlowDirectionSchema = z.enum(["mint", "burn"]);
export type FlowDirection = z.infer<typeof FlowDirectionSchema>;
export const FlowTypeSchema = z.enum(["standard", "bridge_transfer", "atomic_roundtrip"]);
export type FlowType = z.infer<typeof FlowTypeSchema>;
export const BurnTypeSchema = z.enum(["effective_burn", "bridge_burn", "review_required"]);
export const BurnReviewReasonSchema = z.enum(["tx-context-unavailable", "known-bridge-pool-without-bridge-signal"]);
export const FlowPriceSourceSchema = z.enum([
  "supply-history-daily",
  "price-cache-current",
  "price_cache_heal",
  "backfill-supply-history-daily",
  "backfill-derived-amount-usd",
]);

const FlowPriceSchema = z.object({
  priceUsed: z.number().positive().nullable().describe("USD per token when it happened; null: not known"),
  priceTimestamp: UnixSecondsSchema.nullable().describe("When that price was sourced"),
  priceSource: FlowPriceSourceSchema.nullable(),
});
export type FlowPrice = z.infer<typeof FlowPriceSchema>;

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`), `0x and ${bytes * 2} hex digits`);

/** One event as it is stored. */
export const FlowEventRowSchema = FlowPriceSchema.extend({
  coinId: z.string(),
  chainId: z.string().describe("Slug of the chain"),
  txHash: hex(32),
  logIndex: z.int().nonnegative(),
  blockNumber: z.int().nonnegative(),
  timestamp: UnixSecondsSchema.describe("Time of the block"),
  direction: FlowDirectionSchema,
  amountUnits: z
    .string()
    .regex(/^\d{1,38}$/)
    .describe("Base units, exact"),
  decimals: z.int().min(0).max(36).describe("Base units per token as a power of ten"),
  counterparty: hex(20).nullable().describe("Who received or gave the tokens"),
  flowType: FlowTypeSchema,
  burnType: BurnTypeSchema.nullable(),
  burnReviewReason: BurnReviewReasonSchema.nullable(),
  revision: z
    .int()
    .nonnegative()
    .describe("0 as first stored, else the time of the correction; the highest of an event holds"),
  removed: z.boolean().describe("true: taken back, its block was replaced"),
});
export type FlowEventRow = z.infer<typeof FlowEventRowSchema>;

/** One event as the pipeline works on it. */
export interface FlowEvent extends Omit<FlowEventRow, "decimals" | "revision" | "removed"> {
  /** Token units, from `amountUnits`. */
  amount: number;
}

export const MINT_BURN_EVENTS: HistoryDataset<FlowEventRow> = {
  name: "mint-burn-events",
  row: FlowEventRowSchema,
  columns: {
    coinId: "VARCHAR",
    chainId: "VARCHAR",
    blockNumber: "BIGINT",
    logIndex: "INTEGER",
    txHash: "VARCHAR",
    timestamp: "BIGINT",
    direction: "VARCHAR",
    amountUnits: "DECIMAL(38,0)",
    decimals: "INTEGER",
    counterparty: "VARCHAR",
    flowType: "VARCHAR",
    burnType: "VARCHAR",
    burnReviewReason: "VARCHAR",
    priceUsed: "DOUBLE",
    priceTimestamp: "BIGINT",
    priceSource: "VARCHAR",
    revision: "BIGINT",
    removed: "BOOLEAN",
  },
  key: ["coinId", "chainId", "blockNumber", "logIndex", "txHash"],
  timeColumn: "timestamp",
  period: "day",
  // Every figure, correction and baseline lies within; a year can still be compared with the one before.
  retentionDays: 400,
  hexColumns: ["txHash", "counterparty"],
  // Hashes do not shrink; everything beside them does, and level 9 is read as fast as level 1.
  parquet: "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 9, PARQUET_VERSION v2, ROW_GROUP_SIZE 65536",
  revisions: { column: "revision", removed: "removed" },
};

export const HourlyFlowSchema = z.object({
  coinId: z.string(),
  chainId: z.string(),
  hourTs: UnixSecondsSchema.describe("Start of the hour"),
  mintCount: z.int().nonnegative(),
  burnCount: z.int().nonnegative(),
  mintVolumeUsd: z.number().nonnegative().describe("Unpriced events count as 0 here and in the counts as events"),
  burnVolumeUsd: z.number().nonnegative(),
});
export type HourlyFlow = z.infer<typeof HourlyFlowSchema>;

export const HourlyFlowRowSchema = HourlyFlowSchema.extend({
  revision: z
    .int()
    .nonnegative()
    .describe("0 as first stored, else the time of the correction; the highest of an hour holds"),
  removed: z.boolean().describe("true: the hour has no event any more"),
});
export type HourlyFlowRow = z.infer<typeof HourlyFlowRowSchema>;

/** Hours that are over and final, made from the stored events only. */
export const MINT_BURN_HOURLY: HistoryDataset<HourlyFlowRow> = {
  name: "mint-burn-hourly",
  row: HourlyFlowRowSchema,
  columns: {
    coinId: "VARCHAR",
    chainId: "VARCHAR",
    hourTs: "BIGINT",
    mintCount: "INTEGER",
    burnCount: "INTEGER",
    mintVolumeUsd: "DOUBLE",
    burnVolumeUsd: "DOUBLE",
    revision: "BIGINT",
    removed: "BOOLEAN",
  },
  key: ["coinId", "chainId", "hourTs"],
  timeColumn: "hourTs",
  period: "day",
  revisions: { column: "revision", removed: "removed" },
};

export const FlowDirection24hSchema = z.enum(["minting", "burning", "flat", "inactive"]);
export type FlowDirection24h = z.infer<typeof FlowDirection24hSchema>;
export const PressureStateSchema = z.enum(["improving", "stable", "worsening", "nr"]);
export type PressureState = z.infer<typeof PressureStateSchema>;
export type CompositeState = "inactive" | `${FlowDirection24h}-${PressureState}`;

export const GaugeBandSchema = z.object({
  label: z.enum(["CRISIS", "STRESS", "CAUTIOUS", "NEUTRAL", "HEALTHY", "CONFIDENT", "SURGE"]),
  color: z.enum(["red", "orange", "amber", "gray", "light-green", "green", "bright-green"]),
});
export type GaugeBand = z.infer<typeof GaugeBandSchema>;

const GaugeSchema = z.object({
  score: z.number().min(-100).max(100).nullable().describe("null: no coin has a score yet"),
  band: GaugeBandSchema.shape.label.nullable(),
  flightToQuality: z.boolean(),
  flightIntensity: z.number().min(0).max(100),
  ftqAvailable: z.boolean().describe("false: the safety scores are missing or older than two hours"),
  ftqReason: z.string().nullable(),
  safeNetUsd: z.number().nullable(),
  riskyNetUsd: z.number().nullable(),
  trackedCoins: z.int().nonnegative(),
  trackedMcapUsd: z.number().nonnegative().describe("Circulating on the chains whose events are read"),
});

export const CoverageStatusSchema = z.enum(["full", "partial-history", "lagging", "bootstrapping", "disabled"]);
export type CoverageStatus = z.infer<typeof CoverageStatusSchema>;

const CoverageSchema = z.object({
  chainIds: z.array(z.string()),
  scopeLabel: z.string(),
  startBlock: z.int().nonnegative().describe("First block worth reading"),
  lastSyncedBlock: z.int().describe("Everything from historyStartAt up to here was read"),
  lagBlocks: z.int().nonnegative().nullable(),
  historyStartAt: UnixSecondsSchema.nullable().describe("From here on nothing is missing"),
  has24hWindow: z.boolean(),
  has30dWindow: z.boolean(),
  has90dWindow: z.boolean(),
  isPartial: z.boolean(),
  status: CoverageStatusSchema,
  adapterKinds: z.array(z.enum(["transfer-zero-address", "custom-events", "mixed"])),
  startBlockSource: z.string(),
  startBlockConfidence: z.enum(["high", "medium", "low"]),
  deferred: z.array(z.string()).describe("Contracts set aside for now, and why"),
  supplyDifferences: z
    .array(
      z.object({
        contract: z.string(),
        fromBlock: z.int(),
        toBlock: z.int(),
        differenceTokens: z.number().describe("Change of total supply less minted plus burned"),
      }),
    )
    .describe("Block ranges in which the events do not explain the change of total supply"),
});
export type FlowCoverage = z.infer<typeof CoverageSchema>;

export const FlowCoinSchema = z.object({
  stablecoinId: z.string(),
  symbol: z.string(),
  pressureShiftScore: z.number().min(-100).max(100).nullable(),
  flowIntensity: z.number().min(-100).max(100).nullable().describe("Old name of pressureShiftScore"),
  pressureShiftState: PressureStateSchema,
  netFlowDirection24h: FlowDirection24hSchema,
  has24hActivity: z.boolean(),
  baselineDailyNetUsd: z.number().nullable(),
  baselineDailyAbsUsd: z.number().nullable(),
  baselineDataDays: z.int().nonnegative(),
  netFlow24hUsd: z.number(),
  mintVolume24hUsd: z.number(),
  burnVolume24hUsd: z.number(),
  mintCount24h: z.int().nonnegative(),
  burnCount24h: z.int().nonnegative(),
  netFlow7dUsd: z.number(),
  netFlow30dUsd: z.number(),
  netFlow90dUsd: z.number(),
  largestEvent24h: z
    .object({ direction: FlowDirectionSchema, amountUsd: z.number(), txHash: z.string(), timestamp: UnixSecondsSchema })
    .nullable(),
  coverage: CoverageSchema,
});
export type FlowCoin = z.infer<typeof FlowCoinSchema>;

export const SyncFreshnessSchema = z.enum(["fresh", "degraded", "stale"]);
export type SyncFreshness = z.infer<typeof SyncFreshnessSchema>;

const LaggardSchema = z.object({
  key: z.string().describe("<chain slug>-<address>"),
  state: z.enum(["disabled", "deferred", "behind", "unread"]),
  lastSyncedBlock: z.int().nullable().describe("null: never read"),
  deferredUntil: UnixSecondsSchema.nullable(),
  reason: z.string().nullable(),
});
export type FlowLaggard = z.infer<typeof LaggardSchema>;

export const MintBurnFlowsSchema = z.object({
  gauge: GaugeSchema,
  coins: z.array(FlowCoinSchema).describe("Sorted by id"),
  openHours: z
    .array(HourlyFlowSchema)
    .describe("Hours as this run knows them and the history it began with does not: not over, not final, or corrected"),
  provisional: z
    .array(FlowEventRowSchema.omit({ revision: true, removed: true }))
    .describe("Events in blocks that are not final; taken back when their block is replaced"),
  scope: z.object({ chainIds: z.array(z.string()), label: z.string() }),
  chains: z.array(
    z.object({
      chainId: z.string(),
      headBlock: z.int().nullable(),
      lastSyncedBlock: z.int().nullable(),
      finalizedBlock: z.int().nullable(),
      reason: z.string().nullable().describe("Why this run did not read the chain"),
    }),
  ),
  laggards: z
    .array(LaggardSchema)
    .describe("Contracts that do not stand where their chain stands; every other one was read with it"),
  sync: z.object({
    lastSuccessfulSyncAt: UnixSecondsSchema.nullable(),
    freshnessStatus: SyncFreshnessSchema,
    warning: z.string().nullable(),
    classificationWarning: z.string().nullable(),
    criticalLaneHealthy: z.boolean(),
  }),
});
export type MintBurnFlows = z.infer<typeof MintBurnFlowsSchema>;

/** The snapshot: coins without what follows from their hours. `flow-coins.ts` makes them whole. */
export const StoredFlowsSchema = MintBurnFlowsSchema.extend({
  coins: z
    .array(FlowCoinSchema.pick({ stablecoinId: true, symbol: true, coverage: true }))
    .describe("Sorted by id; their figures follow from the hours of the history and `openHours`"),
});
export type StoredFlows = z.infer<typeof StoredFlowsSchema>;
