/** The supply rows of one day, or none when too few coins have a usable supply. */
import { supplyUsd } from "../peg-figures.ts";
import type { SupplyHistoryRow } from "../schema/history.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";

const MIN_COVERAGE = 0.8;

export interface SupplyDay {
  rows: SupplyHistoryRow[];
  /** Active coins that some source lists. */
  eligible: number;
  usable: number;
  blocked: boolean;
}

/** Coins without any supply source do not count against coverage; a listed coin without a figure does. */
export function supplyHistoryRows(assets: readonly PeggedAsset[], dayStartSec: number): SupplyDay {
  const eligible = assets.filter((asset) => asset.state === "active" && asset.supplyReason !== "no-supply-source-yet");
  const rows = eligible.flatMap((asset): SupplyHistoryRow[] => {
    const circulatingUsd = supplyUsd(asset);
    return circulatingUsd === null
      ? []
      : [{ date: dayStartSec, coinId: asset.id, circulatingUsd, priceUsd: asset.price }];
  });
  const blocked = eligible.length === 0 || rows.length / eligible.length < MIN_COVERAGE;
  return { rows: blocked ? [] : rows, eligible: eligible.length, usable: rows.length, blocked };
}
