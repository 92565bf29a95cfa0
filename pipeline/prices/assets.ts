/** The rows of the main dataset: a coin's identity, its chosen price against its peg, and its supply, side by side. */

import { deviationBpsOf, ratesByPegType } from "../peg-figures.ts";
import { roundPrice } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { FxRates } from "../schema/fx-rates.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { CoinSupply } from "../schema/supply.ts";
import { supplyFields } from "../supply-units.ts";
import { type ChosenPrice, pegContext } from "./choose-price.ts";
import { classifyPegClass, type PegReferences, pegReferenceUsd } from "./validation.ts";

/** USD per unit by peg type, with the trust of the weakest rate in it. */
export function pegReferences(fx: FxRates | null): PegReferences & { rates: Record<string, number> } {
  return { rates: ratesByPegType(fx), type: fx ? "fresh" : "none" };
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
  return { deviationBps: deviationBpsOf(price, reference), deviationReason: null };
}

export function buildAsset(
  coin: Coin,
  chosen: ChosenPrice,
  supply: CoinSupply | undefined,
  references: PegReferences,
): PeggedAsset {
  const { quotes: _quotes, ...price } = chosen;
  const exactReference = coin.navToken ? null : pegReferenceUsd(pegContext(coin), references);
  const reference = exactReference === null ? null : roundPrice(exactReference);
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
    pegReferenceUsd: reference,
    ...deviation(coin, chosen.price, reference),
    ...supplyFields(coin.peg.type, supply),
  };
}
