/** Files of mints and burns: the common queries of the reference's two endpoints, made once a build. */
import { z } from "zod";
import {
  BurnReviewReasonSchema,
  BurnTypeSchema,
  FlowDirectionSchema,
  FlowPriceSourceSchema,
  FlowTypeSchema,
  MintBurnFlowsSchema,
} from "../../pipeline/schema/flows.ts";
import type { Table } from "../lib/csv.ts";
import { EVENT_FEEDS, EVENT_FILES, EVENTS_PER_FILE, type EventFeed } from "../lib/flow-events.ts";
import { FLOW_HOURS, hourSums, windowSums } from "../lib/flow-history.ts";
import type { SiteRecord } from "../lib/record.ts";

const HourSumSchema = z.object({
  hourTs: z.int(),
  netFlowUsd: z.number(),
  mintVolumeUsd: z.number(),
  burnVolumeUsd: z.number(),
});

export const MintBurnFlowsFileSchema = MintBurnFlowsSchema.extend({
  hourly: z.array(HourSumSchema).describe("All coins together, ascending"),
  updatedAt: z.int().describe("Latest hour of the window, else the snapshot's time"),
  windowHours: z.int(),
});

const WindowSchema = z.object({
  windowHours: z.int(),
  mintVolumeUsd: z.number(),
  burnVolumeUsd: z.number(),
  netFlowUsd: z.number(),
  mintCount: z.int(),
  burnCount: z.int(),
  chains: z.array(
    z.object({
      chainId: z.string(),
      mintVolumeUsd: z.number(),
      burnVolumeUsd: z.number(),
      netFlowUsd: z.number(),
      mintCount: z.int(),
      burnCount: z.int(),
    }),
  ),
  hourly: z.array(HourSumSchema),
});

export const CoinFlowsFileSchema = WindowSchema.extend({
  stablecoinId: z.string(),
  symbol: z.string(),
  updatedAt: z.int(),
  scope: MintBurnFlowsSchema.shape.scope,
  sync: MintBurnFlowsSchema.shape.sync,
  summary: MintBurnFlowsSchema.shape.coins.element.describe("The coin's row of mint-burn-flows"),
  longer: z.array(WindowSchema).describe("The same over 168 and 720 hours"),
});

export const FlowEventsFileSchema = z.object({
  events: z.array(
    z.object({
      id: z.string(),
      stablecoinId: z.string(),
      symbol: z.string(),
      chainId: z.string(),
      direction: FlowDirectionSchema,
      flowType: FlowTypeSchema,
      amount: z.number().describe("Token units"),
      amountUsd: z.number().nullable(),
      burnType: BurnTypeSchema.nullable(),
      burnReviewReason: BurnReviewReasonSchema.nullable(),
      counterparty: z.string().nullable(),
      txHash: z.string(),
      blockNumber: z.int(),
      timestamp: z.int(),
      explorerTxUrl: z.string().nullable(),
      priceUsed: z.number().nullable(),
      priceTimestamp: z.int().nullable(),
      priceSource: FlowPriceSourceSchema.nullable(),
      provisional: z.boolean().describe("true: its block is not final"),
    }),
  ),
  total: z.int().describe("All events this query asks for, shown here or not"),
  scope: z.enum(["all", "counted"]),
  direction: FlowDirectionSchema.nullable().describe("null: both"),
  burnType: BurnTypeSchema.nullable().describe("null: any"),
  minAmount: z.number().describe("USD; 0: any, unpriced events too"),
  limit: z.int(),
  offset: z.int(),
  next: z.string().nullable().describe("The next page below /api/v1/; null: none, older events are in `everything`"),
  everything: z.string().describe("Parquet with every event of the coin, newest first, below /api/v1/"),
});

/** The snapshot with the figures that its file in git leaves to the hours. */
function flowsOf(record: SiteRecord) {
  const { asOf } = record.snapshots["mint-burn-flows"] ?? {};
  const { whole } = record.history.flows;
  return asOf === undefined || whole === null ? null : { asOf, data: whole };
}

/** Coins whose events are read. */
export const flowCoinIds = (record: SiteRecord) => flowsOf(record)?.data.coins.map((coin) => coin.stablecoinId) ?? [];

export function flowsData(record: SiteRecord, hours: number): z.infer<typeof MintBurnFlowsFileSchema> | null {
  const snapshot = flowsOf(record);
  if (!snapshot) return null;
  const hourly = hourSums([...record.history.flows.hours.values()].flat(), snapshot.asOf, hours);
  return {
    ...snapshot.data,
    hourly,
    updatedAt: hourly.at(-1)?.hourTs ?? snapshot.asOf,
    windowHours: hours,
  };
}

