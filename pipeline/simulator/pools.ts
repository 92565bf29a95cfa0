/**
 * DEX pools of the simulated world: which coin trades where, how deep, how even, and at what price.
 *
 * A pool follows its coin: when the coin leaves its peg, depth goes and the coin piles up in the pool. Prices are the truth
 * with the venue's own noise, so that pools confirm a real depeg and never make one.
 */
import { chainsOf, isToken, type SimCoin } from "./coin.ts";
import { keyOf, noise, restedAt, subKey, unit } from "./noise.ts";
import type { World } from "./world.ts";

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
const MIN_COIN_USD = 2_000_000;
const MAX_POOL_USD = 250e6;
const SOLANA = "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp";
const WETH: Record<string, string> = {
  "eip155:1": "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
  "eip155:8453": "0x4200000000000000000000000000000000000006",
  "eip155:42161": "0x82af49447d8a07e3bd95bd0d56f35241523fbab1",
};

export interface SimPool {
  key: number;
  uuid: string;
  address: string;
  /** DefiLlama's project. */
  project: string;
  dexId: string;
  labels: string[];
  chain: string;
  coin: SimCoin;
  coinAddress: string;
  /** The other side: a coin, or WETH. */
  other: SimCoin | null;
  otherAddress: string;
  otherSymbol: string;
  meta: string | null;
  amplification: number | null;
  /** Of the coin's market size. */
  share: number;
  bornSec: number;
}

export interface PoolState {
  tvlUsd: number;
  volumeUsd1d: number;
  /** Part of the value that is the coin. */
  coinShare: number;
  coinPriceUsd: number;
  otherPriceUsd: number;
}

interface Venue {
  project: string;
  dexId: string;
  labels: string[];
  chain: string;
  meta: string | null;
  amplification: number | null;
  against: "dollar" | "weth";
  /** How much of the coin's size a pool of this venue may hold at most. */
  reach: number;
}

const CURVE = {
  project: "curve-dex",
  dexId: "curve",
  labels: [],
  meta: null,
  // The median of Ethereum's two-coin pools above 100,000 USD, as Curve's API gave them on 2025-05-17.
  amplification: 500,
  against: "dollar",
} as const;

const VENUES: readonly Venue[] = [
  { ...CURVE, labels: [], chain: "eip155:8453", reach: 0.004 },
  { ...CURVE, labels: [], chain: "eip155:42161", reach: 0.004 },
  { ...CURVE, labels: [], chain: "eip155:1", reach: 0.06 },
  {
    project: "uniswap-v3",
    dexId: "uniswap",
    labels: ["v3"],
    chain: "eip155:1",
    meta: "0.01%",
    amplification: null,
    against: "dollar",
    reach: 0.03,
  },
  {
    project: "uniswap-v3",
    dexId: "uniswap",
    labels: ["v3"],
    chain: "eip155:1",
    meta: "0.3%",
    amplification: null,
    against: "weth",
    reach: 0.01,
  },
  {
    project: "aerodrome-slipstream",
    dexId: "aerodrome",
    labels: ["slipstream"],
    chain: "eip155:8453",
    meta: "0.01%",
    amplification: null,
    against: "dollar",
    reach: 0.03,
  },
  {
    project: "uniswap-v3",
    dexId: "uniswap",
    labels: ["v3"],
    chain: "eip155:42161",
    meta: "0.05%",
    amplification: null,
    against: "dollar",
    reach: 0.02,
  },
  {
    project: "pancakeswap-amm-v3",
    dexId: "pancakeswap",
    labels: ["v3"],
    chain: "eip155:56",
    meta: "0.01%",
    amplification: null,
    against: "dollar",
    reach: 0.03,
  },
  {
    project: "raydium-clmm",
    dexId: "raydium",
    labels: ["CLMM"],
    chain: SOLANA,
    meta: null,
    amplification: null,
    against: "dollar",
    reach: 0.03,
  },
];

function addressOn(coin: SimCoin, chain: string): string | null {
  return coin.deployments.find((deployment) => deployment.chain === chain && isToken(deployment))?.address ?? null;
}

/** The largest dollar coin on the chain that is not the coin itself. */
function dollarBeside(world: World, coin: SimCoin, chain: string): SimCoin | null {
  return (
    world.coinsBySize.find(
      (other) =>
        other.id !== coin.id &&
        other.peg.currency === "USD" &&
        !other.navToken &&
        other.status.state === "active" &&
        addressOn(other, chain) !== null,
    ) ?? null
  );
}

function hex(key: number, length: number): string {
  let text = "";
  for (let word = 0; text.length < length; word++) text += subKey(key, word).toString(16).padStart(8, "0");
  return text.slice(0, length);
}

function marketUsd(world: World, coin: SimCoin, atSec: number): number {
  return world.circulatingUnits(coin.id, atSec) * (world.truePriceUsd(coin.id, atSec) ?? 0);
}

const built = new WeakMap<World, SimPool[]>();

