/** Times of the blocks of a scan's logs, as far as the budget goes; a block whose hash is another now has none. */
import type { ChainHead, ScanBlock } from "../sources/evm-chain.ts";
import type { ScanLog } from "../sources/scan-log.ts";
import type { Budget } from "../sources/split-range.ts";
import type { Asked, ChainNode } from "./chain-node.ts";

const BLOCKS_PER_CALL = 50;

/** Block times by number, and the first block of a log whose time could not be had or whose hash is another now. */
export async function timesOf(node: ChainNode, logs: readonly ScanLog[], budget: Budget) {
  const at = new Map<number, number>();
  const hashes = new Map<number, string>();
  let firstMissing = Number.POSITIVE_INFINITY;
  for (const { blockNumber, blockHash, blockTimestamp } of logs) {
    const known = hashes.get(blockNumber);
    if (known !== undefined && known !== blockHash) firstMissing = Math.min(firstMissing, blockNumber);
    hashes.set(blockNumber, blockHash);
    if (blockTimestamp) at.set(blockNumber, blockTimestamp);
  }
  const untimed = [...hashes.keys()].filter((block) => !at.has(block)).sort((a, b) => a - b);
  const affordable = untimed.slice(0, BLOCKS_PER_CALL * Math.max(0, budget.limit - budget.count));
  budget.count += Math.ceil(affordable.length / BLOCKS_PER_CALL);
  const asked: Asked<ScanBlock[]> = affordable.length > 0 ? await node.blocks(affordable) : { ok: true, value: [] };
  for (const { number, hash, timestamp } of asked.ok ? asked.value : [])
    if (hashes.get(number) === hash) at.set(number, timestamp);
  for (const block of untimed) if (!at.has(block)) firstMissing = Math.min(firstMissing, block);
  return { at, firstMissing };
}

export async function blocksAt(
  node: ChainNode,
  numbers: readonly number[],
  head: Pick<ChainHead, "finalized">,
  budget: Budget,
) {
  const { finalized } = head;
  const known = new Map(finalized === null ? [] : [[finalized.number, finalized]]);
  const unknown = [...new Set(numbers)].filter((number) => number >= 0 && !known.has(number));
  budget.count += unknown.length > 0 ? 1 : 0;
  const asked: Asked<ScanBlock[]> = unknown.length > 0 ? await node.blocks(unknown) : { ok: true, value: [] };
  for (const block of asked.ok ? asked.value : []) known.set(block.number, block);
  return known;
}
