/**
 * The last question before a price is published: is this move believable from these sources? Pricing methodology, section 10.
 *
 * A coin at half its peg, a jump of 20 % since the last trusted price, and a depeg seen by search results only all need
 * somebody independent to say the same.
 */

import { isPositive } from "../peg-figures.ts";
import { countDepegAuthoritative, expandSourceKeys, PRICE_SOURCES } from "../price-sources.ts";
import type { PriceConfidence } from "../schema/stablecoins.ts";
import { midDivergenceBps } from "../statistics.ts";
import {
  isFixedPeg,
  isSevereFixedPegDownside,
  type PegContext,
  type PegReferences,
  pegClassOf,
  pegReferenceUsd,
  type ValidationMode,
  validatePriceCandidate,
} from "./validation.ts";

const TEMPORAL_JUMP_BPS = 2_000;
const WEAK_DEPEG_BPS = 500;
/** Two prices agree within this; which test to use for a weak depeg is our choice. */
const AGREEMENT_BPS = 50;

const FALLBACK_SOURCES = [
  "coingecko-native-implied",
  "defillama-contract",
  "coinmarketcap",
  "dexscreener-exact",
  "dexscreener-search",
  "cached",
];

export interface PublicationQuestion {
  price: number;
  /** Label of the price. */
  source: string;
  confidence: PriceConfidence;
  agreeSources: readonly string[];
  /** All same-run prices by source, rejected ones included. */
  candidatePrices?: Record<string, number> | undefined;
  previousTrustedPrice?: number | null | undefined;
  mode?: ValidationMode | undefined;
}

export interface PublicationDecision {
  accepted: boolean;
  reason: string | null;
}

/** The context a published price is judged in. */
export function publicationMode(source: string, confidence: PriceConfidence): ValidationMode {
  const keys = expandSourceKeys(source);
  const fallback =
    confidence === "fallback" || (keys.length > 0 && keys.every((key) => FALLBACK_SOURCES.includes(key)));
  return fallback ? "fallback_enrichment" : "primary_authoritative";
}

/** Whose opinion a source really repeats. */
function lineage(key: string): string {
  if (key.startsWith("coingecko") || key === "cg-ticker") return "coingecko";
  if (key.startsWith("defillama")) return "defillama";
  if (key === "curve-onchain" || key === "curve-oracle") return "curve";
  return key;
}

function independent(keys: readonly string[]): boolean {
  const lineages = new Set(keys.map(lineage));
  return lineages.size >= 2 && !keys.every((key) => PRICE_SOURCES[key]?.listAggregator === true);
}

/** Whether the price may stand. Reasons are section 9 codes, or one of the three `..._requires_corroboration`. */
export function publicationDecision(
  question: PublicationQuestion,
  context: PegContext,
  references: PegReferences | null,
): PublicationDecision {
  const { price, confidence } = question;
  const mode = question.mode ?? publicationMode(question.source, confidence);
  const validation = validatePriceCandidate(price, context, mode, references);
  if (!validation.accepted) return { accepted: false, reason: validation.reasonCode };
  if (!isFixedPeg(pegClassOf(context))) return { accepted: true, reason: null };

  const keys = expandSourceKeys(question.source);
  const agree = expandSourceKeys(question.agreeSources);
  const exempt = keys.length > 0 && keys.every((key) => PRICE_SOURCES[key]?.softGuardrailExempt === true);
  const severe = (value: number) => isSevereFixedPegDownside(value, context, references);
  const previous = isPositive(question.previousTrustedPrice) ? question.previousTrustedPrice : null;
  const severeKeys = Object.entries(question.candidatePrices ?? {})
    .filter(([, value]) => severe(value))
    .flatMap(([key]) => expandSourceKeys(key));
  const corroborated =
    severe(price) &&
    (exempt ||
      (confidence === "high" && independent(agree)) ||
      (previous !== null && severe(previous)) ||
      independent(severeKeys));

  if (severe(price) && !corroborated) return { accepted: false, reason: "severe_downside_requires_corroboration" };

  if (previous !== null && midDivergenceBps(price, previous) >= TEMPORAL_JUMP_BPS && !exempt && !corroborated) {
    const vouched = (confidence === "high" || confidence === "single-source") && countDepegAuthoritative(agree) > 0;
    if (!vouched) return { accepted: false, reason: "temporal_jump_requires_corroboration" };
  }

  const reference = pegReferenceUsd(context, references);
  const allSearch = keys.length > 0 && keys.every((key) => PRICE_SOURCES[key]?.tier === "fallback_search");
  if (allSearch && reference !== null && Math.abs(price / reference - 1) * 10_000 >= WEAK_DEPEG_BPS && !corroborated) {
    const vouched = Object.entries(question.candidatePrices ?? {}).some(
      ([key, value]) =>
        PRICE_SOURCES[key] &&
        PRICE_SOURCES[key]?.tier !== "fallback_search" &&
        midDivergenceBps(value, price) <= AGREEMENT_BPS,
    );
    if (!vouched) return { accepted: false, reason: "weak_fallback_depeg_requires_corroboration" };
  }
  return { accepted: true, reason: null };
}
