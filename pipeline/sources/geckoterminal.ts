/**
 * GeckoTerminal: pools that trade a token on one network, with reserves and the USD prices of both sides.
 *
 * Producer CoinGecko, https://api.geckoterminal.com, no key, 30 calls a minute; figures are text, ids are `<network>_<address>`, a
 * token without pools is a 404, a network it does not know a 404 or 422. Prices of thin pools are whatever the last swap left.
 */
import { z } from "zod";
import { finite, positive } from "./numbers.ts";
import { lowerHex } from "./quotes.ts";
import { readRows, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const IdSchema = z.object({ data: z.object({ id: z.string() }) });

const PoolSchema = z.object({
  attributes: z.object({
    address: z.string(),
    name: z.string().nullish(),
    pool_created_at: z.unknown().optional(),
    volume_usd: z.object({ h24: z.unknown().optional() }).nullish().catch(null),
    reserve_in_usd: z.unknown().optional(),
    base_token_price_usd: z.unknown().optional(),
    quote_token_price_usd: z.unknown().optional(),
  }),
  relationships: z.object({ base_token: IdSchema, quote_token: IdSchema, dex: IdSchema.optional() }),
});

const BodySchema = z.object({ data: z.array(z.unknown()) });

export interface TerminalPool {
  address: string;
  /** GeckoTerminal's name of the exchange; null where it names none. */
  dexId: string | null;
  baseAddress: string;
  quoteAddress: string;
  basePriceUsd: number | null;
  quotePriceUsd: number | null;
  reserveUsd: number | null;
  /** "WETH / USDC 0.05%" */
  name: string | null;
  volume24hUsd: number | null;
  /** Unix seconds. */
  createdAt: number | null;
}

export interface TerminalPools {
  pools: TerminalPool[];
}

export interface TerminalRequest {
  /** GeckoTerminal's network name, e.g. "eth". */
  network?: string | undefined;
  address?: string | undefined;
}

/** A token or network without coverage: an answer, and no failure of the service. */
const NO_COVERAGE = [404, 422] as const;

export const geckoterminalPools: Source<TerminalRequest, TerminalPools> = {
  id: "geckoterminal:pools",
  upstream: "geckoterminal",
  breaker: "geckoterminal",
  docs: "https://api.geckoterminal.com/docs/index.html",
  example: { network: "eth", address: "0xdac17f958d2ee523a2206206994597c13d831ec7" },
  async fetch(http, request) {
    const { status, body } = await http.json("geckoterminal", {
      path: `/api/v2/networks/${request.network ?? ""}/tokens/${request.address ?? ""}/pools`,
      query: { page: 1 },
      timeoutMs: 5_000,
      retries: 1,
      passthroughStatuses: NO_COVERAGE,
    });
    return status === 200 ? this.parse(body, request) : { pools: [] };
  },
  parse(body) {
    const refusal = z.object({ errors: z.array(z.unknown()).nonempty() }).safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.errors);
    const { rows } = readRows(PoolSchema, readShape(BodySchema, body, this.id).data, this.id);
    return {
      pools: rows.map(({ attributes, relationships }) => ({
        address: lowerHex(attributes.address),
        dexId: relationships.dex?.data.id ?? null,
        baseAddress: addressOf(relationships.base_token.data.id),
        quoteAddress: addressOf(relationships.quote_token.data.id),
        basePriceUsd: positive(attributes.base_token_price_usd),
        quotePriceUsd: positive(attributes.quote_token_price_usd),
        reserveUsd: amount(attributes.reserve_in_usd),
        name: attributes.name ?? null,
        volume24hUsd: amount(attributes.volume_usd?.h24),
        createdAt: epochSeconds(attributes.pool_created_at),
      })),
    };
  },
  rows: ({ pools }) => pools.length,
  isUsable: () => true,
};

/** "eth_0xabc…" to the address; network names hold underscores, addresses do not. */
function addressOf(id: string): string {
  return lowerHex(id.slice(id.lastIndexOf("_") + 1));
}

/** USD of zero and more. */
function amount(value: unknown): number | null {
  if (typeof value === "string" && /^0+(\.0+)?$/.test(value.trim())) return 0;
  return positive(value) ?? finite(value);
}
