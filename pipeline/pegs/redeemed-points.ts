/**
 * What redemption makes of a coin's past prices: a token that is redeemed into another one was worth what that one was, less its fee,
 * and one that is redeemed at par in dollars was worth a dollar while there was any. Pricing methodology, section 11.
 *
 * Only where the parent's price was `high` and of the same peg; elsewhere the coin's own recorded prices stay. Redemptions that a contract
 * quotes are in the record as they were read, and par in other currencies waits for the exchange rates of the day.
 */
import type { Coin } from "../schema/coin.ts";
import { feedOf } from "../sources/venue.ts";
import type { PastPoint } from "./history-depegs.ts";

type Points = ReadonlyMap<string, readonly PastPoint[]>;

/** The newest point at or before a time; points ascend. */
function asOf(points: readonly PastPoint[], at: number): PastPoint | undefined {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] as PastPoint).at <= at) low = middle + 1;
    else high = middle;
  }
  return points[low - 1];
}

const isUsable = (point: PastPoint | undefined): point is PastPoint =>
  point !== undefined && point.priceUsd !== null && point.deviationBps !== null && point.confidence === "high";

/** `bps` from the peg less a share of the price. */
function less(point: PastPoint, feeRatio: number): Pick<PastPoint, "priceUsd" | "deviationBps"> {
  const { priceUsd, deviationBps } = point as { priceUsd: number; deviationBps: number };
  return {
    priceUsd: priceUsd * (1 - feeRatio),
    deviationBps: ((1 + deviationBps / 10_000) * (1 - feeRatio) - 1) * 10_000,
  };
}

/** A coin's past points, those that redemption sets among them, ascending. */
export function redeemedPoints(
  coin: Coin,
  points: Points,
  coinById: ReadonlyMap<string, Coin>,
  seen: ReadonlySet<string> = new Set(),
): readonly PastPoint[] {
  const own = points.get(coin.id) ?? [];
  if (feedOf(coin, "redeem-par")?.currency === "USD" && coin.peg.currency === "USD")
    return own.map((point) =>
      (point.supplyUsd ?? 0) > 0 ? { ...point, priceUsd: 1, deviationBps: 0, confidence: "high" } : point,
    );
  const feed = feedOf(coin, "redeem-parent");
  const parent = feed?.basis === "inherit" ? coinById.get(feed.parent) : undefined;
  if (!feed || !parent || parent.peg.type !== coin.peg.type || seen.has(parent.id)) return own;
  const above = redeemedPoints(parent, points, coinById, new Set([...seen, coin.id]));
  const inherited = above.filter(isUsable).flatMap((point): PastPoint[] => {
    const supplyUsd = asOf(own, point.at)?.supplyUsd ?? null;
    return supplyUsd === null ? [] : [{ ...point, ...less(point, feed.feeRatio ?? 0), supplyUsd }];
  });
  const kept = own.filter(({ at }) => !isUsable(asOf(above, at)));
  return [...inherited, ...kept].sort((a, b) => a.at - b.at);
}
