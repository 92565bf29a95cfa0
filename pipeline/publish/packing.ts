/**
 * How a snapshot lies in git: without what follows from the rest of the file, so that a run that found nothing new adds little.
 *
 * A time near the run's own is kept as an age, which rests, and not as a clock reading, which never does; USD supplies follow
 * from tokens and price, deviations from price and reference, totals from the coins; the two alias times of a price from its
 * observation. Unpacking gives back exactly what was
 * packed: readers, checks and the API only ever see the full shape. What changes between two runs is measured by `npm run bench`.
 */
import { deviationBpsOf, pegTotals, unitReferenceUsd } from "../peg-figures.ts";
import type { SnapshotName } from "../schema/datasets.ts";
import type { PriceQuote, PriceQuotes } from "../schema/price-quotes.ts";
import type { PeggedAsset, Stablecoins } from "../schema/stablecoins.ts";
import type { CoinSupply, Supply } from "../schema/supply.ts";
import { byChain, circulatingOf, usdOf } from "../supply-units.ts";

/** Older observations rest as they are. */
const AGE_UP_TO_SEC = 3600;

type Row = Record<string, unknown>;

function packTime(row: Row, key: string, generatedAt: number): Row {
  const at = row[key];
  if (typeof at !== "number" || at > generatedAt || generatedAt - at > AGE_UP_TO_SEC) return row;
  const { [key]: _time, ...rest } = row;
  return { ...rest, [`${key}AgeSec`]: generatedAt - at };
}

function unpackTime(row: Row, key: string, generatedAt: number): Row {
  const { [`${key}AgeSec`]: age, ...rest } = row;
  return typeof age === "number" ? { ...rest, [key]: generatedAt - age } : row;
}

function packAsset(asset: PeggedAsset, rates: Record<string, number>, generatedAt: number): Row {
  const {
    priceSyncedAt,
    priceUpdatedAt,
    circulating,
    circulatingPrevDay,
    circulatingPrevWeek,
    circulatingPrevMonth,
    ...rest
  } = asset;
  const row: Row = { ...rest };
  if (asset.supplyUnits === null)
    Object.assign(row, { circulating, circulatingPrevDay, circulatingPrevWeek, circulatingPrevMonth });
  const { price, pegReferenceUsd } = asset;
  if (pegReferenceUsd !== null && pegReferenceUsd === unitReferenceUsd(asset.pegType, rates))
    delete row.pegReferenceUsd;
  if (price !== null && pegReferenceUsd !== null && asset.deviationBps === deviationBpsOf(price, pegReferenceUsd))
    delete row.deviationBps;
  if (priceSyncedAt !== syncedAt(asset, generatedAt)) row.priceSyncedAt = priceSyncedAt;
  if (priceUpdatedAt !== (asset.priceObservedAt ?? priceSyncedAt)) row.priceUpdatedAt = priceUpdatedAt;
  return packTime(row, "priceObservedAt", generatedAt);
}

/** A price is chosen by the run that publishes it. */
function syncedAt(asset: { price?: unknown }, generatedAt: number): number | null {
  return asset.price === null ? null : generatedAt;
}

function unpackAsset(packed: Row, rates: Record<string, number>, generatedAt: number): Row {
  const { pegType, supplyUnits, supplyUsdPerUnit, price } = packed as unknown as PeggedAsset;
  const reference =
    "pegReferenceUsd" in packed ? (packed.pegReferenceUsd as number | null) : unitReferenceUsd(pegType, rates);
  const row: Row = {
    pegReferenceUsd: reference,
    deviationBps: price !== null && reference !== null ? deviationBpsOf(price, reference) : null,
    priceSyncedAt: syncedAt(packed, generatedAt),
    ...(supplyUnits && supplyUsdPerUnit !== null ? circulatingOf(pegType, usdOf(supplyUnits, supplyUsdPerUnit)) : {}),
    ...unpackTime(packed, "priceObservedAt", generatedAt),
  };
  return { priceUpdatedAt: row.priceObservedAt ?? row.priceSyncedAt, ...row };
}

function packSupply(coin: CoinSupply, generatedAt: number): Row {
  const { usd, chains, ...rest } = coin;
  return packTime(coin.units === null ? { ...rest, usd, chains } : rest, "observedAt", generatedAt);
}

