/**
 * One reading a tracked coin and run: its price, what it is measured against, and how far it may be trusted.
 *
 * A coin without a price, below a million dollars, or with a reference too thin to judge by is listed and not judged.
 */

import { freshMultiSourceAgreement, primaryTrust } from "../primary-trust.ts";
import type { Coin } from "../schema/coin.ts";
import { pegTypeOf } from "../schema/coin.ts";
import type { FxRates } from "../schema/fx-rates.ts";
import type { DexPrice } from "../schema/liquidity.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { NO_EVIDENCE, type Reading } from "./detect.ts";
import { type DexRow, dexRowOf, isYoung, poolPricesOf, trustedDexRow } from "./dex-evidence.ts";
import { circulatingUsd, derivePegRates, type PegRates, pegReference, referenceMayDriveDepegs } from "./peg-rates.ts";
import { SUPPLY_FLOOR_USD } from "./tracked-coins.ts";

export interface CoinReading {
  coin: Coin;
  asset: PeggedAsset;
  reading: Reading;
  /** Null when the reading may decide; else why not. */
  skipped: "no-price" | "below-supply-floor" | "supply-unknown" | "no-reference-rate" | null;
  /** Whether the reference may open or close depegs. */
  referenceDrives: boolean;
  /** DEX price to be shown beside the coin's own: younger than an hour, a quarter of a million deep. */
  shownDex: DexRow | null;
  /** Pools that gave it. */
  shownPools: number;
}

/** What DEX pools said, and when; null where there is no such dataset. */
export type DexView = { asOf: number; prices: Readonly<Record<string, DexPrice>> } | null;

/** References that are believed: a stale one is no reference, so that an old rate invents no depeg. */
export function freshRates(fx: FxRates | null): Record<string, number> {
  const rates: Record<string, number> = {};
  for (const [currency, rate] of Object.entries(fx?.rates ?? {}))
    if (rate.freshness !== "stale") rates[pegTypeOf(currency)] = rate.usdPerUnit;
  return rates;
}

/** Pegs of these coins whose own reference is missing or stale; the dollar needs none. */
export function degradedPegTypes(coins: readonly Coin[], fx: FxRates | null): string[] {
  const fresh = freshRates(fx);
  const needed = new Set(coins.filter((coin) => coin.peg.currency !== "USD").map((coin) => coin.peg.type));
  return [...needed].filter((pegType) => fresh[pegType] === undefined).sort();
}

function skipReason(price: number | null, supply: PeggedAsset["circulating"], drives: boolean): CoinReading["skipped"] {
  if (price === null) return "no-price";
  if (supply === null) return "supply-unknown";
  if (circulatingUsd(supply) < SUPPLY_FLOOR_USD) return "below-supply-floor";
  return drives ? null : "no-reference-rate";
}

export function readCoins(
  coins: readonly Coin[],
  assets: ReadonlyMap<string, PeggedAsset>,
  fx: FxRates | null,
  dex: DexView,
  nowSec: number,
): { rates: PegRates; readings: CoinReading[] } {
  const listed = coins.flatMap((coin) => {
    const asset = assets.get(coin.id);
    return asset ? [{ coin, asset }] : [];
  });
  const ounces = new Map(coins.map((coin) => [coin.id, coin.commodityOunces]));
  const rates = derivePegRates(
    listed.map(({ asset }) => asset),
    (id) => ounces.get(id),
    freshRates(fx),
  );
  const readings = listed.map(({ coin, asset }): CoinReading => {
    const { currency, type } = coin.peg;
    const seen = dex?.prices[coin.id];
    const row = dex && seen ? dexRowOf(seen, dex.asOf) : null;
    const isTrusted = row !== null && trustedDexRow(row, "depeg", nowSec);
    const drives = referenceMayDriveDepegs(currency, type, rates.sources[type], rates.counts[type] ?? 0);
    return {
      coin,
      asset,
      skipped: skipReason(asset.price, asset.circulating, drives),
      referenceDrives: drives,
      shownDex: row && trustedDexRow(row, "ui", nowSec) ? row : null,
      shownPools: seen?.poolCount ?? 0,
      reading: {
        price: asset.price ?? Number.NaN,
        reference: pegReference(type, rates.rates, coin.commodityOunces),
        pegType: type,
        supplyUsd: circulatingUsd(asset.circulating),
        trust: primaryTrust(asset, nowSec),
        agreement: freshMultiSourceAgreement(asset, nowSec),
        evidence: {
          ...NO_EVIDENCE,
          dex: isTrusted ? row : null,
          pools: seen && dex && isYoung(dex.asOf, nowSec) ? poolPricesOf(seen) : [],
        },
      },
    };
  });
  return { rates, readings };
}
