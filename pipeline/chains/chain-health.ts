/**
 * Chain health: how safe the stablecoins of a chain are, taken together. Safety methodology, section 5.
 *
 * Everything is weighed by supply. With less than half of the supply rated there is no quality and so no health.
 */
import type { RollupFacts } from "../schema/chain.ts";
import type { ChainBand } from "../schema/chains.ts";

type Maybe = number | null;

const UNRATED_QUALITY = 40;
const NO_PRICE = 50;
const ZERO_AT_BPS = 500;
/** Tenths, so that the sum is exact. */
const WEIGHTS = { quality: 3, chainEnvironment: 2, concentration: 2, pegStability: 2, backingDiversity: 1 } as const;
const BANDS: readonly (readonly [ChainBand, number])[] = [
  ["robust", 80],
  ["healthy", 60],
  ["mixed", 40],
  ["fragile", 20],
];

function positive(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}

function clamped(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)));
}

/** 0 for one coin alone, towards 100 for many of equal size. */
export function chainConcentration(shares: readonly number[]): number {
  const used = shares.map(positive).filter((share) => share > 0);
  return used.length === 0 ? 0 : clamped(100 * (1 - used.reduce((sum, share) => sum + share ** 2, 0)));
}

/** Entropy of two classes of backing, base 2: 100 when both are equal. */
export function chainBackingDiversity(distribution: Readonly<Record<string, number>>): number {
  const parts = [distribution["rwa-backed"] ?? 0, distribution["crypto-backed"] ?? 0].map(positive);
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (total === 0) return 0;
  const entropy = parts.reduce((sum, part) => (part === 0 ? sum : sum - (part / total) * Math.log2(part / total)), 0);
  return clamped(100 * entropy);
}

function weighed(rows: readonly { value: number; supplyUsd: number }[]): Maybe {
  const total = rows.reduce((sum, { supplyUsd }) => sum + positive(supplyUsd), 0);
  if (total === 0) return null;
  return rows.reduce((sum, { value, supplyUsd }) => sum + value * positive(supplyUsd), 0) / total;
}

export function chainPegStability(coins: readonly { price: Maybe; pegRef: Maybe; supplyUsd: number }[]): number {
  const rows = coins.map(({ price, pegRef, supplyUsd }) => {
    if (price === null || pegRef === null || !(price > 0) || !(pegRef > 0)) return { value: NO_PRICE, supplyUsd };
    const bps = Math.abs(price / pegRef - 1) * 10_000;
    return { value: 100 * Math.max(0, 1 - bps / ZERO_AT_BPS), supplyUsd };
  });
  return clamped(weighed(rows) ?? 0);
}

export function chainQuality(
  coins: readonly { safetyScore: Maybe; supplyUsd: number }[],
  minRatedShare: number,
): Maybe {
  const isRated = (score: Maybe): score is number => score !== null && Number.isFinite(score);
  const rated = weighed(coins.map((coin) => ({ value: isRated(coin.safetyScore) ? 1 : 0, supplyUsd: coin.supplyUsd })));
  if (rated === null || rated < minRatedShare) return null;
  const quality = weighed(
    coins.map(({ safetyScore, supplyUsd }) => ({
      value: isRated(safetyScore) ? safetyScore : UNRATED_QUALITY,
      supplyUsd,
    })),
  );
  return quality === null ? null : clamped(quality);
}

/** Without a rollup snapshot the chain's resilience tier stands in; an unknown tier counts as the last. */
export function chainEnvironmentFallback(tier: number | null): number {
  return tier === 1 ? 100 : tier === 2 ? 60 : 20;
}

const STAGES = { "2": 100, "1": 80, "0": 55 } as const;
const STAGE_OTHER = 50;
const RISKS = { good: 100, warning: 60, bad: 20 } as const;

/** Of a rollup: its stage, and the mean of its five risks. */
export function chainEnvironment({ stage, risks }: Pick<RollupFacts, "stage" | "risks">): number {
  const values = Object.values(risks).map((risk) => RISKS[risk]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return clamped(0.4 * (stage === null ? STAGE_OTHER : STAGES[stage]) + 0.6 * mean);
}

export type ChainFactors = { [Factor in keyof typeof WEIGHTS]: Maybe };

export function chainHealthScore(factors: ChainFactors): Maybe {
  let sum = 0;
  for (const [factor, weight] of Object.entries(WEIGHTS)) {
    const value = factors[factor as keyof ChainFactors];
    if (value === null || !Number.isFinite(value)) return null;
    sum += weight * Math.min(100, Math.max(0, value));
  }
  return clamped(sum / 10);
}

export function chainHealthBand(score: Maybe): ChainBand | null {
  if (score === null || Number.isNaN(score)) return null;
  return BANDS.find(([, from]) => score >= from)?.[0] ?? "concentrated";
}
