/** Who is read in a run, with how many calls, and what a run amounts to. */

export type Tier = "critical" | "extended";
export type FlowsLane = Tier | "all";

export const CALLS_PER_RUN = 200;
const CALLS_PER_CONTRACT: Readonly<Record<Tier, number>> = { critical: 60, extended: 25 };
const DEFERRAL_SEC = 3600;
const ERRORS_BEFORE_DEFERRAL = 5;
const COVERAGE_BEFORE_DEFERRAL = 0.8;
const DEGRADED_AFTER_RUNS = 2;
const ERROR_AFTER_RUNS = 3;

export type DefinitionStatus = "ok" | "partial" | "fetch-failed" | "budget";

/** Share of event definitions that were wholly read; null when none was tried. */
export function configCoverage(statuses: readonly string[]): number | null {
  if (statuses.length === 0) return null;
  return statuses.filter((status) => status === "ok").length / statuses.length;
}

export function shouldDefer(apiErrors: number, coverage: number | null): boolean {
  return apiErrors > ERRORS_BEFORE_DEFERRAL && (coverage === null || coverage < COVERAGE_BEFORE_DEFERRAL);
}

export function deferralUntil(nowSec: number): number {
  return nowSec + DEFERRAL_SEC;
}

export interface Rotation {
  startIndex: number;
  order: string[];
  storedKey: string | null;
  nextConfigIndex: number;
}

/** Each run begins one contract later than the last; critical ones go first all the same. */
export function rotateConfigs(
  keys: readonly string[],
  lastConfigKey: string | null,
  tierOf: (key: string) => Tier,
): Rotation {
  if (keys.length === 0) return { startIndex: 0, order: [], storedKey: null, nextConfigIndex: 0 };
  const last = lastConfigKey === null ? -1 : keys.indexOf(lastConfigKey);
  const startIndex = last === -1 ? 0 : (last + 1) % keys.length;
  const rotated = [...keys.slice(startIndex), ...keys.slice(0, startIndex)];
  return {
    startIndex,
    order: [
      ...rotated.filter((key) => tierOf(key) === "critical"),
      ...rotated.filter((key) => tierOf(key) === "extended"),
    ],
    storedKey: keys[startIndex] ?? null,
    nextConfigIndex: (startIndex + 1) % keys.length,
  };
}

/** Whether an extended contract must wait so that the critical ones still queued can be read. */
export function extendedPressureSkip(remainingBudget: number, remainingCritical: number): boolean {
  return remainingBudget <= Math.max(10, 6 * remainingCritical);
}

export function configBudget(tier: Tier, remainingBudget: number): number {
  return Math.max(1, Math.min(remainingBudget, CALLS_PER_CONTRACT[tier]));
}

export interface RunFacts {
  lane: FlowsLane;
  criticalEnabled: number;
  criticalSatisfied: number;
  apiErrors: number;
  previousStreak: number;
  runStateFailed?: boolean | undefined;
  recalcFailed?: boolean | undefined;
}

export interface RunVerdict {
  degradedSignal: boolean;
  degradedStreak: number;
  status: "ok" | "degraded" | "error";
}

/** One bad run is noise; the second degrades, the third is an error, except for the extended lane. */
export function runStatus(run: RunFacts): RunVerdict {
  const isExtended = run.lane === "extended";
  const criticalCoverage = run.criticalEnabled === 0 ? 1 : run.criticalSatisfied / run.criticalEnabled;
  const degradedSignal = (!isExtended && criticalCoverage < 1) || run.apiErrors > 1;
  const degradedStreak = degradedSignal ? run.previousStreak + 1 : 0;
  let status: RunVerdict["status"] = "ok";
  if (degradedStreak >= ERROR_AFTER_RUNS && !isExtended) status = "error";
  else if (degradedStreak >= DEGRADED_AFTER_RUNS) status = "degraded";
  const isSpoilt = run.runStateFailed === true || (run.recalcFailed === true && !isExtended);
  if (status === "ok" && isSpoilt) status = "degraded";
  return { degradedSignal, degradedStreak, status };
}
