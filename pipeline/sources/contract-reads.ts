/**
 * Any contract reads of one chain at one block: what reserve adapters ask, all coins of a chain together.
 *
 * Null stands for a read that reverted or that no contract answered; a node that fails is an error and never a list of nulls.
 */
import { type Abi, parseAbi } from "viem";
import { type ChainBlock, latestBlock } from "./chain-block.ts";
import { type ContractRead, readContracts } from "./read-contracts.ts";
import { badShape } from "./shape.ts";
import type { Source } from "./source.ts";

export interface ContractReadsRequest {
  /** CAIP-2 chain. */
  chain: string;
  reads: readonly ContractRead[];
  /** Block to read at; default the newest. */
  block?: ChainBlock | undefined;
}

export interface ContractReads {
  block: ChainBlock;
  /** In the order asked. */
  results: unknown[];
}

export const contractReads: Source<ContractReadsRequest, ContractReads> = {
  id: "contracts:read",
  upstream: "rpc",
  breaker: null,
  docs: "https://ethereum.org/en/developers/docs/apis/json-rpc/#eth_call",
  example: {
    chain: "eip155:1",
    reads: [
      {
        address: "0x6b175474e89094c44da98b954eedeac495271d0f",
        abi: parseAbi(["function totalSupply() view returns (uint256)"]) as Abi,
        functionName: "totalSupply",
      },
    ],
  },
  async fetch(http, { chain, reads, block: given }) {
    const client = await http.rpc.chain(chain);
    const block = given ?? (await latestBlock(client));
    return { block, results: await readContracts(client, reads, block.number) };
  },
  parse() {
    throw badShape(this.id, "read through contract calls, there is no single body to read");
  },
  rows: ({ results }) => results.length,
  isUsable: () => true,
};
