/** Asks every venue for every coin it quotes, and sorts the answers by coin; what a venue refuses is a reason, never a gap. */
import type { LaneContext } from "../lane.ts";
import { PRICE_SOURCES } from "../price-sources.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason, SourceUse } from "../schema/envelope.ts";
import type { PriceVenue } from "../sources/venue.ts";
import type { Candidate } from "./consensus.ts";
import { admission } from "./oracle-rules.ts";

/** A candidate before the freshness gate; `weight` is the method's unless the source scales it. */
export interface RawQuote extends Candidate {
  /** Why the source's own rule keeps it out of consensus; null or absent when it does not. */
  refusal?: string | null;
}

export interface CollectedQuotes {
  byCoin: Map<string, RawQuote[]>;
  sources: SourceUse[];
  /** Venues that could not be asked or did not answer. */
  failures: Reason[];
}

function keysOf(venue: PriceVenue, coins: readonly Coin[]): Map<string, Coin[]> {
  const byKey = new Map<string, Coin[]>();
  for (const coin of coins) {
    const key = venue.keyOf(coin);
    if (key !== null) byKey.set(key, [...(byKey.get(key) ?? []), coin]);
  }
  return byKey;
}

/** Our own clock, except for sources that must state theirs. */
function observationOf(
  venue: PriceVenue,
  observedAt: number | null,
  nowSec: number,
): Pick<RawQuote, "observedAt" | "observedAtMode"> {
  if (observedAt !== null) return { observedAt, observedAtMode: null };
  return PRICE_SOURCES[venue.key]?.needsObservedAt && !venue.countsFetchTime
    ? { observedAt: null, observedAtMode: null }
    : { observedAt: nowSec, observedAtMode: "local_fetch" };
}

/** Quotes in USD by coin id. A quote in another currency takes no part here. */
export async function collectQuotes(
  context: LaneContext,
  venues: readonly PriceVenue[],
  coins: readonly Coin[],
): Promise<CollectedQuotes> {
  const result: CollectedQuotes = { byCoin: new Map(), sources: [], failures: [] };
  for (const venue of venues) {
    const byKey = keysOf(venue, coins);
    if (byKey.size === 0) continue;
    const answer = await context.collect(venue.source, { keys: [...byKey.keys()].sort() });
    if (!answer.ok) {
      if (answer.reason !== "disabled")
        result.failures.push({ code: `${venue.key}-${answer.reason}`, message: answer.detail });
      continue;
    }
    let newest: number | null = null;
    for (const quote of answer.value.quotes) {
      if (quote.priceUsd === null) continue;
      if (quote.observedAt !== null) newest = Math.max(newest ?? 0, quote.observedAt);
      for (const coin of byKey.get(quote.key) ?? []) {
        const quotes = result.byCoin.get(coin.id) ?? [];
        quotes.push({
          source: venue.key,
          price: quote.priceUsd,
          ...admission(venue.key, quote),
          ...observationOf(venue, quote.observedAt, context.nowSec),
        });
        result.byCoin.set(coin.id, quotes);
      }
    }
    result.sources.push({ id: venue.source.id, observedAt: newest });
  }
  return result;
}
