/** How far a chain was read, with the hashes by which a rewritten chain is noticed. */
import type { ScanBlock } from "../sources/evm-chain.ts";

/** Hashes kept to find where a rewritten chain parted. */
const CHECKPOINTS = 24;

export interface Checkpoint {
  block: number;
  hash: string;
}

export interface ChainCursor extends Checkpoint {
  timestamp: number;
  /** Older cursors, newest first, thinned. */
  checkpoints: Checkpoint[];
}

/** Cursor and checkpoints as the chain's blocks now stand. */
export function nextCursor(before: ChainCursor | null, block: ScanBlock): ChainCursor {
  const { number, hash, timestamp } = block;
  if (before === null) return { block: number, hash, timestamp, checkpoints: [] };
  if (before.block >= number) return before;
  const recent = [{ block: before.block, hash: before.hash }, ...before.checkpoints];
  // The newest eight stay; of the older ones every second goes when there are too many.
  const checkpoints = recent.length <= CHECKPOINTS ? recent : recent.filter((_, i) => i < 8 || i % 2 === 0);
  return { block: number, hash, timestamp, checkpoints };
}

/** The cursor at a shared checkpoint: what was read above it is another chain's. */
export function rolledBack(cursor: ChainCursor | null, shared: Checkpoint): ChainCursor | null {
  if (cursor === null) return null;
  const checkpoints = cursor.checkpoints.filter(({ block }) => block < shared.block);
  return { ...shared, timestamp: cursor.timestamp, checkpoints };
}
