/**
 * What one exchange trades a coin at, from CoinGecko's tickers, where the coin file names the market. Pricing methodology, 5.2.
 *
 * The busiest fresh market in the wanted currency speaks; a market that states a time is dated by it.
 */
import type { LaneContext } from "../lane.ts";
import { PRICE_SOURCES } from "../price-sources.ts";
import type { Coin } from "../schema/coin.ts";
import { coingeckoTickers } from "../sources/coingecko-tickers.ts";
import { feedOf } from "../sources/venue.ts";
import { bestTicker } from "./best-ticker.ts";
import type { CollectedQuotes } from "./collect-quotes.ts";
import { failure } from "./passes/pass.ts";

const SOURCE = "cg-ticker";
/** Targets that are USD as they stand; a ticker in another currency takes no part. */
const DOLLAR = "USD";

export async function collectTickers(context: LaneContext, coins: readonly Coin[]): Promise<CollectedQuotes> {
  const result: CollectedQuotes = { byCoin: new Map(), sources: [], failures: [] };
  let newest: number | null = null;
  let isUsed = false;
  for (const coin of coins) {
    const feed = feedOf(coin, "coingecko-ticker");
    if (feed === null || feed.target.toUpperCase() !== DOLLAR) continue;
    const answer = await context.collect(coingeckoTickers, { coin: feed.coingeckoId, exchanges: [feed.exchange] });
    if (!answer.ok) {
      result.failures.push(...failure(SOURCE, answer));
      continue;
    }
    isUsed = true;
    const best = bestTicker(answer.value.tickers, feed.target, feed.exchange);
    if (best === null) continue;
    const { last: price, observedAt } = best;
    newest = observedAt === null ? newest : Math.max(newest ?? 0, observedAt);
    result.byCoin.set(coin.id, [
      {
        source: SOURCE,
        price,
        weight: PRICE_SOURCES[SOURCE]?.weight ?? 0,
        observedAt: observedAt ?? context.nowSec,
        observedAtMode: observedAt === null ? "local_fetch" : "upstream",
      },
    ]);
  }
  if (isUsed) result.sources.push({ id: coingeckoTickers.id, observedAt: newest });
  return result;
}
