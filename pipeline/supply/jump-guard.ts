/**
 * The supply-jump guard: a large coin that doubles or halves between two runs is more often a wrong figure than a real one.
 *
 * Such a figure is held back and the last good supply stays, however long, until a second source says the same or somebody
 * who looked enters a guard release in corrections.json. Time alone never releases it. Ours; the reference has no such guard.
 */
import type { Correction } from "../schema/correction.ts";
import type { CoinSupply } from "../schema/supply.ts";
import { utcDay } from "../time.ts";
import { unknownSupply } from "./coin-supply.ts";

/** Smaller coins move by single holders; one that is large on either side of the jump is guarded. */
const GUARDED_FROM_USD = 10_000_000;
const LARGEST_RATIO = 2;
/** How near a market cap must be to count as saying the same. */
const CORROBORATION_SHARE = 0.2;

/** Last good USD by coin id: what the last rows say, and for those that say nothing any more what is remembered of them. */
export function lastGood(
  rows: ReadonlyMap<string, CoinSupply>,
  remembered: Readonly<Record<string, number>>,
): Map<string, number> {
  const known = new Map(Object.entries(remembered));
  for (const [coinId, { usd }] of rows) if (usd.current !== null) known.set(coinId, usd.current);
  return known;
}

/** What to remember of guarded coins that have no supply now: else a gap of two days would release the guard. */
export function toRemember(coins: readonly CoinSupply[], last: ReadonlyMap<string, number>): Record<string, number> {
  const gone = coins.flatMap(({ coinId, usd }): [string, number][] => {
    const before = last.get(coinId) ?? 0;
    return usd.current === null && before >= GUARDED_FROM_USD ? [[coinId, before]] : [];
  });
  return Object.fromEntries(gone.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Coins whose new supply is a jump against their last good one. A coin that was never above zero has nothing to jump from. */
export function findJumps(coins: readonly CoinSupply[], last: ReadonlyMap<string, number>): CoinSupply[] {
  return coins.filter((coin) => {
    const before = last.get(coin.coinId) ?? 0;
    const now = coin.usd.current;
    if (now === null || before <= 0 || Math.max(before, now) < GUARDED_FROM_USD) return false;
    return now > before * LARGEST_RATIO || now < before / LARGEST_RATIO;
  });
}

/** Whether CoinGecko's market cap says the same of a supply that is not its own. Null: it does not know. */
export function isCorroborated({ usd, supplySource }: CoinSupply, marketCapUsd: number | null): boolean {
  const now = usd.current;
  if (now === null || marketCapUsd === null || supplySource === "coingecko-fallback") return false;
  return Math.abs(marketCapUsd - now) <= CORROBORATION_SHARE * now;
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

/** The row that is published instead of a jump: the last good one, said so; where that is gone already, unknown. */
export function held(jump: CoinSupply, last: CoinSupply | undefined): CoinSupply {
  const reason = "supply-jump-unconfirmed";
  return last
    ? { ...last, carriedForward: last.usd.current !== null, reason }
    : { ...unknownSupply(jump.coinId), reason };
}
