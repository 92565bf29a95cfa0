/**
 * What becomes of open depegs whose coin was not seen in a run. Depeg methodology, section 5; guardrail 18 of the reference.
 *
 * They end, with a reason that says nobody saw a recovery; but never while prices are thin: a feed outage is no recovery.
 */
import { currencyCode } from "../peg-bounds.ts";
import type { DepegEvent, OrphanReason } from "../schema/depegs.ts";

export interface PriceCoverage {
  /** The price and supply lanes of this run were ok. */
  laneOk: boolean;
  /** Eligible coins with a price in the last published snapshot. */
  pricedBefore: number;
  /** How many of those have a usable price now. */
  pricedNow: number;
  /** Pegs whose FX or metal reference is missing or stale. */
  degradedPegTypes: readonly string[];
}

const MIN_PRICED_PER_CENT = 90;

/** Whether too few of the coins that had a price still have one; nothing to compare with counts as too few. */
export function pricesAreThin({ pricedBefore, pricedNow }: Pick<PriceCoverage, "pricedBefore" | "pricedNow">): boolean {
  return !(pricedBefore > 0 && pricedNow * 100 >= pricedBefore * MIN_PRICED_PER_CENT);
}

export function coverageIsDegraded(coverage: PriceCoverage): boolean {
  return !coverage.laneOk || pricesAreThin(coverage);
}

export function pegTypeIsDegraded(
  pegType: string,
  { degradedPegTypes }: Pick<PriceCoverage, "degradedPegTypes">,
): boolean {
  return degradedPegTypes.some((degraded) => currencyCode(degraded) === currencyCode(pegType));
}

type OpenEvent<Id> = Pick<DepegEvent, "stablecoinId" | "pegType"> & { id: Id; createdThisRun: boolean };

export interface OrphanOutcome<Id> {
  /** In the order given. */
  closed: { id: Id; endReason: OrphanReason }[];
  /** Kept only because coverage is degraded. */
  skipped: Id[];
}

export function orphanCleanup<Id>(
  openEvents: readonly OpenEvent<Id>[],
  processedIds: ReadonlySet<string>,
  causeOf: (stablecoinId: string) => OrphanReason | undefined,
  coverage: PriceCoverage,
): OrphanOutcome<Id> {
  const outcome: OrphanOutcome<Id> = { closed: [], skipped: [] };
  const degraded = coverageIsDegraded(coverage);
  for (const { id, stablecoinId, pegType, createdThisRun } of openEvents) {
    if (createdThisRun || processedIds.has(stablecoinId)) continue;
    if (degraded || pegTypeIsDegraded(pegType, coverage)) outcome.skipped.push(id);
    else outcome.closed.push({ id, endReason: causeOf(stablecoinId) ?? "not-processed" });
  }
  return outcome;
}
