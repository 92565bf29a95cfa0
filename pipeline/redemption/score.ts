/** A route's score: six parts, their weights, and the caps of families that are never a quick exit. Method section 6. */
import type { CapApplied } from "../schema/redemption.ts";
import type { RouteFamily } from "../schema/redemption-route.ts";
import { capacityScore } from "./capacity-score.ts";

export const COMPONENT_WEIGHTS = {
  access: 0.2,
  settlement: 0.15,
  executionCertainty: 0.15,
  capacity: 0.25,
  outputAssetQuality: 0.15,
  cost: 0.1,
} as const;

export const FAMILY_CAPS = { queueRedeem: 70, offchainIssuer: 65 } as const;

/** The parts that stand beside capacity. */
export interface RouteParts {
  routeFamily: RouteFamily | null;
  accessScore: number;
  settlementScore: number;
  executionCertaintyScore: number;
  outputAssetQualityScore: number;
  costScore: number;
  totalScoreCap?: number | null | undefined;
}

/** The caps that apply, in the order of their labels; one that is met exactly does not bite. */
function capsOf({ routeFamily, totalScoreCap }: RouteParts): [CapApplied, number][] {
  const caps: [CapApplied, number][] = [];
  if (routeFamily === "queue-redeem") caps.push(["queue-route-cap", FAMILY_CAPS.queueRedeem]);
  if (routeFamily === "offchain-issuer") caps.push(["offchain-route-cap", FAMILY_CAPS.offchainIssuer]);
  if (totalScoreCap !== null && totalScoreCap !== undefined) caps.push(["config-cap", totalScoreCap]);
  return caps;
}

export function redemptionScore(
  parts: RouteParts,
  capacity: number | null,
): { score: number | null; capsApplied: CapApplied[] } {
  if (capacity === null) return { score: null, capsApplied: [] };
  const weights = COMPONENT_WEIGHTS;
  let raw =
    weights.access * parts.accessScore +
    weights.settlement * parts.settlementScore +
    weights.executionCertainty * parts.executionCertaintyScore +
    weights.capacity * capacity +
    weights.outputAssetQuality * parts.outputAssetQualityScore +
    weights.cost * parts.costScore;
  const capsApplied: CapApplied[] = [];
  for (const [label, cap] of capsOf(parts)) {
    if (raw <= cap) continue;
    raw = cap;
    capsApplied.push(label);
  }
  return { score: Math.round(Math.max(0, Math.min(100, raw))), capsApplied };
}

/** What the route would be worth if everything that can come due were let through: context, never liquidity. */
export function eventualRedeemabilityScore(
  parts: RouteParts,
  eventualCapacityUsd: number | null,
  eventualCapacityRatio: number | null,
): number | null {
  return redemptionScore(parts, capacityScore(eventualCapacityUsd, eventualCapacityRatio).score).score;
}
