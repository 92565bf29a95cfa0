/**
 * The overall safety score: rated dimensions weighed, multiplied by how well the peg held, capped by what is happening now.
 *
 * Safety methodology, section 1. Weights are whole hundredths so that ties round the same everywhere; they add to 90, and
 * the sum is always divided by the weights that are rated.
 */
import { clampScore, scoreToGrade } from "../safety-grades.ts";
import { DIMENSION_WEIGHTS } from "../safety-scale.ts";
import type { DimensionName, Grade } from "../schema/report-cards.ts";

type Maybe = number | null;

export type DimensionScores = Readonly<Record<DimensionName, Maybe>>;

const MIN_RATED = 2;
export const PEG_EXPONENT = 0.4;
const NO_LIQUIDITY_FACTOR = 0.9;
/** Open depeg by the absolute peak of the event, worst first. */
export const DEPEG_CAPS = [
  { fromBps: 2500, cap: 39 },
  { fromBps: 1000, cap: 49 },
] as const;

export type OverallReason = "too-few-dimensions" | "peg-unrated";

export interface OverallScore {
  score: Maybe;
  grade: Grade;
  /** Before peg, caps and rounding, one decimal. */
  baseScore: Maybe;
  /** Why there is no score. */
  reason: OverallReason | null;
  /** The cap an open depeg put on it, where it bit. */
  depegCap: Maybe;
}

function known(value: Maybe): value is number {
  return value !== null && Number.isFinite(value);
}

export function depegCap(peakBps: Maybe): Maybe {
  const peak = Math.abs(peakBps ?? 0);
  return DEPEG_CAPS.find(({ fromBps }) => peak >= fromBps)?.cap ?? null;
}

export function overallScore(given: {
  dimensions: DimensionScores;
  activeDepegPeakBps: Maybe;
  /** A token whose price is meant to grow: without a peg score its peg neither helps nor hurts. */
  navToken: boolean;
}): OverallScore {
  let weight = 0;
  let sum = 0;
  let rated = 0;
  for (const [name, share] of Object.entries(DIMENSION_WEIGHTS)) {
    const score = given.dimensions[name as DimensionName];
    if (share === 0 || !known(score)) continue;
    rated++;
    weight += share;
    sum += share * score;
  }
  const unrated = (reason: OverallReason, baseScore: Maybe): OverallScore => ({
    score: null,
    grade: "NR",
    baseScore,
    reason,
    depegCap: null,
  });
  if (rated < MIN_RATED) return unrated("too-few-dimensions", null);
  const base = sum / weight;
  const baseScore = Math.round(base * 10) / 10;
  const peg = given.dimensions.pegStability;
  if (!known(peg) && !given.navToken) return unrated("peg-unrated", baseScore);
  let score = base * (known(peg) ? (clampScore(peg) / 100) ** PEG_EXPONENT : 1);
  if (!known(given.dimensions.liquidity)) score *= NO_LIQUIDITY_FACTOR;
  const cap = depegCap(given.activeDepegPeakBps);
  const bites = cap !== null && cap < score;
  const rounded = clampScore(Math.round(bites ? cap : score));
  return { score: rounded, grade: scoreToGrade(rounded), baseScore, reason: null, depegCap: bites ? cap : null };
}

export interface CappedScore {
  score: Maybe;
  capped: boolean;
  /** Own score, where the parent's is lower. */
  uncapped: Maybe;
}

/** A wrapper or savings form cannot be safer than what it is made of; a parent without a score caps nothing. */
export function variantOverallCap(childScore: Maybe, parentScore: Maybe): CappedScore {
  if (!known(childScore)) return { score: null, capped: false, uncapped: null };
  if (!known(parentScore) || childScore <= parentScore) return { score: childScore, capped: false, uncapped: null };
  return { score: parentScore, capped: true, uncapped: childScore };
}
