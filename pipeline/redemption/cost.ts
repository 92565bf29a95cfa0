/** What an exit costs, as a score: one bounded fee, a fee that is known as a formula, or words. Method section 5. */
import type { CostScenarioScores } from "../schema/redemption.ts";
import type { CostModel, FeeConfidence, FeeModelKind } from "../schema/redemption-route.ts";

const SCENARIO_USD = { retail: 1_000, activeUser: 10_000, institutional: 1_000_000 } as const;
/** A cost that was described but is no number, and one that nobody describes. */
const DESCRIBED_SCORE = 60;
const UNCLEAR_SCORE = 40;

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** Null where the fee is no number. */
export function boundedFeeScore(feeBps: number | null): number | null {
  if (feeBps === null || Number.isNaN(feeBps)) return null;
  if (feeBps <= 10) return 100;
  if (feeBps <= 50) return 80;
  return feeBps <= 100 ? 60 : 40;
}

function variableFeeBps(cost: CostModel, resolvedFeeBps: number | null): number | null {
  if (cost.feeScenario === "stress" && isNumber(cost.stressFeeBps)) return cost.stressFeeBps;
  const configured = cost.kind === "fee-bps" ? cost.feeBps : null;
  return [resolvedFeeBps, cost.feeBpsMax, cost.feeBpsMin, configured].find(isNumber) ?? null;
}

/** The cost score at three sizes, because a flat fee is nothing to a million and much to a thousand; null without any number. */
export function costScenarioScores(cost: CostModel, resolvedFeeBps: number | null): CostScenarioScores | null {
  const feeBps = variableFeeBps(cost, resolvedFeeBps);
  const fixedUsd = (cost.flatFeeUsd ?? 0) + (cost.gasOrBridgeCostUsd ?? 0);
  const shaped = [cost.minFeeUsd, cost.stressFeeBps, cost.feeBpsMin, cost.feeBpsMax].some(isNumber);
  if (feeBps === null && fixedUsd === 0 && !shaped) return null;
  const at = (sizeUsd: number) => {
    // In dollars times basis points, so that a fee that is exactly on a band stays there.
    const variable = Math.max(sizeUsd * Math.max(0, feeBps ?? 0), (cost.minFeeUsd ?? 0) * 10_000);
    return boundedFeeScore((variable + fixedUsd * 10_000) / sizeUsd) as number;
  };
  const { retail, activeUser, institutional } = SCENARIO_USD;
  return { retail: at(retail), activeUser: at(activeUser), institutional: at(institutional) };
}

export function feeConfidence(cost: CostModel): FeeConfidence {
  return cost.confidence ?? (cost.kind === "fee-bps" ? "fixed" : "undisclosed-reviewed");
}

export function feeModelKind(cost: CostModel): FeeModelKind {
  if (cost.kind === "fee-bps") return "fixed-bps";
  if (cost.feeModelKind) return cost.feeModelKind;
  if (cost.confidence === "formula") return "formula";
  return cost.feeDescription ? "documented-variable" : "undisclosed-reviewed";
}

/** For stored rows without the label. */
export function storedFeeConfidence(feeBps: number | null): FeeConfidence {
  return isNumber(feeBps) ? "fixed" : "undisclosed-reviewed";
}

/** For stored rows without the label. */
export function storedFeeModelKind(
  feeBps: number | null,
  confidence: FeeConfidence | null,
  feeDescription: string | null,
): FeeModelKind {
  if (isNumber(feeBps)) return "fixed-bps";
  if (confidence === "formula") return "formula";
  return feeDescription ? "documented-variable" : "undisclosed-reviewed";
}

/** Words by which a reviewed description says that there is no number. */
const NOTHING_NUMERIC = [
  "not disclosed",
  "not publish",
  "not published",
  "do not publish",
  "does not publish",
  "no separate fixed",
  "no fixed",
  "not identified",
];

/** What a description alone makes of a variable fee, when a route is authored. */
export function feeKindFromDescription(feeDescription: string | null, confidence: FeeConfidence | null): FeeModelKind {
  if (confidence === "formula") return "formula";
  const words = feeDescription?.toLowerCase() ?? "";
  if (words === "" || NOTHING_NUMERIC.some((phrase) => words.includes(phrase))) return "undisclosed-reviewed";
  return "documented-variable";
}

/** A fee the newest reserve snapshot states, or why it may not be used. */
export type LiveFee = { feeBps: number } | { unusable: string | null };

export interface ResolvedCost {
  costScore: number;
  feeBps: number | null;
  feeConfidence: FeeConfidence;
  feeModelKind: FeeModelKind;
  feeDescription: string | null;
  costScenarioScores: CostScenarioScores | null;
  notes: string[];
}

export function resolveCost(cost: CostModel, live: LiveFee): ResolvedCost {
  const described = {
    feeConfidence: feeConfidence(cost),
    feeModelKind: feeModelKind(cost),
    feeDescription: cost.feeDescription ?? null,
  };
  const mayUseLive = cost.kind === "fee-bps" || described.feeConfidence === "formula";
  if ("feeBps" in live && Number.isFinite(live.feeBps) && mayUseLive) {
    const feeBps = Math.max(0, Math.round(live.feeBps));
    const scenarios = costScenarioScores(cost, feeBps) as CostScenarioScores;
    const differs = cost.kind === "fee-bps" && cost.feeBps !== feeBps;
    return {
      ...described,
      feeBps,
      costScore: scenarios.activeUser,
      costScenarioScores: scenarios,
      feeDescription: `${feeBps} bps as read live${cost.feeDescription ? ` (terms: ${cost.feeDescription})` : ""}`,
      notes: differs ? [`The live fee of ${feeBps} bps is used instead of the configured ${cost.feeBps} bps.`] : [],
    };
  }
  if (cost.kind === "fee-bps") {
    const feeBps = Math.max(0, cost.feeBps);
    const scenarios = costScenarioScores(cost, feeBps) as CostScenarioScores;
    return { ...described, feeBps, costScore: scenarios.activeUser, costScenarioScores: scenarios, notes: [] };
  }
  const scenarios = costScenarioScores(cost, null);
  const hasTerms = Boolean(cost.feeDescription) && cost.confidence !== "undisclosed-reviewed";
  const why = described.feeConfidence === "formula" && "unusable" in live ? live.unusable : null;
  return {
    ...described,
    feeBps: null,
    costScore: scenarios?.activeUser ?? (hasTerms ? DESCRIBED_SCORE : UNCLEAR_SCORE),
    costScenarioScores: scenarios,
    notes: why === null ? [] : [`The live fee is not used: ${why}.`],
  };
}
