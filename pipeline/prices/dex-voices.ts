/** What DEX pools say of each coin, from the liquidity lane's dataset: protocol lanes, their aggregate, and single challenger pools. */
import type { Published } from "../lane.ts";
import type { DexPrices } from "../schema/liquidity.ts";
import type { ChallengerPool } from "./pool-challenge.ts";
import type { DexAggregate, ProtocolQuote } from "./primary-sources.ts";

/** Older rows take no part: DEX lanes are crawled every half hour. */
const MAX_AGE_SEC = 35 * 60;

export interface DexVoices {
  protocols: ProtocolQuote[];
  aggregate: DexAggregate | null;
  pools: ChallengerPool[];
  observedAt: number;
}

/** By coin id; nothing when the dataset is missing or too old. */
export function dexVoices(published: Published<DexPrices> | null, nowSec: number): Map<string, DexVoices> {
  const voices = new Map<string, DexVoices>();
  if (!published || nowSec - published.asOf > MAX_AGE_SEC || published.asOf > nowSec) return voices;
  const observedAt = published.asOf;
  for (const [coinId, row] of Object.entries(published.data.prices))
    voices.set(coinId, {
      observedAt,
      protocols: row.protocols.map(({ protocol, priceUsd, tvlUsd }) => ({
        protocol,
        price: priceUsd,
        tvlUsd,
        updatedAt: observedAt,
      })),
      aggregate: { price: row.priceUsd, totalTvlUsd: row.totalTvlUsd, updatedAt: observedAt },
      pools: row.pools.map(({ protocol, priceUsd, tvlUsd }) => ({ protocol, price: priceUsd, tvlUsd, observedAt })),
    });
  return voices;
}
