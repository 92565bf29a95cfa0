/**
 * Quotes as they lie in git: prices in a column, times as ages. Coins by id, a coin's quotes in their published order. A quote
 * is told by its distance from the coin's price in the main dataset beside it: sources move together.
 */
import { priceAtSteps, priceSteps } from "../rounding.ts";
import type { PriceQuotes } from "../schema/price-quotes.ts";
import { type Columns, putColumns, takeColumns } from "./pack-columns.ts";
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

/** A number: steps of rounding from the coin's price. A text: a price that cannot be said so. */
type PackedPrice = number | string | null;

function packPrice(priceUsd: number | null, mainUsd: number | null): PackedPrice {
  if (priceUsd === null) return null;
  if (mainUsd === null) return String(priceUsd);
  const steps = priceSteps(mainUsd, priceUsd);
  return priceAtSteps(mainUsd, steps) === priceUsd ? steps : String(priceUsd);
}

/** Throws TypeError for steps from a price that is not there. */
function unpackPrice(packed: PackedPrice, mainUsd: number | null): number | null {
  if (typeof packed === "string") return Number(packed);
  if (packed === null) return null;
  if (mainUsd === null) throw new TypeError("a quote leans on a price that is not there");
  return priceAtSteps(mainUsd, packed);
}

export function packQuotes({ quotes }: PriceQuotes, generatedAt: number, beside: Companions): Row {
  const prices = mainPrices(quotes, beside);
  const aged = eachTime(inOrder(quotes), ["observedAt"], generatedAt, packTime) as Row[];
  const apart = aged.map((row, at) => ({
    ...row,
    priceUsd: packPrice(row.priceUsd as number | null, prices[at] ?? null),
  }));
  const { rows, columns } = takeColumns(apart, ["priceUsd"]);
  return { quotes: byCoin(quotes)(rows), columns };
}

export function unpackQuotes(
  packed: { quotes: Record<string, Row[]>; columns: Columns },
  generatedAt: number,
  beside: Companions,
): Row {
  const prices = mainPrices(packed.quotes, beside);
  const rows = putColumns(inOrder(packed.quotes), packed.columns).map((row, at) => ({
    ...row,
    priceUsd: unpackPrice(row.priceUsd as PackedPrice, prices[at] ?? null),
  }));
  const whole = eachTime(rows, ["observedAt"], generatedAt, unpackTime) as Row[];
  return { quotes: byCoin(packed.quotes)(whole) };
}
