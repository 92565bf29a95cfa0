/**
 * Liquidity: how much of every coin can be sold on decentralised exchanges, how well, and at what price.
 *
 * DefiLlama's yields list tells sizes and volumes, Curve's API balances and prices, DexScreener prices of the largest coins
 * and pools of coins the others do not know, GeckoTerminal pools of the largest coins that are left. A source that is silent makes the
 * lane degraded; without both of the first two nothing is published, since a list without its largest venues would read as money leaving.
 *
 * Prices are taken in every run, since consensus takes no older ones; a coin's depth rests within the bounds of its pace.
 */
import type { Lane, LaneContext, LaneResult } from "../lane.ts";
import type { Registry } from "../registry/registry.ts";
import { type Coin, pegTypeOf } from "../schema/coin.ts";
import type { Reason, SourceUse } from "../schema/envelope.ts";
import { LIQUIDITY_DAYS } from "../schema/history.ts";
import { type DexLiquidity, type DexPrice, GLOBAL_ROW } from "../schema/liquidity.ts";
import { curvePools } from "../sources/curve.ts";
import { dexscreenerTokens } from "../sources/dexscreener.ts";
import { geckoterminalPools } from "../sources/geckoterminal.ts";
import { llamaYields } from "../sources/llama-yields.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { coinLiquidity, type Pace, restingLiquidity } from "./coin-liquidity.ts";
import { dexPrice, restingDexPrice, withDeviation } from "./dex-price.ts";
import { fromCurve, fromDexScreener, fromLlama } from "./intake.ts";
import { EMPTY_STATE, lastResort } from "./last-resort.ts";
import { LIQUIDITY_STATE, readPast, withToday } from "./liquidity-past.ts";
import { mergePools } from "./merge-pools.ts";
import { type Pool, TokenIndex } from "./pool.ts";

/** Curve's own names of the chains it has depth on. */
const CURVE_CHAINS: Readonly<Record<string, string>> = {
  "eip155:1": "ethereum",
  "eip155:42161": "arbitrum",
  "eip155:8453": "base",
};
const DEXSCREENER_CHAINS: Readonly<Record<string, string>> = {
  "eip155:1": "ethereum",
  "eip155:56": "bsc",
  "eip155:8453": "base",
  "eip155:42161": "arbitrum",
  "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp": "solana",
};
const DEXSCREENER_BATCH = 30;
const DEXSCREENER_REQUESTS = 4;
const MIN_SUPPLY_USD = 1_000_000;
const HOUR_SEC = 3600;

interface Intake {
  pools: Pool[];
  sources: SourceUse[];
  failures: Reason[];
  primaries: number;
  /** State of the last resort, where it changed. */
  empty: Record<string, number> | null;
}

/** USD per token at par; null where the peg has no rate. The dollar is a dollar. */
function referenceOf(context: LaneContext): (coin: Coin | undefined) => number | null {
  const rates = context.published("fx-rates")?.data.rates ?? {};
  const byPeg = new Map(Object.entries(rates).map(([currency, rate]) => [pegTypeOf(currency), rate.usdPerUnit]));
  return (coin) => {
    if (!coin || coin.peg.currency === "VAR" || coin.navToken === true) return null;
    if (coin.peg.currency === "USD") return 1;
    const rate = byPeg.get(coin.peg.type) ?? null;
    const isMetal = coin.peg.currency === "GOLD" || coin.peg.currency === "SILVER";
    if (!isMetal || rate === null) return rate;
    return coin.commodityOunces === null ? null : rate * coin.commodityOunces;
  };
}

/** Active coins of some size, largest first. */
function largestActive(registry: Registry, supplyUsd: ReadonlyMap<string, number>): Coin[] {
  return registry.coins
    .filter((coin) => coin.status.state === "active" && (supplyUsd.get(coin.id) ?? 0) >= MIN_SUPPLY_USD)
    .sort((a, b) => (supplyUsd.get(b.id) ?? 0) - (supplyUsd.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1));
}

