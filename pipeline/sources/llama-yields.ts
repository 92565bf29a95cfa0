/**
 * DefiLlama yields: what pools pay, by pool.
 *
 * Producer DefiLlama, https://yields.llama.fi, free API, no key, refreshed hourly; the whole answer is some 15 MB. Figures are integers or
 * fractions or null, the total may be there without its parts, and `status` is not always sent.
 */
import { z } from "zod";
import { finite } from "./numbers.ts";
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
      pools: rows.map(({ tvlUsd, apy, apyBase, apyReward, ...pool }) => ({
        ...pool,
        tvlUsd: finite(tvlUsd),
        apy: finite(apy),
        apyBase: finite(apyBase),
        apyReward: finite(apyReward),
      })),
    };
  },
  rows: ({ pools }) => pools.length,
  isUsable: ({ pools }) => pools.length > 0,
};
