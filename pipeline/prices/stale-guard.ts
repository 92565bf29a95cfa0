/** The stale-publication guard: when nearly every price stands still, an upstream has frozen. Pricing methodology, section 16. */
import type { PeggedAsset } from "../schema/stablecoins.ts";

const MIN_COMPARABLE = 50;
const IDENTICAL_SHARE = 0.98;
/** Relative difference below which two prices are the same print. */
const SAME_PRICE = 0.0001;

/** Whether publication must be blocked. */
export function staleGuard(comparable: number, identical: number): boolean {
  return comparable >= MIN_COMPARABLE && identical / comparable >= IDENTICAL_SHARE;
}

type Priced = Pick<
  PeggedAsset,
  "id" | "price" | "priceObservedAt" | "priceSyncedAt" | "priceSource" | "priceConfidence"
>;

/**
 * Assets priced before and now, and how many of those show the same price from the same source without a newer observation.
 * A time that is our own fetch time (it equals the sync time) always moves and is no observation.
 */
export function comparePublications(
  before: readonly Priced[],
  now: readonly Priced[],
): { comparable: number; identical: number } {
  const known = new Map(before.map((asset) => [asset.id, asset]));
  let comparable = 0;
  let identical = 0;
  for (const asset of now) {
    const old = known.get(asset.id);
    if (!old || old.price === null || asset.price === null) continue;
    comparable++;
    const isTheirs = asset.priceObservedAt !== asset.priceSyncedAt;
    const newer =
      isTheirs &&
      asset.priceObservedAt !== null &&
      (old.priceObservedAt === null || asset.priceObservedAt > old.priceObservedAt);
    if (
      !newer &&
      Math.abs(asset.price - old.price) / old.price < SAME_PRICE &&
      asset.priceSource === old.priceSource &&
      asset.priceConfidence === old.priceConfidence
    )
      identical++;
  }
  return { comparable, identical };
}
