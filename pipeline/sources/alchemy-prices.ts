/**
 * Alchemy's token prices: up to 25 addresses over several networks in one request.
 *
 * Producer Alchemy, https://www.alchemy.com/docs/reference/prices-api, a key is needed and stands in the path. Prices are text with an ISO time
 * each; a token it does not know has an empty list and an error of its own beside it.
 */
import { z } from "zod";
import { positive } from "./numbers.ts";
import { asQuotes, lowerHex, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readRows, readShape, upstreamError } from "./shape.ts";
import type { Quote, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const TokenSchema = z.object({
  network: z.string(),
  address: z.string(),
  prices: z.array(
    z.object({ currency: z.string(), value: z.unknown().optional(), lastUpdatedAt: z.unknown().optional() }),
  ),
});

const BodySchema = z.object({ data: z.array(z.unknown()) });

/** `keys` are `<network>:<address>` in Alchemy's network names, at most 25. */
export const alchemyPrices: Source<QuoteRequest, Quotes> = {
  id: "alchemy:prices",
  upstream: "alchemy-prices",
  breaker: "alchemy-prices",
  docs: "https://www.alchemy.com/docs/reference/get-token-prices-by-address",
  example: { keys: ["eth-mainnet:0xdac17f958d2ee523a2206206994597c13d831ec7"] },
  async fetch(http, request) {
    const addresses = (wantedKeys(request) ?? []).map((key) => {
      const [network, address] = key.split(":");
      return { network, address };
    });
    const { body } = await http.json("alchemy-prices", {
      path: "/prices/v1/{key}/tokens/by-address",
      method: "POST",
      body: { addresses },
      timeoutMs: 5_000,
      retries: 0,
    });
    return this.parse(body, request);
  },
  parse(body, request) {
    const refusal = z
      .object({ error: z.unknown() })
      .refine((answer) => answer.error != null)
      .safeParse(body);
    if (refusal.success) {
      const { error } = refusal.data;
      if (typeof error === "object" || typeof error === "string") throw upstreamError(this.id, error);
    }
    const { rows } = readRows(TokenSchema, readShape(BodySchema, body, this.id).data, this.id);
    const quotes: Quote[] = [];
    for (const { network, address, prices } of rows) {
      const usd = prices.find(({ currency }) => currency.toUpperCase() === "USD");
      const price = positive(usd?.value);
      if (price !== null)
        quotes.push(makeQuote(`${network}:${lowerHex(address)}`, price, "USD", epochSeconds(usd?.lastUpdatedAt)));
    }
    return asQuotes(quotes, wantedKeys(request), lowerHex);
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: () => true,
};
