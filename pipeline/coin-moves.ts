/**
 * What moved between two looks at the coins, as figures: shared by `plumbline diff`, the commit of a run and the daily changes.
 *
 * Smaller moves than the ones here are noise of the day. Supplies of coins below a million dollars are not compared.
 */
import { supplyUsd } from "./peg-figures.ts";
import type { PeggedAsset } from "./schema/stablecoins.ts";

export interface CoinLook {
  id: string;
  priceUsd: number | null;
  /** Why there is no price. */
  priceReason: string | null;
  deviationBps: number | null;
  supplyUsd: number | null;
}

export interface CoinMove {
  coinId: string;
  kind: "price-lost" | "price-back" | "deviation" | "supply";
  before: number | null;
  after: number | null;
  /** Why the price is gone. */
  reason: string | null;
  /** Larger is worth more of a reader's time; comparable over all kinds. */
  weight: number;
}

/** A coin as it is published. */
export function lookOf(asset: PeggedAsset): CoinLook {
  const { id, price: priceUsd, priceReason, deviationBps } = asset;
  return { id, priceUsd, priceReason, deviationBps, supplyUsd: supplyUsd(asset) };
}

const DEVIATION_MOVE_BPS = 25;
const SUPPLY_MOVE_SHARE = 0.02;
const SUPPLY_FLOOR_USD = 1_000_000;
const PRICE_CAME_OR_WENT = 1e6;

function priceMove(was: CoinLook, is: CoinLook): CoinMove | null {
  if ((was.priceUsd === null) === (is.priceUsd === null)) return null;
  return {
    coinId: is.id,
    kind: is.priceUsd === null ? "price-lost" : "price-back",
    before: was.priceUsd,
    after: is.priceUsd,
    reason: is.priceReason,
    weight: PRICE_CAME_OR_WENT,
  };
}

function deviationMove(was: CoinLook, is: CoinLook): CoinMove | null {
  if (was.deviationBps === null || is.deviationBps === null) return null;
  const weight = Math.abs(is.deviationBps - was.deviationBps);
  if (weight < DEVIATION_MOVE_BPS) return null;
  return { coinId: is.id, kind: "deviation", before: was.deviationBps, after: is.deviationBps, reason: null, weight };
}

function supplyMove(was: CoinLook, is: CoinLook): CoinMove | null {
  const [before, after] = [was.supplyUsd, is.supplyUsd];
  if (before === null || after === null || Math.max(before, after) < SUPPLY_FLOOR_USD) return null;
  const share = before > 0 ? Math.abs(after / before - 1) : 1;
  if (share < SUPPLY_MOVE_SHARE) return null;
  return { coinId: is.id, kind: "supply", before, after, reason: null, weight: share * 100 };
}

/** Heaviest first; a coin that only one look knows is not compared. */
export function coinMoves(before: ReadonlyMap<string, CoinLook>, after: readonly CoinLook[]): CoinMove[] {
  return after
    .flatMap((is) => {
      const was = before.get(is.id);
      return was ? [priceMove(was, is), deviationMove(was, is), supplyMove(was, is)] : [];
    })
    .filter((move) => move !== null)
    .sort((a, b) => b.weight - a.weight || (a.coinId < b.coinId ? -1 : a.coinId > b.coinId ? 1 : 0));
}
