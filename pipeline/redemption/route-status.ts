/** Whether a route is open, who says so, and what the market says against it: method sections 9 and 10. */
import type {
  CapApplied,
  CapacityConfidence,
  CapacityKind,
  RouteStatus,
  RouteStatusSource,
  SourceMode,
} from "../schema/redemption.ts";
import type {
  AccessModel,
  HolderEligibility,
  OutputAssetType,
  RouteExitCorrelation,
  RouteFamily,
  SettlementModel,
} from "../schema/redemption-route.ts";

export interface StaticStatus {
  routeStatus: RouteStatus;
  routeStatusSource: RouteStatusSource;
  /** Somebody wrote it down; the default "open" is nobody's word. */
  configured?: boolean | undefined;
}

export interface LiveStatus {
  routeStatus?: RouteStatus | null | undefined;
  routeStatusSource?: RouteStatusSource | null | undefined;
  routeStatusReason?: string | null | undefined;
  routeStatusReviewedAt?: string | null | undefined;
}

export interface SevereStatus {
  routeStatus: RouteStatus;
  routeStatusSource: RouteStatusSource;
  routeStatusReason?: string | null | undefined;
  routeStatusReviewedAt?: string | null | undefined;
  outputImpairedDependencyId?: string | null | undefined;
  outputImpairedShare?: number | null | undefined;
}

export interface MergedStatus {
  routeStatus: RouteStatus;
  routeStatusSource: RouteStatusSource;
  routeStatusReason: string | null;
  routeStatusReviewedAt: string | null;
  /** Broad redemption at par is contradicted. */
  impaired: boolean;
  /** The severe depeg was applied. */
  severeApplied: boolean;
  capsApplied: CapApplied[];
  notes: string[];
}

/** Live evidence names both the status and who says so; then the written word; a severe depeg last. */
export function mergeRouteStatus(
  written: StaticStatus,
  live: LiveStatus | null,
  severe: SevereStatus | null,
  strongLiveDirect: boolean,
): MergedStatus {
  const sourced = live?.routeStatus && live.routeStatusSource ? live : null;
  const unsourcedUnknown = sourced === null && live?.routeStatus === "unknown";
  const notes: string[] = [];
  if (sourced === null && live?.routeStatus && !unsourcedUnknown)
    notes.push(`A live status "${live.routeStatus}" that names no source is ignored.`);

  const merged: MergedStatus = {
    routeStatus: sourced?.routeStatus ?? (unsourcedUnknown ? "unknown" : written.routeStatus),
    routeStatusSource: sourced?.routeStatusSource ?? written.routeStatusSource,
    routeStatusReason: sourced?.routeStatusReason ?? null,
    routeStatusReviewedAt: sourced?.routeStatusReviewedAt ?? null,
    impaired: false,
    severeApplied: false,
    capsApplied: [],
    notes,
  };
  if (merged.routeStatus !== "open" && merged.routeStatus !== "unknown") {
    merged.impaired = true;
    merged.capsApplied.push("live-route-status-impairment");
  }
  if (severe === null) return merged;

  const saidOpen = merged.routeStatus === "open" && (sourced !== null || written.configured === true);
  const outputImpaired = Boolean(severe.outputImpairedDependencyId) || (severe.outputImpairedShare ?? 0) > 0;
  if (strongLiveDirect && saidOpen && !outputImpaired) return merged;
  return {
    routeStatus: severe.routeStatus,
    routeStatusSource: severe.routeStatusSource,
    routeStatusReason: severe.routeStatusReason ?? null,
    routeStatusReviewedAt: severe.routeStatusReviewedAt ?? null,
    impaired: true,
    severeApplied: true,
    capsApplied: [...merged.capsApplied, "market-implied-depeg-impairment"],
    notes,
  };
}

/** Whether the route was seen to pay any holder at once, by its own contracts. That it is open is asked elsewhere. */
export function isStrongLiveDirectRoute(route: {
  capacityConfidence: CapacityConfidence | null;
  capacityKind: CapacityKind | null;
  sourceMode: SourceMode | null;
  accessModel: AccessModel | null;
  settlementModel: SettlementModel | null;
}): boolean {
  return (
    route.capacityConfidence === "live-direct" &&
    route.sourceMode === "dynamic" &&
    (route.capacityKind === "live-direct" || route.capacityKind === "live-direct-bounded") &&
    route.accessModel === "permissionless-onchain" &&
    (route.settlementModel === "atomic" || route.settlementModel === "immediate")
  );
}

const ELIGIBILITY_OF_ACCESS: Readonly<Record<AccessModel, HolderEligibility>> = {
  "permissionless-onchain": "any-holder",
  "whitelisted-onchain": "whitelisted-primary",
  "issuer-api": "verified-customer",
  manual: "issuer-discretionary",
};

export function defaultHolderEligibility(accessModel: AccessModel | null): HolderEligibility {
  return accessModel === null ? "unknown" : ELIGIBILITY_OF_ACCESS[accessModel];
}

/** What the route shares with the coin's DEX liquidity: only an issuer's own rail fails on its own. */
export function defaultRouteExitCorrelation(
  routeFamily: RouteFamily | null,
  outputAssetType: OutputAssetType | null,
): RouteExitCorrelation {
  if (routeFamily === "offchain-issuer") return "independent-issuer-rail";
  if (routeFamily === "psm-swap") return "same-stablecoin-pool-backing";
  if (routeFamily === "stablecoin-redeem" && outputAssetType === "stable-single") return "wrapper-to-parent-dependency";
  if (routeFamily === "basket-redeem" || routeFamily === "collateral-redeem") return "same-protocol-liquidity";
  return "unknown";
}
