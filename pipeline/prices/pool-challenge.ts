/**
 * DEX pools against a soft price: a protocol that trades far away lowers the confidence, two of them replace the price.
 *
 * Pricing methodology, 8.2. Prices that exchanges, oracles or protocols vouch for are never challenged. A collapse that an
 * authoritative source confirms is not talked back up by pools. NAV tokens are the caller's exception.
 */
import { depegThresholdBps } from "../peg-bounds.ts";
import { countDepegAuthoritative, expandSourceKeys, poolChallengeEligible } from "../price-sources.ts";
import type { ObservedAtMode, PriceConfidence } from "../schema/stablecoins.ts";
import { midDivergenceBps, weightedMedian } from "../statistics.ts";
import { isSevereFixedPegDownside, type PegContext, type PegReferences, pegClassOf } from "./validation.ts";

const MIN_POOL_TVL_USD = 100_000;
const MAX_THRESHOLD_BPS = 500;
const PROTOCOLS_TO_REPLACE = 2;
const POOL_SOURCE = "pool-tvl-weighted";
const CHALLENGED: readonly (PriceConfidence | null)[] = ["high", "single-source", "low"];

export interface ChallengerPool {
  protocol: string;
  price: number;
  tvlUsd: number;
  /** Unix seconds; the caller has left out pools over 35 minutes old. */
  observedAt?: number | null | undefined;
}

export interface ChallengedPrice {
  price: number;
  source: string;
  selectedSource: string;
  confidence: PriceConfidence;
  agreeSources: string[];
  observedAt: number | null;
  observedAtMode: ObservedAtMode | null;
  /** All candidates by source. */
  allPrices: Record<string, number>;
}

interface ProtocolGroup {
  price: number;
  tvlUsd: number;
  observedAt: number | null;
}

function protocolGroups(pools: readonly ChallengerPool[]): ProtocolGroup[] {
  const usable = pools.filter(({ price, tvlUsd }) => Number.isFinite(price) && price > 0 && tvlUsd >= MIN_POOL_TVL_USD);
  return [...Map.groupBy(usable, (pool) => pool.protocol).values()].map((group) => ({
    price: weightedMedian(group.map(({ price, tvlUsd }) => ({ price, weight: tvlUsd }))) as number,
    tvlUsd: group.reduce((sum, pool) => sum + pool.tvlUsd, 0),
    observedAt: oldest(group.map((pool) => pool.observedAt ?? null)),
  }));
}

/** Null when one of them is not known. */
function oldest(times: readonly (number | null)[]): number | null {
  return times.reduce(
    (least, time) => (least === null || time === null ? null : Math.min(least, time)),
    times[0] ?? null,
  );
}

/** Where pools start to disagree with a price of this peg. */
function challengeThresholdBps(context: PegContext): number {
  if (pegClassOf(context) === "usd") return MAX_THRESHOLD_BPS;
  return Math.min(2 * depegThresholdBps(context.pegType), MAX_THRESHOLD_BPS);
}

/** The price after the challenge; the same object when it stands. */
export function applyPoolChallenge<Price extends ChallengedPrice>(
  result: Price,
  pools: readonly ChallengerPool[],
  context: PegContext,
  references: PegReferences | null,
): Price {
  const candidates = Object.keys(result.allPrices);
  const challengeable = poolChallengeEligible(result.confidence === "low" ? candidates : result.agreeSources);
  if (!CHALLENGED.includes(result.confidence) || !challengeable) return result;
  const threshold = challengeThresholdBps(context);
  const diverging = protocolGroups(pools).filter((group) => midDivergenceBps(group.price, result.price) >= threshold);
  if (diverging.length === 0) return result;
  const severe = (price: number) => isSevereFixedPegDownside(price, context, references);
  const confirming = expandSourceKeys(candidates.filter((key) => severe(result.allPrices[key] ?? Number.NaN)));
  const confirmedCollapse = severe(result.price) && confirming.length >= 2 && countDepegAuthoritative(confirming) > 0;
  if (diverging.length < PROTOCOLS_TO_REPLACE || confirmedCollapse) return { ...result, confidence: "low" };
  const price = weightedMedian(diverging.map((group) => ({ price: group.price, weight: group.tvlUsd }))) as number;
  return {
    ...result,
    price,
    confidence: "low",
    source: POOL_SOURCE,
    selectedSource: POOL_SOURCE,
    agreeSources: [POOL_SOURCE],
    allPrices: { [POOL_SOURCE]: price },
    observedAt: oldest(diverging.map((group) => group.observedAt)),
    observedAtMode: "local_fetch",
  };
}
