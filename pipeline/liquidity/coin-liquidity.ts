/** A coin's liquidity from its pools: totals rebuilt from the pools that were kept, components, score, coverage. */

import { roundDepth } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { CoverageClass, DexLiquidityRow, DexPool, DexPrice } from "../schema/liquidity.ts";
import {
  dexLiquidityScore,
  durability,
  pairDiversity,
  poolQuality,
  stability,
  tvlDepth,
  volumeActivity,
} from "./liquidity-score.ts";
import { type Pool, type PoolFamily, type PoolToken, uniqueCoins } from "./pool.ts";
import { effectiveTvlUsd, pairQuality, poolStress, qualityTvlUsd } from "./pool-factors.ts";

const TOP_POOLS = 10;
const PRIMARY: readonly PoolFamily[] = ["llama-yields", "curve-api"];
const CONFIDENCE: Readonly<Record<CoverageClass, number>> = {
  primary: 1,
  mixed: 0.75,
  fallback: 0.55,
  legacy: 0.3,
  unobserved: 0,
};
/** Trends are told from this confidence on, durability from its own. */
const TREND_CONFIDENCE = 0.5;
const DURABILITY_CONFIDENCE = 0.75;

/** A day's first look: TVL and volume, for what is steady and what changed. */
export interface LiquidityPoint {
  date: number;
  tvlUsd: number;
  volume24hUsd: number | null;
  score: number | null;
}

export interface CoinContext {
  /** Null for the row of everything. */
  coinId: string | null;
  circulatingUsd: number | null;
  price: DexPrice | null;
  /** Closed and open days, oldest first, today's left out. */
  past: readonly LiquidityPoint[];
  today: number;
  coinOf(id: string): Coin | undefined;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function bySize(groups: Map<string, Pool[]>): Record<string, number> {
  return Object.fromEntries(
    [...groups]
      .map(([key, pools]): [string, number] => [key, roundDepth(sum(pools.map(({ tvlUsd }) => tvlUsd)))])
      .sort((a, b) => (a[0] < b[0] ? -1 : 1)),
  );
}

function share(value: number): number {
  return Math.round(value * 100) / 100;
}

function points(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)));
}

/** Weighed by TVL over the pools where it is known. */
function measured(pools: readonly Pool[], pick: (pool: Pool) => number | null) {
  const known = pools.filter((pool) => pick(pool) !== null);
  const tvlUsd = sum(known.map((pool) => pool.tvlUsd));
  const value = tvlUsd > 0 ? sum(known.map((pool) => pool.tvlUsd * (pick(pool) as number))) / tvlUsd : null;
  return { value, tvlUsd };
}

function coverage(pools: readonly Pool[]): CoverageClass {
  if (pools.length === 0) return "unobserved";
  const primary = pools.filter((pool) => PRIMARY.includes(pool.source)).length;
  return primary === pools.length ? "primary" : primary === 0 ? "fallback" : "mixed";
}

function changePct(now: number, past: readonly LiquidityPoint[], date: number): number | null {
  const then = past.find((point) => point.date === date)?.tvlUsd ?? 0;
  return then > 0 ? Math.round((now / then - 1) * 100) : null;
}

function pairOf(tokens: readonly PoolToken[]): string {
  return tokens
    .map(({ coinId, address, symbol }) => coinId ?? address ?? symbol)
    .sort()
    .join("/");
}

function publishedPool(pool: Pool, quality: number): DexPool {
  return {
    pool: pool.id,
    project: pool.protocol,
    chain: pool.chain,
    symbol: pool.symbol,
    poolType: pool.kind,
    tvlUsd: roundDepth(pool.tvlUsd),
    volumeUsd1d: pool.volume24hUsd === null ? null : Number(pool.volume24hUsd.toPrecision(1)),
    balanceRatio: pool.balanceRatio === null ? null : share(pool.balanceRatio),
    pairQuality: quality,
    poolStress: points(poolStress(pool, quality)),
    source: pool.source,
  };
}

