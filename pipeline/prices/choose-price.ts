/**
 * One coin's price: its quotes through the freshness gate, DEX voices beside them, consensus, pool challenge and the publication
 * policy, with a verdict on each quote.
 *
 * Pricing methodology, sections 2 and 6 to 10. A consensus the policy refuses falls back to the DefiLlama list price alone,
 * if that one may stand; else the coin has no price and the row says why.
 */
import { isOneFamily } from "../price-sources.ts";
import { roundPrice, stepObservedAt } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { PriceQuote } from "../schema/price-quotes.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { RawQuote } from "./collect-quotes.ts";
import { type Candidate, type Consensus, computePriceConsensus, PEGGED_THRESHOLD_BPS } from "./consensus.ts";
import type { DexVoices } from "./dex-voices.ts";
import { sourceFreshness } from "./freshness.ts";
import { applyPoolChallenge } from "./pool-challenge.ts";
import { buildPrimarySources } from "./primary-sources.ts";
import { publicationDecision } from "./publication-policy.ts";
import { type PegContext, type PegReferences, pegReferenceUsd } from "./validation.ts";

export const LIST_SOURCE = "defillama-list";
/** Why several agreeing quotes are not `high`: one producer stands behind all of them. */
export const ONE_FAMILY = "one-family-agrees";

export type ChosenPrice = Pick<
  PeggedAsset,
  | "price"
  | "priceReason"
  | "priceSource"
  | "priceSelectedSource"
  | "priceEstimator"
  | "priceConfidence"
  | "priceConfidenceReason"
  | "priceObservedAt"
  | "priceObservedAtMode"
  | "priceSyncedAt"
  | "priceUpdatedAt"
  | "consensusSources"
  | "agreeSources"
> & { quotes: PriceQuote[] };

export interface PriceQuestion {
  coin: Coin;
  raw: readonly RawQuote[];
  /** What DEX pools say of it; null when nothing young enough is known. */
  dex: DexVoices | null;
  references: PegReferences;
  /** Guards against jumps; null when there is none young enough. */
  previousTrustedPrice: number | null;
  nowSec: number;
}

export interface PriceAnswer {
  chosen: ChosenPrice;
  /** What took part in the consensus. */
  candidates: Candidate[];
}

/** Peg facts of a coin as validation wants them. */
export function pegContext(coin: Coin): PegContext {
  return {
    pegCurrency: coin.peg.currency,
    pegType: coin.peg.type,
    navToken: coin.navToken ?? false,
    commodityOunces: coin.commodityOunces,
  };
}

export function publishedQuote(
  quote: Omit<RawQuote, "price"> & { price: number | null },
  verdict: PriceQuote["verdict"],
  reason: string | null,
  nowSec: number,
): PriceQuote {
  return {
    source: quote.source,
    priceUsd: quote.price === null ? null : roundPrice(quote.price),
    observedAt: stepObservedAt(quote.observedAt ?? null, nowSec),
    observedAtMode: quote.observedAtMode ?? null,
    weight: quote.weight,
    verdict,
    reason,
  };
}

