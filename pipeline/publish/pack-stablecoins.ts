/**
 * The main dataset as it lies in git: prices and who says so. What the supply and FX snapshots beside it hold is left out where it
 * is the same there; deviations, totals and the two alias times of a price follow from the rest.
 */
import { deviationBpsOf, pegTotals, ratesByPegType, unitReferenceUsd } from "../peg-figures.ts";
import type { PeggedAsset, Stablecoins } from "../schema/stablecoins.ts";
import { supplyFields } from "../supply-units.ts";
import { isSameJson } from "./canonical-json.ts";
import { type Columns, putColumns, takeColumns } from "./pack-columns.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import { packTime, type Row, unpackTime } from "./pack-times.ts";
import type { Companions } from "./packing.ts";

type Rates = Record<string, number>;

function same(a: unknown, b: unknown): boolean {
  return isSameJson(a ?? null, b ?? null);
}

/** What the snapshots beside it say of a coin: its supply fields. */
function derivedSupply({ supply }: Companions): (asset: Pick<PeggedAsset, "id" | "pegType">) => Row {
  const rows = new Map((supply?.coins ?? []).map((coin) => [coin.coinId, coin]));
  return ({ id, pegType }) => supplyFields(pegType, rows.get(id));
}

/** Sources of a price are those that agreed. */
function sourceFields(asset: Row): Row {
  const agreed = asset.agreeSources as string[] | undefined;
  return agreed ? { consensusSources: agreed, priceSource: agreed.length > 0 ? agreed.join("+") : null } : {};
}

/** A price is chosen by the run that publishes it. */
function syncedAt(asset: { price?: unknown }, generatedAt: number): number | null {
  return asset.price === null ? null : generatedAt;
}

function packAsset(asset: PeggedAsset, supply: Row, rates: Rates, generatedAt: number): Row {
  const { priceSyncedAt, priceUpdatedAt, ...rest } = asset;
  const row: Row = { ...rest };
  for (const [key, value] of Object.entries(supply)) if (same(row[key], value)) delete row[key];
  const { price, pegReferenceUsd } = asset;
  if (pegReferenceUsd !== null && pegReferenceUsd === unitReferenceUsd(asset.pegType, rates))
    delete row.pegReferenceUsd;
  if (price !== null && pegReferenceUsd !== null && asset.deviationBps === deviationBpsOf(price, pegReferenceUsd))
    delete row.deviationBps;
  if (priceSyncedAt !== syncedAt(asset, generatedAt)) row.priceSyncedAt = priceSyncedAt;
  if (priceUpdatedAt !== (asset.priceObservedAt ?? priceSyncedAt)) row.priceUpdatedAt = priceUpdatedAt;
  return packTime(packRow(row, sourceFields), "priceObservedAt", generatedAt);
}

function unpackAsset(packed: Row, supply: Row, rates: Rates, generatedAt: number): Row {
  const { pegType, price } = packed as unknown as PeggedAsset;
  const reference =
    "pegReferenceUsd" in packed ? (packed.pegReferenceUsd as number | null) : unitReferenceUsd(pegType, rates);
  const row: Row = {
    ...supply,
    pegReferenceUsd: reference,
    deviationBps: price !== null && reference !== null ? deviationBpsOf(price, reference) : null,
    priceSyncedAt: syncedAt(packed, generatedAt),
    ...unpackTime(unpackRow(packed, sourceFields), "priceObservedAt", generatedAt),
  };
  return { priceUpdatedAt: row.priceObservedAt ?? row.priceSyncedAt, ...row };
}

export function packStablecoins(data: Stablecoins, generatedAt: number, beside: Companions): Row {
  const { totals, fxFallbackRates: rates } = data;
  const supplyOf = derivedSupply(beside);
  const assets = data.peggedAssets.map((asset) => packAsset(asset, supplyOf(asset), rates, generatedAt));
  const { rows, columns } = takeColumns(assets, ["price"]);
  const packed: Row = { peggedAssets: rows, columns };
  if (!same(pegTotals(data.peggedAssets, rates), totals)) packed.totals = totals;
  if (!same(ratesByPegType(beside["fx-rates"] ?? null), rates)) packed.fxFallbackRates = rates;
  return packed;
}

export function unpackStablecoins(
  { columns, ...packed }: Row & { peggedAssets: Row[]; columns: Columns; fxFallbackRates?: Rates },
  generatedAt: number,
  beside: Companions,
): Row {
  const rates = packed.fxFallbackRates ?? ratesByPegType(beside["fx-rates"] ?? null);
  const supplyOf = derivedSupply(beside);
  const peggedAssets = putColumns(packed.peggedAssets, columns).map((row) =>
    unpackAsset(row, supplyOf(row as unknown as PeggedAsset), rates, generatedAt),
  );
  return {
    totals: pegTotals(peggedAssets as unknown as PeggedAsset[], rates),
    fxFallbackRates: rates,
    ...packed,
    peggedAssets,
  };
}
