/**
 * A price venue: a source of quotes, told which coins to ask for and under which key of the method its answers count.
 *
 * The same file that reads the upstream exports the venue, so that a new venue is one file and one line in venues.ts.
 */
import type { Coin } from "../schema/coin.ts";
import type { QuoteRequest, Quotes } from "./quotes.ts";
import type { Source } from "./source.ts";

export interface PriceVenue {
  /** Key in the method's table of price sources, e.g. "kraken". */
  key: string;
  source: Source<QuoteRequest, Quotes>;
  /** The upstream's own key for a coin, or null when this venue does not quote it. */
  keyOf(coin: Coin): string | null;
}