export function unpriced(reason: string, quotes: PriceQuote[]): ChosenPrice {
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

export function priced(
  price: Pick<
    Consensus,
    "price" | "source" | "selectedSource" | "estimator" | "agreeSources" | "observedAt" | "observedAtMode"
  > & {
    confidence: NonNullable<PeggedAsset["priceConfidence"]>;
    consensusSources: readonly string[];
  },
  quotes: PriceQuote[],
  nowSec: number,
): ChosenPrice {
  const observedAt = stepObservedAt(price.observedAt, nowSec);
  return {
    price: roundPrice(price.price),
    priceReason: null,
    priceSource: price.source,
    priceSelectedSource: price.selectedSource,
    priceEstimator: price.estimator,
    priceConfidence: price.confidence,
    ...(price.confidence !== "high" && isOneFamily(price.agreeSources) ? { priceConfidenceReason: ONE_FAMILY } : {}),
    priceObservedAt: observedAt,
    priceObservedAtMode: price.observedAtMode,
    priceSyncedAt: nowSec,
    priceUpdatedAt: observedAt ?? nowSec,
    consensusSources: [...price.consensusSources].sort(),
    agreeSources: price.agreeSources,
    quotes: [...quotes].sort(bySource),
  };
}

export function bySource(a: PriceQuote, b: PriceQuote): number {
  return a.source < b.source ? -1 : a.source > b.source ? 1 : 0;
}

function admitted({ raw, dex, nowSec }: PriceQuestion): { candidates: Candidate[]; rejected: PriceQuote[] } {
  const rejected: PriceQuote[] = [];
  const direct: Candidate[] = [];
  for (const quote of raw) {
    const freshness = sourceFreshness(quote.source, quote.observedAt, quote.observedAtMode, nowSec);
    if (!(Number.isFinite(quote.price) && quote.price > 0))
      rejected.push(publishedQuote({ ...quote, price: null }, "rejected", "invalid_price", nowSec));
    else if (quote.refusal) rejected.push(publishedQuote(quote, "rejected", quote.refusal, nowSec));
    else if (freshness.accepted)
      direct.push({ ...quote, observedAt: freshness.observedAt, observedAtMode: freshness.mode });
    else rejected.push(publishedQuote(quote, "rejected", freshness.reason, nowSec));
  }
  if (!dex) return { candidates: direct, rejected };
  const { candidates, excluded } = buildPrimarySources(direct, dex.protocols, dex.aggregate, nowSec);
  for (const { source, price, reason } of excluded.filter(({ reason }) => reason !== "protocol_lane_admitted"))
    rejected.push(publishedQuote({ source, price, weight: 0, observedAt: dex.observedAt }, "rejected", reason, nowSec));
  return { candidates, rejected };
}

export function choosePrice(question: PriceQuestion): PriceAnswer {
  const { coin, raw, dex, references, previousTrustedPrice, nowSec } = question;
  const { candidates, rejected } = admitted(question);
  if (candidates.length === 0) {
    const reason = raw.length === 0 && !dex ? "no-source-quotes-it" : "no-fresh-quote";
    return { chosen: unpriced(reason, rejected.sort(bySource)), candidates };
  }

  const context = pegContext(coin);
  const reference = coin.navToken ? null : pegReferenceUsd(context, references);
  const candidatePrices = Object.fromEntries(candidates.map((candidate) => [candidate.source, candidate.price]));
  const judge = (consensus: Consensus) =>
    publicationDecision({ ...consensus, candidatePrices, previousTrustedPrice }, context, references);
  const settle = (given: readonly Candidate[]) => {
    const consensus = computePriceConsensus(given, reference, PEGGED_THRESHOLD_BPS, coin.navToken ? "nav" : "fixed", {
      independentFamilies: true,
    }) as Consensus;
    if (coin.navToken || !dex) return consensus;
    const challenged = applyPoolChallenge<Consensus>(consensus, dex.pools, context, references);
    return challenged.source === consensus.source
      ? challenged
      : { ...challenged, estimator: "selected_source" as const };
  };

  let consensus = settle(candidates);
  const decision = judge(consensus);
  if (!decision.accepted) {
    const list = candidates.filter((candidate) => candidate.source === LIST_SOURCE);
    const alone = list.length > 0 && candidates.length > 1 ? settle(list) : null;
    const refused = candidates.map((candidate) => publishedQuote(candidate, "rejected", decision.reason, nowSec));
    if (!alone || !judge(alone).accepted)
      return {
        chosen: unpriced(decision.reason ?? "refused", [...refused, ...rejected].sort(bySource)),
        candidates,
      };
    consensus = { ...alone, allPrices: consensus.allPrices };
  }
  const verdicts = candidates.map((candidate) => {
    if (consensus.agreeSources.includes(candidate.source)) return publishedQuote(candidate, "agreed", null, nowSec);
    return decision.accepted
      ? publishedQuote(candidate, "disagreed", null, nowSec)
      : publishedQuote(candidate, "rejected", decision.reason, nowSec);
  });
  const consensusSources = Object.keys(consensus.allPrices);
  return { chosen: priced({ ...consensus, consensusSources }, [...verdicts, ...rejected], nowSec), candidates };
}
