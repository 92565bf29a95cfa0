/** api.jup.ag, price version 3: mints it routes, with liquidity and slot; others are absent. */
import { coinOfMint, poolLiquidityUsd } from "../token-index.ts";
import { listOf, ok, round2, type SimUpstream } from "../upstream.ts";
import { slotAt } from "./solana-rpc.ts";

const ID = "jupiter";
const SLOTS_AGO = 12;

export const jupiter: SimUpstream = {
  id: ID,
  answer({ path, query }, world, nowSec) {
    if (path !== "/price/v3") return null;
    const answer: Record<string, object> = {};
    for (const mint of listOf(query, "ids")) {
      const coin = coinOfMint(world, mint);
      const price = coin ? world.venuePriceUsd(ID, coin.id, nowSec) : null;
      if (!coin || price === null) continue;
      answer[mint] = {
        usdPrice: Number(price.toPrecision(12)),
        blockId: slotAt(nowSec) - SLOTS_AGO,
        decimals: 6,
        priceChange24h: 0.01,
        liquidity: round2(poolLiquidityUsd(world, coin.id, nowSec)),
      };
    }
    return ok(answer);
  },
};
