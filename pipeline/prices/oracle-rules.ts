/** How much an oracle's quote counts: Pyth by its confidence band, RedStone by its venues. Pricing methodology, 5.4 and 5.6. */

import { PRICE_SOURCES } from "../price-sources.ts";
import type { PythQuote } from "../sources/pyth.ts";
import type { RedstoneQuote } from "../sources/redstone.ts";
import type { Quote } from "../sources/source.ts";

const PYTH_WEIGHT = 2;
const PYTH_EXCLUDED_FROM_BPS = 250;
/** A wide band takes away at most this share of the weight. */
const PYTH_MAX_DISCOUNT = 0.85;
const PYTH_MIN_WEIGHT = 0.25;

const REDSTONE_MIN_VENUES = 2;
const REDSTONE_MIN_AGREEMENT_PCT = 60;

/** Weight of a Pyth quote by the half width of its band; 0 means excluded, an unknown band counts in full. */
export function pythWeight(confidenceBps: number | null | undefined): number {
  if (typeof confidenceBps !== "number" || !Number.isFinite(confidenceBps) || confidenceBps < 0) return PYTH_WEIGHT;
  if (confidenceBps >= PYTH_EXCLUDED_FROM_BPS) return 0;
  const discount = Math.min(PYTH_MAX_DISCOUNT, confidenceBps / PYTH_EXCLUDED_FROM_BPS);
  return Math.max(PYTH_MIN_WEIGHT, Math.round(PYTH_WEIGHT * (1 - discount) * 1000) / 1000);
}

/** Whether a RedStone quote may enter consensus: enough venues, and enough of them agreeing. */
export function redstoneAdmitted(venueCount: number, venueAgreementPct: number): boolean {
  return venueCount >= REDSTONE_MIN_VENUES && venueAgreementPct >= REDSTONE_MIN_AGREEMENT_PCT;
}

/** Weight of a quote from the source of this key, or why the source's own rule keeps it out of consensus. */
export function admission(key: string, quote: Quote): { weight: number; refusal: string | null } {
  const weight = PRICE_SOURCES[key]?.weight ?? 0;
  if (key === "pyth") {
    const scaled = pythWeight((quote as PythQuote).confidenceBps);
    return { weight: scaled, refusal: scaled === 0 ? "confidence_band_too_wide" : null };
  }
  if (key === "redstone") {
    const { venues, agreementPct } = quote as RedstoneQuote;
    return { weight, refusal: redstoneAdmitted(venues, agreementPct) ? null : "too_few_agreeing_venues" };
  }
  return { weight, refusal: null };
}