export function coinLiquidity(pools: readonly Pool[], context: CoinContext): DexLiquidityRow {
  const quality = new Map(
    pools.map((pool) => {
      const coins = context.coinId === null ? uniqueCoins(pool.tokens) : [context.coinId];
      return [pool, Math.max(0, ...coins.map((coinId) => pairQuality(pool, coinId, context.coinOf)))] as const;
    }),
  );
  const qualityOf = (pool: Pool) => quality.get(pool) ?? 0;
  const tvlUsd = sum(pools.map((pool) => pool.tvlUsd));
  const effective = sum(pools.map((pool) => effectiveTvlUsd(pool, qualityOf(pool))));
  const known = (pick: (pool: Pool) => number | null) => pools.some((pool) => pick(pool) !== null);
  const total = (pick: (pool: Pool) => number | null) =>
    known(pick) ? sum(pools.map((pool) => pick(pool) ?? 0)) : null;
  const volume24h = total((pool) => pool.volume24hUsd);
  const volume7d = total((pool) => pool.volume7dUsd);
  const coverageClass = coverage(pools);
  const confidence = CONFIDENCE[coverageClass];
  const past = confidence >= DURABILITY_CONFIDENCE ? context.past.slice(-30) : [];
  const tvlStability = stability(past.map((point) => point.tvlUsd));
  const volumeStability = stability(past.flatMap((point) => point.volume24hUsd ?? []));
  const organic = measured(pools, (pool) => pool.organic);
  const balance = measured(pools, (pool) => pool.balanceRatio);
  const parts = {
    tvlDepth: tvlDepth(effective, context.circulatingUsd),
    volumeActivity: volumeActivity(volume24h, tvlUsd),
    poolQuality: poolQuality(sum(pools.map(qualityTvlUsd)), tvlUsd),
    durability: durability({
      organicFraction: organic.value,
      tvlStability,
      volumeStability,
      oldestPoolDays: Math.max(0, ...pools.map((pool) => pool.ageDays ?? 0)),
    }),
    diversity: pairDiversity(pools.length),
  };
  const { price } = context;
  const has = pools.length > 0;
  const trends = confidence >= TREND_CONFIDENCE ? context.past : [];
  const sorted = [...pools].sort((a, b) => b.tvlUsd - a.tvlUsd || (a.id < b.id ? -1 : 1));
  const mix = Map.groupBy(pools, (pool) => pool.source);
  return {
    totalTvlUsd: roundDepth(tvlUsd),
    totalVolume24hUsd: volume24h === null ? null : roundDepth(volume24h),
    totalVolume7dUsd: volume7d === null ? null : roundDepth(volume7d),
    effectiveTvlUsd: roundDepth(effective),
    poolCount: pools.length,
    pairCount: new Set(pools.map(({ tokens }) => pairOf(tokens))).size,
    chainCount: new Set(pools.map(({ chain }) => chain)).size,
    protocolTvl: bySize(Map.groupBy(pools, (pool) => pool.protocol)),
    chainTvl: bySize(Map.groupBy(pools, (pool) => pool.chain)),
    topPools: sorted.slice(0, TOP_POOLS).map((pool) => publishedPool(pool, qualityOf(pool))),
    liquidityScore: has && context.coinId !== null ? dexLiquidityScore(parts) : null,
    scoreComponents:
      has && context.coinId !== null
        ? {
            tvlDepth: points(parts.tvlDepth),
            volumeActivity: points(parts.volumeActivity),
            poolQuality: points(parts.poolQuality),
            durability: points(parts.durability),
            pairDiversity: points(parts.diversity),
          }
        : null,
    concentrationHhi: tvlUsd > 0 ? share(sum(pools.map((pool) => (pool.tvlUsd / tvlUsd) ** 2))) : null,
    depthStability: tvlStability === null ? null : share(tvlStability),
    tvlChange24h: changePct(tvlUsd, trends, context.today - 86_400),
    tvlChange7d: changePct(tvlUsd, trends, context.today - 7 * 86_400),
    score7dAgo: trends.find((point) => point.date === context.today - 7 * 86_400)?.score ?? null,
    dexPriceUsd: price?.priceUsd ?? null,
    dexDeviationBps: price?.deviationBps ?? null,
    priceSourceCount: price?.protocols.length ?? 0,
    priceSourceTvl: price?.totalTvlUsd ?? 0,
    priceSources: price?.protocols ?? [],
    avgPoolStress:
      has && tvlUsd > 0 ? points(sum(pools.map((p) => p.tvlUsd * poolStress(p, qualityOf(p)))) / tvlUsd) : null,
    weightedBalanceRatio: balance.value === null ? null : share(balance.value),
    organicFraction: organic.value === null ? null : share(organic.value),
    durabilityScore: has ? points(parts.durability) : null,
    lockedLiquidityPct: null,
    coverageClass,
    coverageConfidence: confidence,
    sourceMix: Object.fromEntries(
      [...mix]
        .sort()
        .map(([source, list]) => [
          source,
          { poolCount: list.length, tvlUsd: roundDepth(sum(list.map((pool) => pool.tvlUsd))) },
        ]),
    ),
    balanceMeasuredTvlUsd: roundDepth(balance.tvlUsd),
    organicMeasuredTvlUsd: roundDepth(organic.tvlUsd),
  };
}

