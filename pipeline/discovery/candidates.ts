/**
 * Coins we do not track yet and might: who counts as a candidate, how it is remembered, and when it is forgotten.
 *
 * Depeg methodology, section 12. A dismissed candidate stays out of sight unless it grows more than tenfold.
 */
const FLOOR_USD = 5_000_000;
const RESURFACE_FACTOR = 10;
const DISMISSED_SEC = 90 * 86_400;
const MONDAY = 1;

export type DiscoverySource = "defillama" | "coingecko" | "both";

export interface DiscoveryRow {
  id: string;
  symbol: string;
  name: string;
  marketCap: number | null;
}

export interface Candidate {
  source: DiscoverySource;
  name: string;
  marketCap: number;
  firstSeen: number;
  lastSeen: number;
  dismissed: boolean;
  dismissedAt: number | null;
  dismissedMcap: number | null;
}

/** Untracked rows above five million dollars, symbols in upper case, in the order given. */
export function discoveryFilter(rows: readonly DiscoveryRow[], tracked: ReadonlySet<string>): DiscoveryRow[] {
  return rows
    .filter(({ id, marketCap }) => id !== "" && !tracked.has(id) && marketCap !== null && marketCap > FLOOR_USD)
    .map((row) => ({ ...row, symbol: row.symbol.toUpperCase() }));
}

/** The record after one more sighting. */
export function discoveryUpsert(
  existing: Candidate | null,
  incoming: Pick<Candidate, "source" | "marketCap" | "name">,
  nowSec: number,
): Candidate {
  if (!existing)
    return {
      ...incoming,
      firstSeen: nowSec,
      lastSeen: nowSec,
      dismissed: false,
      dismissedAt: null,
      dismissedMcap: null,
    };
  const { dismissed, dismissedMcap } = existing;
  const outgrown = dismissed && dismissedMcap !== null && incoming.marketCap > RESURFACE_FACTOR * dismissedMcap;
  return {
    ...existing,
    ...incoming,
    source: existing.source === incoming.source ? existing.source : "both",
    lastSeen: nowSec,
    ...(outgrown ? { dismissed: false, dismissedAt: null } : {}),
  };
}

/** Ids of rows dismissed for more than ninety days. */
export function discoveryPurge<Id>(
  rows: readonly { id: Id; dismissed: boolean; dismissedAt: number | null }[],
  nowSec: number,
): Id[] {
  return rows
    .filter(({ dismissed, dismissedAt }) => dismissed && dismissedAt !== null && nowSec - dismissedAt > DISMISSED_SEC)
    .map(({ id }) => id);
}

export interface DiscoveryRun {
  status: "ok" | "degraded" | "skipped";
  reason: "circuit-open-no-attempt" | "fetch-failed" | null;
}

/** What the weekly scan says of itself; `weekdayUtc` 0 is Sunday. */
export function discoveryRunStatus(weekdayUtc: number, circuitOpen: boolean, fetchOk: boolean | null): DiscoveryRun {
  if (weekdayUtc !== MONDAY) return { status: "skipped", reason: null };
  if (circuitOpen) return { status: "degraded", reason: "circuit-open-no-attempt" };
  return fetchOk ? { status: "ok", reason: null } : { status: "degraded", reason: "fetch-failed" };
}
