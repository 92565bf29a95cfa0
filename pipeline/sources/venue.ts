/**
 * A price venue: a source of quotes, told which coins to ask for and under which key of the method its answers count.
 *
 * The same file that reads the upstream exports the venue, so that a new venue is one file and one line in venues.ts.
 */
import type { Coin } from "../schema/coin.ts";
import type { Quote, Source } from "./source.ts";

export interface PriceVenue<Request> {
  /** Key in the method's table of price sources, e.g. "kraken". */
  key: string;
  source: Source<Request, { quotes: Quote[] }>;
  /** The upstream's own key for a coin, or null when this venue does not quote it. */
  keyOf(coin: Coin): string | null;
  /** Requests that ask for all these keys, in batches the upstream accepts. */
  requests(keys: string[]): Request[];
  /** Answers carry a time of the upstream's own, where they carry one. */
  timeIs: "upstream" | "local_fetch";
}

/** `items` in groups of at most `size`. */
export function batches<Item>(items: readonly Item[], size: number): Item[][] {
  const groups: Item[][] = [];
  for (let from = 0; from < items.length; from += size) groups.push(items.slice(from, from + size));
  return groups;
}

// biome-ignore lint/suspicious/noExplicitAny: venues with different requests stand in one list
export type AnyPriceVenue = PriceVenue<any>;
