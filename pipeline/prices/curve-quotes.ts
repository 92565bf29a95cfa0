/**
 * Quotes from Curve pools and crvUSD's own oracle, read on chain in one block. Pricing methodology, 5.7 and 5.8.
 *
 * A pool prices a coin in its reference coin. A direct route takes the reference for a dollar; a hop multiplies by what another
 * pool of the same read says of its coin. A hop over more than one pool must be declared in the coin file; a missing price, a
 * cycle or an undeclared chain leave the coin without a quote.
 */
import type { LaneContext } from "../lane.ts";
import { PRICE_SOURCES } from "../price-sources.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason, SourceUse } from "../schema/envelope.ts";
import type { PriceFeed } from "../schema/price-feed.ts";
import { curveGetDy } from "../sources/curve-onchain.ts";
import { curveOraclePrice } from "../sources/curve-oracle.ts";
import { feedOf } from "../sources/venue.ts";
import type { CollectedQuotes, RawQuote } from "./collect-quotes.ts";
import { curveImpliedPrice } from "./curve-implied-price.ts";

export type CurvePoolFeed = Extract<PriceFeed, { kind: "curve-pool" }>;

export interface CurveReading {
  feed: Pick<CurvePoolFeed, "route" | "via" | "maxHopDepth" | "outputDecimals">;
  /** What `get_dy` gave, or null. */
  dy: string | null;
}

/** USD by coin id; coins whose route fails are absent. */
export function resolveCurveRoutes(readings: ReadonlyMap<string, CurveReading>): Map<string, number> {
  const known = new Map<string, { price: number; depth: number } | null>();
  const resolve = (coinId: string): { price: number; depth: number } | null => {
    const before = known.get(coinId);
    if (before !== undefined) return before;
    known.set(coinId, null); // a cycle finds nothing
    const reading = readings.get(coinId);
    if (!reading) return null;
    const { route, via, maxHopDepth, outputDecimals } = reading.feed;
    let viaPrice: number | null = 1;
    let depth = 0;
    if (route !== "direct") {
      const hop = via === null ? null : resolve(via);
      depth = (hop?.depth ?? 0) + 1;
      const mostHops = route === "chained" ? (maxHopDepth ?? 1) : 1;
      viaPrice = hop !== null && depth <= mostHops ? hop.price : null;
    }
    const price = curveImpliedPrice(reading.dy, outputDecimals, viaPrice);
    const found = price === null ? null : { price, depth };
    known.set(coinId, found);
    return found;
  };
  const prices = new Map<string, number>();
  for (const coinId of readings.keys()) {
    const found = resolve(coinId);
    if (found) prices.set(coinId, found.price);
  }
  return prices;
}

export async function collectCurve(context: LaneContext, coins: readonly Coin[]): Promise<CollectedQuotes> {
  const result: CollectedQuotes = { byCoin: new Map(), sources: [], failures: [] };
  const add = (coinId: string, source: string, price: number, observedAt: number) => {
    const weight = PRICE_SOURCES[source]?.weight ?? 0;
    const quote: RawQuote = { source, price, weight, observedAt, observedAtMode: "upstream" };
    result.byCoin.set(coinId, [...(result.byCoin.get(coinId) ?? []), quote]);
  };
  const use = (use: SourceUse, failure: Reason | null) =>
    failure ? result.failures.push(failure) : result.sources.push(use);

  const fed = coins.flatMap((coin) => {
    const feed = feedOf(coin, "curve-pool");
    return feed ? [{ coin, feed }] : [];
  });
  for (const chain of [...new Set(fed.map(({ feed }) => feed.chain))].sort()) {
    const here = fed.filter(({ feed }) => feed.chain === chain);
    const answer = await context.collect(curveGetDy, { chain, pools: here.map(({ feed }) => feed) });
    if (!answer.ok) {
      use({ id: curveGetDy.id, observedAt: null }, { code: `curve-onchain-${answer.reason}`, message: answer.detail });
      continue;
    }
    const { dy, blockTimestamp } = answer.value;
    const readings = new Map(here.map(({ coin, feed }, index) => [coin.id, { feed, dy: dy[index] ?? null }]));
    for (const [coinId, price] of resolveCurveRoutes(readings)) add(coinId, "curve-onchain", price, blockTimestamp);
    use({ id: curveGetDy.id, observedAt: blockTimestamp }, null);
  }

  for (const coin of coins) {
    const feed = feedOf(coin, "curve-oracle");
    if (!feed) continue;
    const answer = await context.collect(curveOraclePrice, feed);
    if (answer.ok)
      for (const { price, observedAt } of answer.value.quotes)
        add(coin.id, "curve-oracle", price, observedAt as number);
    use(
      { id: curveOraclePrice.id, observedAt: answer.ok ? (answer.value.quotes[0]?.observedAt ?? null) : null },
      answer.ok ? null : { code: `curve-oracle-${answer.reason}`, message: answer.detail },
    );
  }
  return result;
}
