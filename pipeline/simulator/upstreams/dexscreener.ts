/** api.dexscreener.com: pairs of up to 30 tokens of a chain, prices as text, liquidity in dollars and in tokens. */
import { simChain } from "../chains.ts";
import { poolAt, poolsOf, type SimPool } from "../pools.ts";
import { ok, round2, type SimUpstream } from "../upstream.ts";
import type { World } from "../world.ts";

/** DexScreener's names where they are not the usual ones. */
const NAMES: Record<string, string> = { "eip155:56": "bsc" };

const indexes = new WeakMap<World, Map<string, SimPool[]>>();

function byToken(world: World): Map<string, SimPool[]> {
  const known = indexes.get(world);
  if (known) return known;
  const index = new Map<string, SimPool[]>();
  for (const pool of poolsOf(world)) {
    const chain = NAMES[pool.chain] ?? simChain(pool.chain).slug;
    for (const address of [pool.coinAddress]) {
      const key = `${chain}/${address.toLowerCase()}`;
      index.set(key, [...(index.get(key) ?? []), pool]);
    }
  }
  indexes.set(world, index);
  return index;
}

export const dexscreener: SimUpstream = {
  id: "dexscreener",
  answer({ path }, world, nowSec) {
    const match = /^\/tokens\/v1\/([a-z-]+)\/(.+)$/.exec(path);
    if (!match) return null;
    const [, chainId, addresses] = match;
    const pools = (addresses ?? "")
      .split(",")
      .flatMap((a) => byToken(world).get(`${chainId}/${a.toLowerCase()}`) ?? []);
    return ok(
      [...new Set(pools)].flatMap((pool) => {
        const state = poolAt(world, pool, nowSec);
        if (!state) return [];
        const { tvlUsd, coinShare, coinPriceUsd, otherPriceUsd, volumeUsd1d } = state;
        return [
          {
            chainId,
            dexId: pool.dexId,
            pairAddress: pool.address,
            labels: pool.labels,
            baseToken: { address: pool.coinAddress, name: pool.coin.name, symbol: pool.coin.symbol },
            quoteToken: { address: pool.otherAddress, name: pool.otherSymbol, symbol: pool.otherSymbol },
            priceNative: (coinPriceUsd / otherPriceUsd).toPrecision(8),
            priceUsd: coinPriceUsd.toPrecision(7),
            volume: { h24: round2(volumeUsd1d) },
            liquidity: {
              usd: round2(tvlUsd),
              base: round2((tvlUsd * coinShare) / coinPriceUsd),
              quote: round2((tvlUsd * (1 - coinShare)) / otherPriceUsd),
            },
            pairCreatedAt: pool.bornSec * 1000,
          },
        ];
      }),
    );
  },
};
