/** How far a row can be trusted, and why not farther: method section 13. The first rule that matches decides. */
import { type ConfidenceInputs, confidenceParts, isCurrentStatusSource } from "../redemption-figures.ts";
import type { ConfidenceDetails, ModelConfidence, ResolutionState } from "../schema/redemption.ts";

export interface ModelConfidenceInputs extends ConfidenceInputs {
  resolutionState: ResolutionState;
}

const REVIEW_LASTS_DAYS = 365;

function lowReason(inputs: ModelConfidenceInputs, docAgeDays: number | null): string | null {
  const { resolutionState, capacityConfidence, routeStatus, holderEligibility } = inputs;
  if (resolutionState !== "resolved") return "The route is not resolved.";
  if (capacityConfidence === "heuristic") return "The capacity is a rule of thumb.";
  if (routeStatus === "unknown" && capacityConfidence !== "live-direct" && capacityConfidence !== "documented-bound")
    return "Nobody says whether the route is open.";
  if (holderEligibility === "issuer-discretionary" || holderEligibility === "unknown")
    return "It is not clear who may use the route.";
  if (docAgeDays !== null && docAgeDays > REVIEW_LASTS_DAYS && !isCurrentStatusSource(inputs.routeStatusSource))
    return "The route was reviewed more than a year ago.";
  return null;
}

export function modelConfidence(inputs: ModelConfidenceInputs): {
  modelConfidence: ModelConfidence;
  details: ConfidenceDetails;
} {
  const parts = confidenceParts(inputs);
  const reason = lowReason(inputs, parts.reviewedDocAgeDays);
  const isHigh = inputs.capacityConfidence === "live-direct" && inputs.feeConfidence !== "undisclosed-reviewed";
  return {
    modelConfidence: reason !== null ? "low" : isHigh ? "high" : "medium",
    details: { ...parts, reasons: reason === null ? [] : [reason] },
  };
}
