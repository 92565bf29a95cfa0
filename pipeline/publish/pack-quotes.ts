/**
 * Quotes as they lie in git: prices in a column, times as ages. Coins by id, a coin's quotes in their published order. A quote that is the
 * coin's price in the main dataset beside it does not say it again.
 */
import type { PriceQuotes } from "../schema/price-quotes.ts";
import { type Columns, putColumns, takeColumns } from "./pack-columns.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import { eachTime, packTime, type Row, unpackTime } from "./pack-times.ts";
import type { Companions } from "./packing.ts";

/** Coin ids in order, and a function that gives each its part of a list of all quotes. */
function byCoin(quotes: Record<string, readonly unknown[]>) {
  const coinIds = Object.keys(quotes).sort();
  return (all: readonly Row[]) => {
    let from = 0;
    return Object.fromEntries(
      coinIds.map((coinId) => {
        const count = quotes[coinId]?.length ?? 0;
        from += count;
        return [coinId, all.slice(from - count, from)];
      }),
    );
  };
}

function inOrder(quotes: Record<string, readonly unknown[]>): Row[] {
  return Object.keys(quotes)
    .sort()
    .flatMap((coinId) => quotes[coinId] as Row[]);
}

/** The price of each quote's coin in the main dataset, in the order of the quotes. */
function mainPrices(quotes: Record<string, readonly unknown[]>, { stablecoins }: Companions): (number | null)[] {
  const prices = new Map(stablecoins?.peggedAssets.map(({ id, price }) => [id, price]));
  return Object.keys(quotes)
    .sort()
    .flatMap((coinId) => Array<number | null>(quotes[coinId]?.length ?? 0).fill(prices.get(coinId) ?? null));
}

export function packQuotes({ quotes }: PriceQuotes, generatedAt: number, beside: Companions): Row {
  const aged = eachTime(inOrder(quotes), ["observedAt"], generatedAt, packTime) as Row[];
  const prices = mainPrices(quotes, beside);
  const apart = aged.map((row, at) => packRow(row, () => ({ priceUsd: prices[at] })));
  const { rows, columns } = takeColumns(apart, ["priceUsd"]);
  return { quotes: byCoin(quotes)(rows), columns };
}

export function unpackQuotes(
  packed: { quotes: Record<string, Row[]>; columns: Columns },
  generatedAt: number,
  beside: Companions,
): Row {
  const prices = mainPrices(packed.quotes, beside);
  const rows = putColumns(inOrder(packed.quotes), packed.columns);
  const priced = rows.map((row, at) => unpackRow(row, () => ({ priceUsd: prices[at] })));
  const whole = eachTime(priced, ["observedAt"], generatedAt, unpackTime) as Row[];
  return { quotes: byCoin(packed.quotes)(whole) };
}
