/**
 * Prices that rest: a price that moved by less than a basis point is published as it was, and a quote as far from its coin's price as it
 * was, where that is within three basis points of what came.
 *
 * Sources are said to agree within 50 basis points, so this is a sixteenth of what anybody decides on; it is most of the
 * figures a run would otherwise write anew, since sources move together. Decisions are made on the exact prices, before this.
 */
import { priceAtSteps, priceSteps, resting } from "../rounding.ts";
import type { PriceQuote } from "../schema/price-quotes.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { ChosenPrice } from "./choose-price.ts";

/** What the method calls an identical print, in its stale-publication guard. */
const PRICE_RESTS_WITHIN_SHARE = 0.000_1;
/** As DEX prices rest. */
const QUOTE_RESTS_WITHIN_SHARE = 0.000_3;

/** A quote that was published, carried along with its coin's price. */
function carried(quoteUsd: number | null, fromUsd: number | null | undefined, toUsd: number | null): number | null {
  if (quoteUsd === null || toUsd === null || fromUsd === null || fromUsd === undefined) return quoteUsd;
  return priceAtSteps(toUsd, priceSteps(fromUsd, quoteUsd));
}

/** A chosen price and its quotes beside what was published of them last time. */
export function restingPrice(
  chosen: ChosenPrice,
  asset: Pick<PeggedAsset, "price"> | undefined,
  quotes: readonly PriceQuote[] | undefined,
): ChosenPrice {
  const price = resting(chosen.price, asset?.price, PRICE_RESTS_WITHIN_SHARE);
  const last = new Map(quotes?.map((quote) => [quote.source, carried(quote.priceUsd, asset?.price, price)]));
  return {
    ...chosen,
    price,
    quotes: chosen.quotes.map((quote) => ({
      ...quote,
      priceUsd: resting(quote.priceUsd, last.get(quote.source), QUOTE_RESTS_WITHIN_SHARE),
    })),
  };
}
