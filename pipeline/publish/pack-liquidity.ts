/** DEX liquidity as it lies in git: what a row says of prices is what the prices beside it say. */
import type { DexLiquidity, DexPrice } from "../schema/liquidity.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import type { Row } from "./pack-times.ts";
import type { Companions } from "./packing.ts";

/** A row's price fields out of the coin's DEX price; the deviation is that of a dollar coin. */
function priceFields(price: DexPrice | undefined): Row {
  return {
    dexPriceUsd: price?.priceUsd ?? null,
    dexDeviationBps: price ? Math.round((price.priceUsd - 1) * 10_000) : null,
    priceSourceCount: price?.protocols.length ?? 0,
    priceSourceTvl: price?.totalTvlUsd ?? 0,
    priceSources: price?.protocols ?? [],
  };
}

type Rows = Record<string, Row>;

function eachRow(rows: Rows, beside: Companions, change: typeof packRow): Rows {
  const prices = beside["dex-prices"]?.prices ?? {};
  return Object.fromEntries(
    Object.entries(rows).map(([coinId, row]) => [coinId, change(row, () => priceFields(prices[coinId]))]),
  );
}

export function packLiquidity(data: DexLiquidity, _generatedAt: number, beside: Companions): Rows {
  return eachRow(data as unknown as Rows, beside, packRow);
}

export function unpackLiquidity(packed: Rows, _generatedAt: number, beside: Companions): Rows {
  return eachRow(packed, beside, unpackRow);
}
