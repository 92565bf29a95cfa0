/**
 * The market-cap history with the coins that its upstream does not list, and the share of it that is not dollars.
 *
 * The aggregate is DefiLlama's chart. Coins beside its list are in our own daily record and are added to each day that has them, so that
 * the chart's days count what its last point, the sum of the current list, counts. A day without a row of a coin lies on the straight line
 * between the rows around it, where they are a month apart at the most, and after the last row takes it for three days: a missed morning
 * is a gap and no crash.
 */

import { roundUsd } from "../../pipeline/rounding.ts";
import type { Coin } from "../../pipeline/schema/coin.ts";
import { DAY_SEC } from "../../pipeline/time.ts";
import type { SupplyPoint } from "./history.ts";

const CARRY_DAYS = 3;
const BRIDGE_DAYS = 31;
const METALS: readonly string[] = ["GOLD", "SILVER"];

export interface ChartDay {
  date: number;
  totalCirculatingUSD: Record<string, number>;
}

type Supplies = ReadonlyMap<string, readonly SupplyPoint[]>;

/** USD of a coin on a day between two of its rows, or null. */
function between(last: SupplyPoint, next: SupplyPoint | undefined, date: number): number | null {
  if (next !== undefined && next.date - last.date <= BRIDGE_DAYS * DAY_SEC) {
    const share = (date - last.date) / (next.date - last.date);
    return roundUsd(last.circulatingUsd + (next.circulatingUsd - last.circulatingUsd) * share);
  }
  return date - last.date <= CARRY_DAYS * DAY_SEC ? last.circulatingUsd : null;
}

/** USD of a coin by day, its gaps bridged. `points` and `dates` ascending. */
function byDay(points: readonly SupplyPoint[], dates: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  let next = 0;
  for (const date of dates) {
    while (next < points.length && (points[next] as SupplyPoint).date <= date) next++;
    const last = points[next - 1];
    const usd = last && between(last, points[next], date);
    if (usd !== null && usd !== undefined) found.set(date, usd);
  }
  return found;
}

/** The charts' days with the coins beside the list added to their peg types. */
export function reconciledCharts(charts: readonly ChartDay[], coins: readonly Coin[], supplies: Supplies): ChartDay[] {
  const dates = charts.map(({ date }) => date);
  const added = new Map<number, Record<string, number>>();
  for (const coin of coins) {
    const points = coin.ids.defillama === null ? supplies.get(coin.id) : undefined;
    for (const [date, usd] of byDay(points ?? [], dates)) {
      const day = added.get(date) ?? {};
      added.set(date, day);
      day[coin.peg.type] = (day[coin.peg.type] ?? 0) + usd;
    }
  }
  return charts.map(({ date, totalCirculatingUSD }) => {
    const total = { ...totalCirculatingUSD };
    for (const [pegType, usd] of Object.entries(added.get(date) ?? {})) total[pegType] = (total[pegType] ?? 0) + usd;
    return { date, totalCirculatingUSD: total };
  });
}

export interface NonUsdShare {
  date: number;
  /** Per cent of the total. */
  commodityShare: number;
  fiatNonUsdShare: number;
  /** USD. */
  commodity: number;
  fiatNonUsd: number;
  total: number;
}

function roundShare(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** By completed day, ascending. Coins of a floating peg are in the total and in neither part. */
export function nonUsdShares(coins: readonly Coin[], supplies: Supplies): NonUsdShare[] {
  const days = new Map<number, { commodity: number; fiatNonUsd: number; total: number }>();
  const dates = [...new Set(coins.flatMap(({ id }) => (supplies.get(id) ?? []).map(({ date }) => date)))].sort(
    (a, b) => a - b,
  );
  for (const { id, peg } of coins)
    for (const [date, circulatingUsd] of byDay(supplies.get(id) ?? [], dates)) {
      const day = days.get(date) ?? { commodity: 0, fiatNonUsd: 0, total: 0 };
      days.set(date, day);
      day.total += circulatingUsd;
      if (METALS.includes(peg.currency)) day.commodity += circulatingUsd;
      else if (peg.currency !== "USD" && peg.currency !== "VAR") day.fiatNonUsd += circulatingUsd;
    }
  return [...days]
    .filter(([, { total }]) => total > 0)
    .sort(([a], [b]) => a - b)
    .map(([date, { commodity, fiatNonUsd, total }]) => ({
      date,
      commodityShare: roundShare((100 * commodity) / total),
      fiatNonUsdShare: roundShare((100 * fiatNonUsd) / total),
      commodity: Math.round(commodity),
      fiatNonUsd: Math.round(fiatNonUsd),
      total: Math.round(total),
    }));
}
