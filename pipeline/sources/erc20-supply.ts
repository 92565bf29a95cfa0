/**
 * Supply of ERC-20 contracts as the chain states it: total supply, decimals and chosen holders' balances, all at one block.
 *
 * Amounts stay integers of base units as decimal text. A read that reverts is null, never zero, and decimals are read and
 * never assumed. What a total supply means (bridged forms, treasury holdings) is the lane's question.
 */
import { type Abi, type Address, parseAbi } from "viem";
import { type ChainBlock, latestBlock } from "./chain-block.ts";
import { whole } from "./numbers.ts";
import { readContracts } from "./read-contracts.ts";
import { badShape } from "./shape.ts";
import type { Source } from "./source.ts";

const TOKEN_ABI = parseAbi([
  "function totalSupply() view returns (uint256)",
  "function decimals() view returns (uint8)",
  "function balanceOf(address) view returns (uint256)",
]) as Abi;

export interface Erc20Request {
  /** CAIP-2 chain. */
  chain: string;
  tokens: readonly {
    address: string;
    /** Holders whose balance is not in circulation. */
    holders?: readonly string[] | undefined;
  }[];
  /** Block to read at; default the newest. */
  block?: ChainBlock | undefined;
}

export interface Erc20Supply {
  address: string;
  /** Base units as decimal text; null where the contract did not answer. */
  totalSupply: string | null;
  decimals: number | null;
  /** In the order asked. */
  balances: { holder: string; balance: string | null }[];
}

export interface Erc20Supplies {
  chain: string;
  blockNumber: number;
  blockTimestamp: number;
  tokens: Erc20Supply[];
}

export const erc20Supply: Source<Erc20Request, Erc20Supplies> = {
  id: "erc20:supply",
  upstream: "rpc",
  breaker: null,
  docs: "https://eips.ethereum.org/EIPS/eip-20",
  example: { chain: "eip155:1", tokens: [{ address: "0x6B175474E89094C44Da98b954EedeAC495271d0F" }] },
  async fetch(http, { chain, tokens, block }) {
    const client = await http.rpc.chain(chain);
    const { number, timestamp } = block ?? (await latestBlock(client));
    const reads = tokens.flatMap(({ address, holders = [] }) => {
      const contract = { address: address.toLowerCase() as Address, abi: TOKEN_ABI };
      return [
        { ...contract, functionName: "totalSupply" },
        { ...contract, functionName: "decimals" },
        ...holders.map((holder) => ({ ...contract, functionName: "balanceOf", args: [holder.toLowerCase()] })),
      ];
    });
    const results = await readContracts(client, reads, number);
    let next = 0;
    const take = (): unknown => results[next++];
    return {
      chain,
      blockNumber: Number(number),
      blockTimestamp: timestamp,
      tokens: tokens.map(({ address, holders = [] }) => ({
        address: address.toLowerCase(),
        totalSupply: unitsText(take()),
        decimals: whole(take()),
        balances: holders.map((holder) => ({ holder: holder.toLowerCase(), balance: unitsText(take()) })),
      })),
    };
  },
  parse() {
    throw badShape(this.id, "read through contract calls, there is no single body to read");
  },
  rows: ({ tokens }) => tokens.length,
  isUsable: ({ tokens }) => tokens.some(({ totalSupply }) => totalSupply !== null),
};

function unitsText(value: unknown): string | null {
  return typeof value === "bigint" ? value.toString() : null;
}