/** Largest coins first, each at its main contract on a chain DexScreener knows; so many batches as a run may ask. */
function dexscreenerBatches(coins: readonly Coin[]) {
  const asked = new Map<string, string[]>();
  for (const coin of coins) {
    const home = coin.deployments.find(({ chain }) => DEXSCREENER_CHAINS[chain]);
    if (home) asked.set(home.chain, [...(asked.get(home.chain) ?? []), home.address]);
  }
  const batches = [...asked].flatMap(([chain, addresses]) =>
    Array.from({ length: Math.ceil(addresses.length / DEXSCREENER_BATCH) }, (_, i) => ({
      chain,
      rank: i,
      addresses: addresses.slice(i * DEXSCREENER_BATCH, (i + 1) * DEXSCREENER_BATCH),
    })),
  );
  return batches
    .sort((a, b) => a.rank - b.rank || b.addresses.length - a.addresses.length || (a.chain < b.chain ? -1 : 1))
    .slice(0, DEXSCREENER_REQUESTS);
}

async function takeIn(
  context: LaneContext,
  index: TokenIndex,
  supplyUsd: ReadonlyMap<string, number>,
): Promise<Intake> {
  const { registry, nowSec } = context;
  const largest = largestActive(registry, supplyUsd);
  const result: Intake = { pools: [], sources: [], failures: [], primaries: 0, empty: null };
  const failed = (code: string, detail: string) => result.failures.push({ code, message: detail });
  const used = (id: string) => result.sources.push({ id, observedAt: nowSec });

  const llama = await context.collect(llamaYields, {});
  const llamaPools = llama.ok ? fromLlama(llama.value.pools, registry, index) : [];
  if (llama.ok) used(llamaYields.id);
  else failed(`llama-yields-${llama.reason}`, llama.detail);

  const curve: Pool[] = [];
  for (const [chain, name] of Object.entries(CURVE_CHAINS)) {
    const answer = await context.collect(curvePools, { chain: name });
    if (answer.ok) curve.push(...fromCurve(answer.value.pools, chain, index, nowSec));
    else {
      failed(`curve-${answer.reason}`, `${name}: ${answer.detail}`);
      break;
    }
  }
  if (curve.length > 0) used(curvePools.id);

  const reference = referenceOf(context);
  const dexscreener: Pool[] = [];
  for (const { chain, addresses } of dexscreenerBatches(largest)) {
    const answer = await context.collect(dexscreenerTokens, { chain: DEXSCREENER_CHAINS[chain], addresses });
    if (!answer.ok) {
      failed(`dexscreener-${answer.reason}`, answer.detail);
      break;
    }
    const pairs = answer.value.pairs.filter((pair) => pair.chainId === DEXSCREENER_CHAINS[chain]);
    dexscreener.push(...fromDexScreener(pairs, chain, index, (id) => reference(index.coin(id)), nowSec));
  }
  if (dexscreener.length > 0) used(dexscreenerTokens.id);

  result.primaries = Number(llamaPools.length > 0) + Number(curve.length > 0);
  result.pools = mergePools([llamaPools, curve, unique(dexscreener)]);
  // Without a primary every coin is without a pool, and nothing will be published.
  if (result.primaries > 0) {
    const known = new Set(result.pools.flatMap(({ coinIds }) => coinIds));
    const without = largest.filter(({ id }) => !known.has(id));
    const last = await lastResort(context, without, reference);
    result.pools = mergePools([result.pools, unique(last.pools)]);
    result.empty = last.empty;
    if (last.failure !== null) failed(last.failure.code, last.failure.message);
    else if (last.pools.length > 0) used(geckoterminalPools.id);
  }
  return result;
}

/** A pair that two batches brought counts once. */
function unique(pools: readonly Pool[]): Pool[] {
  return [...new Map(pools.map((pool) => [`${pool.chain}/${pool.id}`, pool])).values()];
}

