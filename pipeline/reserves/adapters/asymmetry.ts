/** USDaf: supply as far as collateral covers it, by the protocol's own figures. Uncovered supply degrades the reading. */
import type { ReserveSlice } from "../../schema/reserves.ts";
import { asymmetryStats } from "../../sources/asymmetry.ts";
import { type Adapter, AdapterFailed, DASHBOARD_POLICY, slicesOf, warn } from "../adapter.ts";

const RISK: Readonly<Record<string, ReserveSlice["risk"]>> = {
  ysybold: "medium",
  scrvusd: "medium",
  sfrxusd: "medium",
  tbtc: "medium",
  wbtc: "medium",
  susds: "low",
};
const PAGE = "https://app.asymmetry.finance/api/stats";

export const asymmetry: Adapter<"asymmetry"> = {
  kind: "asymmetry",
  version: 1,
  semantics: "collateral-mix",
  sourceModel: "dynamic-mix",
  evidenceClass: "independent",
  telemetry: { capacity: "direct", fee: "none" },
  policy: DASHBOARD_POLICY,
  feeds: [asymmetryStats],
  *read(_entry, given) {
    const stats = given.feed(asymmetryStats);
    if (stats === null) throw new AdapterFailed("the protocol's figures could not be read");
    const { supply, observedAt, branches } = stats;
    const collateralUsd = branches.reduce((sum, { collateralUsd: value }) => sum + value, 0);
    const unknownUsd = branches
      .filter(({ name }) => !Object.hasOwn(RISK, name.toLowerCase()))
      .reduce((sum, { collateralUsd: value }) => sum + value, 0);
    const time = observedAt === null ? {} : { sourceTimestamp: observedAt };
    return {
      source: PAGE,
      slices: slicesOf(
        branches.map(({ name, collateralUsd: value }) => ({ name, value, risk: RISK[name.toLowerCase()] ?? "medium" })),
      ),
      warnings:
        supply > collateralUsd ? [warn("degraded", "undercollateralised", "Supply is larger than the collateral")] : [],
      metadata: {
        freshnessMode: observedAt === null ? "unverified" : "verified",
        ...(observedAt === null ? { freshnessReason: "the answer states no time" } : {}),
        ...time,
        supplyUsd: supply,
        totalReserveUsd: collateralUsd,
        ...(supply > 0 ? { collateralizationRatio: collateralUsd / supply } : {}),
        ...(collateralUsd > 0 ? { unknownExposurePct: (unknownUsd / collateralUsd) * 100 } : {}),
        redemption: {
          capacityUsd: Math.min(supply, collateralUsd),
          capacityKind: "live-direct-bounded",
          freshnessKind: observedAt === null ? "same-run-api" : "verified-source-timestamp",
          ...time,
          sourceUrls: [PAGE],
        },
      },
    };
  },
};
