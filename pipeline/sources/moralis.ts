/**
 * Moralis: prices of up to 100 ERC-20 tokens of one chain, with the liquidity of the pair they come from.
 *
 * Producer Moralis, https://docs.moralis.com, a key is needed. A bare list; tokens it calls possible spam are left out here, as their prices are
 * made up at will; no usable time is stated.
 */
import { z } from "zod";
import type { PoolQuote } from "./dexpaprika.ts";
import { positive } from "./numbers.ts";
import { asQuotes, lowerHex, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readRows, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";

export interface MoralisRequest extends QuoteRequest {
  /** Moralis' chain name, e.g. "eth". */
  chain?: string | undefined;
}

const TokenSchema = z.object({
  tokenAddress: z.string(),
  usdPrice: z.unknown().optional(),
  /** Text or number. */
  pairTotalLiquidityUsd: z.unknown().optional(),
  possibleSpam: z.unknown().optional(),
});

/** `keys` are `<chain>:<address>` of one chain, at most 100. */
export const moralisPrices: Source<MoralisRequest, Quotes<PoolQuote>> = {
  id: "moralis:prices",
  upstream: "moralis",
  breaker: "moralis",
  docs: "https://docs.moralis.com/web3-data-api/evm/reference/get-multiple-token-prices",
  example: { chain: "eth", keys: ["eth:0xdac17f958d2ee523a2206206994597c13d831ec7"] },
  async fetch(http, request) {
    const addresses = (wantedKeys(request) ?? []).map((key) => key.slice(key.indexOf(":") + 1));
    const { body } = await http.json("moralis", {
      path: "/api/v2.2/erc20/prices",
      query: { chain: request.chain },
      method: "POST",
      headers: { "X-API-Key": "{key}" },
      body: { tokens: addresses.map((address) => ({ token_address: address })) },
      timeoutMs: 5_000,
      retries: 0,
    });
    return this.parse(body, request);
  },
  parse(body, request) {
    const refusal = z.object({ message: z.string() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.message);
    const { rows } = readRows(TokenSchema, readShape(z.array(z.unknown()), body, this.id), this.id);
    const prefix = request.chain === undefined ? "" : `${request.chain}:`;
    const quotes: PoolQuote[] = [];
    for (const row of rows) {
      const price = positive(row.usdPrice);
      if (price === null || row.possibleSpam === true) continue;
      const key = lowerHex(`${prefix}${row.tokenAddress}`);
      quotes.push({ ...makeQuote(key, price, "USD", null), liquidityUsd: positive(row.pairTotalLiquidityUsd) });
    }
    return asQuotes(quotes, wantedKeys(request), lowerHex);
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: () => true,
};
