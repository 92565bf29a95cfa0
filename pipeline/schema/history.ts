/**
 * History datasets: rows of one UTC day as JSON lines while the day is open, as immutable Parquet once it is closed.
 *
 * `columns` are DuckDB types in file order; `key` names a row for ever, so that two runs that race can be merged and a
 * repeated run adds nothing.
 */
import { z } from "zod";
import { DAILY_CHANGES } from "./daily-changes.ts";
import { type DepegEvent, DepegEventSchema } from "./depegs.ts";
import { DIGEST_DAYS } from "./digest.ts";
import { UnixSecondsSchema } from "./envelope.ts";
import { MINT_BURN_EVENTS, MINT_BURN_HOURLY } from "./flows.ts";
import { type FreezeEvent, FreezeEventSchema } from "./freezes.ts";
import type { HistoryDataset } from "./history-dataset.ts";
import {
  type GradeHistoryRow,
  GradeHistoryRowSchema,
  type LiquidityDay,
  LiquidityDaySchema,
  type StressDay,
  StressDaySchema,
  type YieldDay,
  YieldDaySchema,
} from "./judgement-history.ts";
import { REDEMPTION_HISTORY } from "./redemption-history.ts";
import { type StabilityDay, StabilityDaySchema, type StabilitySample, StabilitySampleSchema } from "./stress.ts";
import { WEEKLY_DIGESTS } from "./weekly-digest.ts";

export type { HistoryDataset } from "./history-dataset.ts";

export const PriceHistoryRowSchema = z.object({
  observedRunAt: UnixSecondsSchema.describe("Start of the run that chose this price"),
  coinId: z.string(),
  priceUsd: z.number().positive().nullable().describe("null: no usable price from this run on"),
  confidence: z.string().nullable(),
  deviationBps: z.number().nullable(),
});
export type PriceHistoryRow = z.infer<typeof PriceHistoryRowSchema>;

/** One row a coin whenever its price, confidence or absence changed, and all prices in a UTC day's first run: gaps stay gaps. */
export const PRICE_HISTORY: HistoryDataset<PriceHistoryRow> = {
  name: "price-history",
  row: PriceHistoryRowSchema,
  columns: {
    observedRunAt: "BIGINT",
    coinId: "VARCHAR",
    priceUsd: "DOUBLE",
    confidence: "VARCHAR",
    deviationBps: "DOUBLE",
  },
  key: ["coinId", "observedRunAt"],
  timeColumn: "observedRunAt",
  period: "day",
  linePerTime: true,
};

export const SupplyHistoryRowSchema = z.object({
  date: UnixSecondsSchema.describe("Start of the UTC day on whose 08:00 run the supply was seen"),
  coinId: z.string(),
  circulatingUsd: z.number().nonnegative(),
  priceUsd: z.number().positive().nullable(),
});
export type SupplyHistoryRow = z.infer<typeof SupplyHistoryRowSchema>;

export const SUPPLY_HISTORY: HistoryDataset<SupplyHistoryRow> = {
  name: "supply-history",
  row: SupplyHistoryRowSchema,
  columns: { date: "BIGINT", coinId: "VARCHAR", circulatingUsd: "DOUBLE", priceUsd: "DOUBLE" },
  key: ["coinId", "date"],
  timeColumn: "date",
  period: "day",
};

export const ChartRowSchema = z.object({
  date: UnixSecondsSchema,
  pegType: z.string(),
  circulatingUsd: z.number(),
});
export type ChartRow = z.infer<typeof ChartRowSchema>;

/** Aggregate market cap by peg type and day, from DefiLlama's charts. */
export const STABLECOIN_CHARTS: HistoryDataset<ChartRow> = {
  name: "stablecoin-charts",
  row: ChartRowSchema,
  columns: { date: "BIGINT", pegType: "VARCHAR", circulatingUsd: "DOUBLE" },
  key: ["pegType", "date"],
  timeColumn: "date",
  period: "year",
};

/** Depegs that ended, in the file of the year they started: a closed event never changes. */
export const DEPEG_EVENTS: HistoryDataset<DepegEvent> = {
  name: "depeg-events",
  row: DepegEventSchema.refine((event) => event.endedAt !== null, { path: ["endedAt"], error: "is still open" }),
  columns: {
    id: "BIGINT",
    stablecoinId: "VARCHAR",
    symbol: "VARCHAR",
    pegType: "VARCHAR",
    direction: "VARCHAR",
    peakDeviationBps: "BIGINT",
    startedAt: "BIGINT",
    endedAt: "BIGINT",
    startPrice: "DOUBLE",
    peakPrice: "DOUBLE",
    recoveryPrice: "DOUBLE",
    pegReference: "DOUBLE",
    source: "VARCHAR",
    confirmationSources: "VARCHAR",
    pendingReason: "VARCHAR",
    endReason: "VARCHAR",
    episodeId: "VARCHAR",
  },
  key: ["id"],
  timeColumn: "startedAt",
  period: "year",
};

