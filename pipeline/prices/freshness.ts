/** The freshness gate: every quote passes it before it may take part in consensus. Pricing methodology, section 4. */

import { PRICE_SOURCES } from "../price-sources.ts";
import type { ObservedAtMode } from "../schema/stablecoins.ts";
import { FUTURE_TOLERANCE_SEC } from "../time.ts";

export type FreshnessReason =
  | "unknown_source"
  | "invalid_observed_at"
  | "missing_observed_at"
  | "future_observed_at"
  | "stale_observed_at";

export interface Freshness {
  accepted: boolean;
  reason: FreshnessReason | null;
  observedAt: number | null;
  mode: ObservedAtMode | null;
}

/** `observedAt` in unix seconds or null. An age equal to the limit passes. */
export function sourceFreshness(
  key: string,
  observedAt: number | null | undefined,
  givenMode: ObservedAtMode | null | undefined,
  nowSec: number,
): Freshness {
  const refuse = (reason: FreshnessReason): Freshness => ({ accepted: false, reason, observedAt: null, mode: null });
  const source = PRICE_SOURCES[key];
  if (!source) return refuse("unknown_source");
  const known = observedAt !== null && observedAt !== undefined;
  if (known && !(Number.isFinite(observedAt) && observedAt > 0)) return refuse("invalid_observed_at");
  const mode = givenMode ?? (known && source.upstreamTime ? "upstream" : source.defaultMode);
  if (!known) {
    if (source.needsObservedAt || source.defaultMode === "upstream") return refuse("missing_observed_at");
    return { accepted: true, reason: null, observedAt: null, mode };
  }
  if (observedAt > nowSec + FUTURE_TOLERANCE_SEC) return refuse("future_observed_at");
  if (source.maxTrustedAgeSec !== null && nowSec - observedAt > source.maxTrustedAgeSec)
    return refuse("stale_observed_at");
  return { accepted: true, reason: null, observedAt, mode };
}
