/** Arithmetic of yields: what a growing price pays a year, what that is worth for the risk, and when to be wary. Yield methodology, section 2. */
import type { YieldTier, YieldWarning } from "../schema/yields.ts";

type Maybe = number | null;

const YEAR_DAYS = 365.25;
const UNRATED_SAFETY = 40;
export const SCALING_FACTOR = 8;

/** Per cent a year at which `then` became `now` within so many days; null where that means nothing. */
export function apyFromGrowth(now: number, then: number, days: number): Maybe {
  if (!(now > 0) || !(then > 0) || !(days > 0)) return null;
  const apy = ((now / then) ** (YEAR_DAYS / days) - 1) * 100;
  return Number.isFinite(apy) ? apy : null;
}

/** A dividend fund pays its benchmark less its fee, and never less than nothing. */
export function apyFromBenchmark(ratePct: number, spreadBps: number): number {
  return Math.max(0, ratePct - spreadBps / 100);
}

/** Coefficient of variation, within 0 and 1; null with fewer than two samples or none on average. */
export function variation(samples: readonly number[]): Maybe {
  if (samples.length < 2) return null;
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  if (mean <= 0) return null;
  const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples.length;
  return Math.min(1, Math.max(0, Math.sqrt(variance) / mean));
}

/** Yield for risk, 0 to 100: the safer the coin, the more of its yield counts; an unsteady one loses. */
export function yieldScore(apy30d: number, safety: Maybe, cv: Maybe): number {
  if (!(apy30d > 0)) return 0;
  const risk = Math.max(0.5, (101 - (safety ?? UNRATED_SAFETY)) / 20);
  const sustained = Math.max(0.3, 1 - (cv ?? 0));
  return Math.min(100, Math.round((apy30d / risk ** 1.75) * sustained * SCALING_FACTOR));
}

export function yieldToRisk(apy30d: number, safety: Maybe): number {
  return apy30d / (101 - (safety ?? UNRATED_SAFETY));
}

export interface YieldView {
  currentApy: number;
  apy30d: Maybe;
  apyReward: Maybe;
  medianApy: Maybe;
  tvlUsd: Maybe;
  tvlWeekAgoUsd: Maybe;
  tier: YieldTier;
  /** Null: its time is not known, which for a benchmark means that it was never observed. */
  ageSec: Maybe;
}

const HOUR_SEC = 3600;
/** A rate of the money market is daily and rests over holidays, so a week is what it may be old. */
const STALE_SEC: Readonly<Record<YieldTier, number>> = {
  "chain-read": 3 * HOUR_SEC,
  benchmark: 8 * 24 * HOUR_SEC,
  "curated-pool": 3 * HOUR_SEC,
  "discovered-pool": 3 * HOUR_SEC,
  "price-derived": 36 * HOUR_SEC,
};

export function yieldWarnings(view: YieldView): YieldWarning[] {
  const { currentApy: now, apy30d: usual, apyReward, medianApy, tvlUsd, tvlWeekAgoUsd } = view;
  const isStale = view.ageSec === null ? view.tier === "benchmark" : view.ageSec > STALE_SEC[view.tier];
  const warnings: [YieldWarning, boolean][] = [
    ["yield-spike", usual !== null && now > 2 && now > 2 * usual],
    ["yield-divergence", medianApy !== null && medianApy > 0 && now > 3 * medianApy],
    ["negative-trend", usual !== null && usual > 1 && now < 0.7 * usual],
    ["reward-heavy", apyReward !== null && now > 0 && apyReward / now > 0.8],
    ["tvl-outflow", tvlUsd !== null && tvlWeekAgoUsd !== null && tvlWeekAgoUsd > 0 && tvlUsd < 0.8 * tvlWeekAgoUsd],
    ["zero-yield", now <= 0],
    ["data-stale", isStale],
  ];
  return warnings.flatMap(([name, holds]) => (holds ? [name] : []));
}

export interface Candidate {
  source: string;
  tier: YieldTier;
  apy: number;
}

const RANK: Readonly<Record<YieldTier, number>> = {
  "chain-read": 0,
  benchmark: 0,
  "curated-pool": 1,
  "discovered-pool": 2,
  "price-derived": 3,
};
const CANONICAL: readonly YieldTier[] = ["chain-read", "benchmark", "curated-pool"];
const MAX_OFF = 0.35;

/** Best trusted first; what pays nothing never stands before what pays; a weak row far from a canonical one is dropped. */
export function rankedCandidates<Row extends Candidate>(rows: readonly Row[]): Row[] {
  const canonical = rows.find(({ tier, apy }) => CANONICAL.includes(tier) && apy > 0);
  const kept = rows.filter(
    (row) => !canonical || CANONICAL.includes(row.tier) || Math.abs(row.apy - canonical.apy) <= MAX_OFF * canonical.apy,
  );
  return [...kept].sort(
    (a, b) => Number(b.apy > 0) - Number(a.apy > 0) || RANK[a.tier] - RANK[b.tier] || (a.source < b.source ? -1 : 1),
  );
}
