/** The price venues every run asks, in this order. A new one is its source file and one line here. */
import { coingeckoVenue } from "./coingecko.ts";
import { krakenVenue } from "./kraken.ts";
import type { PriceVenue } from "./venue.ts";

export const PRICE_VENUES: readonly PriceVenue[] = [coingeckoVenue, krakenVenue];
