/**
 * reUSD of Resupply: the debt of every pair that can be redeemed. While its guard is on, anybody may redeem only below a price of reUSD
 * in crvUSD; above it the protocol's own operator may.
 */
import { RESUPPLY_HANDLER, RESUPPLY_ORACLE, RESUPPLY_REGISTRY } from "../abis.ts";
import { type Adapter, AdapterFailed, call, mustUnits, ONCHAIN_POLICY, WAD, warn } from "../adapter.ts";

/** A registry that lists more is not the one that was reviewed. */
const MOST_PAIRS = 120;

export const resupplyPairs: Adapter<"resupply-pairs"> = {
  kind: "resupply-pairs",
  version: 1,
  semantics: "protocol-reserve",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: ONCHAIN_POLICY,
  *read({ chain, registry, redemptionHandler, oracle }) {
    const [listed, inUse, guard, threshold, price] = yield [
      call(registry, RESUPPLY_REGISTRY, "getAllPairAddresses"),
      call(registry, RESUPPLY_REGISTRY, "redemptionHandler"),
      call(redemptionHandler, RESUPPLY_HANDLER, "guardEnabled"),
      call(redemptionHandler, RESUPPLY_HANDLER, "permissionlessPriceThreshold"),
      call(oracle, RESUPPLY_ORACLE, "oraclePriceAsCrvusd"),
    ];
    if (!Array.isArray(listed)) throw new AdapterFailed("the registry of pairs could not be read");
    if (String(inUse).toLowerCase() !== redemptionHandler)
      throw new AdapterFailed("the registry points to another redemption handler than reviewed");
    if (listed.length > MOST_PAIRS) throw new AdapterFailed("the registry lists more pairs than were ever there");
    const pairs = listed.map(String);
    const debts =
      pairs.length === 0
        ? []
        : yield pairs.map((pair) => call(redemptionHandler, RESUPPLY_HANDLER, "getMaxRedeemableDebt", [pair]));
    const capacityUsd = pairs.reduce(
      (sum, pair, i) => sum + mustUnits(debts[i], WAD, `redeemable debt of the pair ${pair}`),
      0,
    );
    const isBelow = typeof price === "bigint" && typeof threshold === "bigint" ? price < threshold : null;
    const isOpen = guard === false ? true : guard === true ? isBelow : null;
    return {
      source: `${chain}/${redemptionHandler}`,
      slices: [],
      warnings:
        isOpen === null ? [warn("degraded", "route-unchecked", "Whether redemption is guarded could not be read")] : [],
      metadata: {
        freshnessMode: "not-applicable",
        redemption: {
          capacityUsd,
          capacityKind: "live-direct-bounded",
          freshnessKind: "same-run-onchain",
          routeStatus: isOpen === null ? "unknown" : isOpen ? "open" : "cohort-limited",
          routeStatusSource: "onchain",
          ...(isOpen === false
            ? { routeStatusReason: "The guard is on and reUSD is not below its price: only the operator redeems" }
            : {}),
        },
      },
    };
  },
};
