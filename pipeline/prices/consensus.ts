/**
 * Consensus: which sources agree, and what price they agree on. Pricing methodology, section 7.
 *
 * Sources agree in pairs; a cluster is a set in which every pair agrees (a maximal clique), so a chain of near neighbours
 * cannot stretch a cluster. Two or more agreeing sources publish their median; otherwise one trusted source stands alone.
 */

import { familyOf, isOneFamily, trustRank } from "../price-sources.ts";
import type { ObservedAtMode, PriceConfidence } from "../schema/stablecoins.ts";
import { median, midDivergenceBps } from "../statistics.ts";

export interface Candidate {
  source: string;
  /** USD per token. */
  price: number;
  weight: number;
  observedAt?: number | null | undefined;
  observedAtMode?: ObservedAtMode | null | undefined;
}

export interface Consensus {
  price: number;
  /** Keys of the winning cluster joined with "+", or the one selected source. */
  source: string;
  selectedSource: string;
  confidence: Extract<PriceConfidence, "high" | "single-source" | "low">;
  estimator: "selected_source" | "cluster_median";
  agreeSources: string[];
  disagreeSources: string[];
  allPrices: Record<string, number>;
  observedAt: number | null;
  observedAtMode: ObservedAtMode | null;
}

export interface ConsensusOptions {
  /** Keep one source per family before clustering; later than the reference, default off. */
  familyCollapse?: boolean;
  /**
   * Count producers before voices: the cluster of more families wins, and one family alone is never `high`, however often it speaks.
   * A rule of our own, which the lane sets; off where the reference is followed to the letter.
   */
  independentFamilies?: boolean;
}

export const PEGGED_THRESHOLD_BPS = 50;
export const NAV_THRESHOLD_BPS = 500;

const MODE_ORDER: ObservedAtMode[] = ["unknown", "local_fetch", "upstream"];

export function byteOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares by several rules, first difference wins. */
function byRules<T>(...rules: ((a: T, b: T) => number)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const rule of rules) {
      const order = rule(a, b);
      if (order !== 0 && !Number.isNaN(order)) return order;
    }
    return 0;
  };
}

/** Several quotes under one key become one: median price, largest weight, oldest time. */
function mergeSameKey(candidates: readonly Candidate[]): Candidate[] {
  return [...Map.groupBy(candidates, (candidate) => candidate.source)].map(([source, quotes]) => {
    const first = quotes[0] as Candidate;
    if (quotes.length === 1) return first;
    const times = quotes.map((quote) => quote.observedAt);
    const sameMode = quotes.every((quote) => quote.observedAtMode === first.observedAtMode);
    return {
      source,
      price: median(quotes.map((quote) => quote.price)) as number,
      weight: Math.max(...quotes.map((quote) => quote.weight)),
      observedAt: times.every((time) => typeof time === "number") ? Math.min(...(times as number[])) : null,
      observedAtMode: sameMode ? first.observedAtMode : "unknown",
    };
  });
}

function collapseFamilies(candidates: Candidate[], reference: number | null): Candidate[] {
  const families = Map.groupBy(candidates, ({ source }) => familyOf(source));
  return [...families.values()].map(
    (members) => members.sort(byRules(byTier, byWeight, byDistance(reference), byKey))[0] as Candidate,
  );
}

const byTier = (a: Candidate, b: Candidate) => trustRank(a.source) - trustRank(b.source);
const byWeight = (a: Candidate, b: Candidate) => b.weight - a.weight;
const byKey = (a: Candidate, b: Candidate) => byteOrder(a.source, b.source);
const byDistance = (target: number | null) => (a: Candidate, b: Candidate) =>
  target === null ? 0 : Math.abs(a.price - target) - Math.abs(b.price - target);

/**
 * All maximal cliques of the agreement graph. Agreement depends on the ratio of two prices only, so with prices sorted the
 * cliques are runs of neighbours: one run from each lowest member, kept when no longer run contains it.
 */
function maximalCliques(candidates: readonly Candidate[], thresholdBps: number): Candidate[][] {
  const sorted = [...candidates].sort((a, b) => a.price - b.price || byKey(a, b));
  const cliques: Candidate[][] = [];
  let furthest = -1;
  for (let from = 0; from < sorted.length; from++) {
    const lowest = sorted[from] as Candidate;
    let to = from;
    while (
      to + 1 < sorted.length &&
      midDivergenceBps(lowest.price, (sorted[to + 1] as Candidate).price) <= thresholdBps
    )
      to++;
    if (to > furthest) cliques.push(sorted.slice(from, to + 1));
    furthest = Math.max(furthest, to);
  }
  return cliques;
}

