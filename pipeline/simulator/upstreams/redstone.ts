/** RedStone's price API: symbols in exact case, a price per venue, milliseconds; unknown symbols are absent. */
import { keyOf, unit } from "../noise.ts";
import { listOf, ok, type SimUpstream, significant } from "../upstream.ts";

const ID = "redstone";
const VENUES = ["binance", "coinbase", "kraken", "uniswap"];
const VENUE_NOISE = 0.0004;
const DIGITS = 10;
const UPDATED_AGO_SEC = 9;

export const redstone: SimUpstream = {
  id: ID,
  answer({ path, query }, world, nowSec) {
    if (path !== "/prices") return null;
    const answer: Record<string, object> = {};
    for (const symbol of listOf(query, "symbols")) {
      const coin = world.coins.find((candidate) =>
        candidate.priceFeeds?.some((feed) => feed.kind === "redstone" && feed.symbol === symbol),
      );
      const price = coin ? world.venuePriceUsd(ID, coin.id, nowSec) : null;
      if (price === null) continue;
      const minute = Math.floor(nowSec / 60);
      const source = Object.fromEntries(
        VENUES.map((venue) => {
          const noise = (unit(keyOf(`${world.seed}/${ID}/${venue}/${symbol}`), minute) - 0.5) * VENUE_NOISE;
          return [venue, significant(price * (1 + noise), DIGITS)];
        }),
      );
      answer[symbol] = {
        symbol,
        provider: "redstone",
        value: significant(price, DIGITS),
        timestamp: (nowSec - UPDATED_AGO_SEC) * 1000,
        source,
      };
    }
    return ok(answer);
  },
};
