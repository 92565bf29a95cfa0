/**
 * Who takes part in consensus: direct quotes, DEX protocol lanes as a group, or the DEX aggregate in their place.
 *
 * Pricing methodology, section 6. Lanes are admitted together or not at all: several of them vouch for each other, a lone one
 * needs a hard source that agrees, or nobody else to be there.
 */

import { isPositive } from "../peg-figures.ts";
import { isHardTier, PRICE_SOURCES } from "../price-sources.ts";
import { midDivergenceBps } from "../statistics.ts";
import { type Candidate, PEGGED_THRESHOLD_BPS } from "./consensus.ts";
import { type FreshnessReason, sourceFreshness } from "./freshness.ts";

const MIN_LANE_TVL_USD = 50_000;
const MIN_AGGREGATE_TVL_USD = 1_000_000;
const AGGREGATE_KEY = "dex-promoted";
/** The aggregate row must be younger than this, equal age included in the refusal. */
const AGGREGATE_AGE_SEC = 35 * 60;

export interface ProtocolQuote {
  protocol: string;
  price: number;
  tvlUsd: number;
  updatedAt: number | null;
}

export interface DexAggregate {
  price: number;
  totalTvlUsd: number;
  updatedAt: number | null;
}

export type ExclusionReason =
  | FreshnessReason
  | "missing_registry_mapping"
  | "invalid_price"
  | "below_tvl_threshold"
  | "lacked_corroboration"
  | "protocol_lane_admitted"
  | "binance_overlap";

export interface PrimarySources {
  candidates: Candidate[];
  /** Every source that was kept out, with its price where it gave one. */
  excluded: { source: string; price: number | null; reason: ExclusionReason }[];
}

/** `quotes` carry the weights of their sources; the lanes and the aggregate get the registry's. */
export function buildPrimarySources(
  quotes: readonly Candidate[],
  protocolQuotes: readonly ProtocolQuote[],
  aggregate: DexAggregate | null,
  nowSec: number,
): PrimarySources {
  const excluded: PrimarySources["excluded"] = [];
  const admit = (candidate: Candidate): Candidate[] => {
    const freshness = sourceFreshness(candidate.source, candidate.observedAt, candidate.observedAtMode, nowSec);
    const reason = isPositive(candidate.price) ? freshness.reason : "invalid_price";
    if (reason === null) return [{ ...candidate, observedAt: freshness.observedAt, observedAtMode: freshness.mode }];
    excluded.push({ source: candidate.source, price: isPositive(candidate.price) ? candidate.price : null, reason });
    return [];
  };

  const direct = quotes.flatMap(admit);
  const lanes = protocolQuotes.flatMap((given): Candidate[] => {
    const source = `${given.protocol}-dex`;
    const registered = PRICE_SOURCES[source];
    const problem = !registered
      ? "missing_registry_mapping"
      : !(given.tvlUsd >= MIN_LANE_TVL_USD)
        ? "below_tvl_threshold"
        : null;
    if (problem === null) {
      const observedAt = isPositive(given.updatedAt ?? 0) ? given.updatedAt : (aggregate?.updatedAt ?? null);
      return admit({ source, price: given.price, weight: registered?.weight ?? 0, observedAt });
    }
    excluded.push({ source, price: isPositive(given.price) ? given.price : null, reason: problem });
    return [];
  });

  const corroborated =
    new Set(lanes.map((lane) => lane.source)).size > 1 ||
    direct.length === 0 ||
    direct.some(
      (quote) =>
        isHardTier(quote.source) &&
        lanes.some((lane) => midDivergenceBps(quote.price, lane.price) <= PEGGED_THRESHOLD_BPS),
    );
  if (!corroborated)
    excluded.push(...lanes.map(({ source, price }) => ({ source, price, reason: "lacked_corroboration" as const })));
  const candidates = [...direct, ...(corroborated ? lanes : [])];
  if (aggregate === null) return { candidates, excluded };

  const refusal = aggregateRefusal(aggregate, candidates.length > direct.length, direct, protocolQuotes, nowSec);
  if (refusal === null) {
    const weight = PRICE_SOURCES[AGGREGATE_KEY]?.weight ?? 0;
    return {
      candidates: [
        ...candidates,
        ...admit({ source: AGGREGATE_KEY, price: aggregate.price, weight, observedAt: aggregate.updatedAt }),
      ],
      excluded,
    };
  }
  excluded.push({
    source: AGGREGATE_KEY,
    price: isPositive(aggregate.price) ? aggregate.price : null,
    reason: refusal,
  });
  return { candidates, excluded };
}

function aggregateRefusal(
  aggregate: DexAggregate,
  laneAdmitted: boolean,
  direct: readonly Candidate[],
  protocolQuotes: readonly ProtocolQuote[],
  nowSec: number,
): ExclusionReason | null {
  if (laneAdmitted) return "protocol_lane_admitted";
  if (!(aggregate.totalTvlUsd >= MIN_AGGREGATE_TVL_USD)) return "below_tvl_threshold";
  if (aggregate.updatedAt === null || !isPositive(aggregate.updatedAt)) return "missing_observed_at";
  if (aggregate.updatedAt > nowSec) return "future_observed_at";
  if (nowSec - aggregate.updatedAt >= AGGREGATE_AGE_SEC) return "stale_observed_at";
  const overlap =
    direct.some((quote) => quote.source === "binance") && protocolQuotes.some((quote) => quote.protocol === "binance");
  return overlap ? "binance_overlap" : null;
}
