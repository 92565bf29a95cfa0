/** Words of flows: direction from net flow only, pressure only against a coin's own thirty days. */
import type { FlowCoverage, MintBurnFlows } from "../../pipeline/schema/flows.ts";
import { UNKNOWN, usd } from "./format.ts";

/** USD with its sign: "+$1.2m", "−$3.4m". */
export function signedUsd(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  if (value === 0) return usd(0);
  return `${value > 0 ? "+" : "−"}${usd(Math.abs(value))}`;
}

export const BAND_WORDS: Readonly<Record<NonNullable<MintBurnFlows["gauge"]["band"]>, string>> = {
  CRISIS: "massive redemptions against their own thirty days",
  STRESS: "heavy redemptions against their own thirty days",
  CAUTIOUS: "more burns than usual",
  NEUTRAL: "as usual",
  HEALTHY: "more minting than usual",
  CONFIDENT: "strong minting against their own thirty days",
  SURGE: "extreme minting against their own thirty days",
};

export const STATUS_WORDS: Readonly<Record<FlowCoverage["status"], string>> = {
  full: "read to the head, thirty days and more on record",
  "partial-history": "read to the head, less than thirty days on record",
  lagging: "behind the chain",
  bootstrapping: "less than a day on record",
  disabled: "not read",
};

export function directionWords(netUsd: number): string {
  if (netUsd > 0) return "More was minted than burned";
  return netUsd < 0 ? "More was burned than minted" : "As much was minted as burned";
}

/** What an event stands as in the sums. */
export function countsAs(event: {
  direction: "mint" | "burn";
  flowType: string;
  burnType: string | null;
  provisional: boolean;
}): string {
  const words =
    event.flowType === "bridge_transfer"
      ? "bridge transfer, not counted"
      : event.flowType === "atomic_roundtrip"
        ? "roundtrip, not counted"
        : event.burnType === "review_required"
          ? "under review, not counted"
          : "flow";
  return event.provisional ? `${words} (not final)` : words;
}
