/**
 * Peg scores as they lie in git: a coin's deviation follows from its price and its peg's reference, the reference of a thin peg from
 * the FX rates, the list of thin pegs from the references.
 */
import { fallbackPegRates, wholeDeviationBps } from "../peg-figures.ts";
import type { PegSummary } from "../schema/peg-summary.ts";
import { canonicalLine } from "./canonical-json.ts";
import type { Row } from "./pack-times.ts";
import type { Companions } from "./packing.ts";

type Coin = PegSummary["coins"][number];
type PegRate = PegSummary["pegRates"][number];
type Prices = Map<string, number | null>;

function pricesOf({ stablecoins }: Companions): Prices {
  return new Map((stablecoins?.peggedAssets ?? []).map((asset) => [asset.id, asset.price]));
}

function derivedBps(coin: Pick<Coin, "id" | "pegType">, prices: Prices, rates: readonly PegRate[]): number | null {
  const rate = rates.find(({ pegType }) => pegType === coin.pegType)?.usdPerUnit;
  return rate === undefined ? null : wholeDeviationBps(prices.get(coin.id), rate);
}

export function packPegSummary(data: PegSummary, _generatedAt: number, beside: Companions): Row {
  const prices = pricesOf(beside);
  const fx = beside.stablecoins?.fxFallbackRates ?? {};
  const coins = data.coins.map((coin) => {
    const { currentDeviationBps, ...rest } = coin;
    const follows = currentDeviationBps !== null && currentDeviationBps === derivedBps(coin, prices, data.pegRates);
    return follows ? rest : coin;
  });
  const pegRates = data.pegRates.map((rate) => {
    const { usdPerUnit, ...rest } = rate;
    return rate.source === "fallback" && usdPerUnit === fx[rate.pegType] ? rest : rate;
  });
  const { fallbackPegRates: thin, ...summary } = data.summary;
  const follows = canonicalLine(thin) === canonicalLine(fallbackPegRates(data.pegRates, data.coins));
  return { ...data, coins, pegRates, summary: follows ? summary : data.summary };
}

type PackedRate = Omit<PegRate, "usdPerUnit"> & Partial<PegRate>;
type PackedCoin = Omit<Coin, "currentDeviationBps"> & Partial<Coin>;

export function unpackPegSummary(
  packed: { coins: PackedCoin[]; pegRates: PackedRate[]; summary: Row },
  _generatedAt: number,
  beside: Companions,
): Row {
  const prices = pricesOf(beside);
  const fx = beside.stablecoins?.fxFallbackRates ?? {};
  const pegRates = packed.pegRates.map((rate) => ({
    ...rate,
    usdPerUnit: rate.usdPerUnit ?? (fx[rate.pegType] as number),
  }));
  const coins = packed.coins.map((coin) =>
    coin.currentDeviationBps === undefined
      ? { ...coin, currentDeviationBps: derivedBps(coin, prices, pegRates) }
      : coin,
  );
  return {
    ...packed,
    coins,
    pegRates,
    summary: { fallbackPegRates: fallbackPegRates(pegRates, coins), ...packed.summary },
  };
}
