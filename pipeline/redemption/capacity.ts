/**
 * How much fits through a route now, and how much in the end: method section 7.
 *
 * Four models, each with an answer for a supply that nobody knows. Missing capacity is never read as nothing; a measured nothing is.
 */
import type {
  CapacityConfidence,
  CapacityProvider,
  CapacitySemantics,
  ResolutionState,
  ScoringHorizon,
  SourceMode,
} from "../schema/redemption.ts";
import type { CapacityModel } from "../schema/redemption-route.ts";
import type { CapacityTelemetry } from "../schema/reserves.ts";
import type { CapacityScoreMode } from "./capacity-score.ts";
import type { LiveTelemetry } from "./live-telemetry.ts";
import { capacityConfidence, capacitySemantics } from "./providers.ts";

export interface ResolvedCapacity {
  immediateCapacityUsd: number | null;
  immediateCapacityRatio: number | null;
  scoringCapacityUsd: number | null;
  scoringCapacityRatio: number | null;
  eventualCapacityUsd: number | null;
  eventualCapacityRatio: number | null;
  dailyLimitUsd: number | null;
  queuedUsd: number | null;
  scoringHorizon: ScoringHorizon;
  capacityScoreMode: CapacityScoreMode;
  provider: CapacityProvider;
  sourceMode: SourceMode;
  resolutionState: ResolutionState;
  capacityConfidence: CapacityConfidence;
  capacitySemantics: CapacitySemantics;
  /** The capacity is the live reading itself, so what else that reading says of the way out counts too. */
  isLive: boolean;
  notes: string[];
}

const NOTHING = {
  immediateCapacityUsd: null,
  immediateCapacityRatio: null,
  scoringCapacityUsd: null,
  scoringCapacityRatio: null,
  eventualCapacityUsd: null,
  eventualCapacityRatio: null,
  dailyLimitUsd: null,
  queuedUsd: null,
  scoringHorizon: "unknown",
  isLive: false,
} as const;

