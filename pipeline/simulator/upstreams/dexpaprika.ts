/** api.dexpaprika.com: one token of one network a request; a token it does not know is a 404 with an error text. */
import { NETWORK_NAMES } from "../../sources/network-names.ts";
import { coinAt, poolLiquidityUsd } from "../token-index.ts";
import { isoSecond, ok, round2, type SimUpstream } from "../upstream.ts";

const ID = "dexpaprika";
const CHAIN_OF = new Map([...NETWORK_NAMES].map(([chain, names]) => [names.dexpaprika, chain]));
const DIGITS = 10;

export const dexpaprika: SimUpstream = {
  id: ID,
  answer({ path }, world, nowSec) {
    const [, network = "", address = ""] = /^\/networks\/([^/]+)\/tokens\/([^/]+)$/.exec(path) ?? [];
    const chain = CHAIN_OF.get(network);
    if (chain === undefined) return null;
    const coin = coinAt(world, chain, address);
    const price = coin ? world.venuePriceUsd(ID, coin.id, nowSec) : null;
    if (!coin || price === null) return { status: 404, body: { error: "token not found" } };
    const liquidityUsd = poolLiquidityUsd(world, coin.id, nowSec);
    return ok({
      id: address,
      name: coin.name,
      symbol: coin.symbol,
      chain: network,
      decimals: 18,
      summary: {
        price_usd: Number(price.toPrecision(DIGITS)),
        liquidity_usd: round2(liquidityUsd),
        pools: 3,
        "24h": { volume_usd: round2(liquidityUsd / 5) },
      },
      last_updated: isoSecond(world.venueUpdatedAt(ID, coin.id, nowSec)),
    });
  },
};
