/**
 * The last believable price of a coin, shown again for a while when every source falls silent. Pricing methodology, section 15.
 *
 * The published snapshot is the cache of every coin whose price there may be replayed; the state file only keeps what an older
 * snapshot held of coins that have none now. It is written with the snapshot, so nothing unpublished is ever replayed.
 */
import { z } from "zod";
import { isReplaySafe } from "../price-sources.ts";
import { type PrimaryPrice, primaryTrust } from "../primary-trust.ts";
import { UnixSecondsSchema } from "../schema/envelope.ts";
import { ObservedAtModeSchema, type PeggedAsset, PriceConfidenceSchema } from "../schema/stablecoins.ts";
import { priceCacheMaxAge } from "./price-cache.ts";

export const CachedPriceSchema = z.object({
  price: z.number().positive(),
  priceSource: z.string(),
  priceConfidence: PriceConfidenceSchema,
  priceObservedAt: UnixSecondsSchema.nullable(),
  priceObservedAtMode: ObservedAtModeSchema.nullable(),
  priceSyncedAt: UnixSecondsSchema,
  priceUpdatedAt: UnixSecondsSchema,
  agreeSources: z.array(z.string()),
  consensusSources: z.array(z.string()),
});
export type CachedPrice = z.infer<typeof CachedPriceSchema>;

export const PriceCacheSchema = z.record(z.string(), CachedPriceSchema);

/** Nothing is replayed that is older. */
const LONGEST_SEC = 6 * 3600;

/** What of a published row may be replayed: nothing weak, nothing whose sources may not. */
export function cacheable(asset: PeggedAsset | undefined): CachedPrice | null {
  if (!asset || asset.price === null || asset.priceSyncedAt === null || asset.priceConfidence === null) return null;
  if (asset.priceConfidence === "low" || asset.priceConfidence === "fallback") return null;
  if (!isReplaySafe(asset.priceSource)) return null;
  const { price, priceSource, priceConfidence, priceObservedAt, priceObservedAtMode, priceSyncedAt } = asset;
  return {
    price,
    priceSource,
    priceConfidence,
    priceObservedAt,
    priceObservedAtMode,
    priceSyncedAt,
    priceUpdatedAt: priceObservedAt ?? priceSyncedAt,
    agreeSources: asset.agreeSources,
    consensusSources: asset.consensusSources,
  };
}

/** The entry a coin may be replayed from: its last published row, else what the state still holds. */
export function cachedPriceOf(asset: PeggedAsset | undefined, kept: CachedPrice | undefined): CachedPrice | null {
  return cacheable(asset) ?? kept ?? null;
}

/** Whether the entry is young enough to be shown again; equal age is too old. */
export function isReplayable({ priceSource, priceUpdatedAt }: CachedPrice, nowSec: number): boolean {
  const ageSec = nowSec - priceUpdatedAt;
  return ageSec >= 0 && ageSec < priceCacheMaxAge(priceSource);
}

/** State to keep: entries of coins whose new row cannot be replayed itself, while they are young. */
export function entriesToKeep(
  assets: readonly PeggedAsset[],
  entryOf: (coinId: string) => CachedPrice | null,
  nowSec: number,
): Record<string, CachedPrice> {
  const kept: Record<string, CachedPrice> = {};
  for (const asset of assets) {
    const entry = cacheable(asset) === null ? entryOf(asset.id) : null;
    if (entry && nowSec - entry.priceUpdatedAt < LONGEST_SEC) kept[asset.id] = entry;
  }
  return kept;
}

/**
 * The last price that may guard against jumps: the newer of row and entry whose trust was authoritative when it was published, up to
 * six hours old. Trust is judged at its own time, since a schedule half an hour apart would else never know a trusted price.
 */
export function previousTrustedPrice(
  asset: PeggedAsset | undefined,
  entry: CachedPrice | null,
  nowSec: number,
): number | null {
  const trusted = [asset, entry]
    .filter((row): row is PeggedAsset | CachedPrice => row != null && row.price !== null && row.priceSyncedAt !== null)
    .filter((row) => nowSec - (row.priceUpdatedAt ?? 0) <= LONGEST_SEC)
    .filter((row) => primaryTrust(row as PrimaryPrice, row.priceSyncedAt as number) === "authoritative")
    .sort((a, b) => (b.priceUpdatedAt ?? 0) - (a.priceUpdatedAt ?? 0));
  return trusted[0]?.price ?? null;
}
