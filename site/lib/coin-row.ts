/** One coin as the home page's table shows it: texts and sort keys, made once from the snapshot. */
import type { PeggedAsset } from "../../pipeline/schema/stablecoins.ts";
import { age, bps, changeRatio, exact, percent, price, usd } from "./format.ts";
import { reasonText } from "./reasons.ts";
import { totalUsd } from "./record.ts";

export interface CoinRow {
  id: string;
  symbol: string;
  name: string;
  peg: string;
  price: string;
  deviation: string;
  /** Why there is no deviation; null when there is one. */
  deviationReason: string | null;
  side: "below" | "above" | "";
  supply: string;
  supplyExact: string | null;
  supplyReason: string | null;
  changes: [day: string, week: string, month: string];
  confidence: string;
  sources: string;
  age: string;
}

/** "2/3": sources that agree, of all whose quotes were looked at. */
export function agreement(asset: PeggedAsset, quotesSeen: number): string {
  return `${asset.agreeSources.length}/${Math.max(quotesSeen, asset.consensusSources.length)}`;
}

export function coinRow(asset: PeggedAsset, quotesSeen: number, asOf: number): CoinRow {
  const now = totalUsd(asset.circulating);
  const change = (before: PeggedAsset["circulating"]) => percent(changeRatio(now, totalUsd(before)));
  const { deviationBps } = asset;
  return {
    id: asset.id,
    symbol: asset.symbol,
    name: asset.name,
    peg: asset.pegCurrency,
    price: price(asset.price),
    deviation: bps(deviationBps),
    deviationReason: deviationBps === null ? reasonText(asset.deviationReason) : null,
    side: deviationBps === null || Math.abs(deviationBps) < 0.05 ? "" : deviationBps < 0 ? "below" : "above",
    supply: usd(now),
    supplyExact: now === null ? null : exact(now),
    supplyReason: now === null ? reasonText(asset.supplyReason) : null,
    changes: [change(asset.circulatingPrevDay), change(asset.circulatingPrevWeek), change(asset.circulatingPrevMonth)],
    confidence: asset.priceConfidence ?? "none",
    sources: agreement(asset, quotesSeen),
    age: asset.priceUpdatedAt === null ? "n/a" : age(asOf - asset.priceUpdatedAt),
  };
}
