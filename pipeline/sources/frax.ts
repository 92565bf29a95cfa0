/**
 * Frax's balance sheet of frxUSD: what stands behind it, item by item.
 *
 * Producer Frax Finance, https://api.frax.finance, no key; shapes from a third party's copy of its OpenAPI document, no live answer was
 * seen. Every item has a chain, a token and its USD; negative items would be debts and are refused, since assets and liabilities are
 * lists of their own.
 */
import { z } from "zod";
import { lowerHex } from "./quotes.ts";
import { readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const usd = z.number().nonnegative();
const ItemSchema = z.object({
  category: z.string(),
  chain: z.string(),
  tokenAddress: z.string(),
  tokenSymbol: z.string(),
  totalValueUsd: usd,
});

const BodySchema = z.object({
  asOfTimestamp: z.unknown().optional(),
  totalAssets: usd,
  totalLiabilities: usd,
  assets: z.array(ItemSchema).min(1),
});

export interface FraxSheet {
  observedAt: number | null;
  totalAssetsUsd: number;
  totalLiabilitiesUsd: number;
  assets: { category: string; chain: string; tokenAddress: string; symbol: string; valueUsd: number }[];
}

export const fraxBalanceSheet: Source<object, FraxSheet> = {
  id: "frax:frxusd-balance-sheet",
  upstream: "frax",
  breaker: "frax",
  docs: "https://api.frax.finance/v2/docs",
  example: {},
  async fetch(http, request) {
    return this.parse((await http.json("frax", { path: "/v2/frxusd/balance-sheet/latest" })).body, request);
  },
  parse(body) {
    const { asOfTimestamp, totalAssets, totalLiabilities, assets } = readShape(BodySchema, body, this.id);
    return {
      observedAt: epochSeconds(asOfTimestamp),
      totalAssetsUsd: totalAssets,
      totalLiabilitiesUsd: totalLiabilities,
      assets: assets.map(({ category, chain, tokenAddress, tokenSymbol, totalValueUsd }) => ({
        category,
        chain,
        tokenAddress: lowerHex(tokenAddress),
        symbol: tokenSymbol,
        valueUsd: totalValueUsd,
      })),
    };
  },
  rows: ({ assets }) => assets.length,
  isUsable: ({ assets }) => assets.length > 0,
};
