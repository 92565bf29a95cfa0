/**
 * One coin's price: its quotes through the freshness gate, consensus, and the publication policy, with a verdict on each quote.
 *
 * Pricing methodology, sections 2 and 6 to 10. A consensus the policy refuses falls back to the DefiLlama list price alone,
 * if that one may stand; else the coin has no price and the row says why.
 */

import { roundPrice, stepObservedAt } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { PriceQuote } from "../schema/price-quotes.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { RawQuote } from "./collect-quotes.ts";
import { type Candidate, type Consensus, computePriceConsensus, PEGGED_THRESHOLD_BPS } from "./consensus.ts";
import { sourceFreshness } from "./freshness.ts";
import { publicationDecision } from "./publication-policy.ts";
import { type PegContext, type PegReferences, pegReferenceUsd } from "./validation.ts";

export const LIST_SOURCE = "defillama-list";

export type ChosenPrice = Pick<
  PeggedAsset,
  | "price"
  | "priceReason"
  | "priceSource"
  | "priceSelectedSource"
  | "priceEstimator"
  | "priceConfidence"
  | "priceObservedAt"
  | "priceObservedAtMode"
  | "priceSyncedAt"
  | "priceUpdatedAt"
  | "consensusSources"
  | "agreeSources"
> & { quotes: PriceQuote[] };

/** Peg facts of a coin as validation wants them. */
export function pegContext(coin: Coin): PegContext {
  return {
    pegCurrency: coin.peg.currency,
    pegType: coin.peg.type,
    navToken: coin.navToken ?? false,
    commodityOunces: coin.commodityOunces,
  };
}

function published(
  quote: Omit<RawQuote, "price"> & { price: number | null },
  verdict: PriceQuote["verdict"],
  reason: string | null,
): PriceQuote {
  return {
    source: quote.source,
    priceUsd: quote.price === null ? null : roundPrice(quote.price),
    observedAt: quote.observedAt ?? null,
    observedAtMode: quote.observedAtMode ?? null,
    weight: quote.weight,
    verdict,
    reason,
  };
}

function unpriced(reason: string, quotes: PriceQuote[]): ChosenPrice {
  return {
    price: null,
    priceReason: reason,
    priceSource: "missing",
    priceSelectedSource: null,
    priceEstimator: null,
    priceConfidence: null,
    priceObservedAt: null,
    priceObservedAtMode: null,
    priceSyncedAt: null,
    priceUpdatedAt: null,
    consensusSources: [],
    agreeSources: [],
    quotes,
  };
}

function priced(consensus: Consensus, quotes: PriceQuote[], nowSec: number): ChosenPrice {
  return {
    price: roundPrice(consensus.price),
    priceReason: null,
    priceSource: consensus.source,
    priceSelectedSource: consensus.selectedSource,
    priceEstimator: consensus.estimator,
    priceConfidence: consensus.confidence,
    priceObservedAt: consensus.observedAt,
    priceObservedAtMode: consensus.observedAtMode,
    priceSyncedAt: nowSec,
    priceUpdatedAt: consensus.observedAt ?? nowSec,
    consensusSources: Object.keys(consensus.allPrices).sort(),
    agreeSources: consensus.agreeSources,
    quotes,
  };
}

/** Observation times as they are published; decisions before this are made on the exact ones. */
function dated(chosen: ChosenPrice, nowSec: number): ChosenPrice {
  const priceObservedAt = stepObservedAt(chosen.priceObservedAt, nowSec);
  return {
    ...chosen,
    priceObservedAt,
    priceUpdatedAt: priceObservedAt ?? chosen.priceSyncedAt,
    quotes: chosen.quotes.map((quote) => ({ ...quote, observedAt: stepObservedAt(quote.observedAt, nowSec) })),
  };
}

/** `previousTrustedPrice` guards against jumps; null when there is none young enough. */
export function choosePrice(
  coin: Coin,
  raw: readonly RawQuote[],
  references: PegReferences,
  previousTrustedPrice: number | null,
  nowSec: number,
): ChosenPrice {
  return dated(decide(coin, raw, references, previousTrustedPrice, nowSec), nowSec);
}

function decide(
  coin: Coin,
  raw: readonly RawQuote[],
  references: PegReferences,
  previousTrustedPrice: number | null,
  nowSec: number,
): ChosenPrice {
  const rejected: PriceQuote[] = [];
  const candidates: Candidate[] = [];
  for (const quote of raw) {
    const freshness = sourceFreshness(quote.source, quote.observedAt, quote.observedAtMode, nowSec);
    if (!(Number.isFinite(quote.price) && quote.price > 0))
      rejected.push(published({ ...quote, price: null }, "rejected", "invalid_price"));
    else if (quote.refusal) rejected.push(published(quote, "rejected", quote.refusal));
    else if (freshness.accepted)
      candidates.push({ ...quote, observedAt: freshness.observedAt, observedAtMode: freshness.mode });
    else rejected.push(published(quote, "rejected", freshness.reason));
  }
  if (candidates.length === 0) return unpriced(raw.length === 0 ? "no-source-quotes-it" : "no-fresh-quote", rejected);

  const context = pegContext(coin);
  const reference = coin.navToken ? null : pegReferenceUsd(context, references);
  const candidatePrices = Object.fromEntries(candidates.map((candidate) => [candidate.source, candidate.price]));
  const judge = (consensus: Consensus) =>
    publicationDecision({ ...consensus, candidatePrices, previousTrustedPrice }, context, references);
  const settle = (given: readonly Candidate[]) =>
    computePriceConsensus(given, reference, PEGGED_THRESHOLD_BPS, coin.navToken ? "nav" : "fixed") as Consensus;

  let consensus = settle(candidates);
  const decision = judge(consensus);
  if (!decision.accepted) {
    const list = candidates.filter((candidate) => candidate.source === LIST_SOURCE);
    const alone = list.length > 0 && candidates.length > 1 ? settle(list) : null;
    const refused = candidates.map((candidate) => published(candidate, "rejected", decision.reason));
    if (!alone || !judge(alone).accepted)
      return unpriced(decision.reason ?? "refused", [...refused, ...rejected].sort(bySource));
    consensus = { ...alone, allPrices: consensus.allPrices };
  }
  const verdicts = candidates.map((candidate) => {
    if (consensus.agreeSources.includes(candidate.source)) return published(candidate, "agreed", null);
    return decision.accepted
      ? published(candidate, "disagreed", null)
      : published(candidate, "rejected", decision.reason);
  });
  return priced(consensus, [...verdicts, ...rejected].sort(bySource), nowSec);
}

function bySource(a: PriceQuote, b: PriceQuote): number {
  return a.source < b.source ? -1 : a.source > b.source ? 1 : 0;
}
