/**
 * DefiLlama's stablecoin API: the whole list with USD amounts, the daily chart of everything or of one coin, and details.
 *
 * As on the real wire: list amounts are USD at the CURRENT price (see defillama-list.ts), chart dates are text, and the
 * detail of a coin is in native units.
 */
import type { SimCoin } from "../coin.ts";
import { ok, type SimUpstream } from "../upstream.ts";
import type { World } from "../world.ts";
import { chartText, historyOf } from "./defillama-chart.ts";
import { LLAMA_ID, listedCoins, listText } from "./defillama-list.ts";

function detail(world: World, coin: SimCoin, nowSec: number): object {
  return {
    id: coin.ids.defillama,
    name: coin.name,
    address: coin.deployments[0]?.address ?? null,
    symbol: coin.symbol,
    gecko_id: coin.ids.coingecko ?? null,
    pegType: coin.peg.type,
    pegMechanism: coin.mechanism,
    price: world.venuePriceUsd(LLAMA_ID, coin.id, nowSec),
    tokens: historyOf(world, coin, nowSec),
  };
}

export const defillama: SimUpstream = {
  id: LLAMA_ID,
  answer({ path, query }, world, nowSec) {
    if (path === "/stablecoins") return ok(listText(world, nowSec));
    if (path === "/stablecoincharts/all") return ok(chartText(world, query.get("stablecoin"), nowSec));
    const coin = listedCoins(world).find(({ ids }) => path === `/stablecoin/${ids.defillama}`);
    return coin ? ok(detail(world, coin, nowSec)) : null;
  },
};
