/**
 * The eight early-warning signals of a coin, each 0 to 100 or not available. Depeg methodology, section 11.
 *
 * A signal that is not available takes no part in the score; one that is quiet takes part with 0.
 */
import { currencyCode } from "../peg-bounds.ts";
import {
  BURN_RATIO,
  BURN_TO_MINT,
  type Curve,
  DAY_CONTRACTION,
  DIVERGENCE,
  FREEZE_COUNT,
  FREEZE_SPIKE,
  piecewiseLinear,
  SCORE_LOSS,
  TVL_LOSS,
  WEEK_CONTRACTION,
} from "./curves.ts";

export interface Signal {
  available: boolean;
  value: number;
}

type Maybe = number | null;

const ABSENT: Signal = { available: false, value: 0 };
const MIN_POOL_TVL_USD = 100_000;
const MIN_BASELINE_DAYS = 7;
const LARGE_BURN_USD = 1_000_000;
const NON_USD_SHARE = 0.7;
const WORSENED_POINTS = 15;
const CONFIDENCE_POINTS: Readonly<Record<string, number>> = { high: 0, "single-source": 25, low: 60, fallback: 80 };
const YIELD_POINTS: Readonly<Record<string, number>> = {
  "yield-spike": 30,
  "yield-divergence": 25,
  "tvl-outflow": 35,
  "negative-trend": 15,
  "reward-heavy": 20,
};

function known(value: Maybe): value is number {
  return value !== null && Number.isFinite(value);
}

function present(value: number): Signal {
  return { available: true, value: Number.isFinite(value) ? Math.min(100, Math.max(0, value)) : 0 };
}

/** Half of it is what the last reading said, where there was one. */
function smoothed(signal: Signal, previous: Maybe): Signal {
  return known(previous) ? present((signal.value + previous) / 2) : signal;
}

/** Points for what was lost since then; growth and a missing side give none. */
function loss(before: Maybe, now: Maybe, curve: Curve, leastBase = 0): number {
  if (!known(before) || !known(now) || before <= 0) return 0;
  return piecewiseLinear(((before - now) / Math.max(before, leastBase)) * 100, curve);
}

export function supplySignal(given: { current: Maybe; prevDay: Maybe; prevWeek: Maybe; mcapUsd: Maybe }): Signal {
  const { current, prevDay, prevWeek, mcapUsd } = given;
  if (!known(current) || (!known(prevDay) && !known(prevWeek))) return ABSENT;
  const size = Math.min(1, Math.log10(Math.max(known(mcapUsd) ? mcapUsd : 0, 1e6) / 1e6) / 3);
  return present(
    (0.6 * loss(prevDay, current, DAY_CONTRACTION) + 0.4 * loss(prevWeek, current, WEEK_CONTRACTION)) * size,
  );
}

export function poolSignal(given: {
  weightedBalanceRatio: Maybe;
  avgPoolStress: Maybe;
  topPools: readonly { tvlUsd: number; balanceRatio: number }[];
  previous: Maybe;
}): Signal {
  const { weightedBalanceRatio: ratio, avgPoolStress: stress } = given;
  if (!known(ratio) || !known(stress)) return ABSENT;
  const imbalances = given.topPools
    .filter(({ tvlUsd, balanceRatio }) => tvlUsd >= MIN_POOL_TVL_USD && Number.isFinite(balanceRatio))
    .map(({ balanceRatio }) => (1 - balanceRatio) * 100);
  const worst = Math.max(0, ...imbalances);
  return smoothed(present(0.4 * (1 - ratio) * 100 + 0.35 * stress + 0.25 * worst), given.previous);
}

export function liquiditySignal(given: { score: Maybe; score7dAgo: Maybe; tvl: Maybe; tvl7dAgo: Maybe }): Signal {
  const { score, score7dAgo, tvl, tvl7dAgo } = given;
  if (!known(score) || (!known(score7dAgo) && !known(tvl7dAgo))) return ABSENT;
  return present(0.5 * loss(score7dAgo, score, SCORE_LOSS, 1) + 0.5 * loss(tvl7dAgo, tvl, TVL_LOSS));
}

export function priceSignal(given: {
  price: Maybe;
  confidence: string | null;
  previousConfidence: string | null;
}): Signal {
  const points = (confidence: string | null) => CONFIDENCE_POINTS[confidence ?? ""] ?? 0;
  if (!known(given.price) || given.price <= 0) return present(100);
  const now = points(given.confidence);
  const worsened = given.previousConfidence !== null && now > points(given.previousConfidence);
  return present(now + (worsened ? WORSENED_POINTS : 0));
}

/** `dexPrice` is trusted already, or null. */
export function divergenceSignal(given: {
  price: Maybe;
  reference: Maybe;
  dexPrice: Maybe;
  pegType: string | null;
  previous: Maybe;
}): Signal {
  const { price, reference, dexPrice } = given;
  if (!known(price) || price <= 0 || !known(reference) || reference <= 0) return ABSENT;
  const apart = [Math.abs(price / reference - 1)];
  if (known(dexPrice) && dexPrice > 0) apart.push(Math.abs(dexPrice / reference - 1), Math.abs(price / dexPrice - 1));
  const points = piecewiseLinear(Math.max(...apart) * 10_000, DIVERGENCE);
  const share = currencyCode(given.pegType ?? "") === "USD" ? 1 : NON_USD_SHARE;
  return smoothed(present(points * share), given.previous);
}

export function freezeSignal(given: {
  tracked: boolean;
  events24h: Maybe;
  events7d: Maybe;
}): Signal & { spikeRatio?: number } {
  if (!given.tracked) return ABSENT;
  const day = known(given.events24h) ? given.events24h : 0;
  const week = known(given.events7d) ? given.events7d : 0;
  const spikeRatio = week > 0 ? day / (week / 7) : day;
  return { ...present(piecewiseLinear(day, FREEZE_COUNT) * piecewiseLinear(spikeRatio, FREEZE_SPIKE)), spikeRatio };
}

/** Burns and mints of the last day in USD; `baseline30d` is the average daily burn. */
export function flowSignal(given: { burn24h: Maybe; mint24h: Maybe; baseline30d: Maybe; baselineDays: Maybe }): Signal {
  const { burn24h: burns, mint24h: mints, baseline30d: baseline, baselineDays } = given;
  if (!known(baselineDays) || baselineDays < MIN_BASELINE_DAYS) return ABSENT;
  if (!known(burns) || !known(mints) || !known(baseline)) return ABSENT;
  const toBaseline = baseline > 0 ? burns / baseline : burns > LARGE_BURN_USD ? 5 : 0;
  const toMints = mints > 0 ? burns / mints : burns > 0 ? 10 : 0;
  return present(0.6 * piecewiseLinear(toBaseline, BURN_RATIO) + 0.4 * piecewiseLinear(toMints, BURN_TO_MINT));
}

export function yieldSignal({ warnings }: { warnings: readonly string[] }): Signal {
  if (warnings.length === 0) return ABSENT;
  return present([...new Set(warnings)].reduce((sum, warning) => sum + (YIELD_POINTS[warning] ?? 0), 0));
}
