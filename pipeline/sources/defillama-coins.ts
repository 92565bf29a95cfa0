/**
 * DefiLlama coins: prices by contract or CoinGecko id, now or at a past moment.
 *
 * Producer DefiLlama, https://coins.llama.fi, free API, no key. Unknown coins are silently absent; `coingecko:` ids mirror
 * CoinGecko and are no second opinion; confidence is missing on some historical answers; a key comes back in the case in which
 * it was asked, so hex is lower-cased here. Avalanche is spelled `avax`.
 */
import { z } from "zod";
import { finite, positive } from "./numbers.ts";
import { asQuotes, lowerHex, makeQuote, mergeQuotes, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readShape } from "./shape.ts";
import type { Quote, Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

export interface LlamaPriceRequest extends QuoteRequest {
  /** Unix seconds of a past moment; absent means now. */
  at?: number | undefined;
}

export interface LlamaPrice extends Quote {
  symbol: string | null;
  /** 0 to 1. */
  confidence: number | null;
}

const BodySchema = z.object({
  coins: z.record(
    z.string(),
    z.object({
      price: z.unknown().optional(),
      symbol: z.string().nullish(),
      timestamp: z.unknown().optional(),
      confidence: z.unknown().optional(),
    }),
  ),
});

/** Longer URLs are refused. */
const MAX_PATH_LENGTH = 7_900;

export const defillamaCoins: Source<LlamaPriceRequest, Quotes<LlamaPrice>> = {
  id: "defillama-coins:prices",
  upstream: "defillama-coins",
  breaker: "defillama-coins",
  docs: "https://api-docs.defillama.com/",
  example: { keys: ["ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7"] },
  async fetch(http, request) {
    const when = request.at === undefined ? "current" : `historical/${request.at}`;
    const answers: Quotes<LlamaPrice>[] = [];
    for (const keys of batchesByLength(wantedKeys(request) ?? [])) {
      const { body } = await http.json("defillama-coins", { path: `/prices/${when}/${keys.join(",")}` });
      answers.push(this.parse(body, request));
    }
    return mergeQuotes(answers);
  },
  parse(body, request) {
    const quotes: LlamaPrice[] = [];
    for (const [key, coin] of Object.entries(readShape(BodySchema, body, this.id).coins)) {
      const price = positive(coin.price);
      if (price === null) continue;
      quotes.push({
        ...makeQuote(lowerHex(key), price, "USD", epochSeconds(coin.timestamp)),
        symbol: coin.symbol ?? null,
        confidence: finite(coin.confidence),
      });
    }
    return asQuotes(quotes, wantedKeys(request), lowerHex);
  },
  rows: ({ quotes }) => quotes.length,
  // Unknown coins are silently absent: an answer without any of those asked for is still an answer.
  isUsable: () => true,
};

function batchesByLength(keys: readonly string[]): string[][] {
  const batches: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    length += key.length + 1;
    if (length > MAX_PATH_LENGTH) {
      batches.push([]);
      length = key.length;
    }
    batches.at(-1)?.push(key);
  }
  return batches;
}
