/** What DEX pools say of each coin, from the liquidity lane's dataset: protocol lanes, their aggregate, and single challenger pools. */
import type { Published } from "../lane.ts";
import { PRICE_SOURCES } from "../price-sources.ts";
import type { DexPrices } from "../schema/liquidity.ts";
import { weightedMedian } from "../statistics.ts";
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

/** The lane of the method that a venue speaks in: its own, as Uniswap's versions have, or that of its maker, as Curve's. */
export function laneOf(protocol: string): string {
  const maker = protocol.split("-")[0] ?? protocol;
  return !PRICE_SOURCES[`${protocol}-dex`] && PRICE_SOURCES[`${maker}-dex`] ? maker : protocol;
}

/** One quote a lane, whatever the number of chains and versions behind it: their median by TVL. */
function laneQuotes(
  rows: readonly { protocol: string; priceUsd: number; tvlUsd: number }[],
  updatedAt: number,
): ProtocolQuote[] {
  return [...Map.groupBy(rows, ({ protocol }) => laneOf(protocol))].flatMap(([protocol, group]) => {
    const price = weightedMedian(group.map(({ priceUsd, tvlUsd }) => ({ price: priceUsd, weight: tvlUsd })));
    const tvlUsd = group.reduce((sum, row) => sum + row.tvlUsd, 0);
    return price === null ? [] : [{ protocol, price, tvlUsd, updatedAt }];
  });
}

/** By coin id; nothing when the dataset is missing or too old. */
export function dexVoices(published: Published<DexPrices> | null, nowSec: number): Map<string, DexVoices> {
  const voices = new Map<string, DexVoices>();
  if (!published || nowSec - published.asOf > MAX_AGE_SEC || published.asOf > nowSec) return voices;
  const observedAt = published.asOf;
  for (const [coinId, row] of Object.entries(published.data.prices))
    voices.set(coinId, {
      observedAt,
      protocols: laneQuotes(row.protocols, observedAt),
      aggregate: { price: row.priceUsd, totalTvlUsd: row.totalTvlUsd, updatedAt: observedAt },
      pools: row.pools.map(({ protocol, priceUsd, tvlUsd }) => ({ protocol, price: priceUsd, tvlUsd, observedAt })),
    });
  return voices;
}
