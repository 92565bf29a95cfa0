/**
 * Peg scores as they lie in git: a coin's name and price fields are those of the main dataset, its deviation follows from its price and
 * its peg's reference, the reference of a thin peg from the FX rates, the list of thin pegs from the references.
 */
import { fallbackPegRates, wholeDeviationBps } from "../peg-figures.ts";
import type { PegSummary } from "../schema/peg-summary.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { isSameJson } from "./canonical-json.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import type { Row } from "./pack-times.ts";
import type { Companions } from "./packing.ts";

type Coin = PegSummary["coins"][number];
type PegRate = PegSummary["pegRates"][number];
type Assets = Map<string, PeggedAsset>;

function assetsOf({ stablecoins }: Companions): Assets {
  return new Map((stablecoins?.peggedAssets ?? []).map((asset) => [asset.id, asset]));
}

/** What the main dataset says of a coin. */
function mainFields(assets: Assets): (coin: Row) => Row {
  return ({ id }) => {
    const { name, symbol, pegCurrency, pegType, priceConfidence, priceSource } = assets.get(id as string) ?? {};
    return { name, symbol, pegCurrency, pegType, priceConfidence, priceSource };
  };
}

function derivedBps(coin: Pick<Coin, "id" | "pegType">, assets: Assets, rates: readonly PegRate[]): number | null {
  const rate = rates.find(({ pegType }) => pegType === coin.pegType)?.usdPerUnit;
  return rate === undefined ? null : wholeDeviationBps(assets.get(coin.id)?.price, rate);
}

export function packPegSummary(data: PegSummary, _generatedAt: number, beside: Companions): Row {
  const assets = assetsOf(beside);
  const fx = beside.stablecoins?.fxFallbackRates ?? {};
  const coins = data.coins.map((coin) => {
    const { currentDeviationBps, ...rest } = coin;
    const follows = currentDeviationBps !== null && currentDeviationBps === derivedBps(coin, assets, data.pegRates);
    return packRow(follows ? rest : { ...coin }, mainFields(assets));
  });
  const pegRates = data.pegRates.map((rate) => {
    const { usdPerUnit, ...rest } = rate;
    return rate.source === "fallback" && usdPerUnit === fx[rate.pegType] ? rest : rate;
  });
  const { fallbackPegRates: thin, ...summary } = data.summary;
  const follows = isSameJson(thin, fallbackPegRates(data.pegRates, data.coins));
  return { ...data, coins, pegRates, summary: follows ? summary : data.summary };
}

type PackedRate = Omit<PegRate, "usdPerUnit"> & Partial<PegRate>;
type PackedCoin = Row & Partial<Coin>;

export function unpackPegSummary(
  packed: { coins: PackedCoin[]; pegRates: PackedRate[]; summary: Row },
  _generatedAt: number,
  beside: Companions,
): Row {
  const assets = assetsOf(beside);
  const fx = beside.stablecoins?.fxFallbackRates ?? {};
  const pegRates = packed.pegRates.map((rate) => ({
    ...rate,
    usdPerUnit: rate.usdPerUnit ?? (fx[rate.pegType] as number),
  }));
  const coins = packed.coins.map((row) => {
    const coin = unpackRow(row, mainFields(assets)) as unknown as PackedCoin & Coin;
    return row.currentDeviationBps === undefined
      ? { ...coin, currentDeviationBps: derivedBps(coin, assets, pegRates) }
      : coin;
  });
  return {
    ...packed,
    coins,
    pegRates,
    summary: { fallbackPegRates: fallbackPegRates(pegRates, coins), ...packed.summary },
  };
}
