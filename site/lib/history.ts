/**
 * History for charts and files: one query a dataset for all coins, thinned in DuckDB so that lows and highs survive.
 *
 * A bucket gives its lowest, highest and last point with their own times; a row without a price stays as a gap. Seconds throughout.
 */

import type { Registry } from "../../pipeline/registry/registry.ts";
import type { Envelope } from "../../pipeline/schema/envelope.ts";
import type { StoredFlows } from "../../pipeline/schema/flows.ts";
import type { RedemptionDay } from "../../pipeline/schema/redemption-history.ts";
import { openStore, type Store } from "../../pipeline/store/store.ts";
import { type DailyHistory, loadDaily, NO_DAYS } from "./daily-history.ts";
import { type FlowHistory, loadFlows, NO_FLOWS } from "./flow-history.ts";

const DAY = 86_400;

export interface PricePoint {
  at: number;
  priceUsd: number | null;
  deviationBps: number | null;
}

export interface SupplyPoint {
  date: number;
  circulatingUsd: number;
  priceUsd: number | null;
}

export const PRICE_RANGES = ["24h", "7d", "30d", "all"] as const;
export type PriceRange = (typeof PRICE_RANGES)[number];

/** How far back each range reaches and how wide a bucket is; `all` chooses its bucket by the span. */
const RANGE_SEC: Record<Exclude<PriceRange, "all">, [span: number, bucket: number]> = {
  "24h": [DAY, 900],
  "7d": [7 * DAY, 2 * 3600],
  "30d": [30 * DAY, 8 * 3600],
};

export interface PegEvent {
  coinId: string;
  at: number;
  kind: "left-peg" | "returned" | "lost-price";
  priceUsd: number | null;
  deviationBps: number | null;
}

export interface History {
  /** By coin id, ascending. */
  prices: Map<string, Record<PriceRange, PricePoint[]>>;
  supplies: Map<string, SupplyPoint[]>;
  /** Ascending dates; USD by peg type. */
  charts: { date: number; totalCirculatingUSD: Record<string, number> }[];
  /** By coin id, ascending; a day that said the same as the one before has no row. */
  redemption: Map<string, Omit<RedemptionDay, "coinId">[]>;
  flows: FlowHistory;
  daily: DailyHistory;
  /** Newest first, last 30 days. */
  pegEvents: PegEvent[];
}

/** A coin that is at least this far from its peg has left it, for the feed. */
export const FEED_DEPEG_BPS = 100;

/**
 * Every row, and what rests made visible: the price that holds at the first run of every six hours. A run that changed no price at all
 * leaves no row and counts as silence; a coin that is no longer listed rests until its day ends, since every day begins anew.
 */
const RESTED_PRICES = `
  WITH heard AS (SELECT DISTINCT observedRunAt AS heardAt FROM price_history),
  firsts AS (SELECT min(heardAt) AS heardAt FROM heard GROUP BY heardAt // 21600),
  marks AS (SELECT heardAt, min(heardAt) OVER (PARTITION BY heardAt // 86400) AS dayBegan FROM firsts),
  coins AS (SELECT DISTINCT coinId FROM price_history),
  asked AS (SELECT heardAt, dayBegan, coinId FROM marks CROSS JOIN coins WHERE heardAt >= $from),
  resting AS (
    SELECT asked.coinId, asked.heardAt AS observedRunAt, held.priceUsd, held.deviationBps
    FROM asked ASOF JOIN price_history AS held ON held.coinId = asked.coinId AND held.observedRunAt <= asked.heardAt
    WHERE held.priceUsd IS NOT NULL AND held.observedRunAt >= asked.dayBegan
  ),
  rested AS (
    SELECT coinId, observedRunAt, priceUsd, deviationBps FROM price_history WHERE observedRunAt >= $from
    UNION SELECT * FROM resting
  )`;

async function pricesOf(store: Store, fromSec: number, bucketSec: number): Promise<Map<string, PricePoint[]>> {
  const rows = await store.query(
    `${RESTED_PRICES}
     SELECT coinId,
       arg_min({'t': observedRunAt, 'p': priceUsd, 'd': deviationBps}, priceUsd) AS low,
       arg_max({'t': observedRunAt, 'p': priceUsd, 'd': deviationBps}, priceUsd) AS high,
       max_by({'t': observedRunAt, 'p': priceUsd, 'd': deviationBps}, observedRunAt) AS last,
       min(observedRunAt) FILTER (priceUsd IS NULL) AS gapAt
     FROM rested
     GROUP BY coinId, observedRunAt // $bucket ORDER BY coinId, observedRunAt // $bucket`,
    { from: fromSec, bucket: bucketSec },
  );
  const points = new Map<string, PricePoint[]>();
  for (const row of rows) {
    const coinId = row.coinId as string;
    const list = points.get(coinId) ?? [];
    points.set(coinId, list);
    const seen = new Set<number>();
    const gap: PricePoint[] =
      row.gapAt === null ? [] : [{ at: row.gapAt as number, priceUsd: null, deviationBps: null }];
    const found = [row.low, row.high, row.last]
      .flatMap((value) => {
        const entries = (value as { entries?: Record<string, number | bigint | null> } | null)?.entries;
        if (!entries || entries.t === null) return [];
        return {
          at: Number(entries.t),
          priceUsd: entries.p as number | null,
          deviationBps: entries.d as number | null,
        };
      })
      .concat(gap)
      .sort((a, b) => a.at - b.at);
    for (const point of found) {
      if (seen.has(point.at)) continue;
      seen.add(point.at);
      list.push(point);
    }
  }
  return points;
}

