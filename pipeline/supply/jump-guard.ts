/**
 * The supply-jump guard: a large coin that doubles or halves between two runs is more often a wrong figure than a real one.
 *
 * Such a figure is held back and the last good supply stays, however long, until a second source says the same or somebody
 * who looked enters a guard release in corrections.json. Time alone never releases it. Ours; the reference has no such guard.
 */
import type { Correction } from "../schema/correction.ts";
import type { CoinSupply } from "../schema/supply.ts";
import { utcDay } from "../time.ts";

/** Smaller coins move by single holders. */
const GUARDED_FROM_USD = 10_000_000;
const LARGEST_RATIO = 2;
/** How near a market cap must be to count as saying the same. */
const CORROBORATION_SHARE = 0.2;

/** Coins whose new supply is a jump against their last good one. */
export function findJumps(coins: readonly CoinSupply[], last: ReadonlyMap<string, CoinSupply>): CoinSupply[] {
  return coins.filter((coin) => {
    const before = last.get(coin.coinId)?.usd.current ?? null;
    const now = coin.usd.current;
    if (before === null || now === null || before < GUARDED_FROM_USD) return false;
    return now > before * LARGEST_RATIO || now < before / LARGEST_RATIO;
  });
}

/** Whether a second source's market cap says the same. Null: it does not know. */
export function isCorroborated(supplyUsd: number, marketCapUsd: number | null): boolean {
  return marketCapUsd !== null && Math.abs(marketCapUsd - supplyUsd) <= CORROBORATION_SHARE * supplyUsd;
}

/** Whether somebody released the guard for this coin at this time. */
export function isReleased(coinId: string, corrections: readonly Correction[], nowSec: number): boolean {
  return corrections.some(
    (correction) =>
      correction.kind === "guard-release" &&
      correction.dataset === "supply" &&
      correction.coinId === coinId &&
      (correction.until === null || utcDay(nowSec) <= correction.until),
  );
}

/** The row that is published instead of a jump: the last good one, said so. */
export function held(last: CoinSupply): CoinSupply {
  return { ...last, carriedForward: true, reason: "supply-jump-unconfirmed" };
}
