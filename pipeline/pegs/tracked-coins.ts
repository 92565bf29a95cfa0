/**
 * Which coins have a peg to be judged by, and why an open depeg's coin was not judged in a run.
 *
 * Coins that are gone are no longer tracked; NAV tokens, floating pegs and coins not launched yet have no fixed peg to leave.
 */
import type { Coin } from "../schema/coin.ts";
import type { OrphanReason } from "../schema/depegs.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { circulatingUsd } from "./peg-rates.ts";

export const SUPPLY_FLOOR_USD = 1_000_000;

const RETIRED: readonly string[] = ["dead", "delisted"];
/** Reasons of the price lane that mean nothing came, rather than something that was refused. */
const NOTHING_CAME: readonly string[] = ["no-source-quotes-it", "no-fresh-quote"];

export function isRetired(coin: Pick<Coin, "status">): boolean {
  return RETIRED.includes(coin.status.state);
}

/** Whether depegs of this coin are looked for. */
export function hasTrackedPeg(coin: Pick<Coin, "status" | "navToken" | "peg">): boolean {
  return (
    !isRetired(coin) && coin.status.state !== "pre-launch" && coin.navToken !== true && coin.peg.currency !== "VAR"
  );
}

/** First match of the method's table; the coin is undefined when the registry does not have it. */
export function orphanCause(
  coin: Pick<Coin, "status" | "navToken" | "peg"> | undefined,
  asset: Pick<PeggedAsset, "price" | "priceReason" | "circulating"> | undefined,
): OrphanReason {
  if (!coin || isRetired(coin)) return "untracked";
  if (!hasTrackedPeg(coin)) return "ineligible";
  if (!asset || asset.price === null)
    return asset?.priceReason && !NOTHING_CAME.includes(asset.priceReason) ? "validation-failed" : "no-price";
  if (asset.circulating !== null && circulatingUsd(asset.circulating) < SUPPLY_FLOOR_USD) return "below-supply-floor";
  return "not-processed";
}
