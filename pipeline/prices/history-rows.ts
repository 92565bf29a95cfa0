/**
 * Which prices enter the history: those that changed, and all of them in a UTC day's first run, so that a day can be read alone.
 *
 * A row holds until the next row of its coin, in every run that has rows at all. A coin that lost its price gets a row with null: a
 * gap stays a gap.
 */
import type { PriceHistoryRow } from "../schema/history.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { startOfUtcDay } from "../time.ts";

type Shown = Pick<PeggedAsset, "id" | "price" | "priceConfidence" | "deviationBps">;

/** `previousAt` is when the previous snapshot was made, null without one. */
export function priceHistoryRows(
  assets: readonly Shown[],
  previous: readonly Shown[],
  previousAt: number | null,
  nowSec: number,
): PriceHistoryRow[] {
  const isKeyframe = previousAt === null || startOfUtcDay(nowSec) > startOfUtcDay(previousAt);
  const known = new Map(previous.map((asset) => [asset.id, asset]));
  return assets.flatMap((asset) => {
    const before = known.get(asset.id);
    const changed =
      before === undefined
        ? asset.price !== null
        : before.price !== asset.price || before.priceConfidence !== asset.priceConfidence;
    if (!changed && !(isKeyframe && asset.price !== null)) return [];
    return {
      observedRunAt: nowSec,
      coinId: asset.id,
      priceUsd: asset.price,
      confidence: asset.priceConfidence,
      deviationBps: asset.deviationBps,
    };
  });
}
