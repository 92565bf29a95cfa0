/**
 * Price services that nobody gets without a key, each in its own wire format: they answer only where a test names them, since the demo
 * shows what a keyless fork sees.
 */
import { NETWORK_NAMES, type NetworkNames } from "../../sources/network-names.ts";
import type { SimCoin } from "../coin.ts";
import { coinAt, coinOfMint, poolLiquidityUsd } from "../token-index.ts";
import { isoSecond, ok, round2, type SimUpstream } from "../upstream.ts";
import type { World } from "../world.ts";

function coinOn(world: World, service: keyof NetworkNames, network: string, address: string): SimCoin | undefined {
  const chain = [...NETWORK_NAMES].find(([, names]) => names[service] === network)?.[0];
  return chain === undefined ? undefined : coinAt(world, chain, address);
}

const alchemyPrices: SimUpstream = {
  id: "alchemy-prices",
  answer({ path, body }, world, nowSec) {
    if (!/^\/prices\/v1\/[^/]*\/tokens\/by-address$/.test(path)) return null;
    const { addresses = [] } = (body ?? {}) as { addresses?: { network: string; address: string }[] };
    return ok({
      data: addresses.map(({ network, address }) => {
        const coin = coinOn(world, "alchemy", network, address);
        const price = coin ? world.venuePriceUsd(this.id, coin.id, nowSec) : null;
        if (!coin || price === null) return { network, address, prices: [], error: { message: "Token not found" } };
        const lastUpdatedAt = isoSecond(world.venueUpdatedAt(this.id, coin.id, nowSec));
        return { network, address, prices: [{ currency: "usd", value: String(price), lastUpdatedAt }], error: null };
      }),
    });
  },
};

const moralis: SimUpstream = {
  id: "moralis",
  answer({ path, query, body }, world, nowSec) {
    if (path !== "/api/v2.2/erc20/prices") return null;
    const { tokens = [] } = (body ?? {}) as { tokens?: { token_address: string }[] };
    return ok(
      tokens.flatMap(({ token_address: tokenAddress }) => {
        const coin = coinOn(world, "moralis", query.get("chain") ?? "eth", tokenAddress);
        const usdPrice = coin ? world.venuePriceUsd(this.id, coin.id, nowSec) : null;
        if (!coin || usdPrice === null) return [];
        const pairTotalLiquidityUsd = poolLiquidityUsd(world, coin.id, nowSec).toFixed(2);
        return [{ tokenAddress, tokenSymbol: coin.symbol, usdPrice, pairTotalLiquidityUsd, possibleSpam: false }];
      }),
    );
  },
};

const birdeye: SimUpstream = {
  id: "birdeye",
  answer({ path, query }, world, nowSec) {
    if (path !== "/defi/price") return null;
    const coin = coinOfMint(world, query.get("address") ?? "");
    const value = coin ? world.venuePriceUsd(this.id, coin.id, nowSec) : null;
    if (!coin || value === null) return ok({ success: true, data: null });
    const updateUnixTime = world.venueUpdatedAt(this.id, coin.id, nowSec);
    return ok({
      success: true,
      data: { value, updateUnixTime, liquidity: round2(poolLiquidityUsd(world, coin.id, nowSec)) },
    });
  },
};

const coinmarketcap: SimUpstream = {
  id: "coinmarketcap",
  answer({ path }, world, nowSec) {
    if (path !== "/v1/cryptocurrency/category") return null;
    const coins = world.coinsBySize.flatMap((coin) => {
      const price = world.venuePriceUsd(this.id, coin.id, nowSec);
      if (price === null) return [];
      const last_updated = isoSecond(world.venueUpdatedAt(this.id, coin.id, nowSec));
      return [{ name: coin.name, symbol: coin.symbol, slug: coin.id, quote: { USD: { price, last_updated } } }];
    });
    const page = coins.slice(0, 300);
    return ok({ status: { error_code: 0, error_message: null }, data: { num_tokens: page.length, coins: page } });
  },
};

export const KEYED_UPSTREAMS: readonly SimUpstream[] = [alchemyPrices, birdeye, coinmarketcap, moralis];
