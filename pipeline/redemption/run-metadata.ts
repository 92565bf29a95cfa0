/** What a run says of itself: how many rows in which state, by which configuration, and who is missing. Method section 14.2. */
import { REDEMPTION_VERSION } from "../redemption-figures.ts";
import type { RedemptionRow, RedemptionRunMetadata } from "../schema/redemption.ts";
import type { RedemptionRoute } from "../schema/redemption-route.ts";
import { fingerprint, scoringHash } from "./methodology.ts";
import { capacityConfidence } from "./providers.ts";
import { type RunCounts, runStatus } from "./runs.ts";
import { SEVERE_DEPEG_BPS } from "./severe-depeg.ts";

const LISTED = 25;
const VALIDATOR_VERSION = 4;

export interface RunFacts {
  routes: ReadonlyMap<string, RedemptionRoute>;
  rows: readonly RedemptionRow[];
  missingFromCache: readonly string[];
  liquidityStale: boolean;
  warnings: readonly string[];
}

function capped<Key extends string>(key: Key, ids: readonly string[]) {
  if (ids.length === 0) return {};
  const truncated = ids.length > LISTED ? { [`${key}Truncated`]: true } : {};
  return { [key]: ids.slice(0, LISTED), ...truncated };
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}

export function countsOf({ routes, rows, missingFromCache, liquidityStale, warnings }: RunFacts): RunCounts {
  const states = countBy(rows, (row) => row.resolutionState);
  return {
    configured: routes.size,
    resolved: states.resolved ?? 0,
    missingCapacity: states["missing-capacity"],
    impaired: states.impaired,
    failed: states.failed,
    missingCache: states["missing-cache"],
    missingFromCache: missingFromCache.length,
    liquidityStale,
    warnings: warnings.length,
  };
}

export function runMetadata(facts: RunFacts): RedemptionRunMetadata {
  const { routes, rows, missingFromCache, liquidityStale, warnings } = facts;
  const counts = countsOf(facts);
  const { missingCapacityOkThreshold, coverageRatio } = runStatus(counts);
  const modes = countBy(rows, (row) => row.sourceMode);
  const heuristic = [...routes.values()].filter(
    (route) => capacityConfidence(route.capacityModel) === "heuristic",
  ).length;
  const idsIn = (state: RedemptionRow["resolutionState"]) =>
    rows.filter((row) => row.resolutionState === state).map((row) => row.stablecoinId);
  return {
    synced: rows.length,
    resolved: counts.resolved,
    unresolved: rows.length - counts.resolved,
    unresolvedMissingCapacity: counts.missingCapacity ?? 0,
    unresolvedCritical: (counts.failed ?? 0) + (counts.missingCache ?? 0),
    availabilityDegraded: counts.impaired ?? 0,
    missingCapacityOkThreshold,
    coverageRatio,
    failed: counts.failed ?? 0,
    configured: routes.size,
    dynamic: modes.dynamic ?? 0,
    estimated: modes.estimated ?? 0,
    static: modes.static ?? 0,
    liquidityStale,
    severeActiveDepegThresholdBps: SEVERE_DEPEG_BPS,
    registryHash: fingerprint(Object.fromEntries(routes)),
    familyCounts: countBy([...routes.values()], (route) => route.routeFamily),
    strongProxyCount: routes.size - heuristic,
    heuristicCount: heuristic,
    validatorVersion: VALIDATOR_VERSION,
    configMethodologyVersion: REDEMPTION_VERSION,
    v4ScoringParametersHash: scoringHash(),
    routeStatusProducer: "live-reserve-adapters-plus-static-policy",
    routeStatusProducerFetches: false,
    ...capped("failedIds", idsIn("failed")),
    ...capped("availabilityDegradedIds", idsIn("impaired")),
    ...capped("missingFromCache", missingFromCache),
    ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
  };
}