export function poolsOf(world: World): readonly SimPool[] {
  const known = built.get(world);
  if (known) return known;
  const pools: SimPool[] = [];
  for (const coin of world.coinsBySize) {
    if (coin.status.state !== "active" || marketUsd(world, coin, world.epochSec) < MIN_COIN_USD) continue;
    const chains = new Set(chainsOf(coin));
    for (const [place, venue] of VENUES.entries()) {
      const key = keyOf(`${world.seed}/pool/${coin.id}/${place}`);
      const coinAddress = addressOn(coin, venue.chain);
      if (!chains.has(venue.chain) || coinAddress === null || unit(key, 1) < 0.35) continue;
      const other = venue.against === "dollar" ? dollarBeside(world, coin, venue.chain) : null;
      const otherAddress = other ? addressOn(other, venue.chain) : (WETH[venue.chain] ?? null);
      // A curve pool of a coin with another currency would be a crypto pool: left to the other venues.
      if (otherAddress === null || (venue.amplification !== null && coin.peg.currency !== "USD")) continue;
      const isSolana = venue.chain === SOLANA;
      pools.push({
        key,
        uuid: hex(key, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
        address: isSolana ? `Sim${hex(key, 40)}` : `0x${hex(key, 40)}`,
        project: venue.project,
        dexId: venue.dexId,
        labels: venue.labels,
        chain: venue.chain,
        coin,
        coinAddress,
        other,
        otherAddress,
        otherSymbol: other?.symbol ?? "WETH",
        meta: venue.meta,
        amplification: venue.amplification,
        share: venue.reach * (0.1 + 0.9 * unit(key, 2)),
        bornSec: world.epochSec - Math.floor((30 + 900 * unit(key, 3)) * DAY_SEC),
      });
    }
  }
  built.set(world, pools);
  return pools;
}

/** Nobody trades a Curve pool back to the market while its price is within a fee of it. */
const CURVE_FEE_SHARE = 4 / 10_000;

/** What a Curve pool says of the coin in terms of the other: the market's word of some hours ago, unless that left the fee behind. */
function restedRatio(world: World, coin: SimCoin, other: SimCoin, timeSec: number, restedSec: number): number | null {
  const ratioAt = (sec: number) => {
    const [a, b] = [world.truePriceUsd(coin.id, sec), world.truePriceUsd(other.id, sec)];
    return a === null || b === null ? null : a / b;
  };
  const [now, before] = [ratioAt(timeSec), ratioAt(restedSec)];
  return now !== null && before !== null && Math.abs(now / before - 1) < CURVE_FEE_SHARE ? before : now;
}

/** Null while the coin has no market. */
export function poolAt(world: World, pool: SimPool, timeSec: number): PoolState | null {
  const { coin, other, key } = pool;
  const coinPriceUsd = world.venuePriceUsd(`dex:${pool.project}:${pool.chain}`, coin.id, timeSec);
  const otherPriceUsd = other ? world.truePriceUsd(other.id, timeSec) : 3_000;
  if (coinPriceUsd === null || otherPriceUsd === null) return null;
  const par = world.pegReferenceUsd(coin.peg.currency, timeSec) ?? coinPriceUsd;
  const ounces = coin.commodityOunces ?? 1;
  const away = coin.navToken ? 0 : coinPriceUsd / (par * ounces) - 1;
  const at = restedAt(key, timeSec, 6 * HOUR_SEC);
  const depth = 1 + 0.15 * noise(subKey(key, 4), at, 40 * DAY_SEC) + 0.05 * noise(subKey(key, 5), at, 3 * DAY_SEC);
  const left = Math.max(0.3, 1 - 6 * Math.abs(away));
  const tvlUsd = Math.min(MAX_POOL_USD, pool.share * marketUsd(world, coin, world.epochSec)) * depth * left;
  const tilt = 0.08 * noise(subKey(key, 6), at, 10 * DAY_SEC) - Math.max(-0.4, Math.min(0.4, 15 * away));
  const ratio = other && pool.amplification !== null ? restedRatio(world, coin, other, timeSec, at) : null;
  const turnover = (0.05 + 0.5 * unit(key, 7) ** 2) * (1 + 0.3 * noise(subKey(key, 8), at, 2 * DAY_SEC));
  return {
    tvlUsd,
    volumeUsd1d: tvlUsd * turnover * (1 + 20 * Math.abs(away)),
    coinShare:
      pool.amplification === null || ratio === null
        ? Math.min(0.97, Math.max(0.03, 0.5 + tilt / 2))
        : curveShare(ratio, pool.amplification),
    coinPriceUsd,
    otherPriceUsd,
  };
}

/** Marginal price of the coin in a two-coin stable pool that holds `share` of it; D by bisection. */
function curvePrice(share: number, coefficient: number): number {
  const [x, y] = [share, 1 - share];
  const ann = 2 * coefficient;
  const excess = (d: number) => ann * (x + y) + d - ann * d - d ** 3 / (4 * x * y);
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  const p = low ** 3 / (4 * x * y);
  return (ann + p / x) / (ann + p / y);
}

const SHARES = Array.from({ length: 399 }, (_, i) => (i + 1) / 400);
const tables = new Map<number, number[]>();

/** The share of the coin at which the pool trades at `price`, from a table with straight lines between its points. */
function curveShare(price: number, coefficient: number): number {
  let table = tables.get(coefficient);
  if (!table) {
    table = SHARES.map((share) => curvePrice(share, coefficient));
    tables.set(coefficient, table);
  }
  const above = table.findIndex((value) => value <= price);
  if (above === -1) return SHARES.at(-1) ?? 0.99;
  if (above === 0) return SHARES[0] ?? 0.01;
  const [from, to] = [table[above - 1] ?? price, table[above] ?? price];
  const [a, b] = [SHARES[above - 1] ?? 0.5, SHARES[above] ?? 0.5];
  return from === to ? a : a + ((from - price) / (from - to)) * (b - a);
}
