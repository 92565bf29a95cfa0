/**
 * The last block of a chain at or before a time, found by asking for blocks: for reading what contracts said on a past day.
 *
 * The guess follows the pace between two known blocks and falls back to halving, so that a day takes a handful of questions; past
 * state itself needs a node that keeps it.
 */
import type { PublicClient } from "viem";
import { type ChainBlock, latestBlock } from "./chain-block.ts";
import { upstreamErrorInside } from "./json-rpc.ts";
import { badShape } from "./shape.ts";
import type { Source } from "./source.ts";

export interface BlockAtRequest {
  /** CAIP-2 chain. */
  chain: string;
  /** Unix seconds. */
  atSec: number;
}

async function blockOf(client: PublicClient, number: bigint): Promise<ChainBlock> {
  try {
    return { number, timestamp: Number((await client.getBlock({ blockNumber: number })).timestamp) };
  } catch (error) {
    throw upstreamErrorInside(error);
  }
}

/** Null: the chain began later. */
async function search(client: PublicClient, atSec: number): Promise<ChainBlock | null> {
  let high = await latestBlock(client);
  if (high.timestamp <= atSec) return high;
  let low = await blockOf(client, 0n);
  if (low.timestamp > atSec) return null;
  for (let step = 0; high.number - low.number > 1n; step++) {
    const between = high.number - low.number;
    const share = (atSec - low.timestamp) / Math.max(1, high.timestamp - low.timestamp);
    // Every third guess halves: a chain whose pace changed would make the others creep.
    const guess = step % 3 === 2 ? between / 2n : BigInt(Math.floor(Number(between) * share));
    const offset = guess < 1n ? 1n : guess >= between ? between - 1n : guess;
    const block = await blockOf(client, low.number + offset);
    if (block.timestamp <= atSec) low = block;
    else high = block;
  }
  return low;
}

export const blockAtTime: Source<BlockAtRequest, { block: ChainBlock | null }> = {
  id: "json-rpc:block-at-time",
  upstream: "rpc",
  breaker: null,
  docs: "https://ethereum.org/en/developers/docs/apis/json-rpc/#eth_getblockbynumber",
  example: { chain: "eip155:1", atSec: 1_700_000_000 },
  async fetch(http, { chain, atSec }) {
    return { block: await search(await http.rpc.chain(chain), atSec) };
  },
  parse() {
    throw badShape(this.id, "read through several blocks, there is no single body to read");
  },
  rows: () => 1,
  isUsable: () => true,
};
