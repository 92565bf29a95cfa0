/**
 * A price venue: a source of quotes, told which coins to ask for and under which key of the method its answers count.
 *
 * The same file that reads the upstream exports the venue, so that a new venue is one file and one line in venues.ts.
 */
import type { Coin } from "../schema/coin.ts";
import type { PriceFeed } from "../schema/price-feed.ts";
import type { QuoteRequest, Quotes } from "./quotes.ts";
import type { Source } from "./source.ts";

export interface PriceVenue {
  /** Key in the method's table of price sources, e.g. "kraken". */
  key: string;
  source: Source<QuoteRequest, Quotes>;
  /** The upstream's own key for a coin, or null when this venue does not quote it. */
  keyOf(coin: Coin): string | null;
  /** Its answers carry no time and the method takes the time of asking, although it wants one of this source. */
  countsFetchTime?: true;
}

/** The coin's first feed of a kind, or null; a feed in doubt is not used. */
export function feedOf<Kind extends PriceFeed["kind"]>(
  coin: Coin,
  kind: Kind,
): Extract<PriceFeed, { kind: Kind }> | null {
  const feed = coin.priceFeeds.find((candidate) => candidate.kind === kind && candidate.doubt === null);
  return (feed as Extract<PriceFeed, { kind: Kind }> | undefined) ?? null;
}
