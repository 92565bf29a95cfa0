/** The market as the index sees it: its size, its week, and the coins that are off their peg now. */
import { supplyUsd } from "../peg-figures.ts";
import type { Coin } from "../schema/coin.ts";
import type { DepegEvent } from "../schema/depegs.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { DAY_SEC } from "../time.ts";
import type { CurrentDepeg } from "./stability-index.ts";

/** Coins that count: live, and no savings form of another coin, whose dollars would count twice. */
export function isEligible(coin: Coin | undefined): coin is Coin {
  return coin !== undefined && coin.status.state === "active" && coin.navToken !== true && coin.variantOf === null;
}

export interface Market {
  totalUsd: number;
  /** Of the coins whose size a week ago is known; 0 when none is. */
  change7dPct: number;
}

export function marketOf(assets: readonly PeggedAsset[]): Market {
  let [total, now, before] = [0, 0, 0];
  for (const asset of assets) {
    const usd = supplyUsd(asset);
    if (usd === null) continue;
    total += usd;
    const week = asset.circulatingPrevWeek?.[asset.pegType] ?? null;
    if (week === null) continue;
    now += usd;
    before += week;
  }
  return { totalUsd: total, change7dPct: before > 0 ? ((now - before) / before) * 100 : 0 };
}

export interface OpenDepeg extends CurrentDepeg {
  id: string;
  symbol: string;
}

/** Each coin once: the worst of its open events by the current price, aged by the earliest. Coins without a price are named. */
export function currentDepegs(
  events: readonly DepegEvent[],
  assets: ReadonlyMap<string, PeggedAsset>,
  nowSec: number,
): { depegs: OpenDepeg[]; withoutPrice: string[] } {
  const depegs: OpenDepeg[] = [];
  const withoutPrice: string[] = [];
  const open = Map.groupBy(
    events.filter(({ endedAt }) => endedAt === null),
    ({ stablecoinId }) => stablecoinId,
  );
  for (const [id, own] of open) {
    const asset = assets.get(id);
    if (!asset) continue;
    const { price } = asset;
    const usd = supplyUsd(asset);
    if (price === null) withoutPrice.push(id);
    if (price === null || usd === null) continue;
    const bps = own.map(({ pegReference }) => Math.floor((price / pegReference - 1) * 10_000 + 0.5));
    depegs.push({
      id,
      symbol: asset.symbol,
      bps: bps.reduce((worst, value) => (Math.abs(value) > Math.abs(worst) ? value : worst)),
      mcapUsd: usd,
      depegAgeDays: Math.max(0, (nowSec - Math.min(...own.map(({ startedAt }) => startedAt))) / DAY_SEC),
    });
  }
  return { depegs, withoutPrice: withoutPrice.sort() };
}
