/** USDe: the liquid cash among what backs it, by the issuer's own dashboard. The rest is hedged and must be closed before it pays. */
import type { ReserveSlice } from "../../schema/reserves.ts";
import { ethenaCollateral } from "../../sources/ethena.ts";
import { type Adapter, AdapterFailed, DASHBOARD_POLICY, slicesOf, warn } from "../adapter.ts";

const PAGE = "https://app.ethena.fi/dashboards/transparency";
const CASH = "Liquid Cash";
/** The parts should sum to the stated total; by more, one of them is missing. */
const TOLERANCE = 0.005;

const riskOf = (asset: string): ReserveSlice["risk"] => (asset === CASH ? "low" : "medium");

export const ethena: Adapter<"ethena"> = {
  kind: "ethena",
  version: 1,
  semantics: "collateral-mix",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "proxy", fee: "none" },
  policy: DASHBOARD_POLICY,
  feeds: [ethenaCollateral],
  *read(_entry, given) {
    const backing = given.feed(ethenaCollateral);
    if (backing === null) throw new AdapterFailed("the issuer's dashboard could not be read");
    const material = backing.rows.filter(({ usd }) => usd > 0);
    const sumUsd = material.reduce((sum, { usd }) => sum + usd, 0);
    const byAsset = [...Map.groupBy(material, ({ asset }) => asset)].map(([name, rows]) => ({
      name,
      value: rows.reduce((sum, { usd }) => sum + usd, 0),
      risk: riskOf(name),
    }));
    const times = material.map(({ observedAt }) => observedAt);
    const oldest = times.includes(null) || times.length === 0 ? null : Math.min(...(times as number[]));
    const time = oldest === null ? {} : { sourceTimestamp: oldest };
    return {
      source: PAGE,
      slices: slicesOf(byAsset),
      warnings:
        Math.abs(sumUsd - backing.totalUsd) > TOLERANCE * backing.totalUsd
          ? [warn("degraded", "sum-differs", "The parts do not sum to the stated total")]
          : [],
      metadata: {
        freshnessMode: oldest === null ? "unverified" : "verified",
        ...(oldest === null ? { freshnessReason: "a part of the backing states no time" } : {}),
        ...time,
        totalReserveUsd: backing.totalUsd,
        redemption: {
          capacityUsd: byAsset.find(({ name }) => name === CASH)?.value ?? 0,
          capacityKind: "live-proxy-validated",
          freshnessKind: oldest === null ? "unverified" : "verified-source-timestamp",
          ...time,
          sourceUrls: [PAGE],
        },
      },
    };
  },
};
