/** api.geckoterminal.com: the pools of one token, figures as text, ids as `<network>_<address>`. */
import { NETWORK_NAMES } from "../../sources/network-names.ts";
import { coinAt, poolLiquidityUsd } from "../token-index.ts";
import { isoSecond, ok, type SimUpstream } from "../upstream.ts";

const ID = "geckoterminal";
const CHAIN_OF = new Map([...NETWORK_NAMES].map(([chain, names]) => [names.geckoterminal, chain]));
/** Exchanges with a pool of every token, and the share of its liquidity they hold. */
const EXCHANGES = [
  ["uniswap_v3", 0.6],
  ["curve", 0.4],
] as const;
const OTHER_TOKEN = "0x00000000000000000000000000000000000000aa";

export const geckoterminal: SimUpstream = {
  id: ID,
  answer({ path }, world, nowSec) {
    const match = /^\/api\/v2\/networks\/([^/]+)\/tokens\/([^/]+)\/pools$/.exec(path);
    if (!match) return null;
    const [, network = "", address = ""] = match;
    const chain = CHAIN_OF.get(network);
    const coin = chain === undefined ? undefined : coinAt(world, chain, address);
    const price = coin ? world.venuePriceUsd(ID, coin.id, nowSec) : null;
    if (!coin || price === null)
      return { status: 404, body: { errors: [{ status: "404", title: "Could not find the specified token" }] } };
    const side = (token: string) => ({ data: { id: `${network}_${token}`, type: "token" } });
    return ok({
      data: EXCHANGES.map(([dex, share], index) => ({
        id: `${network}_${address}${index}`,
        type: "pool",
        attributes: {
          address: `${address}${index}`,
          name: `${coin.symbol} / OTHER`,
          base_token_price_usd: price.toPrecision(12),
          quote_token_price_usd: "1.0",
          pool_created_at: isoSecond(nowSec - 400 * 86_400 - index),
          volume_usd: { h24: (0.1 * share * poolLiquidityUsd(world, coin.id, nowSec)).toFixed(4) },
          reserve_in_usd: (share * poolLiquidityUsd(world, coin.id, nowSec)).toFixed(4),
        },
        relationships: {
          base_token: side(address),
          quote_token: side(OTHER_TOKEN),
          dex: { data: { id: dex, type: "dex" } },
        },
      })),
    });
  },
};
