/**
 * Atomic roundtrips: what is minted and burned in one transaction, within half a per cent, went nowhere.
 *
 * The SQL of the sweep and of the repair mirrors the tolerance; `roundtrips.test.ts` holds both to the constant.
 */
import type { FlowEvent, FlowType } from "../schema/flows.ts";

export const ROUNDTRIP_AMOUNT_TOLERANCE = 0.005;
export const SWEEP_DAYS = 7;
export const SWEEP_GROUPS = 200;
export const RECLASSIFY_GROUPS = 1000;

/** Sums in token units; the bound is inclusive, and one side alone is no roundtrip. */
export function isRoundtrip(mintTotal: number, burnTotal: number): boolean {
  if (!(mintTotal > 0 && burnTotal > 0)) return false;
  return Math.abs(mintTotal - burnTotal) <= ROUNDTRIP_AMOUNT_TOLERANCE * Math.max(mintTotal, burnTotal);
}

type Grouped = Pick<FlowEvent, "txHash" | "coinId" | "chainId" | "direction" | "amount" | "flowType">;

/** Flow type of every row, in order: whole groups by transaction, coin and chain turn into roundtrips, whatever they were. */
export function detectRoundtrips(rows: readonly Grouped[]): { flagged: number; flowTypes: FlowType[] } {
  const totals = new Map<string, { mint: number; burn: number }>();
  const keyOf = (row: Grouped) => `${row.txHash}|${row.coinId}|${row.chainId}`;
  // Most transactions have one row and are no group: only the others are added up.
  const several = new Set<string>();
  const seen = new Set<string>();
  for (const { txHash } of rows) {
    if (seen.size === seen.add(txHash).size) several.add(txHash);
  }
  several.delete("");
  for (const row of rows) {
    if (!several.has(row.txHash)) continue;
    const key = keyOf(row);
    let group = totals.get(key);
    if (group === undefined) {
      group = { mint: 0, burn: 0 };
      totals.set(key, group);
    }
    group[row.direction] += row.amount;
  }
  let flagged = 0;
  const flowTypes = rows.map((row) => {
    const group = several.has(row.txHash) ? totals.get(keyOf(row)) : undefined;
    if (group === undefined || !isRoundtrip(group.mint, group.burn)) return row.flowType;
    flagged += 1;
    return "atomic_roundtrip";
  });
  return { flagged, flowTypes };
}

/** Flow type of a group after the forward and the reverse pass of the repair. */
export function reclassifyGroup(group: { mintTotal: number; burnTotal: number; flowType: FlowType }): FlowType {
  if (group.flowType === "bridge_transfer") return group.flowType;
  return isRoundtrip(group.mintTotal, group.burnTotal) ? "atomic_roundtrip" : "standard";
}

/** Whether neither pass filled its batch. */
export function reclassifyDone({ forwardGroups, reverseGroups }: { forwardGroups: number; reverseGroups: number }) {
  return forwardGroups < RECLASSIFY_GROUPS && reverseGroups < RECLASSIFY_GROUPS;
}

/** Whether more groups than one sweep takes may be left. */
export function sweepSaturated(groupsFound: number): boolean {
  return groupsFound >= SWEEP_GROUPS;
}
