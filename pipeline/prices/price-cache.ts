/** How long a published price may be shown again when every source falls silent. Pricing methodology, section 15. */
import { expandSourceKeys, isReplaySafe, PRICE_SOURCES } from "../price-sources.ts";

const MAX_REPLAY_SEC = 6 * 3600;

/** Seconds; 0 for a label that may not be replayed. No label at all leaves the general limit. */
export function priceCacheMaxAge(label: string | readonly string[] | null | undefined): number {
  const keys = expandSourceKeys(label);
  if (keys.length === 0) return MAX_REPLAY_SEC;
  if (!isReplaySafe(keys)) return 0;
  return Math.min(MAX_REPLAY_SEC, ...keys.map((key) => PRICE_SOURCES[key]?.maxTrustedAgeSec ?? MAX_REPLAY_SEC));
}
