/**
 * How far a price hangs from its peg and on which side, and what that says about a suspected depeg.
 *
 * Depeg methodology, section 2. Basis points are whole, halves rounded up; a price exactly at par counts as above.
 */
import { depegThresholdBps } from "../peg-bounds.ts";
import { wholeDeviationBps } from "../peg-figures.ts";
import type { Direction } from "../schema/depegs.ts";

export interface DepegSignal {
  /** Signed, below peg negative. */
  bps: number;
  absBps: number;
  direction: Direction;
}

/** What a quote says of a depeg suspected in one direction. */
export type DirectionalStatus = "confirm" | "recover" | "contradict" | "insufficient";

/** Quotes that only confirm need half the threshold. */
const SECONDARY_SHARE = 0.5;

/** Null when price or reference is not a positive number. */
export function depegSignal(
  price: number | null | undefined,
  reference: number | null | undefined,
): DepegSignal | null {
  const bps = wholeDeviationBps(price, reference);
  return bps === null ? null : { bps, absBps: Math.abs(bps), direction: bps >= 0 ? "above" : "below" };
}

/** Whether the price is a depeg for this kind of peg; an unusable price never is. */
export function crossesThreshold(
  price: number | null | undefined,
  reference: number | null | undefined,
  pegType: string | null | undefined,
): boolean {
  const signal = depegSignal(price, reference);
  return signal !== null && signal.absBps >= depegThresholdBps(pegType);
}

export function directionalStatus(
  price: number | null | undefined,
  reference: number | null | undefined,
  barBps: number,
  direction: Direction,
): DirectionalStatus {
  const signal = depegSignal(price, reference);
  if (!signal) return "insufficient";
  if (signal.absBps < barBps) return "recover";
  return signal.direction === direction ? "confirm" : "contradict";
}

/** The bar for evidence beside the primary price: 50 bps for the dollar, 75 for others. */
export function secondaryBarBps(pegType: string | null | undefined): number {
  return Math.floor(depegThresholdBps(pegType) * SECONDARY_SHARE + 0.5);
}

/** The value farthest from par; the first of equals, null when none is a finite number. */
export function moreSevereBps(values: readonly (number | null | undefined)[]): number | null {
  let worst: number | null = null;
  for (const value of values)
    if (typeof value === "number" && Number.isFinite(value) && (worst === null || Math.abs(value) > Math.abs(worst)))
      worst = value;
  return worst;
}
