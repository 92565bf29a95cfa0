/**
 * DexScreener: pairs of decentralised exchanges that trade a token, with price and liquidity.
 *
 * Producer DexScreener, https://api.dexscreener.com, no key, 300 calls a minute; data centres are refused often. Prices are text, the
 * USD price is that of the base token; `latest/dex` wraps pairs in an object where nothing found is `null`, `tokens/v1` sends a
 * bare list. Liquidity is absent for some pools and wildly off for a few.
 */
import { z } from "zod";
import { finite, positive } from "./numbers.ts";
import { lowerHex } from "./quotes.ts";
import { readRows, readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const PairSchema = z.object({
  chainId: z.string(),
  dexId: z.string(),
  pairAddress: z.string(),
  baseToken: z.object({ address: z.string(), symbol: z.string().nullish() }),
  quoteToken: z.object({ address: z.string(), symbol: z.string().nullish() }),
  priceUsd: z.unknown().optional(),
  priceNative: z.unknown().optional(),
  liquidity: z
    .object({ usd: z.unknown().optional(), base: z.unknown().optional(), quote: z.unknown().optional() })
    .nullish(),
  volume: z.object({ h24: z.unknown().optional() }).nullish(),
  labels: z.array(z.string()).nullish().catch(null),
  pairCreatedAt: z.unknown().optional(),
});

const BodySchema = z.union([z.array(z.unknown()), z.object({ pairs: z.array(z.unknown()).nullable() })]);

export interface DexPair {
  chainId: string;
  dexId: string;
  pairAddress: string;
  baseAddress: string;
  baseSymbol: string | null;
  quoteAddress: string;
  quoteSymbol: string | null;
  /** Of the base token. */
  priceUsd: number;
  /** Of the base token, in quote tokens. */
  priceNative: number | null;
  liquidityUsd: number | null;
  /** Tokens of each side. */
  baseLiquidity: number | null;
  quoteLiquidity: number | null;
  volume24hUsd: number | null;
  /** Version marks of the venue, e.g. "v3". */
  labels: string[];
  createdAt: number | null;
}

export interface DexPairs {
  pairs: DexPair[];
}

export interface DexTokensRequest {
  /** DexScreener's chain name, e.g. "ethereum". */
  chain?: string | undefined;
  /** At most 30. */
  addresses?: readonly string[] | undefined;
}

export const dexscreenerTokens: Source<DexTokensRequest, DexPairs> = {
  id: "dexscreener:tokens",
  upstream: "dexscreener",
  breaker: "dexscreener-prices",
  docs: "https://docs.dexscreener.com/api/reference",
  example: { chain: "ethereum", addresses: ["0xdac17f958d2ee523a2206206994597c13d831ec7"] },
  async fetch(http, request) {
    const path = `/tokens/v1/${request.chain ?? ""}/${(request.addresses ?? []).join(",")}`;
    const { body } = await http.json("dexscreener", { path, timeoutMs: 5_000, retries: 0 });
    return this.parse(body, request);
  },
  parse(body) {
    const answer = readShape(BodySchema, body, this.id);
    const list = Array.isArray(answer) ? answer : (answer.pairs ?? []);
    const pairs: DexPair[] = [];
    for (const row of readRows(PairSchema, list, this.id).rows) {
      const priceUsd = positive(row.priceUsd);
      if (priceUsd === null) continue;
      pairs.push({
        chainId: row.chainId,
        dexId: row.dexId,
        pairAddress: lowerHex(row.pairAddress),
        baseAddress: lowerHex(row.baseToken.address),
        baseSymbol: row.baseToken.symbol ?? null,
        quoteAddress: lowerHex(row.quoteToken.address),
        quoteSymbol: row.quoteToken.symbol ?? null,
        priceUsd,
        priceNative: positive(row.priceNative),
        liquidityUsd: finite(row.liquidity?.usd),
        baseLiquidity: finite(row.liquidity?.base),
        quoteLiquidity: finite(row.liquidity?.quote),
        volume24hUsd: finite(row.volume?.h24),
        labels: row.labels ?? [],
        createdAt: epochSeconds(row.pairCreatedAt),
      });
    }
    return { pairs };
  },
  rows: ({ pairs }) => pairs.length,
  isUsable: () => true,
};

/** The same question asked to look at coins that few sources know: its refusals close no other way to DexScreener. */
export const dexscreenerAddressTokens: Source<DexTokensRequest, DexPairs> = {
  ...dexscreenerTokens,
  id: "dexscreener:address-tokens",
  breaker: "dexscreener-address-prices",
};
