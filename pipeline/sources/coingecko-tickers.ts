/**
 * CoinGecko tickers: what single exchanges trade a coin at, for coins without a better market voice.
 *
 * Producer CoinGecko, same host, key and limits as `coingecko.ts`. `last` is in the target currency; trust score and spread may be
 * null; `target_coin_id` is absent for fiat. Stale and anomalous rows are marked, not left out: choosing is the lane's work.
 */
import { z } from "zod";
import { askCoinGecko, refuseErrorBody } from "./coingecko.ts";
import { finite, positive } from "./numbers.ts";
import { lowerHex } from "./quotes.ts";
import { readRows, readShape } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

export interface TickersRequest {
  /** CoinGecko coin id. */
  coin?: string | undefined;
  /** Exchange identifiers to ask for. */
  exchanges?: readonly string[] | undefined;
}

const TickerSchema = z.object({
  base: z.string(),
  target: z.string(),
  market: z.object({ identifier: z.string() }),
  last: z.unknown().optional(),
  converted_volume: z.object({ usd: z.unknown().optional() }).nullish(),
  bid_ask_spread_percentage: z.unknown().optional(),
  trust_score: z.string().nullish(),
  is_stale: z.boolean().nullish(),
  timestamp: z.unknown().optional(),
});

export interface Ticker {
  base: string;
  target: string;
  /** CoinGecko's market identifier. */
  exchange: string;
  /** In the target currency. */
  last: number;
  volumeUsd: number | null;
  spreadPct: number | null;
  trustScore: string | null;
  isStale: boolean | null;
  observedAt: number | null;
}

export interface Tickers {
  tickers: Ticker[];
}

export const coingeckoTickers: Source<TickersRequest, Tickers> = {
  id: "coingecko-tickers:tickers",
  upstream: "coingecko",
  breaker: "coingecko-ticker",
  docs: "https://docs.coingecko.com/reference/coins-id-tickers",
  example: { coin: "kinesis-gold", exchanges: ["kinesis_money"] },
  async fetch(http, request) {
    const path = `/coins/${encodeURIComponent(request.coin ?? "")}/tickers`;
    const query = { depth: "false", exchange_ids: request.exchanges?.join(",") };
    return this.parse(await askCoinGecko(http, { path, query, timeoutMs: 10_000, retries: 1 }), request);
  },
  parse(body) {
    refuseErrorBody(body, this.id);
    const list = readShape(z.object({ tickers: z.array(z.unknown()) }), body, this.id).tickers;
    const tickers: Ticker[] = [];
    for (const row of readRows(TickerSchema, list, this.id).rows) {
      const last = positive(row.last);
      if (last === null) continue;
      tickers.push({
        base: lowerHex(row.base),
        target: lowerHex(row.target),
        exchange: row.market.identifier,
        last,
        volumeUsd: finite(row.converted_volume?.usd),
        spreadPct: finite(row.bid_ask_spread_percentage),
        trustScore: row.trust_score ?? null,
        isStale: row.is_stale ?? null,
        observedAt: epochSeconds(row.timestamp),
      });
    }
    return { tickers };
  },
  rows: ({ tickers }) => tickers.length,
  // An exchange without usable tickers is a healthy answer: the circuit watches CoinGecko, not the market.
  isUsable: () => true,
};