export function coinFlowsData(record: SiteRecord, coinId: string): z.infer<typeof CoinFlowsFileSchema> | null {
  const snapshot = flowsOf(record);
  const summary = snapshot?.data.coins.find((coin) => coin.stablecoinId === coinId);
  if (!snapshot || !summary) return null;
  const rows = record.history.flows.hours.get(coinId) ?? [];
  const within = (windowHours: number): z.infer<typeof WindowSchema> => ({
    windowHours,
    ...windowSums(rows, snapshot.asOf, windowHours),
    chains: summary.coverage.chainIds.map((chainId) => ({
      chainId,
      ...windowSums(
        rows.filter((row) => row.chainId === chainId),
        snapshot.asOf,
        windowHours,
      ),
    })),
    hourly: hourSums(rows, snapshot.asOf, windowHours),
  });
  return {
    stablecoinId: coinId,
    symbol: summary.symbol,
    updatedAt: rows.at(-1)?.hourTs ?? snapshot.asOf,
    scope: { chainIds: summary.coverage.chainIds, label: summary.coverage.scopeLabel },
    sync: snapshot.data.sync,
    summary,
    ...within(24),
    longer: [within(168), within(FLOW_HOURS)],
  };
}

/** Path of a coin's events below /api/v1/: the newest, further pages of them, and the common questions. */
export function eventsPath(id: string, feed: EventFeed, page = 1): string {
  if (feed !== "all") return `mint-burn-events/${id}/${feed}.json`;
  return page === 1 ? `mint-burn-events/${id}.json` : `mint-burn-events/${id}/page-${page}.json`;
}

export function eventsParquetPath(id: string): string {
  return `mint-burn-events/${id}.parquet`;
}

/** Coins that have so many pages of newest events; every coin has a first one. */
export function coinsWithPage(record: SiteRecord, page: number): string[] {
  const { feeds } = record.history.flows;
  return flowCoinIds(record).filter(
    (id) => page === 1 || (feeds.get(id)?.all.events.length ?? 0) > (page - 1) * EVENTS_PER_FILE,
  );
}

export function coinEventsData(
  record: SiteRecord,
  coinId: string,
  feed: EventFeed,
  page = 1,
): z.infer<typeof FlowEventsFileSchema> | null {
  if (!flowsOf(record)) return null;
  const { events, total } = record.history.flows.feeds.get(coinId)?.[feed] ?? { events: [], total: 0 };
  const { scope, direction, burnType, minAmount } = EVENT_FEEDS[feed];
  const limit = Math.min(EVENT_FEEDS[feed].limit, EVENTS_PER_FILE);
  const offset = (page - 1) * limit;
  const hasNext = page < EVENT_FILES && events.length > offset + limit;
  return {
    events: events.slice(offset, offset + limit),
    total,
    scope,
    direction,
    burnType,
    minAmount,
    limit,
    offset,
    next: hasNext ? eventsPath(coinId, feed, page + 1) : null,
    everything: eventsParquetPath(coinId),
  };
}

export function flowsTable(record: SiteRecord): Table | null {
  const data = flowsOf(record)?.data;
  if (!data) return null;
  return {
    columns: [
      "id",
      "symbol",
      "netFlowDirection24h",
      "netFlow24hUsd",
      "mintVolume24hUsd",
      "burnVolume24hUsd",
      "mintCount24h",
      "burnCount24h",
      "netFlow7dUsd",
      "netFlow30dUsd",
      "netFlow90dUsd",
      "pressureShiftScore",
      "pressureShiftState",
      "coverageStatus",
      "lagBlocks",
      "historyStartAt",
      "simulated",
    ],
    rows: data.coins.map((coin) => [
      coin.stablecoinId,
      coin.symbol,
      coin.netFlowDirection24h,
      coin.netFlow24hUsd,
      coin.mintVolume24hUsd,
      coin.burnVolume24hUsd,
      coin.mintCount24h,
      coin.burnCount24h,
      coin.netFlow7dUsd,
      coin.netFlow30dUsd,
      coin.netFlow90dUsd,
      coin.pressureShiftScore,
      coin.pressureShiftState,
      coin.coverage.status,
      coin.coverage.lagBlocks,
      coin.coverage.historyStartAt,
      record.simulated,
    ]),
  };
}

export function eventsTable(record: SiteRecord, coinId: string): Table | null {
  const data = coinEventsData(record, coinId, "all");
  if (!data) return null;
  const columns = [
    "id",
    "timestamp",
    "direction",
    "amount",
    "amountUsd",
    "flowType",
    "burnType",
    "chainId",
    "blockNumber",
    "txHash",
    "counterparty",
    "priceUsed",
    "priceSource",
    "provisional",
  ] as const;
  return { columns: [...columns], rows: data.events.map((event) => columns.map((column) => event[column])) };
}