/** A coin cannot have more in pools than twice what circulates of it. */
function isPossible(pool: Pool, supplyUsd: ReadonlyMap<string, number>): boolean {
  const held = pool.coinIds.map((id) => supplyUsd.get(id)).filter((usd) => usd !== undefined);
  return held.length < pool.tokens.length || pool.tvlUsd <= 2 * held.reduce((sum, usd) => sum + usd, 0);
}

function withheld(reasons: Reason[]): LaneResult {
  return {
    status: "error",
    reasons,
    snapshots: {},
    withheld: ["dex-liquidity", "dex-prices"],
    history: [],
    state: {},
    counts: {},
  };
}

export const liquidityLane: Lane = {
  name: "liquidity",
  async run(context) {
    const { nowSec, registry } = context;
    const today = startOfUtcDay(nowSec);
    const index = new TokenIndex(registry);
    const supplyUsd = new Map(
      (context.published("supply")?.data.coins ?? []).flatMap(({ coinId, usd }) =>
        usd.current === null ? [] : [[coinId, usd.current] as const],
      ),
    );
    const intake = await takeIn(context, index, supplyUsd);
    if (intake.primaries === 0)
      return withheld([
        {
          code: "no-pools",
          message: "neither DefiLlama's pools nor Curve's were to be had; the last good snapshot stays",
        },
        ...intake.failures,
      ]);
    const pools = intake.pools.filter((pool) => isPossible(pool, supplyUsd));
    const byCoin = new Map<string, Pool[]>();
    for (const pool of pools)
      for (const coinId of pool.coinIds) byCoin.set(coinId, [...(byCoin.get(coinId) ?? []), pool]);

    const reference = referenceOf(context);
    const past = readPast(context.state(LIQUIDITY_STATE));
    const last = context.published("dex-liquidity");
    const before = last?.data ?? {};
    const isNext = (everySec: number) => Math.floor((last?.asOf ?? 0) / everySec) < Math.floor(nowSec / everySec);
    const pace: Pace = isNext(DAY_SEC) ? "day" : isNext(HOUR_SEC) ? "hour" : "between";
    const pricesBefore = context.published("dex-prices")?.data.prices ?? {};
    const rows: DexLiquidity = {};
    const prices: Record<string, DexPrice> = {};
    for (const coinId of [...byCoin.keys()].sort()) {
      const own = byCoin.get(coinId) ?? [];
      const seen = dexPrice(coinId, own);
      const price =
        seen && withDeviation(restingDexPrice(seen, pricesBefore[coinId]), reference(registry.coinById.get(coinId)));
      if (price) prices[coinId] = price;
      const row = coinLiquidity(own, {
        coinId,
        circulatingUsd: supplyUsd.get(coinId) ?? null,
        price,
        past: past[coinId] ?? [],
        today,
        coinOf: (id) => registry.coinById.get(id),
      });
      rows[coinId] = restingLiquidity(row, before[coinId], pace);
    }
    const all = coinLiquidity(pools, {
      coinId: null,
      circulatingUsd: null,
      price: null,
      past: past[GLOBAL_ROW] ?? [],
      today,
      coinOf: (id) => registry.coinById.get(id),
    });
    rows[GLOBAL_ROW] = restingLiquidity(all, before[GLOBAL_ROW], pace);
    const { state, added } = withToday(past, rows, today);
    const snapshot = <Data>(data: Data) => ({ asOf: nowSec, sources: intake.sources, data });
    return {
      status: intake.failures.length > 0 ? "degraded" : "ok",
      reasons: intake.failures,
      snapshots: { "dex-prices": snapshot({ prices }), "dex-liquidity": snapshot(rows) },
      history: added.length > 0 ? [{ dataset: LIQUIDITY_DAYS, rows: added }] : [],
      state: {
        ...(added.length > 0 ? { [LIQUIDITY_STATE]: state } : {}),
        ...(intake.empty === null ? {} : { [EMPTY_STATE]: intake.empty }),
      },
      counts: { pools: pools.length, coins: byCoin.size, priced: Object.keys(prices).length },
    };
  },
};
