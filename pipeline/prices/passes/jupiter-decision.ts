/**
 * What a Jupiter quote may do: fill a missing price, stand beside one it agrees with, or nothing. Pricing methodology, section 12.
 *
 * A quote without a stated liquidity, or in a run that does not know Solana's slot, is refused: it could be old or empty.
 */
import { midDivergenceBps } from "../../statistics.ts";
import { publicationDecision } from "../publication-policy.ts";
import { type PegContext, type PegReferences, validatePriceCandidate } from "../validation.ts";

const MIN_LIQUIDITY_USD = 50_000;
const SLOTS_BEHIND = 2_250;
const SLOTS_AHEAD = 250;
const APPEND_WITHIN_BPS = 100;

export interface JupiterQuoteFacts {
  priceUsd: number | null;
  liquidityUsd: number | null;
  /** Slot the price is from. */
  blockId: number | null;
}

export type JupiterDecision =
  | { action: "fill"; price: number }
  | { action: "append" }
  | { action: "none"; reason: string };

function nothing(reason: string): JupiterDecision {
  return { action: "none", reason };
}

export function jupiterDecision(
  quote: JupiterQuoteFacts,
  currentSlot: number | null,
  currentPrice: number | null,
  context: PegContext,
  references: PegReferences | null,
): JupiterDecision {
  const { priceUsd: price, liquidityUsd, blockId } = quote;
  if (price === null) return nothing("invalid_price");
  if (liquidityUsd === null || !(liquidityUsd >= MIN_LIQUIDITY_USD)) return nothing("below_liquidity_threshold");
  if (blockId === null || currentSlot === null) return nothing("missing_observed_at");
  if (!(blockId >= currentSlot - SLOTS_BEHIND)) return nothing("stale_observed_at");
  if (!(blockId <= currentSlot + SLOTS_AHEAD)) return nothing("future_observed_at");
  if (currentPrice !== null && currentPrice > 0) {
    const plausible = validatePriceCandidate(price, context, "fallback_enrichment", references).accepted;
    const stands = plausible && midDivergenceBps(price, currentPrice) <= APPEND_WITHIN_BPS;
    return stands ? { action: "append" } : nothing("far-from-current-price");
  }
  const question = { price, source: "jupiter", confidence: "fallback" as const, agreeSources: ["jupiter"] };
  const { accepted, reason } = publicationDecision(question, context, references);
  return accepted ? { action: "fill", price } : nothing(reason ?? "refused");
}
