/**
 * Many contract reads at one block: in one call where the chain has Multicall3, one by one where it has not.
 *
 * A read that reverts is null. Upstream trouble is thrown, because viem would otherwise report a dead node as a list of
 * failed reads, and "no node" must never look like "no such function".
 */
import type { Abi, Address, PublicClient } from "viem";
import { PlumblineError } from "../errors.ts";
import { isRevert, upstreamErrorInside } from "./json-rpc.ts";

export interface ContractRead {
  address: Address;
  abi: Abi;
  functionName: string;
  args?: readonly unknown[];
}

/** Bytes of calldata in one aggregated call: some hundred reads, well below what nodes take. */
const MULTICALL_BYTES = 16_384;

export async function readContracts(
  client: PublicClient,
  reads: readonly ContractRead[],
  blockNumber: bigint,
): Promise<unknown[]> {
  const settled =
    client.chain?.contracts?.multicall3 === undefined
      ? await Promise.all(reads.map((read) => readOne(client, read, blockNumber)))
      : await client.multicall({ contracts: [...reads], blockNumber, allowFailure: true, batchSize: MULTICALL_BYTES });
  return settled.map((read) => {
    if (read.status === "success") return read.result;
    const inside = upstreamErrorInside(read.error);
    if (inside instanceof PlumblineError && !isRevert(inside)) throw inside;
    return null;
  });
}

type Settled = { status: "success"; result: unknown } | { status: "failure"; error: unknown };

async function readOne(client: PublicClient, read: ContractRead, blockNumber: bigint): Promise<Settled> {
  try {
    return { status: "success", result: await client.readContract({ ...read, blockNumber }) };
  } catch (error) {
    return { status: "failure", error };
  }
}
