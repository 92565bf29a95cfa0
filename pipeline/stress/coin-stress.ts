/** One coin's signals and score, first pass and second: the second knows what its peers' first passes were. */

import type { CoinFigures } from "../flow-coins.ts";
import type { FreezeEvents } from "../schema/freezes.ts";
import type { DexLiquidityRow, DexPrice } from "../schema/liquidity.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { CoinStress, StressSignal } from "../schema/stress.ts";
import type { YieldRow } from "../schema/yields.ts";
import {
  divergenceSignal,
  flowSignal,
  freezeSignal,
  liquiditySignal,
  poolSignal,
  priceSignal,
  type Signal,
  supplySignal,
  yieldSignal,
} from "./signals.ts";
import { dewsScore } from "./stress-score.ts";

const TRUSTED_DEX_TVL_USD = 1_000_000;

export interface CoinInput {
  asset: PeggedAsset;
  liquidity: DexLiquidityRow | null;
  dex: DexPrice | null;
  freezes: FreezeEvents["byCoin"][string] | null;
  /** Whether freezes of this coin are looked for at all. */
  freezesTracked: boolean;
  flow: CoinFigures | null;
  yields: YieldRow | null;
  /** Last reading; its signals are averaged in where the method says so. */
  previous: CoinStress | null;
  /** Confidence label at the last reading; null before the first. */
  previousConfidence: string | null;
}

export type Signals = Record<StressSignal, Signal>;

function usdOf(asset: PeggedAsset, amounts: Record<string, number> | null): number | null {
  return amounts?.[asset.pegType] ?? null;
}

/** TVL a week ago, from the change the liquidity lane states. */
function tvlWeekAgo(row: DexLiquidityRow | null): number | null {
  if (!row || row.tvlChange7d === null || row.tvlChange7d <= -100) return null;
  return row.totalTvlUsd / (1 + row.tvlChange7d / 100);
}

export function signalsOf(input: CoinInput): Signals {
  const { asset, liquidity, dex, flow, previous } = input;
  const current = usdOf(asset, asset.circulating);
  return {
    supply: supplySignal({
      current,
      prevDay: usdOf(asset, asset.circulatingPrevDay),
      prevWeek: usdOf(asset, asset.circulatingPrevWeek),
      mcapUsd: current,
    }),
    pool: poolSignal({
      weightedBalanceRatio: liquidity?.weightedBalanceRatio ?? null,
      avgPoolStress: liquidity?.avgPoolStress ?? null,
      topPools: (liquidity?.topPools ?? []).flatMap(({ tvlUsd, balanceRatio }) =>
        balanceRatio === null ? [] : [{ tvlUsd, balanceRatio }],
      ),
      previous: previous?.signals.pool ?? null,
    }),
    liq: liquiditySignal({
      score: liquidity?.liquidityScore ?? null,
      score7dAgo: liquidity?.score7dAgo ?? null,
      tvl: liquidity?.totalTvlUsd ?? null,
      tvl7dAgo: tvlWeekAgo(liquidity),
    }),
    price: priceSignal({
      price: asset.price,
      confidence: asset.priceConfidence,
      previousConfidence: input.previousConfidence,
    }),
    diverg: divergenceSignal({
      price: asset.price,
      reference: asset.pegReferenceUsd,
      dexPrice: dex && dex.totalTvlUsd >= TRUSTED_DEX_TVL_USD ? dex.priceUsd : null,
      pegType: asset.pegType,
      previous: previous?.signals.diverg ?? null,
    }),
    black: freezeSignal({
      tracked: input.freezesTracked,
      events24h: input.freezes?.events24h ?? 0,
      events7d: input.freezes?.events7d ?? 0,
    }),
    flow: flowSignal({
      burn24h: flow?.burnVolume24hUsd ?? null,
      mint24h: flow?.mintVolume24hUsd ?? null,
      baseline30d: baselineBurn(flow),
      baselineDays: flow?.baselineDataDays ?? null,
    }),
    yield: yieldSignal({ warnings: input.yields?.warningSignals ?? [] }),
  };
}

/** Average daily burn of the baseline: what was burned is half of what moved less what came in net. */
function baselineBurn(flow: CoinFigures | null): number | null {
  if (flow?.baselineDailyAbsUsd == null || flow.baselineDailyNetUsd == null) return null;
  return Math.max(0, (flow.baselineDailyAbsUsd - flow.baselineDailyNetUsd) / 2);
}

function published(signals: Signals): CoinStress["signals"] {
  return Object.fromEntries(
    Object.entries(signals).flatMap(([name, { available, value }]) => (available ? [[name, Math.round(value)]] : [])),
  );
}

export function coinStress(signals: Signals, psi: number | null, contagion: number): CoinStress {
  const score = dewsScore(signals, psi, contagion);
  if (score === null)
    return { score: null, band: null, reason: "too-few-signals", amplified: 1, signals: published(signals) };
  const amplified = score.base > 0 ? Math.round(dewsFactor(psi, contagion) * 100) / 100 : 1;
  return { score: score.score, band: score.band, reason: null, amplified, signals: published(signals) };
}

/** What market and peers multiply by, as the score applies it. */
function dewsFactor(psi: number | null, contagion: number): number {
  const market = psi !== null && psi < 75 ? 1 + ((75 - psi) / 75) * 0.3 : 1;
  return market * Math.min(1.2, contagion);
}

const RESTING_POINTS = 2;

/** The reading as it was published, unless its band, what it is made of, or its score by more than two points changed. */
export function restingStress(now: CoinStress, before: CoinStress | undefined): CoinStress {
  if (!before || now.band !== before.band || now.amplified !== before.amplified) return now;
  const names = Object.keys(now.signals);
  const rests =
    Math.abs((now.score ?? 0) - (before.score ?? 0)) <= RESTING_POINTS &&
    names.length === Object.keys(before.signals).length &&
    names.every(
      (name) => Math.abs((now.signals[name] ?? 0) - (before.signals[name] ?? Number.NaN)) <= 2 * RESTING_POINTS,
    );
  return rests ? before : now;
}
