/**
 * Curve: pools of a chain with balances, prices and value, from Curve's own API.
 *
 * Producer Curve, https://api.curve.finance, no key; refreshed every few minutes. Decimals are text or number, balances are integer text of base
 * units, prices may be null. `coinsAddresses` is padded with zero addresses and is not read. Pools may be listed twice; a pool's
 * token amounts may be those of a base pool's own token.
 */
import { z } from "zod";
import { finite, fromBaseUnits, whole } from "./numbers.ts";
import { compareBytes, lowerHex } from "./quotes.ts";
import { readRows, readShape, upstreamError } from "./shape.ts";
import type { Source } from "./source.ts";
import { epochSeconds } from "./times.ts";

const CoinSchema = z.object({
  address: z.string(),
  symbol: z.string().nullish(),
  /** Text or number. */
  decimals: z.unknown().optional(),
  /** Base units. */
  poolBalance: z.union([z.string(), z.int()]).nullish(),
  usdPrice: z.unknown().optional(),
});

const PoolSchema = z.object({
  address: z.string(),
  usdTotal: z.unknown().optional(),
  usdTotalExcludingBasePool: z.unknown().optional(),
  amplificationCoefficient: z.unknown().optional(),
  isMetaPool: z.boolean().nullish(),
  isBroken: z.boolean().nullish(),
  usesRateOracle: z.boolean().nullish(),
  registryId: z.string().nullish(),
  creationTs: z.unknown().optional(),
  coins: z.array(CoinSchema),
});

const BodySchema = z.object({ data: z.object({ poolData: z.array(z.unknown()) }) });

const ZERO_ADDRESS = /^0x0+$/;

export interface CurvePool {
  address: string;
  tvlUsd: number | null;
  /** Without what a metapool holds through its base pool. */
  ownTvlUsd: number | null;
  amplification: number | null;
  isMetaPool: boolean;
  isBroken: boolean;
  /** Balances count at a rate that is not in this answer. */
  usesRateOracle: boolean;
  /** "main", "factory-stable-ng", "factory-crypto"...: which of Curve's makers. */
  registryId: string | null;
  createdAt: number | null;
  coins: {
    address: string;
    symbol: string | null;
    decimals: number | null;
    /** In tokens. */
    balance: number | null;
    usdPrice: number | null;
  }[];
}

export interface CurvePools {
  /** Sorted by address; an address may repeat. */
  pools: CurvePool[];
}

export interface CurveRequest {
  /** Curve's chain name, e.g. "ethereum". */
  chain?: string | undefined;
}

export const curvePools: Source<CurveRequest, CurvePools> = {
  id: "curve:pools",
  upstream: "curve",
  breaker: "curve-liquidity-api",
  docs: "https://docs.curve.finance/curve-api/curve-api/",
  example: { chain: "ethereum" },
  async fetch(http, request) {
    const { body } = await http.json("curve", { path: `/v1/getPools/all/${request.chain ?? "ethereum"}` });
    return this.parse(body, request);
  },
  parse(body) {
    const refusal = z
      .object({ success: z.literal(false) })
      .loose()
      .safeParse(body);
    if (refusal.success) throw upstreamError(this.id, refusal.data.err ?? "no reason given");
    const { rows } = readRows(PoolSchema, readShape(BodySchema, body, this.id).data.poolData, this.id);
    const pools = rows.map((pool) => ({
      address: lowerHex(pool.address),
      tvlUsd: finite(pool.usdTotal),
      ownTvlUsd: finite(pool.usdTotalExcludingBasePool),
      amplification: finite(pool.amplificationCoefficient),
      isMetaPool: pool.isMetaPool ?? false,
      isBroken: pool.isBroken ?? false,
      usesRateOracle: pool.usesRateOracle ?? false,
      registryId: pool.registryId ?? null,
      createdAt: epochSeconds(pool.creationTs),
      coins: pool.coins.map(coinOf).filter(({ address }) => !ZERO_ADDRESS.test(address)),
    }));
    return { pools: pools.sort((a, b) => compareBytes(a.address, b.address)) };
  },
  rows: ({ pools }) => pools.length,
  isUsable: ({ pools }) => pools.length > 0,
};

function coinOf({ address, symbol, decimals, poolBalance, usdPrice }: z.output<typeof CoinSchema>) {
  const places = whole(decimals);
  return {
    address: lowerHex(address),
    symbol: symbol ?? null,
    decimals: places,
    balance: places === null || poolBalance == null ? null : fromBaseUnits(String(poolBalance), places),
    usdPrice: finite(usdPrice),
  };
}
