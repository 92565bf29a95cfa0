/** The price DEX pools show for a coin: medians weighed by TVL, over all pools and by venue. Safety methodology, section 4. */
import { roundDepth, roundPrice } from "../rounding.ts";
import type { DexPrice, DexPriceSource } from "../schema/liquidity.ts";
import { weightedMedian } from "../statistics.ts";
import { familyOf, type Pool } from "./pool.ts";

const MIN_POOL_TVL_USD = 50_000;
const CHALLENGER_TVL_USD = 100_000;
const MAX_CHALLENGERS = 5;

interface Shown {
  pool: Pool;
  price: number;
}

function medianOf(shown: readonly Shown[]): number | null {
  return weightedMedian(shown.map(({ pool, price }) => ({ price, weight: pool.tvlUsd })));
}

function sourceOf(shown: readonly Shown[]): DexPriceSource[] {
  const [first] = shown;
  const price = medianOf(shown);
  if (!first || price === null) return [];
  return [
    {
      protocol: first.pool.protocol,
      family: familyOf(first.pool.protocol),
      chain: first.pool.chain,
      priceUsd: roundPrice(price),
      tvlUsd: roundDepth(shown.reduce((sum, { pool }) => sum + pool.tvlUsd, 0)),
    },
  ];
}

function deepest(a: DexPriceSource, b: DexPriceSource): number {
  return b.tvlUsd - a.tvlUsd || (`${a.protocol}${a.chain}` < `${b.protocol}${b.chain}` ? -1 : 1);
}

/** Null where no pool of 50,000 USD shows a price. `pools` are those that hold the coin. */
export function dexPrice(coinId: string, pools: readonly Pool[]): DexPrice | null {
  const shown = pools.flatMap((pool): Shown[] => {
    const price = pool.prices[coinId];
    return price !== undefined && price > 0 && pool.tvlUsd >= MIN_POOL_TVL_USD ? [{ pool, price }] : [];
  });
  const price = medianOf(shown);
  if (price === null) return null;
  const groups = Map.groupBy(shown, ({ pool }) => `${pool.protocol}|${pool.chain}`);
  return {
    priceUsd: roundPrice(price),
    totalTvlUsd: roundDepth(shown.reduce((sum, { pool }) => sum + pool.tvlUsd, 0)),
    poolCount: shown.length,
    protocols: [...groups.values()].flatMap(sourceOf).sort(deepest),
    pools: shown
      .filter(({ pool }) => pool.tvlUsd >= CHALLENGER_TVL_USD)
      .flatMap((one) => sourceOf([one]))
      .sort(deepest)
      .slice(0, MAX_CHALLENGERS),
  };
}

/** `referenceUsd` is what a token is worth at par; null where its peg has no rate. */
export function withDeviation(price: DexPrice, referenceUsd: number | null): DexPrice {
  const deviationBps = referenceUsd === null ? null : Math.round((price.priceUsd / referenceUsd - 1) * 10_000);
  return { ...price, deviationBps };
}

const PRICE_REST = 3 / 10_000;

/** The price as it was published, unless it moved by more than three basis points, a venue came or went, or the depth changed by a quarter. */
export function restingDexPrice(now: DexPrice, before: DexPrice | undefined): DexPrice {
  if (!before) return now;
  const near = (a: number, b: number, share: number) => Math.abs(a - b) <= share * b;
  const same = (a: DexPriceSource[], b: DexPriceSource[]) =>
    a.length === b.length &&
    a.every((source, i) => {
      const other = b[i];
      return (
        other?.protocol === source.protocol &&
        other.chain === source.chain &&
        near(source.priceUsd, other.priceUsd, PRICE_REST) &&
        near(source.tvlUsd, other.tvlUsd, 0.25)
      );
    });
  const rests =
    near(now.priceUsd, before.priceUsd, PRICE_REST) &&
    near(now.totalTvlUsd, before.totalTvlUsd, 0.25) &&
    same(now.protocols, before.protocols) &&
    same(now.pools, before.pools);
  return rests ? before : now;
}
