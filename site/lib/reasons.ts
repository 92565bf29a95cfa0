import type { PeggedAsset } from "../../pipeline/schema/stablecoins.ts";

/** Reason codes of the data in plain words; a code nobody has put into words yet is shown as it is. */
const WORDS: Record<string, string> = {
  "one-family-agrees": "its quotes agree, and one producer is behind all of them",
  "no-source-quotes-it": "no source we ask quotes it",
  "no-fresh-quote": "quotes exist, but none is fresh enough",
  "coin-is-dead": "the coin is dead",
  "coin-is-delisted": "the coin was delisted by the source we read it from",
  "coin-is-frozen": "the coin is frozen by its issuer",
  "coin-is-pre-launch": "the coin is not launched yet",
  "supply-jump-unconfirmed": "its supply jumped, and no second source says the same yet",
  "supply-out-of-bounds": "what was said of its supply cannot be",
  "listed-without-supply": "it is listed without a figure",
  stale_observed_at: "older than this source may be",
  future_observed_at: "dated in the future",
  missing_observed_at: "it states no time",
  below_liquidity_threshold: "too little liquidity behind it",
  "future-dated": "of a day to come",
  "older-than-the-last": "older than the rate that stands",
  severe_downside_requires_corroboration: "one source alone says it fell far; we wait for a second",
  temporal_jump_requires_corroboration: "one source alone says it jumped; we wait for a second",
  "no-price": "no price, so no deviation",
  "nav-token-has-no-fixed-peg": "its price follows a net asset value, not a fixed peg",
  "variable-peg": "its peg varies by design",
  "no-reference-rate": "no exchange rate for its peg currency",
  "no-supply-source-yet": "no supply source read by this record lists it yet",
  "no-bounds-in-the-method": "the method has no plausible bounds for this currency yet",
  "out-of-bounds": "outside what is plausible for this currency",
  "jump-over-20-percent": "more than 20 % away from the last rate",
  "far-from-current-rate": "far from the rate other sources give",
  "no-snapshot-yet": "no snapshot has been published yet",
  "no-history-yet": "no closed day has been recorded yet",
};

export function reasonText(code: string | null | undefined): string {
  if (!code) return "reason not stated";
  return WORDS[code] ?? code.replaceAll(/[-_]/g, " ");
}

export const CONFIDENCE_TEXT: Record<string, string> = {
  high: "quotes of two or more producers agree, or a redemption sets the price",
  "single-source": "one source only",
  low: "sources disagree; the most trusted one is shown",
  fallback: "a kept earlier price or a search result",
};

/** What a price's confidence rests on, for this coin: a redemption is named, and so are voices that are all of one producer. */
export function confidenceText(
  asset: Pick<PeggedAsset, "priceConfidence" | "priceConfidenceReason" | "agreeSources">,
): string {
  const { priceConfidence, priceConfidenceReason, agreeSources } = asset;
  if (priceConfidence === null) return reasonText(null);
  if (priceConfidenceReason) return reasonText(priceConfidenceReason);
  if (priceConfidence !== "high") return CONFIDENCE_TEXT[priceConfidence] ?? priceConfidence;
  if (agreeSources.includes("protocol-redeem")) return "what its redemption pays, within the bounds of its peg";
  return `${agreeSources.length} quotes agree`;
}
