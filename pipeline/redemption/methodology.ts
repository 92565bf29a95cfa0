/** The method's own parameters, as they are published beside the rows, and fingerprints of them and of the registry's routes. */
import { createHash } from "node:crypto";
import { canonicalLine } from "../publish/canonical-json.ts";
import { CONFIDENCE_FACTORS, DIVERSIFICATION_FACTOR, EXIT_SIZE, REDEMPTION_VERSION } from "../redemption-figures.ts";
import type { RedemptionMethodology } from "../schema/redemption.ts";
import { COMPONENT_WEIGHTS, FAMILY_CAPS } from "./score.ts";

export function methodology(version = REDEMPTION_VERSION): RedemptionMethodology {
  return {
    version,
    currentVersion: REDEMPTION_VERSION,
    componentWeights: COMPONENT_WEIGHTS,
    routeFamilyCaps: FAMILY_CAPS,
    effectiveExitModel: {
      model: "best-path",
      diversificationFactor: DIVERSIFICATION_FACTOR,
      modeledExitSize: EXIT_SIZE,
      capacityFactor: {
        formula: "min(1, currentExecutableCapacityUsd / modeledExitSizeUsd)",
        missingCapacityBehavior: "unbounded",
      },
      confidenceFactors: {
        high: CONFIDENCE_FACTORS.high,
        medium: CONFIDENCE_FACTORS.medium,
        low: CONFIDENCE_FACTORS.low,
      },
      diversificationPolicy: "Only an issuer's own rail adds to a DEX exit: other routes tend to fail with the pools.",
    },
  };
}

/** First 16 hex digits of the SHA-256 of the canonical JSON. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(canonicalLine(value)).digest("hex").slice(0, 16);
}

export function scoringHash(): string {
  const { componentWeights, routeFamilyCaps, effectiveExitModel } = methodology();
  return fingerprint({ componentWeights, routeFamilyCaps, effectiveExitModel });
}
