/**
 * History datasets: rows of one UTC day as JSON lines while the day is open, as immutable Parquet once it is closed.
 *
 * `columns` are DuckDB types in file order; `key` names a row for ever, so that two runs that race can be merged and a
 * repeated run adds nothing.
 */
import { z } from "zod";
import { type DepegEvent, DepegEventSchema } from "./depegs.ts";
import { UnixSecondsSchema } from "./envelope.ts";
import { MINT_BURN_EVENTS, MINT_BURN_HOURLY } from "./flows.ts";
import type { HistoryDataset } from "./history-dataset.ts";

export type { HistoryDataset } from "./history-dataset.ts";

export const PriceHistoryRowSchema = z.object({
  observedRunAt: UnixSecondsSchema.describe("Start of the run that chose this price"),
  coinId: z.string(),
  priceUsd: z.number().positive().nullable().describe("null: no usable price from this run on"),
  confidence: z.string().nullable(),
  deviationBps: z.number().nullable(),
});
export type PriceHistoryRow = z.infer<typeof PriceHistoryRowSchema>;

/** One row a coin whenever its price, confidence or absence changed, and at least one an hour: gaps stay gaps. */
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

/** A history dataset of some row type; its own `row` schema checks every row. */
// biome-ignore lint/suspicious/noExplicitAny: datasets of different rows travel in one list
export type AnyHistory = HistoryDataset<any>;

export const HISTORY_DATASETS: readonly AnyHistory[] = [
  PRICE_HISTORY,
  SUPPLY_HISTORY,
  STABLECOIN_CHARTS,
  DEPEG_EVENTS,
  MINT_BURN_EVENTS,
  MINT_BURN_HOURLY,
];
