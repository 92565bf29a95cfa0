/**
 * DefiLlama yields: what pools pay, by pool.
 *
 * Producer DefiLlama, https://yields.llama.fi, free API, no key, refreshed hourly; the whole answer is some 15 MB. Figures are integers or
 * fractions or null, the total may be there without its parts, and `status` is not always sent.
 */
import { z } from "zod";
import { finite } from "./numbers.ts";
import { lowerHex } from "./quotes.ts";
import { readRows, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";

const PoolSchema = z.object({
  pool: z.string().min(1),
  project: z.string(),
  chain: z.string(),
  symbol: z.string(),
  tvlUsd: z.unknown().optional(),
  apy: z.unknown().optional(),
  apyBase: z.unknown().optional(),
  apyReward: z.unknown().optional(),
  apyMean30d: z.unknown().optional(),
  volumeUsd1d: z.unknown().optional(),
  volumeUsd7d: z.unknown().optional(),
  count: z.unknown().optional(),
  exposure: z.string().nullish(),
  poolMeta: z.string().nullish(),
  underlyingTokens: z.array(z.string().nullable()).nullish().catch(null),
});

export interface YieldPool {
  pool: string;
  project: string;
  chain: string;
  symbol: string;
  tvlUsd: number | null;
  /** Per cent a year. */
  apy: number | null;
  apyBase: number | null;
  apyReward: number | null;
  apyMean30d: number | null;
  volumeUsd1d: number | null;
  volumeUsd7d: number | null;
  /** Days on record at DefiLlama: how old the pool is at least. */
  daysKnown: number | null;
  /** "single" for one token that is lent out, "multi" for pools of several. */
  exposure: string | null;
  /** Free text: a fee tier for some venues, a vault's name for others. */
  poolMeta: string | null;
  /** Lower case where hex; null where DefiLlama lists none. */
  underlyingTokens: string[] | null;
}

export interface YieldPools {
  pools: YieldPool[];
}

export const llamaYields: Source<Record<string, never>, YieldPools> = {
  id: "llama-yields:pools",
  upstream: "llama-yields",
  breaker: "llama-yields",
  docs: "https://api-docs.defillama.com/",
  example: {},
  async fetch(http, request) {
    const { body } = await http.json("llama-yields", { path: "/pools", timeoutMs: 30_000 });
    return this.parse(body, request);
  },
  parse(body) {
    const { status, data } = readShape(
      z.object({ status: z.string().nullish(), data: z.unknown().optional() }),
      body,
      this.id,
    );
    if (status != null && /^(error|fail)/i.test(status)) throw upstreamError(this.id, data ?? status);
    const { rows } = readRows(PoolSchema, readShape(z.array(z.unknown()), data, this.id), this.id);
    return {
      pools: rows.map((row) => ({
        pool: row.pool,
        project: row.project,
        chain: row.chain,
        symbol: row.symbol,
        tvlUsd: finite(row.tvlUsd),
        apy: finite(row.apy),
        apyBase: finite(row.apyBase),
        apyReward: finite(row.apyReward),
        apyMean30d: finite(row.apyMean30d),
        volumeUsd1d: finite(row.volumeUsd1d),
        volumeUsd7d: finite(row.volumeUsd7d),
        daysKnown: finite(row.count),
        exposure: row.exposure ?? null,
        poolMeta: row.poolMeta ?? null,
        underlyingTokens: row.underlyingTokens?.flatMap((token) => (token === null ? [] : lowerHex(token))) ?? null,
      })),
    };
  },
  rows: ({ pools }) => pools.length,
  isUsable: ({ pools }) => pools.length > 0,
};