async function loadPrices(store: Store, nowSec: number): Promise<History["prices"]> {
  const [bounds] = await store.query("SELECT min(observedRunAt) AS oldest FROM price_history");
  const oldest = (bounds?.oldest as number | null) ?? nowSec;
  // About 240 buckets over the whole history, and never finer than six hours.
  const allBucket = Math.max(6 * 3600, Math.ceil((nowSec - oldest) / 240 / DAY) * DAY);
  const byRange = {
    "24h": await pricesOf(store, nowSec - RANGE_SEC["24h"][0], RANGE_SEC["24h"][1]),
    "7d": await pricesOf(store, nowSec - RANGE_SEC["7d"][0], RANGE_SEC["7d"][1]),
    "30d": await pricesOf(store, nowSec - RANGE_SEC["30d"][0], RANGE_SEC["30d"][1]),
    all: await pricesOf(store, 0, allBucket),
  };
  const prices: History["prices"] = new Map();
  for (const coinId of byRange.all.keys())
    prices.set(coinId, {
      "24h": byRange["24h"].get(coinId) ?? [],
      "7d": byRange["7d"].get(coinId) ?? [],
      "30d": byRange["30d"].get(coinId) ?? [],
      all: byRange.all.get(coinId) ?? [],
    });
  return prices;
}

async function loadSupplies(store: Store): Promise<History["supplies"]> {
  const supplies: History["supplies"] = new Map();
  for (const row of await store.query(
    "SELECT coinId, date, circulatingUsd, priceUsd FROM supply_history ORDER BY coinId, date",
  )) {
    const list = supplies.get(row.coinId as string) ?? [];
    supplies.set(row.coinId as string, list);
    list.push({
      date: row.date as number,
      circulatingUsd: row.circulatingUsd as number,
      priceUsd: row.priceUsd as number | null,
    });
  }
  return supplies;
}

async function loadRedemption(store: Store): Promise<History["redemption"]> {
  const days: History["redemption"] = new Map();
  for (const { coinId, ...day } of await store.query("SELECT * FROM redemption_history ORDER BY coinId, date")) {
    const list = days.get(coinId as string) ?? [];
    days.set(coinId as string, list);
    list.push(day as Omit<RedemptionDay, "coinId">);
  }
  return days;
}

async function loadCharts(store: Store): Promise<History["charts"]> {
  const days = new Map<number, Record<string, number>>();
  for (const row of await store.query(
    "SELECT date, pegType, circulatingUsd FROM stablecoin_charts ORDER BY date, pegType",
  )) {
    const byPeg = days.get(row.date as number) ?? {};
    days.set(row.date as number, byPeg);
    byPeg[row.pegType as string] = row.circulatingUsd as number;
  }
  return [...days].map(([date, totalCirculatingUSD]) => ({ date, totalCirculatingUSD }));
}

/** Rows where a coin crossed 1 % from its peg, came back, or lost its price; the first row of a coin is no crossing. */
async function loadPegEvents(store: Store, nowSec: number): Promise<PegEvent[]> {
  const rows = await store.query(
    `WITH steps AS (
       SELECT *, abs(deviationBps) >= $limit AS isOff,
         lag(abs(deviationBps) >= $limit) OVER w AS wasOff,
         lag(priceUsd) OVER w AS priceBefore, row_number() OVER w AS nth
       FROM price_history WHERE observedRunAt >= $from WINDOW w AS (PARTITION BY coinId ORDER BY observedRunAt))
     SELECT coinId, observedRunAt, priceUsd, deviationBps,
       CASE WHEN priceUsd IS NULL THEN 'lost-price' WHEN isOff THEN 'left-peg' ELSE 'returned' END AS kind
     FROM steps WHERE nth > 1 AND ((priceUsd IS NULL AND priceBefore IS NOT NULL)
       OR (isOff AND NOT coalesce(wasOff, false)) OR (NOT isOff AND wasOff))
     ORDER BY observedRunAt DESC, coinId LIMIT 200`,
    { limit: FEED_DEPEG_BPS, from: nowSec - 30 * DAY },
  );
  return rows.map((row) => ({
    coinId: row.coinId as string,
    at: row.observedRunAt as number,
    kind: row.kind as PegEvent["kind"],
    priceUsd: row.priceUsd as number | null,
    deviationBps: row.deviationBps as number | null,
  }));
}

/** `nowSec` is the record's present: the newest snapshot's as-of. */
export async function loadHistory(
  dataDir: string,
  nowSec: number | null,
  flows: Envelope<StoredFlows> | null,
  registry: Registry,
): Promise<History> {
  if (nowSec === null)
    return {
      prices: new Map(),
      supplies: new Map(),
      charts: [],
      redemption: new Map(),
      flows: NO_FLOWS,
      daily: NO_DAYS,
      pegEvents: [],
    };
  const store = await openStore(dataDir, 2);
  try {
    return {
      prices: await loadPrices(store, nowSec),
      supplies: await loadSupplies(store),
      charts: await loadCharts(store),
      redemption: await loadRedemption(store),
      flows: await loadFlows(store, flows?.asOf ?? nowSec, flows?.data ?? null, registry),
      daily: await loadDaily(store, nowSec),
      pegEvents: await loadPegEvents(store, nowSec),
    };
  } finally {
    store.close();
  }
}
