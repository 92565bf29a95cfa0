/**
 * From the rows of DefiLlama's list to one row a coin: remapped to our ids first, then de-duplicated, the better row kept.
 *
 * The list states US dollars for every peg; nothing here multiplies by a price. Guardrails 29 and 30 of the reference.
 */
import type { LlamaAsset } from "../sources/defillama.ts";

export interface CanonicalRows {
  /** Best row by coin id. */
  byCoin: Map<string, LlamaAsset>;
  duplicates: { coinId: string; kept: string; dropped: string }[];
  /** Rows no coin file knows. */
  untracked: LlamaAsset[];
}

/** Better first: has supply, more chains, more history, has a price. */
function better(a: LlamaAsset, b: LlamaAsset): number {
  const history = (row: LlamaAsset) =>
    [row.prevDayUsd, row.prevWeekUsd, row.prevMonthUsd].filter((value) => value !== null).length;
  return (
    Number((b.circulatingUsd ?? 0) > 0) - Number((a.circulatingUsd ?? 0) > 0) ||
    Object.keys(b.chains).length - Object.keys(a.chains).length ||
    history(b) - history(a) ||
    Number(b.priceUsd !== null) - Number(a.priceUsd !== null) ||
    (a.llamaId < b.llamaId ? -1 : 1)
  );
}

/** `coinIdOf` gives our id for a DefiLlama id, or undefined for an asset we do not track. */
export function canonicalRows(
  rows: readonly LlamaAsset[],
  coinIdOf: (llamaId: string) => string | undefined,
): CanonicalRows {
  const untracked: LlamaAsset[] = [];
  const groups = new Map<string, LlamaAsset[]>();
  for (const row of rows) {
    const coinId = coinIdOf(row.llamaId);
    if (coinId === undefined) untracked.push(row);
    else groups.set(coinId, [...(groups.get(coinId) ?? []), row]);
  }
  const byCoin = new Map<string, LlamaAsset>();
  const duplicates: CanonicalRows["duplicates"] = [];
  for (const [coinId, group] of groups) {
    const [kept, ...dropped] = group.sort(better) as [LlamaAsset, ...LlamaAsset[]];
    byCoin.set(coinId, kept);
    for (const row of dropped) duplicates.push({ coinId, kept: kept.llamaId, dropped: row.llamaId });
  }
  return { byCoin, duplicates, untracked };
}
