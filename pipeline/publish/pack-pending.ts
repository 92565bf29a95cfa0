/**
 * Pending depegs as they lie in git: what a coin is and where it stands are in the main dataset beside it, what its peg is worth in the
 * peg scores, as long as the coin is looked at in every run.
 */
import { wholeDeviationBps } from "../peg-figures.ts";
import type { PendingDepeg } from "../schema/depegs.ts";
import { packRow, unpackRow } from "./pack-defaults.ts";
import type { Row } from "./pack-times.ts";
import type { Companions } from "./packing.ts";

function derivedFrom({ stablecoins, "peg-summary": pegs }: Companions, generatedAt: number): (pending: Row) => Row {
  const assets = new Map(stablecoins?.peggedAssets.map((asset) => [asset.id, asset]));
  const rates = new Map(pegs?.pegRates.map(({ pegType, usdPerUnit }) => [pegType, usdPerUnit]));
  return (row) => {
    const asset = assets.get(row.stablecoinId as string);
    if (!asset) return {};
    const pegReference = (row.pegReference as number | undefined) ?? rates.get(asset.pegType);
    return {
      pegReference: rates.get(asset.pegType),
      symbol: asset.symbol,
      pegType: asset.pegType,
      lastSeenAt: generatedAt,
      lastSeenPrice: asset.price,
      lastSeenBps: wholeDeviationBps(asset.price, pegReference),
    };
  };
}

export function packPending({ pending }: { pending: PendingDepeg[] }, generatedAt: number, beside: Companions): Row {
  return { pending: pending.map((row) => packRow(row, derivedFrom(beside, generatedAt))) };
}

export function unpackPending({ pending }: { pending: Row[] }, generatedAt: number, beside: Companions): Row {
  return { pending: pending.map((row) => unpackRow(row, derivedFrom(beside, generatedAt))) };
}