/** Every freeze, release and seizure ever read, in the file of its year. */
export const FREEZE_EVENTS: HistoryDataset<FreezeEvent> = {
  name: "freeze-events",
  row: FreezeEventSchema,
  columns: {
    id: "VARCHAR",
    coinId: "VARCHAR",
    stablecoin: "VARCHAR",
    chainId: "VARCHAR",
    eventType: "VARCHAR",
    signature: "VARCHAR",
    address: "VARCHAR",
    amount: "VARCHAR",
    amountSource: "VARCHAR",
    amountUsd: "DOUBLE",
    contractAddress: "VARCHAR",
    txHash: "VARCHAR",
    blockNumber: "BIGINT",
    timestamp: "BIGINT",
  },
  key: ["id"],
  timeColumn: "timestamp",
  period: "year",
};

/** A row for the first grade of a coin and for every change of its grade or score. */
export const GRADE_HISTORY: HistoryDataset<GradeHistoryRow> = {
  name: "safety-score-history",
  row: GradeHistoryRowSchema,
  columns: {
    at: "BIGINT",
    coinId: "VARCHAR",
    grade: "VARCHAR",
    score: "BIGINT",
    prevGrade: "VARCHAR",
    prevScore: "BIGINT",
    methodologyVersion: "VARCHAR",
  },
  key: ["coinId", "at"],
  timeColumn: "at",
  period: "day",
};

const INDEX_COLUMNS = {
  score: "DOUBLE",
  band: "VARCHAR",
  severity: "DOUBLE",
  breadth: "DOUBLE",
  stressBreadth: "DOUBLE",
  trend: "DOUBLE",
};

/** The index: a sample where it moved, and one every two hours. */
export const STABILITY_SAMPLES: HistoryDataset<StabilitySample> = {
  name: "stability-samples",
  row: StabilitySampleSchema,
  columns: { at: "BIGINT", ...INDEX_COLUMNS },
  key: ["at"],
  timeColumn: "at",
  period: "day",
};

/** The index, the mean of every closed UTC day. */
export const STABILITY_DAYS: HistoryDataset<StabilityDay> = {
  name: "stability-index",
  row: StabilityDaySchema,
  columns: { date: "BIGINT", samples: "BIGINT", ...INDEX_COLUMNS },
  key: ["date"],
  timeColumn: "date",
  period: "year",
};

/** Liquidity of every coin with a pool, first run of the UTC day. */
export const LIQUIDITY_DAYS: HistoryDataset<LiquidityDay> = {
  name: "dex-liquidity-history",
  row: LiquidityDaySchema,
  columns: {
    date: "BIGINT",
    coinId: "VARCHAR",
    tvlUsd: "DOUBLE",
    volume24hUsd: "DOUBLE",
    score: "BIGINT",
    coverageConfidence: "DOUBLE",
  },
  key: ["coinId", "date"],
  timeColumn: "date",
  period: "day",
};

/** Worst early-warning score of a coin and day, where it is above calm. */
export const STRESS_DAYS: HistoryDataset<StressDay> = {
  name: "dews-history",
  row: StressDaySchema,
  columns: { date: "BIGINT", coinId: "VARCHAR", score: "BIGINT", band: "VARCHAR" },
  key: ["coinId", "date"],
  timeColumn: "date",
  period: "day",
};

/** Best yield of a coin and day. */
export const YIELD_DAYS: HistoryDataset<YieldDay> = {
  name: "yield-history",
  row: YieldDaySchema,
  columns: { date: "BIGINT", coinId: "VARCHAR", apy: "DOUBLE", dataSource: "VARCHAR", sourceTvlUsd: "DOUBLE" },
  key: ["coinId", "date"],
  timeColumn: "date",
  period: "day",
};

/** A history dataset of some row type; its own `row` schema checks every row. */
// biome-ignore lint/suspicious/noExplicitAny: datasets of different rows travel in one list
export type AnyHistory = HistoryDataset<any>;

export const HISTORY_DATASETS: readonly AnyHistory[] = [
  PRICE_HISTORY,
  SUPPLY_HISTORY,
  STABLECOIN_CHARTS,
  DEPEG_EVENTS,
  REDEMPTION_HISTORY,
  MINT_BURN_EVENTS,
  MINT_BURN_HOURLY,
  FREEZE_EVENTS,
  GRADE_HISTORY,
  STABILITY_SAMPLES,
  STABILITY_DAYS,
  LIQUIDITY_DAYS,
  STRESS_DAYS,
  YIELD_DAYS,
  DAILY_CHANGES,
  DIGEST_DAYS,
  WEEKLY_DIGESTS,
];
