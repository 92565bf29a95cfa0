/** Backfills by hand: which contract first, in which chunks, and how far one call gets. */
import type { Tier } from "./run-policy.ts";

export const LARGEST_CHUNK_BLOCKS = 50_000;
export const DEFAULT_CHUNKS = 24;
export const MOST_CHUNKS = 500;
export const BACKFILL_CALLS = 900;

/** Symbols whose silence matters; case tells reUSD (Re Protocol) from REUSD (Resupply). */
export const MAJOR_SYMBOLS: readonly string[] = ["USDT", "USDC", "DAI", "USDS", "GHO", "FRXUSD", "BOLD", "reUSD"];

export interface BackfillChunk {
  fromBlock: number;
  toBlock: number;
}

/** The chunks of a range, in order. */
export function backfillChunks(fromBlock: number, toBlock: number, chunkSize: number): BackfillChunk[] {
  const chunks: BackfillChunk[] = [];
  for (let from = fromBlock; from <= toBlock; from += chunkSize)
    chunks.push({ fromBlock: from, toBlock: Math.min(from + chunkSize - 1, toBlock) });
  return chunks;
}

/** What one call does when nothing fails. */
export function backfillProgress(fromBlock: number, toBlock: number, chunkSize: number, maxChunks: number) {
  const chunks = backfillChunks(fromBlock, toBlock, chunkSize);
  const chunksProcessed = Math.min(chunks.length, maxChunks);
  const next = chunks[chunksProcessed];
  return { done: next === undefined, nextFromBlock: next?.fromBlock ?? null, chunksProcessed };
}

export interface BackfillCandidate {
  key: string;
  symbol: string;
  tier: Tier;
  /** Blocks behind. */
  lag: number;
}

/** Critical before extended, majors first, then the one most behind. */
export function backfillAutoSelect(candidates: readonly BackfillCandidate[]): string | null {
  const rank = ({ tier, symbol }: BackfillCandidate) =>
    (tier === "critical" ? 0 : 2) + (MAJOR_SYMBOLS.includes(symbol) ? 0 : 1);
  const [first] = [...candidates].sort((a, b) => rank(a) - rank(b) || b.lag - a.lag);
  return first?.key ?? null;
}
