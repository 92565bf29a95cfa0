/**
 * What changed between two snapshots of the main dataset, in words and numbers, the world apart from the method.
 *
 * When the methodology version differs, a number may have moved because we changed: that is said first.
 */
import { type CoinMove, coinMoves, lookOf } from "../coin-moves.ts";
import type { SnapshotData } from "../schema/datasets.ts";
import type { Envelope } from "../schema/envelope.ts";

type StablecoinsSnapshot = Envelope<SnapshotData<"stablecoins">> | null;

const MOST_LINES = 20;

export interface Changes {
  /** What the world did: prices, supplies, coins that gained or lost a price. */
  world: string[];
  /** What we did: a new method, coins added to or taken from the registry. */
  method: string[];
}

function signed(value: number, digits = 0): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
}

function line({ coinId, kind, before, after, reason }: CoinMove): string {
  if (kind === "price-back") return `${coinId}: priced again at ${after} USD`;
  if (kind === "price-lost") return `${coinId}: no price any more (${reason})`;
  const [was, is] = [before ?? 0, after ?? 0];
  if (kind === "deviation")
    return `${coinId}: ${signed(was)} -> ${signed(is)} bps from its peg (${signed(is - was)} bps)`;
  const share = was > 0 ? is / was - 1 : 1;
  return `${coinId}: supply ${(was / 1e6).toFixed(1)} -> ${(is / 1e6).toFixed(1)} million USD (${signed(share * 100, 1)} %)`;
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
  const looks = new Map([...was].map(([id, asset]) => [id, lookOf(asset)]));
  const world = coinMoves(looks, [...is.values()].map(lookOf)).map(line);
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
