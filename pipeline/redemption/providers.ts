/** Where a capacity came from, and what that alone says of it: the provider table of method section 7.3. */
import type { CapacityConfidence, CapacityProvider, CapacitySemantics, SourceMode } from "../schema/redemption.ts";
import type { CapacityBasis, CapacityModel, RouteFamily } from "../schema/redemption-route.ts";

interface Provider {
  confidence: CapacityConfidence;
  semantics: CapacitySemantics;
}

const PROVIDERS: Readonly<Record<CapacityProvider, Provider>> = {
  "supply-full-model": { confidence: "heuristic", semantics: "eventual-only" },
  "supply-ratio-model": { confidence: "heuristic", semantics: "immediate-bounded" },
  "fixed-usd-model": { confidence: "documented-bound", semantics: "immediate-bounded" },
  "reserve-sync-metadata": { confidence: "dynamic", semantics: "immediate-bounded" },
  "reserve-sync-fallback": { confidence: "heuristic", semantics: "immediate-bounded" },
  "sync-error": { confidence: "heuristic", semantics: "immediate-bounded" },
};

const PROVIDER_OF_MODEL: Readonly<Record<CapacityModel["kind"], CapacityProvider>> = {
  "supply-full": "supply-full-model",
  "supply-ratio": "supply-ratio-model",
  "fixed-usd": "fixed-usd-model",
  "reserve-sync-metadata": "reserve-sync-metadata",
};

/** What a configured model claims before anything was read. */
export function capacityConfidence(model: Pick<CapacityModel, "kind" | "confidence">): CapacityConfidence {
  return model.confidence ?? PROVIDERS[PROVIDER_OF_MODEL[model.kind]].confidence;
}

export function capacitySemantics(model: Pick<CapacityModel, "kind">): CapacitySemantics {
  return PROVIDERS[PROVIDER_OF_MODEL[model.kind]].semantics;
}

function known(provider: string | null): Provider | null {
  return provider !== null && Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider as CapacityProvider] : null;
}

/** For stored rows without the label. A live provider whose mode is not live, or not said, supports nothing. */
export function readbackCapacityConfidence(provider: string | null, sourceMode: SourceMode | null): CapacityConfidence {
  if (provider === "reserve-sync-metadata") return sourceMode === "dynamic" ? "dynamic" : "heuristic";
  return known(provider)?.confidence ?? "heuristic";
}

/** For stored rows without the label. */
export function readbackCapacitySemantics(provider: string | null): CapacitySemantics {
  return known(provider)?.semantics ?? "eventual-only";
}

/** What kind of evidence the capacity is: method section 12. */
export function capacityBasis(
  routeFamily: RouteFamily | null,
  model: Pick<CapacityModel, "kind" | "basis">,
  confidence: CapacityConfidence | null,
): CapacityBasis {
  if (model.kind === "reserve-sync-metadata") {
    if (confidence === "live-direct") return "live-direct-telemetry";
    if (confidence === "live-proxy") return "live-proxy-buffer";
  }
  if (model.basis) return model.basis;
  if (model.kind === "fixed-usd") return "fixed-buffer";
  if (model.kind === "supply-full") {
    const byTerms = routeFamily === "offchain-issuer" || routeFamily === "stablecoin-redeem";
    return byTerms ? "issuer-term-redemption" : "full-system-eventual";
  }
  if (routeFamily === "psm-swap") return "psm-balance-share";
  return routeFamily === "queue-redeem" ? "strategy-buffer" : "hot-buffer";
}
