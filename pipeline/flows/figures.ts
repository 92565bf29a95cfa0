/** What the flows page says of a coin, out of its hours: sums over windows, baseline, pressure. */
import { roundLongUsd, roundScore, roundUsd } from "../rounding.ts";
import type { FlowCoin, FlowCoverage, HourlyFlow } from "../schema/flows.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { baseline, type DailyFlow, netFlowDirection, pressureShift, pressureShiftState } from "./scores.ts";

export const LONGEST_WINDOW_DAYS = 90;

export interface CoinHours {
  stablecoinId: string;
  symbol: string;
  /** Of the coin's configured chains only. */
  hours: readonly HourlyFlow[];
  firstHourTs: number | null;
  largestEvent24h: FlowCoin["largestEvent24h"];
  coverage: FlowCoverage;
}

interface Window {
  mint: number;
  burn: number;
  mintCount: number;
  burnCount: number;
}

function windowOf(hours: readonly HourlyFlow[], sinceSec: number): Window {
  const sum: Window = { mint: 0, burn: 0, mintCount: 0, burnCount: 0 };
  for (const hour of hours) {
    if (hour.hourTs < sinceSec) continue;
    sum.mint += hour.mintVolumeUsd;
    sum.burn += hour.burnVolumeUsd;
    sum.mintCount += hour.mintCount;
    sum.burnCount += hour.burnCount;
  }
  return sum;
}

function dailyFlows(hours: readonly HourlyFlow[]): DailyFlow[] {
  return hours.map(({ hourTs, mintVolumeUsd, burnVolumeUsd }) => ({
    dayTs: startOfUtcDay(hourTs),
    net: mintVolumeUsd - burnVolumeUsd,
    abs: mintVolumeUsd + burnVolumeUsd,
  }));
}

export function coinFigures(coin: CoinHours, nowSec: number): FlowCoin {
  const { hours } = coin;
  const day = windowOf(hours, nowSec - DAY_SEC);
  const netSince = (days: number) => {
    const { mint, burn } = windowOf(hours, nowSec - days * DAY_SEC);
    return roundLongUsd(mint - burn);
  };
  const net = day.mint - day.burn;
  const has24hActivity = day.mintCount > 0 || day.burnCount > 0 || day.mint > 0 || day.burn > 0;
  const base = baseline(nowSec, dailyFlows(hours), coin.firstHourTs);
  const score =
    !has24hActivity || base === null
      ? null
      : pressureShift({
          currentDailyNet: net,
          baselineDailyNet: base.avgNet,
          baselineDailyAbs: base.avgAbs,
          dataAgeDays: base.dataDays,
          currentDailyAbs: day.mint + day.burn,
        });
  const shown = score === null ? null : roundScore(score);
  return {
    stablecoinId: coin.stablecoinId,
    symbol: coin.symbol,
    pressureShiftScore: shown,
    flowIntensity: shown,
    pressureShiftState: pressureShiftState(score),
    netFlowDirection24h: netFlowDirection(net, has24hActivity),
    has24hActivity,
    baselineDailyNetUsd: base === null ? null : roundLongUsd(base.avgNet),
    baselineDailyAbsUsd: base === null ? null : roundLongUsd(base.avgAbs),
    baselineDataDays: base?.dataDays ?? 0,
    netFlow24hUsd: roundUsd(net),
    mintVolume24hUsd: roundUsd(day.mint),
    burnVolume24hUsd: roundUsd(day.burn),
    mintCount24h: day.mintCount,
    burnCount24h: day.burnCount,
    netFlow7dUsd: netSince(7),
    netFlow30dUsd: netSince(30),
    netFlow90dUsd: netSince(LONGEST_WINDOW_DAYS),
    largestEvent24h: coin.largestEvent24h,
    coverage: coin.coverage,
  };
}
