/**
 * The DEX liquidity score of a coin, 0 to 100: depth, volume, quality, durability and diversity of its pools.
 *
 * Safety methodology, section 4. The score adds the unrounded components; a component alone is published rounded.
 */
type Maybe = number | null;

const DEPTH_SLOPE = 35;
/** Share of supply, or USD where supply is unknown, at which depth begins to count. */
const DEPTH_ZERO_SHARE = 0.0007;
const DEPTH_ZERO_USD = 700_000;
const VOLUME_SLOPE = 38;
const VOLUME_DECADES = 3;
const QUALITY_ZERO = 0.15;
const QUALITY_SPAN = 0.65;
const UNKNOWN_SHARE = 0.5;
const FULL_AGE_DAYS = 365;
const POINTS_A_POOL = 5;
/** Hundredths of the score. */
const WEIGHTS = { tvlDepth: 30, volumeActivity: 20, poolQuality: 20, durability: 20, diversity: 10 } as const;

export type LiquidityParts = { [Part in keyof typeof WEIGHTS]: number };

function clamped(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(100, Math.max(0, value));
}

function share(value: Maybe): number {
  return value !== null && Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : UNKNOWN_SHARE;
}

export function tvlDepth(tvlUsd: number, circulatingUsd: Maybe): number {
  if (!(tvlUsd > 0)) return 0;
  const zero = circulatingUsd !== null && circulatingUsd > 0 ? circulatingUsd * DEPTH_ZERO_SHARE : DEPTH_ZERO_USD;
  return clamped(DEPTH_SLOPE * Math.log10(tvlUsd / zero));
}

export function volumeActivity(volume24hUsd: Maybe, tvlUsd: number): number {
  if (volume24hUsd === null || !(volume24hUsd > 0) || !(tvlUsd > 0)) return 0;
  return clamped(VOLUME_SLOPE * (Math.log10(volume24hUsd / tvlUsd) + VOLUME_DECADES));
}

export function poolQuality(qualityAdjustedTvlUsd: number, tvlUsd: number): number {
  if (!(tvlUsd > 0)) return 0;
  return clamped(((qualityAdjustedTvlUsd / tvlUsd - QUALITY_ZERO) / QUALITY_SPAN) * 100);
}

export function durability(given: {
  organicFraction: Maybe;
  tvlStability: Maybe;
  volumeStability: Maybe;
  oldestPoolDays: Maybe;
}): number {
  const days = given.oldestPoolDays ?? 0;
  const age = Number.isFinite(days) ? Math.min(1, Math.max(0, days / FULL_AGE_DAYS)) : 0;
  return clamped(
    100 *
      (0.35 * share(given.tvlStability) +
        0.25 * share(given.volumeStability) +
        0.25 * age +
        0.15 * Math.sqrt(share(given.organicFraction))),
  );
}

export function pairDiversity(pools: number): number {
  return clamped(POINTS_A_POOL * pools);
}

/** Steadiness of a daily series: 1 less its coefficient of variation. Null with fewer than seven usable days. */
export function stability(daily: readonly number[]): Maybe {
  const usable = daily.filter((value) => Number.isFinite(value) && value >= 0);
  if (usable.length < 7) return null;
  const mean = usable.reduce((sum, value) => sum + value, 0) / usable.length;
  if (mean <= 0) return null;
  const variance = usable.reduce((sum, value) => sum + (value - mean) ** 2, 0) / usable.length;
  return 1 - Math.min(1, Math.sqrt(variance) / mean);
}

export function dexLiquidityScore(parts: LiquidityParts): number {
  const sum = Object.entries(WEIGHTS).reduce(
    (total, [part, weight]) => total + weight * clamped(parts[part as keyof LiquidityParts]),
    0,
  );
  return Math.round(sum / 100);
}
