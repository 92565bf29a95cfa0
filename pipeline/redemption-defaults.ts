/** What a route of each kind usually is: method section 2.3. A coin's file starts from one of these and says what differs. */
import type { RedemptionRoute, RouteBase, RouteEntry } from "./schema/redemption-route.ts";

type Defaults = Omit<RedemptionRoute, "docs" | "reviewedAt" | "notes">;

const UNDISCLOSED = { kind: "dynamic-or-unclear", confidence: "undisclosed-reviewed" } as const;
const BY_TERMS = { kind: "supply-full", basis: "issuer-term-redemption" } as const;
const BY_SYSTEM = { kind: "supply-full", basis: "full-system-eventual" } as const;
const ONCHAIN = {
  accessModel: "permissionless-onchain",
  settlementModel: "atomic",
  executionModel: "deterministic-onchain",
  costModel: UNDISCLOSED,
} as const;

export const ROUTE_DEFAULTS: Readonly<Record<RouteBase, Defaults>> = {
  issuer: {
    routeFamily: "offchain-issuer",
    accessModel: "issuer-api",
    settlementModel: "same-day",
    executionModel: "rules-based-nav",
    outputAssetType: "stable-single",
    capacityModel: BY_TERMS,
    costModel: UNDISCLOSED,
  },
  "commodity-issuer": {
    routeFamily: "offchain-issuer",
    accessModel: "issuer-api",
    settlementModel: "days",
    executionModel: "rules-based-nav",
    outputAssetType: "bluechip-collateral",
    capacityModel: BY_TERMS,
    costModel: UNDISCLOSED,
  },
  "stablecoin-redeem": {
    ...ONCHAIN,
    routeFamily: "stablecoin-redeem",
    outputAssetType: "stable-single",
    capacityModel: BY_TERMS,
  },
  "collateral-redeem": {
    ...ONCHAIN,
    routeFamily: "collateral-redeem",
    outputAssetType: "bluechip-collateral",
    capacityModel: BY_SYSTEM,
  },
  "psm-swap": { ...ONCHAIN, routeFamily: "psm-swap", outputAssetType: "stable-single", capacityModel: BY_SYSTEM },
  "basket-redeem": {
    ...ONCHAIN,
    routeFamily: "basket-redeem",
    executionModel: "deterministic-basket",
    outputAssetType: "stable-basket",
    capacityModel: BY_SYSTEM,
  },
  "queue-redeem": {
    routeFamily: "queue-redeem",
    accessModel: "permissionless-onchain",
    settlementModel: "queued",
    executionModel: "rules-based-nav",
    outputAssetType: "stable-single",
    capacityModel: { kind: "supply-ratio", ratio: 0.1, basis: "strategy-buffer" },
    costModel: UNDISCLOSED,
  },
};

/** The whole route of a coin's entry; nothing of the defaults is shared with it, so nobody can change another coin's route. */
export function routeOf({ base, source: _source, remark: _remark, ...entry }: RouteEntry): RedemptionRoute {
  return structuredClone({ ...ROUTE_DEFAULTS[base], ...entry });
}
