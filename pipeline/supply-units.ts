/**
 * Supply in tokens and in USD: tokens are what an issuer mints and burns, and they rest; USD moves with every price.
 *
 * DefiLlama states USD, units times its current price, for today and for earlier days alike. Divided by that price again the
 * figures stand still until somebody mints or burns, which is what the record keeps; USD follows from it.
 */
import { roundChainUnits, roundUnits, roundUsd } from "./rounding.ts";
import type { PeggedAsset } from "./schema/stablecoins.ts";
import type { CoinSupply, SupplyWindow } from "./schema/supply.ts";

function each(window: SupplyWindow, change: (value: number) => number): SupplyWindow {
  const changed = (value: number | null) => (value === null ? null : change(value));
  return {
    current: changed(window.current),
    prevDay: changed(window.prevDay),
    prevWeek: changed(window.prevWeek),
    prevMonth: changed(window.prevMonth),
  };
}

/** Tokens of a coin's USD amounts, all made with one price. */
export function unitsOf(usd: SupplyWindow, usdPerUnit: number): SupplyWindow {
  return each(usd, (value) => roundUnits(value / usdPerUnit));
}

/** The same of one chain's part. */
export function chainUnitsOf(usd: SupplyWindow, usdPerUnit: number): SupplyWindow {
  return each(usd, (value) => roundChainUnits(value / usdPerUnit));
}

/** USD of tokens, rounded as published. */
export function usdOf(units: SupplyWindow, usdPerUnit: number): SupplyWindow {
  return each(units, (value) => roundUsd(value * usdPerUnit));
}

/** USD amounts as published. */
export function roundedUsd(usd: SupplyWindow): SupplyWindow {
  return each(usd, roundUsd);
}

/** The same by chain. */
export function byChain(
  chains: Record<string, SupplyWindow>,
  change: (window: SupplyWindow) => SupplyWindow,
): Record<string, SupplyWindow> {
  return Object.fromEntries(Object.entries(chains).map(([chain, window]) => [chain, change(window)]));
}

type SupplyFields = Pick<
  PeggedAsset,
  | "supplySource"
  | "supplyReason"
  | "supplyUnits"
  | "supplyUsdPerUnit"
  | "circulating"
  | "circulatingPrevDay"
  | "circulatingPrevWeek"
  | "circulatingPrevMonth"
  | "chains"
>;

/** What the main dataset says of a coin's supply, from its row in the supply snapshot. */
export function supplyFields(pegType: string, supply: CoinSupply | undefined): SupplyFields {
  return {
    supplySource: supply?.supplySource ?? null,
    supplyReason: supply ? supply.reason : "no-supply-snapshot",
    supplyUnits: supply?.units ?? null,
    supplyUsdPerUnit: supply?.usdPerUnit ?? null,
    ...circulatingOf(pegType, supply?.usd ?? null),
    chains: Object.keys(supply?.chains ?? {}).sort(),
  };
}

/** A USD window in the four by-peg maps of the main dataset. */
function circulatingOf(
  pegType: string,
  usd: SupplyWindow | null,
): Pick<PeggedAsset, "circulating" | "circulatingPrevDay" | "circulatingPrevWeek" | "circulatingPrevMonth"> {
  const byPeg = (value: number | null | undefined) =>
    value === null || value === undefined ? null : { [pegType]: value };
  return {
    circulating: byPeg(usd?.current),
    circulatingPrevDay: byPeg(usd?.prevDay),
    circulatingPrevWeek: byPeg(usd?.prevWeek),
    circulatingPrevMonth: byPeg(usd?.prevMonth),
  };
}
