/**
 * Peg scores as they lie in git: a coin's name and price fields are those of the main dataset, what it is checked against those of the
 * DEX prices, its deviation follows from its price and its peg's reference, the reference of a thin peg from the FX rates, the list of thin pegs from the references.
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

/** A check against the DEX price of this run that agrees. */
function checkFields(coin: Pick<Coin, "id" | "pegType">, rates: readonly PegRate[], beside: Companions): Row {
  const dex = beside["dex-prices"]?.prices[coin.id];
  const rate = rates.find(({ pegType }) => pegType === coin.pegType)?.usdPerUnit;
  return {
    dexPrice: dex?.priceUsd,
    dexDeviationBps: wholeDeviationBps(dex?.priceUsd, rate),
    agrees: true,
    sourceTvl: dex?.totalTvlUsd,
  };
}

export function packPegSummary(data: PegSummary, _generatedAt: number, beside: Companions): Row {
  const assets = assetsOf(beside);
  const fx = beside.stablecoins?.fxFallbackRates ?? {};
  const coins = data.coins.map((coin) => {
    const { currentDeviationBps, dexPriceCheck, ...rest } = coin;
    const follows = currentDeviationBps !== null && currentDeviationBps === derivedBps(coin, assets, data.pegRates);
    const check = dexPriceCheck && packRow({ ...dexPriceCheck }, () => checkFields(coin, data.pegRates, beside));
    const row: Row = { ...rest, dexPriceCheck: check };
    return packRow(follows ? row : { ...row, currentDeviationBps }, mainFields(assets));
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
    const check = coin.dexPriceCheck as Row | null;
    const dexPriceCheck = check && (unpackRow(check, () => checkFields(coin, pegRates, beside)) as never);
    const { currentDeviationBps = derivedBps(coin, assets, pegRates) } = row;
    return { ...coin, currentDeviationBps, dexPriceCheck };
  });
  return {
    ...packed,
    coins,
    pegRates,
    summary: { fallbackPegRates: fallbackPegRates(pegRates, coins), ...packed.summary },
  };
}
