/**
 * DexPaprika: one token's price over all pools of a network, with the liquidity behind it.
 *
 * Producer CoinPaprika, https://api.dexpaprika.com, no key, about 10,000 calls a day. One token a request; a token it does not know is a
 * 404. `last_updated` is its own clock. The price is a swap price of the deepest pools, not a market maker's.
 */
import { z } from "zod";
import { finite, positive } from "./numbers.ts";
import { lowerHex, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { badShape, readShape, upstreamError } from "./shape.ts";
import type { Quote, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const BodySchema = z.object({
  id: z.string().optional(),
  chain: z.string().optional(),
  summary: z.object({ price_usd: z.unknown().optional(), liquidity_usd: z.unknown().optional() }).nullable(),
  last_updated: z.unknown().optional(),
});

export interface PoolQuote extends Quote {
  /** Null where the answer does not say. */
  liquidityUsd: number | null;
}

/** `keys` has one `<network>:<address>`, in DexPaprika's network names. */
export const dexpaprikaToken: Source<QuoteRequest, Quotes<PoolQuote>> = {
  id: "dexpaprika:token",
  upstream: "dexpaprika",
  breaker: "dexpaprika",
  docs: "https://docs.dexpaprika.com/api-reference/tokens/get-token-details",
  example: { keys: ["ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7"] },
  async fetch(http, request) {
    const [network = "", address = ""] = wantedKeys(request)?.[0]?.split(":") ?? [];
    const { status, body } = await http.json("dexpaprika", {
      path: `/networks/${network}/tokens/${address}`,
      timeoutMs: 5_000,
      retries: 0,
      passthroughStatuses: [404],
    });
    return status === 404 ? { quotes: [] } : this.parse(body, request);
  },
  parse(body, request) {
    const refusal = z.object({ error: z.string() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.error);
    const { id, chain, summary, last_updated } = readShape(BodySchema, body, this.id);
    const key = wantedKeys(request)?.[0] ?? (id && chain ? `${chain}:${id}` : undefined);
    if (key === undefined) throw badShape(this.id, "neither the request nor the answer names the token", body);
    const price = positive(summary?.price_usd);
    if (price === null) return { quotes: [] };
    const quote = makeQuote(lowerHex(key), price, "USD", epochSeconds(last_updated));
    return { quotes: [{ ...quote, liquidityUsd: finite(summary?.liquidity_usd) }] };
  },
  rows: ({ quotes }) => quotes.length,
  // A token nobody trades is no failure of the service.
  isUsable: () => true,
};
