/** How far a chain was read, with the hashes by which a rewritten chain is noticed. */
import type { ScanBlock } from "../sources/evm-chain.ts";

/** Hashes kept to find where a rewritten chain parted. */
const CHECKPOINTS = 24;

/** Digits of a block hash that are kept, "0x" with them: enough to tell two blocks of one height apart, a quarter of the bytes in git. */
const FINGERPRINT_LENGTH = 18;

export interface Checkpoint {
  block: number;
  /** How the block's hash begins. */
  hash: string;
}

export function isBlockOf({ hash }: Checkpoint, wholeHash: string | undefined): boolean {
  return wholeHash?.startsWith(hash) ?? false;
}

export interface ChainCursor extends Checkpoint {
  timestamp: number;
  /** Older cursors, newest first, thinned. */
  checkpoints: Checkpoint[];
}

/** Cursor and checkpoints as the chain's blocks now stand. */
export function nextCursor(before: ChainCursor | null, block: ScanBlock): ChainCursor {
  const { number, timestamp } = block;
  const hash = block.hash.slice(0, FINGERPRINT_LENGTH);
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
