/**
 * What changed between two snapshots of the main dataset, in words and numbers, the world apart from the method.
 *
 * When the methodology version differs, a number may have moved because we changed: that is said first.
 */
import type { SnapshotData } from "../schema/datasets.ts";
import type { Envelope } from "../schema/envelope.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";

type StablecoinsSnapshot = Envelope<SnapshotData<"stablecoins">> | null;

/** Smaller moves are noise of the day. */
const DEVIATION_MOVE_BPS = 25;
const SUPPLY_MOVE_SHARE = 0.02;
const SUPPLY_FLOOR_USD = 1_000_000;
const MOST_LINES = 20;

export interface Changes {
  /** What the world did: prices, supplies, coins that gained or lost a price. */
  world: string[];
  /** What we did: a new method, coins added to or taken from the registry. */
  method: string[];
}

function supplyUsd(asset: PeggedAsset): number | null {
  return asset.circulating ? Object.values(asset.circulating).reduce((sum, value) => sum + value, 0) : null;
}

function signed(value: number, digits = 0): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
}

function worldChange(was: PeggedAsset, is: PeggedAsset): { weight: number; line: string } | null {
  if (was.price === null && is.price !== null)
    return { weight: 1e6, line: `${is.id}: priced again at ${is.price} USD` };
  if (was.price !== null && is.price === null)
    return { weight: 1e6, line: `${is.id}: no price any more (${is.priceReason})` };
  const moved = was.deviationBps !== null && is.deviationBps !== null ? is.deviationBps - was.deviationBps : 0;
  if (Math.abs(moved) >= DEVIATION_MOVE_BPS)
    return {
      weight: Math.abs(moved),
      line: `${is.id}: ${signed(was.deviationBps ?? 0)} -> ${signed(is.deviationBps ?? 0)} bps from its peg (${signed(moved)} bps)`,
    };
  const [supplyWas, supplyIs] = [supplyUsd(was), supplyUsd(is)];
  if (supplyWas === null || supplyIs === null || Math.max(supplyWas, supplyIs) < SUPPLY_FLOOR_USD) return null;
  const share = supplyWas > 0 ? supplyIs / supplyWas - 1 : 1;
  if (Math.abs(share) < SUPPLY_MOVE_SHARE) return null;
  return {
    weight: Math.abs(share) * 100,
    line: `${is.id}: supply ${(supplyWas / 1e6).toFixed(1)} -> ${(supplyIs / 1e6).toFixed(1)} million USD (${signed(share * 100, 1)} %)`,
  };
}

/** Both lists empty when nothing worth naming moved. */
export function compareStablecoins(before: StablecoinsSnapshot, after: StablecoinsSnapshot): Changes {
  if (!after) return { world: [], method: before ? ["the stablecoins snapshot is gone"] : [] };
  if (!before) return { world: [], method: [`first snapshot: ${after.data.peggedAssets.length} coins`] };
  const method: string[] = [];
  if (before.methodologyVersion !== after.methodologyVersion)
    method.push(
      `the method changed from ${before.methodologyVersion} to ${after.methodologyVersion}: numbers may differ because we do`,
    );
  const was = new Map(before.data.peggedAssets.map((asset) => [asset.id, asset]));
  const is = new Map(after.data.peggedAssets.map((asset) => [asset.id, asset]));
  for (const id of is.keys()) if (!was.has(id)) method.push(`${id}: added to the registry`);
  for (const id of was.keys()) if (!is.has(id)) method.push(`${id}: taken from the registry`);
  const world = [...is.values()]
    .flatMap((asset) => {
      const old = was.get(asset.id);
      return old ? (worldChange(old, asset) ?? []) : [];
    })
    .sort((a, b) => b.weight - a.weight || (a.line < b.line ? -1 : 1))
    .map((change) => change.line);
  return { world, method };
}

/** The comparison as lines, longest lists cut with a count. */
export function describeChanges(before: StablecoinsSnapshot, after: StablecoinsSnapshot): string[] {
  const { world, method } = compareStablecoins(before, after);
  const cut = (lines: string[]) =>
    lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more`] : lines;
  if (world.length + method.length === 0) return ["nothing moved worth naming"];
  return [
    ...(method.length > 0 ? ["method:", ...cut(method).map((line) => `  ${line}`)] : []),
    ...(world.length > 0 ? ["world:", ...cut(world).map((line) => `  ${line}`)] : []),
  ];
}
