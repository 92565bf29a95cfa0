/** How much of a coin's flow has been seen, and how fresh that is. */
import type { CoverageStatus, SyncFreshness } from "../schema/flows.ts";
import { DAY_SEC } from "../time.ts";

const LAG_LIMIT_BLOCKS = 10_000;
const FRESH_SEC = 3600;
const DEGRADED_SEC = 5400;

export interface CoverageFacts {
  nowSec: number;
  startBlock: number;
  lastSyncedBlock: number;
  chainHead: number | null;
  historyStartAt: number | null;
  disabled: boolean;
}

export interface CoverageVerdict {
  status: CoverageStatus;
  lagBlocks: number | null;
  has24hWindow: boolean;
  has30dWindow: boolean;
  has90dWindow: boolean;
  isPartial: boolean;
}

export function coverageStatus(facts: CoverageFacts): CoverageVerdict {
  const { nowSec, chainHead, historyStartAt, lastSyncedBlock } = facts;
  const reaches = (days: number) => historyStartAt !== null && historyStartAt <= nowSec - days * DAY_SEC;
  const lagBlocks = chainHead === null ? null : Math.max(0, chainHead - lastSyncedBlock);
  let status: CoverageStatus = "full";
  if (facts.disabled) status = "disabled";
  else if (!reaches(1) || lastSyncedBlock < facts.startBlock) status = "bootstrapping";
  else if (lagBlocks !== null && lagBlocks > LAG_LIMIT_BLOCKS) status = "lagging";
  else if (!reaches(30)) status = "partial-history";
  return {
    status,
    lagBlocks,
    has24hWindow: reaches(1),
    has30dWindow: reaches(30),
    has90dWindow: reaches(90),
    isPartial: status !== "full",
  };
}

/** Public freshness: one missed run of half an hour is no incident. */
export function syncFreshness(nowSec: number, lastSuccessfulSyncAt: number | null): SyncFreshness {
  if (lastSuccessfulSyncAt === null) return "stale";
  const ageSec = Math.max(0, nowSec - lastSuccessfulSyncAt);
  if (ageSec <= FRESH_SEC) return "fresh";
  return ageSec <= DEGRADED_SEC ? "degraded" : "stale";
}

export function criticalLaneHealthy(lastStatus: string | null): boolean {
  return lastStatus === "ok" || lastStatus === "degraded" || lastStatus === "skipped_locked";
}

/** `chainIds`: slugs; `nameOf` gives a chain's name for people. */
export function scopeLabel(chainIds: readonly string[], nameOf: (chain: string) => string): string {
  const chains = [...new Set(chainIds)];
  if (chains.length === 0) return "No tracked chains";
  return chains.length === 1 ? `${nameOf(chains[0] as string)}-only` : "Configured issuance chains";
}
