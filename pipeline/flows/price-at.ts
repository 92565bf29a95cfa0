/**
 * What a token was worth when it was minted or burned: the day's price of the record, else the price known now, else nothing.
 *
 * USD amounts are never stored: they are amount times price, so both cannot disagree.
 */
import type { FlowPrice } from "../schema/flows.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";

export interface DailyPrice {
  /** Start of the UTC day the price stands for, unix seconds. */
  snapshotDate: number;
  price: number | null;
}

export interface EventPrices {
  /** Daily prices by coin, ascending. */
  history: Readonly<Record<string, readonly DailyPrice[]>>;
  /** Newest prices by coin. */
  current: Readonly<Record<string, number | null>>;
  /** When those were sourced; where that is unknown the run's time stands. */
  currentUpdatedAt: Readonly<Record<string, number | null>>;
  runTimestamp: number;
}

export const NO_PRICE: FlowPrice = { priceUsed: null, priceTimestamp: null, priceSource: null };

/** The last day with a price up to the event's own day, however long ago. */
export function dailyPriceAt(series: readonly DailyPrice[] | undefined, timestamp: number): DailyPrice | null {
  const dayEnd = startOfUtcDay(timestamp) + DAY_SEC;
  return series?.findLast(({ snapshotDate, price }) => snapshotDate < dayEnd && price !== null) ?? null;
}

export function priceAt(coinId: string, timestamp: number, prices: EventPrices): FlowPrice {
  const daily = dailyPriceAt(prices.history[coinId], timestamp);
  if (daily !== null)
    return { priceUsed: daily.price, priceTimestamp: daily.snapshotDate, priceSource: "supply-history-daily" };
  const price = prices.current[coinId] ?? null;
  if (price === null) return NO_PRICE;
  const updatedAt = prices.currentUpdatedAt[coinId] ?? prices.runTimestamp;
  return { priceUsed: price, priceTimestamp: updatedAt, priceSource: "price-cache-current" };
}