function label(members: readonly Candidate[]): string {
  return members
    .map((member) => member.source)
    .sort(byteOrder)
    .join("+");
}

function spreadBps(members: readonly Candidate[]): number {
  const prices = members.map((member) => member.price);
  return midDivergenceBps(Math.min(...prices), Math.max(...prices));
}

function bestClique(cliques: Candidate[][], reference: number | null, countFamilies: boolean): Candidate[] {
  const facts = cliques.map((members) => ({
    members,
    families: countFamilies ? new Set(members.map(({ source }) => familyOf(source))).size : 0,
    weight: members.reduce((sum, member) => sum + member.weight, 0),
    rank: Math.min(...members.map((member) => trustRank(member.source))),
    spread: spreadBps(members),
    distance: reference === null ? 0 : Math.abs((median(members.map((member) => member.price)) as number) - reference),
    label: label(members),
  }));
  type Facts = (typeof facts)[number];
  const order = byRules<Facts>(
    (a, b) => b.families - a.families,
    (a, b) => b.members.length - a.members.length,
    (a, b) => b.weight - a.weight,
    (a, b) => a.rank - b.rank,
    (a, b) => a.spread - b.spread,
    (a, b) => a.distance - b.distance,
    (a, b) => byteOrder(a.label, b.label),
  );
  return (facts.sort(order)[0] as Facts).members;
}

function oldestTime(members: readonly Candidate[]): number | null {
  const times = members.map((member) => member.observedAt);
  return times.every((time) => typeof time === "number") ? Math.min(...(times as number[])) : null;
}

function weakestMode(members: readonly Candidate[]): ObservedAtMode | null {
  const modes = members.flatMap((member) => member.observedAtMode ?? []);
  return MODE_ORDER.find((mode) => modes.includes(mode)) ?? null;
}

function confidenceOf(
  agreeSources: readonly string[],
  candidates: readonly Candidate[],
  countFamilies: boolean,
): Consensus["confidence"] {
  const isOneVoice = agreeSources.length === 1 || (countFamilies && isOneFamily(agreeSources));
  if (!isOneVoice) return "high";
  return agreeSources.length === candidates.length ? "single-source" : "low";
}

/**
 * The price the candidates support, or null without candidates. `reference` is the peg in USD, null for NAV tokens;
 * `mode` defaults to nav (500 bps) when there is no positive reference.
 */
export function computePriceConsensus(
  given: readonly Candidate[],
  pegReference: number | null,
  thresholdBps = PEGGED_THRESHOLD_BPS,
  mode?: "fixed" | "nav",
  options: ConsensusOptions = {},
): Consensus | null {
  const reference = pegReference !== null && pegReference > 0 ? pegReference : null;
  const threshold = (mode ?? (reference === null ? "nav" : "fixed")) === "nav" ? NAV_THRESHOLD_BPS : thresholdBps;
  let candidates = mergeSameKey(given.filter((candidate) => Number.isFinite(candidate.price) && candidate.price > 0));
  if (options.familyCollapse) candidates = collapseFamilies(candidates, reference);
  if (candidates.length === 0) return null;

  const countFamilies = options.independentFamilies === true;
  const cluster = bestClique(maximalCliques(candidates, threshold), reference, countFamilies);
  const isCluster = cluster.length >= 2;
  const clusterMedian = median(cluster.map((member) => member.price)) as number;
  const everyMedian = median(candidates.map((candidate) => candidate.price)) as number;
  const ranking = isCluster
    ? byRules(byWeight, byTier, byDistance(reference ?? clusterMedian), byKey)
    : byRules(byTier, byDistance(reference ?? everyMedian), byWeight, byKey);
  const selected = [...(isCluster ? cluster : candidates)].sort(ranking)[0] as Candidate;
  const agree = isCluster ? cluster : [selected];
  const agreeSources = agree.map((member) => member.source).sort(byteOrder);
  return {
    price: isCluster ? clusterMedian : selected.price,
    source: label(agree),
    selectedSource: selected.source,
    confidence: confidenceOf(agreeSources, candidates, countFamilies),
    estimator: isCluster ? "cluster_median" : "selected_source",
    agreeSources,
    disagreeSources: candidates
      .map((candidate) => candidate.source)
      .filter((key) => !agreeSources.includes(key))
      .sort(byteOrder),
    allPrices: Object.fromEntries(candidates.map((candidate) => [candidate.source, candidate.price])),
    observedAt: isCluster ? oldestTime(cluster) : (selected.observedAt ?? null),
    observedAtMode: isCluster ? weakestMode(cluster) : (selected.observedAtMode ?? null),
  };
}