type PriceFields = Pick<
  DexLiquidityRow,
  "dexPriceUsd" | "dexDeviationBps" | "priceSourceCount" | "priceSourceTvl" | "priceSources"
>;

function priceFields(row: DexLiquidityRow): PriceFields {
  const { dexPriceUsd, dexDeviationBps, priceSourceCount, priceSourceTvl, priceSources } = row;
  return { dexPriceUsd, dexDeviationBps, priceSourceCount, priceSourceTvl, priceSources };
}

/** Per cent of depth that came or went since a day or a week ago: so many more or less are news at once. */
const CHANGE_REST_PCT = 10;

/** What compares the row with days before: it is of the day's first run, unless depth moved. */
function dayFields(now: DexLiquidityRow, before: DexLiquidityRow, pace: Pace) {
  const rests =
    pace !== "day" &&
    near(now.tvlChange24h, before.tvlChange24h, CHANGE_REST_PCT) &&
    near(now.tvlChange7d, before.tvlChange7d, CHANGE_REST_PCT) &&
    now.score7dAgo === before.score7dAgo;
  const { tvlChange24h, tvlChange7d, score7dAgo } = rests ? before : now;
  return { tvlChange24h, tvlChange7d, score7dAgo };
}

function near(now: number | null, before: number | null, within: number): boolean {
  return now === null || before === null ? now === before : Math.abs(now - before) <= within;
}

/** How far a row may move before it is renewed: depth as a share, score and stress in points, balance as a ratio. */
interface Rest {
  depth: number;
  score: number;
  stress: number;
  balance: number;
}
/** In a day's first run, in an hour's, and between: a run on a pool is seen at once, its daily breath once a day. */
const RESTS = {
  day: { depth: 0.1, score: 0, stress: 2, balance: 0.05 },
  hour: { depth: 0.25, score: 5, stress: 15, balance: 0.25 },
  between: { depth: 0.3, score: 10, stress: 25, balance: 0.4 },
} as const satisfies Record<string, Rest>;
export type Pace = keyof typeof RESTS;

/** Pools this small are nobody's exit: their rows move twice as far before they are renewed. */
const SMALL_TVL_USD = 250_000;

/**
 * The row to publish: the one before with this run's prices, unless something that decides moved further than it may; what compares it
 * with days before is of the day's first run, unless depth moved.
 */
export function restingLiquidity(
  now: DexLiquidityRow,
  before: DexLiquidityRow | undefined,
  pace: Pace,
): DexLiquidityRow {
  if (!before) return now;
  const bounds = RESTS[pace];
  const times = Math.max(now.totalTvlUsd, before.totalTvlUsd) < SMALL_TVL_USD ? 2 : 1;
  const rest = {
    depth: times * bounds.depth,
    score: times * bounds.score,
    stress: times * bounds.stress,
    balance: times * bounds.balance,
  };
  const rests =
    near(now.liquidityScore, before.liquidityScore, rest.score) &&
    now.poolCount === before.poolCount &&
    now.coverageClass === before.coverageClass &&
    near(now.totalTvlUsd, before.totalTvlUsd, rest.depth * before.totalTvlUsd) &&
    near(now.avgPoolStress, before.avgPoolStress, rest.stress) &&
    near(now.weightedBalanceRatio, before.weightedBalanceRatio, rest.balance);
  return { ...(rests ? before : now), ...priceFields(now), ...dayFields(now, before, pace) };
}