function unpackSupply(packed: Row, generatedAt: number): Row {
  const row = unpackTime(packed, "observedAt", generatedAt);
  const { units, chainUnits, usdPerUnit } = row as Pick<CoinSupply, "units" | "chainUnits" | "usdPerUnit">;
  if (!units || !chainUnits || usdPerUnit === null) return row;
  return { ...row, usd: usdOf(units, usdPerUnit), chains: byChain(chainUnits, (window) => usdOf(window, usdPerUnit)) };
}

type TimedRows = { rows: Row[] | Record<string, Row>; times: string[] };

/** Applies `change` to every time of every row of a list or a map. */
function eachTime({ rows, times }: TimedRows, at: number, change: typeof packTime): unknown {
  const whole = (row: Row) => times.reduce((changed, key) => change(changed, key, at), row);
  if (Array.isArray(rows)) return rows.map(whole);
  return Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, whole(row)]));
}

function statusTimes(data: Row, at: number, change: typeof packTime): unknown {
  const rows = (key: string) => data[key] as Row[] | Record<string, Row>;
  return {
    ...data,
    lanes: eachTime({ rows: rows("lanes"), times: ["lastStartedAt", "lastPublishedAt"] }, at, change),
    sources: eachTime({ rows: rows("sources"), times: ["lastTriedAt", "lastOkAt"] }, at, change),
    circuits: eachTime({ rows: rows("circuits"), times: ["lastSuccessAt", "lastFailureAt"] }, at, change),
  };
}

function fxTimes(data: Row, at: number, change: typeof packTime): unknown {
  return { ...data, rates: eachTime({ rows: data.rates as Record<string, Row>, times: ["observedAt"] }, at, change) };
}

function mapQuotes(quotes: Record<string, unknown>, change: (quote: Row) => Row): Record<string, unknown> {
  return Object.fromEntries(Object.entries(quotes).map(([coinId, list]) => [coinId, (list as Row[]).map(change)]));
}

interface Packing {
  pack(data: never, generatedAt: number): unknown;
  unpack(packed: never, generatedAt: number): unknown;
}

const PACKINGS: Partial<Record<SnapshotName, Packing>> = {
  stablecoins: {
    pack({ totals, ...data }: Stablecoins, at) {
      const peggedAssets = data.peggedAssets.map((asset) => packAsset(asset, data.fxFallbackRates, at));
      const derived = JSON.stringify(pegTotals(data.peggedAssets, data.fxFallbackRates)) === JSON.stringify(totals);
      return { ...data, peggedAssets, ...(derived ? {} : { totals }) };
    },
    unpack(packed: Row & { peggedAssets: Row[]; fxFallbackRates: Record<string, number> }, at) {
      const peggedAssets = packed.peggedAssets.map((row) => unpackAsset(row, packed.fxFallbackRates, at));
      return {
        totals: pegTotals(peggedAssets as unknown as PeggedAsset[], packed.fxFallbackRates),
        ...packed,
        peggedAssets,
      };
    },
  },
  supply: {
    pack: (data: Supply, at) => ({ ...data, coins: data.coins.map((coin) => packSupply(coin, at)) }),
    unpack: (data: { coins: Row[] }, at) => ({ ...data, coins: data.coins.map((row) => unpackSupply(row, at)) }),
  },
  status: {
    pack: (data: Row, at) => statusTimes(data, at, packTime),
    unpack: (data: Row, at) => statusTimes(data, at, unpackTime),
  },
  "fx-rates": {
    pack: (data: Row, at) => fxTimes(data, at, packTime),
    unpack: (data: Row, at) => fxTimes(data, at, unpackTime),
  },
  "price-quotes": {
    pack: (data: PriceQuotes, at) => ({
      quotes: mapQuotes(data.quotes, (quote) => packTime(quote as PriceQuote & Row, "observedAt", at)),
    }),
    unpack: (data: { quotes: Record<string, unknown> }, at) => ({
      quotes: mapQuotes(data.quotes, (quote) => unpackTime(quote, "observedAt", at)),
    }),
  },
};

/** Whether a snapshot lies in git otherwise than it is read. */
export function isPacked(name: SnapshotName): boolean {
  return PACKINGS[name] !== undefined;
}

/** Data of a snapshot as it is written. */
export function packData(name: SnapshotName, data: unknown, generatedAt: number): unknown {
  return PACKINGS[name]?.pack(data as never, generatedAt) ?? data;
}

/** Data of a snapshot as everybody reads it. Throws TypeError when it was not packed data at all. */
export function unpackData(name: SnapshotName, packed: unknown, generatedAt: number): unknown {
  return PACKINGS[name]?.unpack(packed as never, generatedAt) ?? packed;
}
