/** The rows of the main dataset: a coin's identity, its chosen price against its peg, and its supply, side by side. */

import { roundBps, roundPrice, roundUsd } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import { pegTypeOf } from "../schema/coin.ts";
import type { FxRates } from "../schema/fx-rates.ts";
import type { PeggedAsset, Stablecoins } from "../schema/stablecoins.ts";
import type { CoinSupply } from "../schema/supply.ts";
import { type ChosenPrice, pegContext } from "./choose-price.ts";
import { classifyPegClass, type PegReferences, pegReferenceUsd } from "./validation.ts";

/** USD per unit by peg type, with the trust of the weakest rate in it. */
export function pegReferences(fx: FxRates | null): PegReferences & { rates: Record<string, number> } {
  const rates: Record<string, number> = { peggedUSD: 1 };
  for (const [currency, rate] of Object.entries(fx?.rates ?? {})) rates[pegTypeOf(currency)] = rate.usdPerUnit;
  return { rates, type: fx ? "fresh" : "none" };
}

function deviation(
  coin: Coin,
  price: number | null,
  reference: number | null,
): Pick<PeggedAsset, "deviationBps" | "deviationReason"> {
  const pegClass = classifyPegClass(coin.peg.currency, coin.peg.type, coin.navToken);
  if (pegClass === "nav") return { deviationBps: null, deviationReason: "nav-token-has-no-fixed-peg" };
  if (pegClass === "variable") return { deviationBps: null, deviationReason: "variable-peg" };
  if (price === null) return { deviationBps: null, deviationReason: "no-price" };
  if (reference === null) return { deviationBps: null, deviationReason: "no-reference-rate" };
  return { deviationBps: roundBps((price / reference - 1) * 10_000), deviationReason: null };
}

export function buildAsset(
  coin: Coin,
  chosen: ChosenPrice,
  supply: CoinSupply | undefined,
  references: PegReferences,
): PeggedAsset {
  const { quotes: _quotes, ...price } = chosen;
  const reference = coin.navToken ? null : pegReferenceUsd(pegContext(coin), references);
  const byPeg = (usd: number | null | undefined) =>
    usd === null || usd === undefined ? null : { [coin.peg.type]: usd };
  return {
    id: coin.id,
    name: coin.name,
    symbol: coin.symbol,
    geckoId: coin.ids.coingecko,
    pegType: coin.peg.type,
    pegCurrency: coin.peg.currency,
    pegMechanism: coin.mechanism,
    state: coin.status.state,
    ...price,
    pegReferenceUsd: reference === null ? null : roundPrice(reference),
    ...deviation(coin, chosen.price, reference),
    supplySource: supply?.supplySource ?? null,
    supplyReason: supply ? supply.reason : "no-supply-snapshot",
    circulating: byPeg(supply?.usd.current),
    circulatingPrevDay: byPeg(supply?.usd.prevDay),
    circulatingPrevWeek: byPeg(supply?.usd.prevWeek),
    circulatingPrevMonth: byPeg(supply?.usd.prevMonth),
    chains: Object.keys(supply?.chains ?? {}).sort(),
  };
}

type PegTotal = Stablecoins["totals"][number];

/**
 * Market cap by peg currency, largest first. The earlier totals add the same coins: a coin without an earlier figure counts
 * with today's, so that a gap in the data is not read as money coming in.
 */
export function pegTotals(
  coins: readonly Coin[],
  supplies: ReadonlyMap<string, CoinSupply>,
  references: PegReferences,
): PegTotal[] {
  const totals = new Map<string, PegTotal>();
  for (const coin of coins) {
    const usd = supplies.get(coin.id)?.usd;
    if (!usd || usd.current === null) continue;
    const currency = coin.peg.currency;
    const total =
      totals.get(currency) ??
      ({
        pegCurrency: currency,
        coins: 0,
        circulatingUsd: 0,
        prevDayUsd: 0,
        prevWeekUsd: 0,
        prevMonthUsd: 0,
        circulatingNative: null,
      } satisfies PegTotal);
    total.coins++;
    total.circulatingUsd += usd.current;
    total.prevDayUsd += usd.prevDay ?? usd.current;
    total.prevWeekUsd += usd.prevWeek ?? usd.current;
    total.prevMonthUsd += usd.prevMonth ?? usd.current;
    totals.set(currency, total);
  }
  return [...totals.values()]
    .map((total) => {
      const rate = references.rates?.[pegTypeOf(total.pegCurrency)];
      const whole = { ...total };
      for (const key of ["circulatingUsd", "prevDayUsd", "prevWeekUsd", "prevMonthUsd"] as const)
        whole[key] = roundUsd(total[key]);
      return { ...whole, circulatingNative: rate ? roundUsd(total.circulatingUsd / rate) : null };
    })
    .sort((a, b) => b.circulatingUsd - a.circulatingUsd || (a.pegCurrency < b.pegCurrency ? -1 : 1));
}
