/** What a pool is worth as an exit: by its venue, its balance and what it trades against. Safety methodology, section 4. */
import type { Coin } from "../schema/coin.ts";
import type { Pool, PoolToken } from "./pool.ts";

const UNKNOWN_VENUE = 0.3;
const UNKNOWN_PAIR = 0.3;
const STRONG_AMPLIFICATION = 500;
/** By the registry's words for governance. */
const PAIR_BY_GOVERNANCE: Readonly<Record<string, number>> = { cefi: 1, defi: 0.9, "cefi-dependent": 0.8 };
const PAIR_BY_SYMBOL: Readonly<Record<string, number>> = { WETH: 0.65, ETH: 0.65, WBTC: 0.6 };

function uniswapV3(feeBps: number | null): number {
  if (feeBps === null) return UNKNOWN_VENUE;
  if (feeBps <= 1) return 1.1;
  return feeBps <= 5 ? 0.85 : 0.4;
}

export function venueFactor({ protocol, kind, feeBps, amplification }: Pool): number {
  if (protocol.startsWith("uniswap-v3")) return uniswapV3(feeBps);
  if (protocol.startsWith("curve")) {
    if (kind !== "stable") return 0.5;
    return (amplification ?? 0) >= STRONG_AMPLIFICATION ? 1 : 0.85;
  }
  if (kind === "order-book") return 0.6;
  const deep =
    /^(fluid|orca)/.test(protocol) ||
    (/^raydium/.test(protocol) && kind === "concentrated") ||
    (/^(aerodrome|velodrome|balancer)/.test(protocol) && kind === "stable") ||
    (kind === "concentrated" && feeBps !== null && feeBps <= 5);
  if (deep) return 0.85;
  const shallow = /^(aerodrome|velodrome|balancer|raydium)/.test(protocol) && kind === "volatile";
  return shallow ? 0.4 : UNKNOWN_VENUE;
}

/** An unmeasured balance counts as even, as the method chooses. */
export function balanceFactor({ balanceRatio }: Pool): number {
  return balanceRatio ?? 1;
}

function tokenQuality(token: PoolToken, coinOf: (id: string) => Coin | undefined): number {
  if (token.coinId !== null) return PAIR_BY_GOVERNANCE[coinOf(token.coinId)?.governance ?? ""] ?? UNKNOWN_PAIR;
  return PAIR_BY_SYMBOL[token.symbol.toUpperCase()] ?? UNKNOWN_PAIR;
}

/** Of the best token beside the coin itself. */
export function pairQuality(pool: Pool, coinId: string, coinOf: (id: string) => Coin | undefined): number {
  const others = pool.tokens.filter((token) => token.coinId !== coinId);
  return others.reduce(
    (best, token) => Math.max(best, tokenQuality(token, coinOf)),
    others.length > 0 ? UNKNOWN_PAIR : 0,
  );
}

export function effectiveTvlUsd(pool: Pool, quality: number): number {
  return pool.tvlUsd * venueFactor(pool) * balanceFactor(pool) ** 1.5 * quality;
}

/** Venue and balance only: what stands beside the coin is no matter of the pool's making. */
export function qualityTvlUsd(pool: Pool): number {
  return pool.tvlUsd * venueFactor(pool) * balanceFactor(pool) ** 1.5;
}

const UNKNOWN_ORGANIC = 0.5;

/** 0 to 100. A pool whose age nobody knows counts as new. */
export function poolStress(pool: Pool, quality: number): number {
  const age = Math.max(0, 1 - (pool.ageDays ?? 0) / 365);
  return 35 * (1 - balanceFactor(pool)) + 25 * (1 - (pool.organic ?? UNKNOWN_ORGANIC)) + 20 * age + 20 * (1 - quality);
}
