/** DEX liquidity as it lies in git: what follows from a row's own price sources is left out. */
import type { DexLiquidity } from "../schema/liquidity.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import type { Row } from "./pack-times.ts";

/** The deviation is that of a dollar coin. */
function priceFields(row: Row): Row {
  const { dexPriceUsd, priceSources } = row as { dexPriceUsd: number | null; priceSources: unknown[] };
  return {
    dexDeviationBps: dexPriceUsd === null ? null : Math.round((dexPriceUsd - 1) * 10_000),
    priceSourceCount: priceSources.length,
  };
}

type Rows = Record<string, Row>;

function eachRow(rows: Rows, change: typeof packRow): Rows {
  return Object.fromEntries(Object.entries(rows).map(([coinId, row]) => [coinId, change(row, priceFields)]));
}

export function packLiquidity(data: DexLiquidity): Rows {
  return eachRow(data as unknown as Rows, packRow);
}

export function unpackLiquidity(packed: Rows): Rows {
  return eachRow(packed, unpackRow);
}
