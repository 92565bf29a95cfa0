/** The newest block of a chain as a fixed point: everything a run reads from that chain is read there. */
import type { PublicClient } from "viem";
import { SourceChanged } from "../errors.ts";
import { upstreamErrorInside } from "./json-rpc.ts";

export interface ChainBlock {
  number: bigint;
  /** Unix seconds. */
  timestamp: number;
}

export async function latestBlock(client: PublicClient): Promise<ChainBlock> {
  try {
    const { number, timestamp } = await client.getBlock({ blockTag: "latest" });
    if (number === null) throw new SourceChanged("The latest block has no number", { code: "bad-shape" });
    return { number, timestamp: Number(timestamp) };
  } catch (error) {
    throw upstreamErrorInside(error);
  }
}
