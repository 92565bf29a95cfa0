/**
 * Birdeye: the price of one Solana mint, with liquidity and its own time.
 *
 * Producer Birdeye, https://docs.birdeye.so, a key is needed; the free plan takes one call a second. `success: false` comes with HTTP 200; an
 * unknown mint has null data.
 */
import { z } from "zod";
import type { PoolQuote } from "./dexpaprika.ts";
import { finite, positive } from "./numbers.ts";
import { makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { badShape, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const BodySchema = z.object({
  data: z
    .object({
      value: z.unknown().optional(),
      liquidity: z.unknown().optional(),
      updateUnixTime: z.unknown().optional(),
    })
    .nullable(),
});

/** `keys` has one mint. */
export const birdeyePrice: Source<QuoteRequest, Quotes<PoolQuote>> = {
  id: "birdeye:price",
  upstream: "birdeye",
  breaker: "birdeye",
  docs: "https://docs.birdeye.so/reference/get-defi-price",
  example: { keys: ["EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"] },
  async fetch(http, request) {
    const { body } = await http.json("birdeye", {
      path: "/defi/price",
      query: { address: wantedKeys(request)?.[0], include_liquidity: "true", ui_amount_mode: "raw" },
      headers: { "X-API-KEY": "{key}", "x-chain": "solana" },
      timeoutMs: 5_000,
      retries: 0,
    });
    return this.parse(body, request);
  },
  parse(body, request) {
    const refusal = z.object({ success: z.literal(false), message: z.unknown().optional() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.message ?? "no reason given");
    const { data } = readShape(BodySchema, body, this.id);
    const key = wantedKeys(request)?.[0];
    if (key === undefined) throw badShape(this.id, "the request names no mint");
    const price = positive(data?.value);
    if (price === null) return { quotes: [] };
    const quote = makeQuote(key, price, "USD", epochSeconds(data?.updateUnixTime));
    return { quotes: [{ ...quote, liquidityUsd: finite(data?.liquidity) }] };
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: () => true,
};
