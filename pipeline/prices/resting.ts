/**
 * Prices that rest: a price that moved by less than a basis point, or a quote by less than two, is published as it was. A quote that is
 * the price rests and moves with it.
 *
 * Sources are said to agree within 50 basis points, so this is a fiftieth of what anybody decides on; it is half of all
 * the figures a run would otherwise write anew. Decisions are made on the exact prices, before this.
 */
import { resting } from "../rounding.ts";
import type { PriceQuote } from "../schema/price-quotes.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { ChosenPrice } from "./choose-price.ts";

/** What the method calls an identical print, in its stale-publication guard. */
const PRICE_RESTS_WITHIN_SHARE = 0.000_1;
const QUOTE_RESTS_WITHIN_SHARE = 0.000_2;

/** A chosen price and its quotes beside what was published of them last time. */
export function restingPrice(
  chosen: ChosenPrice,
  asset: Pick<PeggedAsset, "price"> | undefined,
  quotes: readonly PriceQuote[] | undefined,
): ChosenPrice {
  const last = new Map(quotes?.map((quote) => [quote.source, quote.priceUsd]));
  const price = resting(chosen.price, asset?.price, PRICE_RESTS_WITHIN_SHARE);
  return {
    ...chosen,
    price,
    quotes: chosen.quotes.map((quote) => ({
      ...quote,
      priceUsd:
        quote.priceUsd === chosen.price
          ? price
          : resting(quote.priceUsd, last.get(quote.source), QUOTE_RESTS_WITHIN_SHARE),
    })),
  };
}
