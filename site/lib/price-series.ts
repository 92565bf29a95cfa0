/**
 * What the price chart of a coin draws. A coin with a fixed peg is drawn in units of its peg, so that the peg is a straight line
 * and exchange rates do not move it; a coin without one is drawn in USD.
 */
import type { Coin } from "../../pipeline/schema/coin.ts";
import type { PeggedAsset } from "../../pipeline/schema/stablecoins.ts";
import type { Point } from "../charts/svg.ts";
import { bps, price } from "./format.ts";
import type { PricePoint, PriceRange } from "./history.ts";

export interface PriceSeries {
  title: string;
  unit: string;
  summary: string;
  points: Record<PriceRange, Point[]>;
  /** Where the peg is on this axis; null without a fixed peg. */
  reference: number | null;
  minSpan: number;
  bpsDigits: number;
  format: (value: number) => string;
}

function mapRanges(prices: Record<PriceRange, PricePoint[]>, value: (point: PricePoint) => number | null) {
  const map = (points: PricePoint[]) => points.map((point) => ({ at: point.at, value: value(point) }));
  return { "24h": map(prices["24h"]), "7d": map(prices["7d"]), "30d": map(prices["30d"]), all: map(prices.all) };
}

/** The widest a price strayed in the last 30 days, in words. */
function summaryOf(points: PricePoint[]): string {
  const known = points.flatMap(({ priceUsd, deviationBps, at }) =>
    priceUsd === null ? [] : [{ priceUsd, deviationBps, at }],
  );
  if (known.length === 0) return "No price in the last 30 days.";
  const measured = known.flatMap(({ deviationBps }) => (deviationBps === null ? [] : [deviationBps]));
  if (measured.length > 0)
    return `In 30 days between ${bps(Math.min(...measured))} and ${bps(Math.max(...measured))} bps from its peg.`;
  const prices = known.map(({ priceUsd }) => priceUsd);
  return `In 30 days between $${price(Math.min(...prices))} and $${price(Math.max(...prices))}.`;
}

export function priceSeries(
  coin: Coin,
  asset: PeggedAsset | undefined,
  prices: Record<PriceRange, PricePoint[]>,
): PriceSeries {
  const summary = summaryOf(prices["30d"]);
  const isPegged = prices.all.some((point) => point.deviationBps !== null);
  if (!isPegged)
    return {
      title: "Price",
      unit: "USD per token",
      summary,
      points: mapRanges(prices, (point) => point.priceUsd),
      reference: null,
      minSpan: (asset?.price ?? 1) * 1e-3,
      bpsDigits: 0,
      format: price,
    };
  const inPeg = (point: PricePoint) =>
    point.priceUsd === null || point.deviationBps === null ? null : 1 + point.deviationBps / 1e4;
  const metal = coin.peg.currency === "GOLD" || coin.peg.currency === "SILVER";
  const unit = metal
    ? `price over the value of its ${coin.peg.currency.toLowerCase()}`
    : `${coin.peg.currency} per token`;
  const points = mapRanges(prices, coin.peg.currency === "USD" ? (point) => point.priceUsd : inPeg);
  return {
    title: "Price against the peg",
    unit,
    summary,
    points,
    reference: 1,
    minSpan: 0.001,
    bpsDigits: 0,
    format: (value) => value.toFixed(4),
  };
}