function isAmount(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function clampRatio(value: number): number {
  return Math.max(0, Math.min(1, value));
}

/** Share of supply; null where supply is unknown or nothing. */
function shareOf(amountUsd: number, supplyUsd: number | null): number | null {
  return supplyUsd !== null && supplyUsd > 0 ? clampRatio(amountUsd / supplyUsd) : null;
}

function modeOf(supplyUsd: number | null): CapacityScoreMode {
  return supplyUsd !== null && supplyUsd > 0 ? "interpolated" : "tier-floor";
}

/** A limit bites only where it is below what the route holds. */
function bindingLimit(limitUsd: number | null | undefined, immediateUsd: number): number | null {
  return isAmount(limitUsd) && limitUsd < immediateUsd ? limitUsd : null;
}

function supplyFull(model: CapacityModel, supplyUsd: number | null): ResolvedCapacity {
  const base = {
    ...NOTHING,
    capacityScoreMode: modeOf(supplyUsd),
    provider: "supply-full-model" as const,
    capacityConfidence: capacityConfidence(model),
    capacitySemantics: capacitySemantics(model),
  };
  if (supplyUsd === null)
    return { ...base, sourceMode: "static", resolutionState: "missing-cache", notes: [NO_SUPPLY] };
  return {
    ...base,
    eventualCapacityUsd: supplyUsd,
    eventualCapacityRatio: supplyUsd > 0 ? 1 : null,
    scoringHorizon: "eventual",
    sourceMode: "estimated",
    resolutionState: "resolved",
    notes: ["Only eventual redeemability is modelled: no buffer for immediate exits is measured."],
  };
}

const NO_SUPPLY = "Circulating supply is not known today.";

function supplyRatio(model: CapacityModel & { kind: "supply-ratio" }, supplyUsd: number | null): ResolvedCapacity {
  const base = {
    ...NOTHING,
    dailyLimitUsd: model.dailyLimitUsd ?? null,
    capacityScoreMode: modeOf(supplyUsd),
    provider: "supply-ratio-model" as const,
    capacityConfidence: capacityConfidence(model),
    capacitySemantics: capacitySemantics(model),
  };
  if (supplyUsd === null)
    return { ...base, sourceMode: "static", resolutionState: "missing-cache", notes: [NO_SUPPLY] };
  const immediate = supplyUsd * model.ratio;
  const limit = model.dailyLimitUsd;
  const limitShare = limit !== undefined && supplyUsd > 0 ? limit / supplyUsd : Number.POSITIVE_INFINITY;
  return {
    ...base,
    immediateCapacityUsd: immediate,
    immediateCapacityRatio: model.ratio,
    scoringCapacityUsd: Math.min(immediate, limit ?? Number.POSITIVE_INFINITY),
    scoringCapacityRatio: Math.min(model.ratio, limitShare),
    scoringHorizon: bindingLimit(limit, immediate) === null ? "immediate" : "daily",
    sourceMode: "estimated",
    resolutionState: "resolved",
    notes: [],
  };
}

function fixedUsd(model: CapacityModel & { kind: "fixed-usd" }, supplyUsd: number | null): ResolvedCapacity {
  const immediate = Math.max(0, Math.min(model.amountUsd, supplyUsd ?? Number.POSITIVE_INFINITY));
  const limit = bindingLimit(model.dailyLimitUsd, immediate);
  const scoring = limit ?? immediate;
  const notes: string[] = [];
  if (supplyUsd === null) notes.push(`${NO_SUPPLY} The reviewed buffer is scored by whole tiers of dollars.`);
  else if (model.amountUsd > supplyUsd) notes.push("The reviewed buffer is larger than supply and counts up to it.");
  return {
    ...NOTHING,
    immediateCapacityUsd: immediate,
    immediateCapacityRatio: shareOf(immediate, supplyUsd),
    scoringCapacityUsd: scoring,
    scoringCapacityRatio: shareOf(scoring, supplyUsd),
    dailyLimitUsd: model.dailyLimitUsd ?? null,
    scoringHorizon: limit === null ? "immediate" : "daily",
    capacityScoreMode: modeOf(supplyUsd),
    provider: "fixed-usd-model",
    sourceMode: "static",
    resolutionState: "resolved",
    capacityConfidence: capacityConfidence(model),
    capacitySemantics: capacitySemantics(model),
    notes,
  };
}

type ReserveModel = CapacityModel & { kind: "reserve-sync-metadata" };

const TIER_CONFIDENCE: Readonly<Record<CapacityTelemetry, CapacityConfidence>> = {
  direct: "live-direct",
  proxy: "live-proxy",
  none: "dynamic",
};

/** The live reading as capacity; null where it may not or cannot be one. */
function liveCapacity(
  model: ReserveModel,
  supplyUsd: number | null,
  tier: CapacityTelemetry,
  live: LiveTelemetry,
): ResolvedCapacity | null {
  if (!live.usable || tier === "none") return null;
  const liveRatio = isAmount(live.capacityRatio) ? live.capacityRatio : null;
  const ofSupply = liveRatio !== null && supplyUsd !== null ? supplyUsd * liveRatio : null;
  const raw = isAmount(live.capacityUsd) ? live.capacityUsd : ofSupply;
  if (raw === null) return null;

  const immediate = Math.max(0, Math.min(raw, supplyUsd ?? Number.POSITIVE_INFINITY));
  const immediateRatio = liveRatio === null ? shareOf(immediate, supplyUsd) : clampRatio(liveRatio);
  const limit = bindingLimit(live.dailyLimitUsd, immediate);
  const queued = isAmount(live.queueDepthUsd) ? live.queueDepthUsd : null;
  const notes: string[] = [];
  if (supplyUsd !== null && raw > supplyUsd) notes.push("The live capacity is larger than supply and counts up to it.");
  if (limit !== null) notes.push("A daily limit binds: what is shown does not all leave in one day.");
  if (queued !== null && queued > 0) notes.push("Others wait in the queue already.");
  if (isAmount(live.settlementDelaySec) && live.settlementDelaySec > 0)
    notes.push(`Settlement takes about ${settlementWords(live.settlementDelaySec)}.`);
  const hasSupply = supplyUsd !== null && supplyUsd > 0;
  return {
    immediateCapacityUsd: immediate,
    immediateCapacityRatio: immediateRatio,
    scoringCapacityUsd: limit ?? immediate,
    scoringCapacityRatio: limit === null ? immediateRatio : shareOf(limit, supplyUsd),
    eventualCapacityUsd: hasSupply ? supplyUsd : null,
    eventualCapacityRatio: hasSupply ? 1 : null,
    dailyLimitUsd: isAmount(live.dailyLimitUsd) ? live.dailyLimitUsd : null,
    queuedUsd: queued,
    scoringHorizon: limit !== null ? "daily" : queued !== null ? "queued" : "immediate",
    capacityScoreMode: modeOf(supplyUsd),
    provider: "reserve-sync-metadata",
    sourceMode: "dynamic",
    resolutionState: "resolved",
    capacityConfidence: TIER_CONFIDENCE[tier],
    capacitySemantics: capacitySemantics(model),
    isLive: true,
    notes: [...notes, ...(live.notes ?? [])],
  };
}

function settlementWords(seconds: number): string {
  const [hours, days] = [Math.round(seconds / 3_600), Math.round(seconds / 86_400)];
  if (hours < 48) return hours <= 1 ? "an hour or less" : `${hours} hours`;
  return `${days} days`;
}

/** The reviewed share or amount that stands in while no live reading is usable. */
function fallbackCapacity(model: ReserveModel, supplyUsd: number | null, live: LiveTelemetry): ResolvedCapacity | null {
  const base = {
    ...NOTHING,
    capacityScoreMode: modeOf(supplyUsd),
    provider: "reserve-sync-fallback" as const,
    sourceMode: "estimated" as const,
    resolutionState: "resolved" as const,
    capacityConfidence: model.confidence === "documented-bound" ? model.confidence : ("heuristic" as const),
    capacitySemantics: capacitySemantics(model),
    notes: [`A reviewed fallback stands in: ${live.reason ?? "no live reading"}.`],
  };
  if (model.fallbackRatio !== undefined && supplyUsd !== null && supplyUsd > 0) {
    const usd = supplyUsd * model.fallbackRatio;
    return {
      ...base,
      immediateCapacityUsd: usd,
      immediateCapacityRatio: model.fallbackRatio,
      scoringCapacityUsd: usd,
      scoringCapacityRatio: model.fallbackRatio,
      scoringHorizon: "immediate",
    };
  }
  if (model.fallbackUsd === undefined) return null;
  const immediate = Math.max(0, Math.min(model.fallbackUsd, supplyUsd ?? Number.POSITIVE_INFINITY));
  const limit = model.fallbackUsd > 0 ? bindingLimit(live.dailyLimitUsd, immediate) : null;
  return {
    ...base,
    immediateCapacityUsd: immediate,
    immediateCapacityRatio: shareOf(immediate, supplyUsd),
    scoringCapacityUsd: limit ?? immediate,
    scoringCapacityRatio: shareOf(limit ?? immediate, supplyUsd),
    dailyLimitUsd: isAmount(live.dailyLimitUsd) ? live.dailyLimitUsd : null,
    scoringHorizon: limit === null ? "immediate" : "daily",
  };
}

/** `supplyUsd` null: unknown. `tier` is what the coin's adapter declares. */
export function resolveCapacity(
  model: CapacityModel,
  supplyUsd: number | null,
  tier: CapacityTelemetry,
  live: LiveTelemetry,
): ResolvedCapacity {
  const supply = isAmount(supplyUsd) ? supplyUsd : null;
  if (model.kind === "supply-full") return supplyFull(model, supply);
  if (model.kind === "supply-ratio") return supplyRatio(model, supply);
  if (model.kind === "fixed-usd") return fixedUsd(model, supply);
  return (
    liveCapacity(model, supply, tier, live) ??
    fallbackCapacity(model, supply, live) ?? {
      ...NOTHING,
      capacityScoreMode: modeOf(supply),
      provider: "reserve-sync-metadata",
      sourceMode: "static",
      resolutionState: supply === null ? "missing-cache" : "missing-capacity",
      capacityConfidence: TIER_CONFIDENCE[tier],
      capacitySemantics: capacitySemantics(model),
      notes: [`No live capacity: ${live.reason ?? "no live reading"}.`],
    }
  );
}
