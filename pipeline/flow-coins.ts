/**
 * What follows of a coin's flow from its hours: sums over windows, baseline, pressure.
 *
 * The record keeps hours and coverage only. The lane that judges, the lanes that look on and the site make the figures with
 * this, out of the hours of the history with those of the snapshot on top.
 */
import { baseline, type DailyFlow, netFlowDirection, pressureShift, pressureShiftState } from "./flow-scores.ts";
import { filterTrackedPairs, hoursWithin, sumHours } from "./flow-windows.ts";
import { roundLongUsd, roundScore, roundUsd } from "./rounding.ts";
import type { FlowCoin, HourlyFlow, StoredFlows } from "./schema/flows.ts";
import { DAY_SEC, startOfUtcDay } from "./time.ts";

/** The longest window: hours before it are in no figure. */
export const FIGURE_SEC = 90 * DAY_SEC;

export type CoinFigures = Omit<FlowCoin, "stablecoinId" | "symbol" | "coverage" | "largestEvent24h">;

const hourName = ({ coinId, chainId, hourTs }: HourlyFlow) => `${coinId}|${chainId}|${hourTs}`;

/** Rows of coins on the chains they are read on. */
export function onReadChains<Row extends { coinId: string; chainId: string }>(
  flows: Pick<StoredFlows, "coins">,
  rows: readonly Row[],
): Row[] {
  const pairs = flows.coins.flatMap(({ stablecoinId, coverage }) =>
    coverage.chainIds.map((chainId) => `${stablecoinId}|${chainId}`),
  );
  return filterTrackedPairs(pairs, rows, ({ coinId, chainId }) => `${coinId}|${chainId}`);
}

/** By coin, hours on the chains it is read on: those of the history, and over them what the snapshot knows better. */
export function hoursByCoin(
  flows: Pick<StoredFlows, "coins" | "openHours">,
  history: readonly HourlyFlow[],
): Map<string, HourlyFlow[]> {
  const open = new Set(flows.openHours.map(hourName));
  const firstOpen = flows.openHours.reduce((least, { hourTs }) => Math.min(least, hourTs), Number.POSITIVE_INFINITY);
  const held = history.filter((hour) => hour.hourTs < firstOpen || !open.has(hourName(hour)));
  return Map.groupBy(onReadChains(flows, [...held, ...flows.openHours]), ({ coinId }) => coinId);
}

function dailyFlows(hours: readonly HourlyFlow[]): DailyFlow[] {
  return hours.map(({ hourTs, mintVolumeUsd, burnVolumeUsd }) => ({
    dayTs: startOfUtcDay(hourTs),
    net: mintVolumeUsd - burnVolumeUsd,
    abs: mintVolumeUsd + burnVolumeUsd,
  }));
}

/** `firstHourTs`: from there on nothing is missing. */
export function coinFigures(hours: readonly HourlyFlow[], firstHourTs: number | null, nowSec: number): CoinFigures {
  const day = sumHours(hoursWithin(nowSec, 24, hours));
  const netOf = (days: number) => {
    const { mintVolumeUsd, burnVolumeUsd } = sumHours(hoursWithin(nowSec, 24 * days, hours));
    return roundLongUsd(mintVolumeUsd - burnVolumeUsd);
  };
  const net = day.mintVolumeUsd - day.burnVolumeUsd;
  const has24hActivity = Object.values(day).some((value) => value > 0);
  const base = baseline(nowSec, dailyFlows(hours), firstHourTs);
  const score =
    !has24hActivity || base === null
      ? null
      : pressureShift({
          currentDailyNet: net,
          baselineDailyNet: base.avgNet,
          baselineDailyAbs: base.avgAbs,
          dataAgeDays: base.dataDays,
          currentDailyAbs: day.mintVolumeUsd + day.burnVolumeUsd,
        });
  const shown = score === null ? null : roundScore(score);
  return {
    pressureShiftScore: shown,
    flowIntensity: shown,
    pressureShiftState: pressureShiftState(score),
    netFlowDirection24h: netFlowDirection(net, has24hActivity),
    has24hActivity,
    baselineDailyNetUsd: base === null ? null : roundLongUsd(base.avgNet),
    baselineDailyAbsUsd: base === null ? null : roundLongUsd(base.avgAbs),
    baselineDataDays: base?.dataDays ?? 0,
    netFlow24hUsd: roundUsd(net),
    mintVolume24hUsd: roundUsd(day.mintVolumeUsd),
    burnVolume24hUsd: roundUsd(day.burnVolumeUsd),
    mintCount24h: day.mintCount,
    burnCount24h: day.burnCount,
    netFlow7dUsd: netOf(7),
    netFlow30dUsd: netOf(30),
    netFlow90dUsd: netOf(90),
  };
}

/** Figures of every coin of a snapshot at its own time; `history`: hours of the last ninety days. */
export function flowFigures(
  flows: Pick<StoredFlows, "coins" | "openHours">,
  history: readonly HourlyFlow[],
  asOf: number,
): Map<string, CoinFigures> {
  const hours = hoursByCoin(flows, history);
  return new Map(
    flows.coins.map(({ stablecoinId, coverage }) => [
      stablecoinId,
      coinFigures(hours.get(stablecoinId) ?? [], coverage.historyStartAt, asOf),
    ]),
  );
}
