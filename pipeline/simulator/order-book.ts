/**
 * Books of the simulated exchanges: which coin a ticker means, and bid, ask and last around what the venue sees.
 *
 * Tickers collide, so a symbol means the largest coin of that name, as it does at an exchange.
 */
import type { SimCoin } from "./coin.ts";
import { keyOf, unit } from "./noise.ts";
import type { World } from "./world.ts";

const BPS = 1 / 10_000;
const HALF_SPREAD_BPS = 0.5;

export interface Book {
  bid: number;
  ask: number;
  last: number;
  volume: number;
}

const bySymbol = new WeakMap<World, Map<string, SimCoin>>();

function coinOf(world: World, symbol: string): SimCoin | undefined {
  let index = bySymbol.get(world);
  if (!index) {
    index = new Map();
    for (const coin of world.coinsBySize) {
      const key = coin.symbol.toUpperCase();
      if (!index.has(key)) index.set(key, coin);
    }
    bySymbol.set(world, index);
  }
  return index.get(symbol.toUpperCase());
}

/** The USD book of a symbol at a venue, or null where the world has no such coin. */
export function usdBook(world: World, venue: string, symbol: string, nowSec: number): Book | null {
  const coin = coinOf(world, symbol);
  const mid = coin ? world.venuePriceUsd(venue, coin.id, nowSec) : null;
  if (!coin || mid === null) return null;
  const key = keyOf(`${world.seed}/${venue}/book/${coin.id}`);
  const minute = Math.floor(nowSec / 60);
  return {
    bid: mid * (1 - HALF_SPREAD_BPS * BPS),
    ask: mid * (1 + HALF_SPREAD_BPS * BPS),
    last: mid * (1 + (unit(key, minute) - 0.5) * 2 * HALF_SPREAD_BPS * BPS),
    volume: world.circulatingUnits(coin.id, nowSec) * 0.0004 * (0.5 + unit(key, minute + 1)),
  };
}
