/**
 * DEX liquidity and DEX prices as they lie in git: what a row says of prices is what the prices beside it say, what it says of all its
 * pools follows from them where all are listed, and what a pool is, which never changes, lies apart from how large it is. Most coins have one venue, which says all there is of their price.
 */
import { roundDepth } from "../rounding.ts";
import type { DexLiquidity, DexPool, DexPrice, DexPrices } from "../schema/liquidity.ts";
import { eachValue, packRow, unpackRow } from "./pack-defaults.ts";
import { splitSlow } from "./pack-slow.ts";
import type { Row } from "./pack-times.ts";
import type { Companions } from "./packing.ts";

type Identity = Pick<DexPool, "pool" | "project" | "chain" | "symbol" | "poolType" | "pairQuality" | "source">;
/** A pool's figures, and its place in its coin's list of identities. */
type Sized = Omit<DexPool, keyof Identity> & { at: number };

/** What a row says of days before: it moves once a day. */
const DAY_FIELDS = ["score7dAgo", "tvlChange24h", "tvlChange7d"];

interface Packed {
  coins: Record<string, Row>;
  /** By coin id. */
  days: Record<string, Row>;
  /** By coin id, by chain and pool. */
  pools: Record<string, Identity[]>;
}

/** A row's price fields out of the coin's DEX price. */
function priceFields(price: DexPrice | undefined): Row {
  return {
    dexPriceUsd: price?.priceUsd ?? null,
    dexDeviationBps: price?.deviationBps ?? null,
    priceSourceCount: price?.protocols.length ?? 0,
    priceSourceTvl: price?.totalTvlUsd ?? 0,
    priceSources: price?.protocols ?? [],
  };
}

function split({ pool, project, chain, symbol, poolType, pairQuality, source, ...figures }: DexPool) {
  return { identity: { pool, project, chain, symbol, poolType, pairQuality, source }, figures };
}

const keyOf = ({ chain, pool, project }: Identity) => `${chain}/${pool}/${project}`;

function splitPools(topPools: readonly DexPool[]): { identities: Identity[]; sized: Sized[] } {
  const parts = topPools.map(split);
  const identities = parts.map(({ identity }) => identity).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    identities,
    sized: parts.map(({ identity, figures }) => ({ ...figures, at: identities.indexOf(identity) })),
  };
}

function depthOf(pools: readonly DexPool[]): number {
  return roundDepth(pools.reduce((sum, { tvlUsd }) => sum + tvlUsd, 0));
}

function depthBy(pools: readonly DexPool[], key: "chain" | "project" | "source"): [string, DexPool[]][] {
  return [...Map.groupBy(pools, (pool) => pool[key])];
}

/** Totals of a row that follow from its pools, where it has no more than it lists. */
function totals({ topPools, poolCount }: Row): Row {
  const pools = topPools as DexPool[];
  if (pools.length !== poolCount) return {};
  const depth = depthOf(pools);
  const sums = (groups: [string, DexPool[]][]) => Object.fromEntries(groups.map(([key, own]) => [key, depthOf(own)]));
  const measured = pools.filter(({ balanceRatio }) => balanceRatio !== null);
  return {
    totalTvlUsd: depth,
    organicMeasuredTvlUsd: depth,
    balanceMeasuredTvlUsd: depthOf(measured),
    chainTvl: sums(depthBy(pools, "chain")),
    protocolTvl: sums(depthBy(pools, "project")),
    sourceMix: Object.fromEntries(
      depthBy(pools, "source").map(([source, own]) => [source, { poolCount: own.length, tvlUsd: depthOf(own) }]),
    ),
    chainCount: depthBy(pools, "chain").length,
  };
}

export function packLiquidity(data: DexLiquidity, _generatedAt: number, beside: Companions): Packed {
  const prices = beside["dex-prices"]?.prices ?? {};
  const packed: Packed = { coins: {}, days: {}, pools: {} };
  for (const [coinId, row] of Object.entries(data)) {
    const { identities, sized } = splitPools(row.topPools);
    packed.pools[coinId] = identities;
    const derived = { ...priceFields(prices[coinId]), ...totals({ ...row }) };
    const whole = packRow({ ...row, topPools: sized }, () => derived);
    const { fast, slow } = splitSlow(whole, { keys: DAY_FIELDS });
    packed.days[coinId] = slow;
    packed.coins[coinId] = fast;
  }
  return packed;
}

export function unpackLiquidity(packed: Packed, _generatedAt: number, beside: Companions): Record<string, Row> {
  const prices = beside["dex-prices"]?.prices ?? {};
  return Object.fromEntries(
    Object.entries(packed.coins).map(([coinId, row]) => {
      const topPools = (row.topPools as Sized[]).map(({ at, ...figures }) => ({
        ...packed.pools[coinId]?.[at],
        ...figures,
      }));
      const derived = { ...priceFields(prices[coinId]), ...totals({ ...row, topPools }) };
      return [coinId, { ...derived, ...row, ...packed.days[coinId], topPools }];
    }),
  );
}

/** What a price is when its venues are all there is to it; the deviation is that of a dollar coin, by the price given or the one that follows. */
function venueFields({ protocols, priceUsd }: Row): Row {
  const venues = protocols as DexPrice["protocols"];
  const [only, ...more] = venues;
  const price = (priceUsd as number | undefined) ?? only?.priceUsd;
  return {
    pools: venues,
    poolCount: venues.length,
    deviationBps: price === undefined ? null : Math.round((price - 1) * 10_000),
    ...(only && more.length === 0 ? { priceUsd: only.priceUsd, totalTvlUsd: only.tvlUsd } : {}),
  };
}

export function packDexPrices({ prices }: DexPrices): Row {
  return { prices: eachValue(prices as unknown as Record<string, Row>, (row) => packRow(row, venueFields)) };
}

export function unpackDexPrices({ prices }: { prices: Record<string, Row> }): Row {
  return { prices: eachValue(prices, (row) => unpackRow(row, venueFields)) };
}
