/** Prices for the events of a run: the record's own daily prices, and this run's for what they do not reach. */
import type { LaneContext } from "../lane.ts";
import type { FlowEvent } from "../schema/flows.ts";
import { SUPPLY_HISTORY, type SupplyHistoryRow } from "../schema/history.ts";
import { DAY_SEC } from "../time.ts";
import { type DailyPrice, type EventPrices, priceAt } from "./price-at.ts";

/** Days read at first; a coin without a price in them is looked up in the whole history. */
const USUAL_DAYS = 8;

type PriceContext = Pick<LaneContext, "history" | "published" | "nowSec">;

async function seriesSince(context: PriceContext, sinceSec: number): Promise<Record<string, DailyPrice[]>> {
  const series: Record<string, DailyPrice[]> = {};
  for (const { coinId, date, priceUsd } of await context.history<SupplyHistoryRow>(SUPPLY_HISTORY, sinceSec)) {
    series[coinId] ??= [];
    series[coinId].push({ snapshotDate: date, price: priceUsd });
  }
  for (const days of Object.values(series)) days.sort((a, b) => a.snapshotDate - b.snapshotDate);
  return series;
}

export async function eventPrices(context: PriceContext, firstEventSec: number): Promise<EventPrices> {
  const assets = context.published("stablecoins")?.data.peggedAssets ?? [];
  return {
    history: await seriesSince(context, firstEventSec - USUAL_DAYS * DAY_SEC),
    current: Object.fromEntries(assets.map(({ id, price }) => [id, price])),
    currentUpdatedAt: Object.fromEntries(assets.map(({ id, priceUpdatedAt }) => [id, priceUpdatedAt])),
    runTimestamp: context.nowSec,
  };
}

/** The rows with older daily prices where the usual days had none. */
export async function withOlderPrices(
  context: PriceContext,
  rows: readonly FlowEvent[],
  prices: EventPrices,
): Promise<FlowEvent[]> {
  if (rows.every(({ priceSource }) => priceSource === "supply-history-daily")) return [...rows];
  const whole = { ...prices, history: await seriesSince(context, 0) };
  return rows.map((row) => ({ ...row, ...priceAt(row.coinId, row.timestamp, whole) }));
}
