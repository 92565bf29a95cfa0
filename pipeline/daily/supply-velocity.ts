/** Which of the ten largest coins grow or shrink out of step with their own week. */
import type { DigestFacts } from "../schema/digest.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";

export interface CurrentCoin {
  id: string;
  symbol: string;
  priceUsd: number | null;
  supplyUsd: number | null;
}

const TOP = 10;
const FAST = 2.5;
/** A smaller move of a day is nobody's news. */
const MIN_DAY_SHARE = 0.001;

/** Shares of the day and the week; only coins whose day and week are both known. */
export function velocities(assets: readonly PeggedAsset[]): DigestFacts["velocity"] {
  const usd = (asset: PeggedAsset, amounts: Record<string, number> | null) => amounts?.[asset.pegType] ?? null;
  return assets
    .filter((asset) => asset.state === "active")
    .flatMap((asset) => {
      const now = usd(asset, asset.circulating);
      return now === null ? [] : [{ asset, now }];
    })
    .sort((a, b) => b.now - a.now || (a.asset.id < b.asset.id ? -1 : 1))
    .slice(0, TOP)
    .flatMap(({ asset, now }): DigestFacts["velocity"] => {
      const day = usd(asset, asset.circulatingPrevDay);
      const week = usd(asset, asset.circulatingPrevWeek);
      if (!day || !week) return [];
      const [ofDay, ofWeek] = [now / day - 1, now / week - 1];
      if (Math.abs(ofDay) < MIN_DAY_SHARE) return [];
      const isReversal = ofDay * ofWeek < 0;
      if (!isReversal && Math.abs(ofDay) < (FAST * Math.abs(ofWeek)) / 7) return [];
      const share = (value: number) => Math.round(value * 1e5) / 1e5;
      return [
        {
          id: asset.id,
          symbol: asset.symbol,
          day: share(ofDay),
          week: share(ofWeek),
          kind: isReversal ? "reversal" : "fast",
        },
      ];
    });
}
