/**
 * The board of one price run: every coin with what was quoted and the price it has so far, filled step by step.
 *
 * A step offers a price for a coin; the publication policy decides, and what it refuses stays on the row as a quote with its reason.
 * Pricing methodology, section 2.
 */

import { PRICE_SOURCES } from "../price-sources.ts";
import type { Coin } from "../schema/coin.ts";
import type { ObservedAtMode, PeggedAsset, PriceConfidence } from "../schema/stablecoins.ts";
import {
  bySource,
  type ChosenPrice,
  choosePrice,
  pegContext,
  priced,
  publishedQuote,
  unpriced,
} from "./choose-price.ts";
import type { RawQuote } from "./collect-quotes.ts";
import type { Candidate } from "./consensus.ts";
import type { DexVoices } from "./dex-voices.ts";
import { publicationDecision } from "./publication-policy.ts";
import type { PegContext, PegReferences, ValidationMode } from "./validation.ts";

export interface BoardRow {
  coin: Coin;
  context: PegContext;
  /** Quotes of this run so far; a later step may add to them and settle the row anew. */
  raw: RawQuote[];
  dex: DexVoices | null;
  /** Last publication of the coin. */
  previous: PeggedAsset | undefined;
  previousTrustedPrice: number | null;
  /** USD in circulation, null when not known: larger coins are asked for first. */
  circulatingUsd: number | null;
  /** Whether that was seen in this very run, and not kept from an earlier one. */
  supplyIsCurrent: boolean;
  candidates: Candidate[];
  chosen: ChosenPrice;
}

/** A price a step found for a coin that had none, or that must give way. */
export interface Offer {
  source: string;
  price: number;
  confidence: PriceConfidence;
  observedAt: number | null;
  observedAtMode: ObservedAtMode | null;
  mode: ValidationMode;
  /** Sources behind it where they are not the label itself. */
  agreeSources?: string[];
}

export class PriceBoard {
  readonly rows: readonly BoardRow[];
  readonly references: PegReferences;
  readonly nowSec: number;
  readonly #byId: Map<string, BoardRow>;

  constructor(
    given: readonly Omit<BoardRow, "context" | "candidates" | "chosen">[],
    references: PegReferences,
    nowSec: number,
  ) {
    this.references = references;
    this.nowSec = nowSec;
    this.rows = given.map((row) => ({
      ...row,
      context: pegContext(row.coin),
      candidates: [],
      chosen: unpriced("no-source-quotes-it", []),
    }));
    this.#byId = new Map(this.rows.map((row) => [row.coin.id, row]));
    for (const row of this.rows) this.settle(row);
  }

  row(coinId: string): BoardRow | undefined {
    return this.#byId.get(coinId);
  }

  /** Rows without a price, largest first. */
  unpriced(): BoardRow[] {
    return this.rows.filter((row) => row.chosen.price === null).sort(largestFirst);
  }

  /** Consensus over all quotes the row has now. */
  settle(row: BoardRow): void {
    Object.assign(row, choosePrice({ ...row, references: this.references, nowSec: this.nowSec }));
  }

  /** Keeps a quote that a step may not even offer beside the others, with the reason. */
  refuse(row: BoardRow, quote: Pick<Offer, "source" | "price" | "observedAt">, reason: string): void {
    const weight = PRICE_SOURCES[quote.source]?.weight ?? 0;
    const observedAtMode = quote.observedAt === null ? null : ("upstream" as const);
    const refused = publishedQuote({ ...quote, weight, observedAtMode }, "rejected", reason, this.nowSec);
    const others = row.chosen.quotes.filter(({ source }) => source !== quote.source);
    const isFirst = row.chosen.priceReason === "no-source-quotes-it";
    const priceReason = isFirst ? "no-fresh-quote" : row.chosen.priceReason;
    row.chosen = { ...row.chosen, priceReason, quotes: [...others, refused].sort(bySource) };
  }

  /** Puts the offer in place where the policy lets it stand; says why not where it does not. */
  offer(row: BoardRow, offer: Offer): string | null {
    const agreeSources = offer.agreeSources ?? [offer.source];
    const candidatePrices = Object.fromEntries(row.candidates.map(({ source, price }) => [source, price]));
    const question = { ...offer, agreeSources, candidatePrices, previousTrustedPrice: row.previousTrustedPrice };
    const { accepted, reason } = publicationDecision(question, row.context, this.references);
    const weight = PRICE_SOURCES[offer.source]?.weight ?? 0;
    const quote = publishedQuote({ ...offer, weight }, accepted ? "agreed" : "rejected", reason, this.nowSec);
    // What agreed before no longer makes the price.
    const others = row.chosen.quotes
      .filter(({ source }) => source !== offer.source)
      .map((other) => (accepted && other.verdict === "agreed" ? { ...other, verdict: "disagreed" as const } : other));
    const quotes = [...others, quote];
    row.chosen = accepted
      ? priced(
          {
            ...offer,
            selectedSource: offer.source,
            estimator: "selected_source",
            agreeSources,
            consensusSources: agreeSources,
          },
          quotes,
          this.nowSec,
        )
      : { ...row.chosen, quotes };
    return reason;
  }
}

export function largestFirst(a: BoardRow, b: BoardRow): number {
  return (b.circulatingUsd ?? 0) - (a.circulatingUsd ?? 0) || (a.coin.id < b.coin.id ? -1 : 1);
}
