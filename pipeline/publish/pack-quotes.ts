/** Quotes as they lie in git: prices in a column, times as ages. Coins by id, a coin's quotes in their published order. */
import type { PriceQuotes } from "../schema/price-quotes.ts";
import { type Columns, putColumns, takeColumns } from "./pack-columns.ts";
import { eachTime, packTime, type Row, unpackTime } from "./pack-times.ts";

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

export function packQuotes({ quotes }: PriceQuotes, generatedAt: number): Row {
  const aged = eachTime(inOrder(quotes), ["observedAt"], generatedAt, packTime) as Row[];
  const { rows, columns } = takeColumns(aged, ["priceUsd"]);
  return { quotes: byCoin(quotes)(rows), columns };
}

export function unpackQuotes(packed: { quotes: Record<string, Row[]>; columns: Columns }, generatedAt: number): Row {
  const rows = putColumns(inOrder(packed.quotes), packed.columns);
  const whole = eachTime(rows, ["observedAt"], generatedAt, unpackTime) as Row[];
  return { quotes: byCoin(packed.quotes)(whole) };
}
