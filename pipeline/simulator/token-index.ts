/** Which coin a token address is, on each chain: how price services find what they are asked for. */
import { SOLANA } from "../sources/network-names.ts";
import { isToken, type SimCoin } from "./coin.ts";
import type { World } from "./world.ts";

const indexes = new WeakMap<World, Map<string, SimCoin>>();

function spelled(address: string): string {
  return /^0x/i.test(address) ? address.toLowerCase() : address;
}

export function coinAt(world: World, chain: string, address: string): SimCoin | undefined {
  let index = indexes.get(world);
  if (!index) {
    index = new Map();
    for (const coin of world.coins)
      for (const deployment of coin.deployments.filter(isToken))
        index.set(`${deployment.chain}/${spelled(deployment.address)}`, coin);
    indexes.set(world, index);
  }
  return index.get(`${chain}/${spelled(address)}`);
}

/** The coin of a Solana mint, by its deployment or by the feed that names the mint. */
export function coinOfMint(world: World, mint: string): SimCoin | undefined {
  return (
    coinAt(world, SOLANA, mint) ??
    world.coins.find((coin) => coin.priceFeeds?.some((feed) => feed.kind === "jupiter" && feed.mint === mint))
  );
}

/** Liquidity behind a coin's pools, so that small coins fall under the services' thresholds as they do in life. */
export function poolLiquidityUsd(world: World, coinId: string, timeSec: number): number {
  return 0.02 * world.circulatingUnits(coinId, timeSec) * (world.truePriceUsd(coinId, timeSec) ?? 0);
}
