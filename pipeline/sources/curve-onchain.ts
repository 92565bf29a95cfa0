/**
 * Curve pools on chain: what one unit of a pool's reference coin buys of another, by `get_dy` at one block.
 *
 * Producer the pools themselves, contracts on public chains. The answer is an exchange rate after the pool's fee, in base units of
 * the coin bought; what that makes the coin worth, and whether the reference is worth a dollar, is the lane's question. A pool
 * that reverts or is not there is null. All pools of a chain are read at the newest block, whose time is the observation's.
 */
import { type Abi, type Address, parseAbi } from "viem";
import { latestBlock } from "./chain-block.ts";
import { readContracts } from "./read-contracts.ts";
import { badShape } from "./shape.ts";
import type { Source } from "./source.ts";

const POOL_ABI = parseAbi([
  "function get_dy(int128 i, int128 j, uint256 dx) view returns (uint256)",
  "function get_dy_underlying(int128 i, int128 j, uint256 dx) view returns (uint256)",
]) as Abi;

export interface CurvePoolRead {
  address: string;
  call: "get_dy" | "get_dy_underlying";
  inputIndex: number;
  outputIndex: number;
  /** The question is one unit in: 10 to this power. */
  inputDecimals: number;
}

export interface CurveRequest {
  /** CAIP-2 chain. */
  chain: string;
  pools: readonly CurvePoolRead[];
}

export interface CurveAnswers {
  chain: string;
  blockNumber: number;
  /** Unix seconds. */
  blockTimestamp: number;
  /** In the order asked: base units of the coin bought as decimal text, or null. */
  dy: (string | null)[];
}

export const curveGetDy: Source<CurveRequest, CurveAnswers> = {
  id: "curve-onchain:get-dy",
  upstream: "rpc",
  breaker: "curve-onchain",
  docs: "https://docs.curve.finance/stableswap-exchange/stableswap/pools/overview/",
  example: {
    chain: "eip155:1",
    pools: [
      {
        address: "0xbebc44782c7db0a1a60cb6fe97d0b483032ff1c7",
        call: "get_dy",
        inputIndex: 1,
        outputIndex: 2,
        inputDecimals: 6,
      },
    ],
  },
  async fetch(http, { chain, pools }) {
    const client = await http.rpc.chain(chain);
    const block = await latestBlock(client);
    const reads = pools.map(({ address, call, inputIndex, outputIndex, inputDecimals }) => ({
      address: address.toLowerCase() as Address,
      abi: POOL_ABI,
      functionName: call,
      args: [BigInt(inputIndex), BigInt(outputIndex), 10n ** BigInt(inputDecimals)],
    }));
    const results = await readContracts(client, reads, block.number);
    const dy = results.map((result) => (typeof result === "bigint" ? result.toString() : null));
    return { chain, blockNumber: Number(block.number), blockTimestamp: block.timestamp, dy };
  },
  parse() {
    throw badShape(this.id, "read through contract calls, there is no single body to read");
  },
  rows: ({ dy }) => dy.length,
  isUsable: ({ dy }) => dy.some((answer) => answer !== null),
};
