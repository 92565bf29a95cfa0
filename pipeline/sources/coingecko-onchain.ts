/**
 * CoinGecko's on-chain prices: tokens of one network by address, from DEX pools.
 *
 * Producer CoinGecko, a key is needed. Prices are text by address; a token without pools is null or absent; no time is stated. The
 * prices are CoinGecko's own and no second opinion beside its market prices.
 */
import { z } from "zod";
import { SourceUnavailable } from "../errors.ts";
import { askCoinGecko } from "./coingecko.ts";
import { positive } from "./numbers.ts";
import { asQuotes, lowerHex, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";

export interface OnchainRequest extends QuoteRequest {
  /** CoinGecko's network name, e.g. "eth". */
  network?: string | undefined;
}

const BodySchema = z.object({
  data: z.object({ attributes: z.object({ token_prices: z.record(z.string(), z.unknown()) }) }),
});

const noKey = new SourceUnavailable("CoinGecko's on-chain prices need a key", {
  code: "no-key",
  hint: "set COINGECKO_API_KEY; without it this source is disabled",
});

/** `keys` are `<network>:<address>` of one network. */
export const coingeckoOnchain: Source<OnchainRequest, Quotes> = {
  id: "coingecko-onchain:token-price",
  upstream: "coingecko",
  breaker: "coingecko-onchain",
  docs: "https://docs.coingecko.com/reference/onchain-simple-price",
  example: { network: "eth", keys: ["eth:0xdac17f958d2ee523a2206206994597c13d831ec7"] },
  async fetch(http, request) {
    if (http.key("coingecko") === null) throw noKey;
    const addresses = (wantedKeys(request) ?? []).map((key) => key.slice(key.indexOf(":") + 1));
    const path = `/onchain/simple/networks/${request.network ?? ""}/token_price/${addresses.join(",")}`;
    return this.parse(await askCoinGecko(http, { path, timeoutMs: 5_000, retries: 0 }), request);
  },
  parse(body, request) {
    const refusal = z.object({ errors: z.array(z.unknown()).nonempty() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.errors);
    const prices = readShape(BodySchema, body, this.id).data.attributes.token_prices;
    const prefix = request.network === undefined ? "" : `${request.network}:`;
    const quotes = Object.entries(prices).flatMap(([address, text]) => {
      const price = positive(text);
      return price === null ? [] : [makeQuote(lowerHex(`${prefix}${address}`), price, "USD", null)];
    });
    return asQuotes(quotes, wantedKeys(request), lowerHex);
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: () => true,
};
