/** The rows of the main dataset: a coin's identity, its chosen price against its peg, and its supply, side by side. */

import type { Published } from "../lane.ts";
import { deviationBpsOf, ratesByPegType } from "../peg-figures.ts";
import { roundPrice } from "../rounding.ts";
import { type Coin, pegTypeOf } from "../schema/coin.ts";
import type { FxRates } from "../schema/fx-rates.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { CoinSupply } from "../schema/supply.ts";
import { supplyFields } from "../supply-units.ts";
import { type ChosenPrice, pegContext } from "./choose-price.ts";
import { classifyPegClass, type PegReferences, pegReferenceUsd } from "./validation.ts";

/** Rates that no FX run has looked at for so long are past the freshness they were published with. */
const MAX_FX_AGE_SEC = 6 * 3600;

/** USD per unit by peg type, each with how far it may be trusted now. */
export function pegReferences(
  fx: Pick<Published<FxRates>, "asOf" | "data"> | null,
  nowSec: number,
): PegReferences & { rates: Record<string, number> } {
  const isOld = fx !== null && nowSec - fx.asOf > MAX_FX_AGE_SEC;
  const types = Object.entries(fx?.data.rates ?? {}).map(([currency, { referenceType }]) => [
    pegTypeOf(currency),
    isOld && referenceType === "fresh" ? "stale" : referenceType,
  ]);
  return { rates: ratesByPegType(fx?.data ?? null), type: fx ? "fresh" : "none", types: Object.fromEntries(types) };
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
