/** How far a contract may be called read: never past what was wholly seen, and not past blocks that may still be indexed. */

/** ceil(900 s of indexing delay / 12 s). */
export const SAFETY_MARGIN_BLOCKS = 75;
export const MAX_SCAN_RANGE = 50_000;

export type AdvanceReason = "full-success-events" | "full-success-empty" | "partial-frontier" | "no-safe-frontier";

export interface Scanned {
  fromBlock: number;
  scanTo: number;
  chainHead: number;
  safetyMarginBlocks: number;
  eventCoverage: readonly { complete: boolean; scannedToBlock: number }[];
  /** Highest block of a parsed row; 0 when there is none. */
  maxBlockSeen: number;
  earliestMissingTimestampBlock: number | null;
}

export interface Advance {
  /** Null: the cursor stays. */
  newLastBlock: number | null;
  advanceReason: AdvanceReason;
  coverageFrontier: number | null;
}

export function syncAdvance(scanned: Scanned): Advance {
  const { fromBlock, scanTo, chainHead, safetyMarginBlocks, eventCoverage, maxBlockSeen } = scanned;
  const missing = scanned.earliestMissingTimestampBlock;
  const frontiers = [
    ...eventCoverage.map(({ scannedToBlock }) => scannedToBlock),
    ...(missing === null ? [] : [missing - 1]),
  ];
  const coverageFrontier = frontiers.length > 0 ? Math.min(...frontiers) : null;
  const advance = (newLastBlock: number | null, advanceReason: AdvanceReason): Advance => ({
    newLastBlock,
    advanceReason,
    coverageFrontier,
  });
  if (missing === null && eventCoverage.every(({ complete }) => complete)) {
    if (maxBlockSeen > 0) return advance(maxBlockSeen, "full-success-events");
    const settled = Math.min(scanTo, chainHead - safetyMarginBlocks);
    return advance(Math.max(fromBlock - 1, settled), "full-success-empty");
  }
  if (coverageFrontier !== null && coverageFrontier >= fromBlock) return advance(coverageFrontier, "partial-frontier");
  return advance(null, "no-safe-frontier");
}

/** The next range to read, or null when there is nothing new. */
export function scanWindow(given: {
  startBlock: number;
  lastBlock: number | null;
  chainHead: number;
  maxScanRange: number;
}): { fromBlock: number; scanTo: number } | null {
  const fromBlock = (given.lastBlock ?? given.startBlock - 1) + 1;
  if (fromBlock > given.chainHead) return null;
  return { fromBlock, scanTo: Math.min(fromBlock + given.maxScanRange - 1, given.chainHead) };
}

/** Runs replace the cursor; a backfill never moves it back. */
export function syncStateUpsert(stored: number | null, value: number, mode: "replace" | "monotonic-max"): number {
  return mode === "monotonic-max" && stored !== null ? Math.max(stored, value) : value;
}
