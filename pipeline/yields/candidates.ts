/** Where a coin's yield may be known from: DefiLlama's pools, a benchmark less a fee, the growth of its own price. */
import type { Registry } from "../registry/registry.ts";
import type { Coin } from "../schema/coin.ts";
import type { Benchmark } from "../schema/yields.ts";
import type { YieldPool } from "../sources/llama-yields.ts";
import { DAY_SEC } from "../time.ts";
import { apyFromBenchmark, apyFromGrowth, type Candidate } from "./yield-figures.ts";
import type { YieldPoint } from "./yield-past.ts";

export interface YieldCandidate extends Candidate {
  apyBase: number | null;
  apyReward: number | null;
  apyMean30d: number | null;
  tvlUsd: number | null;
  observedAt: number | null;
}

/** Pools of DefiLlama that are known to be a coin's own savings form. */
const CURATED: Readonly<Record<string, string>> = {
  "66985a81-9c51-46ca-9977-42b4fe7bc6df": "susde-ethena",
  "d8c4eff5-c8a9-46fc-a888-057c4c668e72": "susds-sky",
  "43641cf5-a92e-416b-bce9-27113d3c0db6": "syrupusdc-maple",
};
/** Funds that pay the three-month bill less a fee, basis points. */
const FUNDS: Readonly<Record<string, number>> = {
  BUIDL: 20,
  USYC: 50,
  YLDS: 50,
  USTB: 15,
  mTBILL: 0,
  OUSG: 50,
  thBILL: 0,
};
const MIN_GROWTH_DAYS = 7;
const MAX_GROWTH_DAYS = 45;

/** Coins that earn by being held. */
export function earns(coin: Coin): boolean {
  return (
    coin.status.state === "active" &&
    (coin.navToken === true || coin.yieldBearing === true || coin.variantOf !== null || coin.symbol in FUNDS)
  );
}

/** Candidates by coin out of DefiLlama's list: curated by id, then by chain and contract, then by a symbol only one earner has there. */
export function poolCandidates(
  pools: readonly YieldPool[],
  registry: Registry,
  coins: readonly Coin[],
  observedAt: number,
) {
  const byAddress = new Map<string, string>();
  const bySymbol = new Map<string, string | null>();
  for (const coin of coins)
    for (const { chain, address } of coin.deployments) {
      byAddress.set(`${chain}/${address.toLowerCase()}`, coin.id);
      const key = `${chain}/${coin.symbol.toUpperCase()}`;
      const before = bySymbol.get(key);
      bySymbol.set(key, before === undefined || before === coin.id ? coin.id : null);
    }
  const found = new Map<string, YieldCandidate[]>();
  for (const pool of pools) {
    if (pool.apy === null || (pool.exposure !== null && pool.exposure !== "single")) continue;
    const chain = registry.chainByLlamaName.get(pool.chain)?.id ?? pool.chain;
    const curated = CURATED[pool.pool];
    const [token, ...others] = pool.underlyingTokens ?? [];
    const own =
      token !== undefined && others.length === 0 ? byAddress.get(`${chain}/${token.toLowerCase()}`) : undefined;
    const coinId = curated ?? own ?? bySymbol.get(`${chain}/${pool.symbol.toUpperCase()}`) ?? null;
    if (coinId === null) continue;
    const list = found.get(coinId) ?? [];
    found.set(coinId, list);
    list.push({
      source: `${pool.project} (DefiLlama ${pool.pool})`,
      tier: curated === undefined ? "discovered-pool" : "curated-pool",
      apy: pool.apy,
      apyBase: pool.apyBase,
      apyReward: pool.apyReward,
      apyMean30d: pool.apyMean30d,
      tvlUsd: pool.tvlUsd,
      observedAt,
    });
  }
  return found;
}

/** Of a dollar fund that passes the bill on; a rate that is no observation is named in the source. */
export function benchmarkCandidate(coin: Coin, bill: Benchmark | undefined): YieldCandidate[] {
  const spread = Object.hasOwn(FUNDS, coin.symbol) ? FUNDS[coin.symbol] : undefined;
  if (spread === undefined || !bill || bill.ratePct === null) return [];
  const of = bill.observedOn === null ? `the method's fallback of ${bill.ratePct} %` : bill.observedOn;
  return [
    {
      source: `three-month bill of ${of} less ${spread} bps`,
      tier: "benchmark",
      apy: apyFromBenchmark(bill.ratePct, spread),
      apyBase: null,
      apyReward: null,
      apyMean30d: null,
      tvlUsd: null,
      observedAt: bill.observedOn === null ? null : Date.parse(bill.observedOn) / 1000,
    },
  ];
}

/** Of a NAV token: growth since the oldest price that is 7 to 45 days old. */
export function growthCandidate(
  coin: Coin,
  priceUsd: number | null,
  past: readonly YieldPoint[],
  nowSec: number,
): YieldCandidate[] {
  if (coin.navToken !== true || coin.peg.currency !== "USD" || priceUsd === null) return [];
  const days = ({ date }: YieldPoint) => (nowSec - date) / DAY_SEC;
  const from = past.find(
    (point) => point.priceUsd !== null && days(point) >= MIN_GROWTH_DAYS && days(point) <= MAX_GROWTH_DAYS,
  );
  const apy = from?.priceUsd ? apyFromGrowth(priceUsd, from.priceUsd, days(from)) : null;
  if (apy === null) return [];
  return [
    {
      source: "growth of its own price",
      tier: "price-derived",
      apy,
      apyBase: null,
      apyReward: null,
      apyMean30d: null,
      tvlUsd: null,
      observedAt: nowSec,
    },
  ];
}
