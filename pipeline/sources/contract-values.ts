/**
 * Single numbers of contracts, such as a price, a share rate or the output of a redemption, all at one block of a chain.
 *
 * Producer the contracts themselves. Amounts stay integers as decimal text; a call that reverts, or an address without a
 * contract, is null and never zero. The block's time is the observation's.
 */
import { type Abi, type Address, parseAbiItem } from "viem";
import { latestBlock } from "./chain-block.ts";
import { readContracts } from "./read-contracts.ts";
import { badShape } from "./shape.ts";
import type { Source } from "./source.ts";

export interface ContractCall {
  address: string;
  /** Human-readable, with one unsigned result, e.g. "function price() view returns (uint256)". */
  signature: string;
  args?: readonly (bigint | string)[] | undefined;
}

export interface ContractValuesRequest {
  /** CAIP-2 chain. */
  chain: string;
  calls: readonly ContractCall[];
}

export interface ContractValues {
  chain: string;
  blockNumber: number;
  /** Unix seconds. */
  blockTimestamp: number;
  /** In the order asked. */
  values: (string | null)[];
}

type ValueSource = Source<ContractValuesRequest, ContractValues>;

function valueSource(id: string, breaker: string | null, docs: string, example: ContractValuesRequest): ValueSource {
  return {
    id,
    upstream: "rpc",
    breaker,
    docs,
    example,
    async fetch(http, { chain, calls }) {
      const client = await http.rpc.chain(chain);
      const block = await latestBlock(client);
      const reads = calls.map(({ address, signature, args = [] }) => {
        const item = parseAbiItem(signature as string) as unknown as { type: "function"; name: string };
        return {
          address: address.toLowerCase() as Address,
          abi: [item] as unknown as Abi,
          functionName: item.name,
          args,
        };
      });
      const results = await readContracts(client, reads, block.number);
      return {
        chain,
        blockNumber: Number(block.number),
        blockTimestamp: block.timestamp,
        // A function with several results counts by its first.
        values: results.map((result) => firstValue(Array.isArray(result) ? result[0] : result)),
      };
    },
    parse() {
      throw badShape(this.id, "read through contract calls, there is no single body to read");
    },
    rows: ({ values }) => values.length,
    // A contract that quotes nothing today is an answer; a circuit of its own counts only what it can use.
    isUsable: ({ values }) => breaker === null || values.some((value) => value !== null),
  };
}

function firstValue(value: unknown): string | null {
  return typeof value === "bigint" || typeof value === "number" ? value.toString() : null;
}

/** crvUSD's own price aggregator: `price()`, scaled 1e18. */
export const curveOraclePrice = valueSource(
  "curve-oracle:price",
  "curve-oracle",
  "https://docs.curve.finance/crvUSD/priceaggregator/",
  {
    chain: "eip155:1",
    calls: [
      {
        address: "0xe5afcf332a5457e8fafcd668bce3df953762dfe7",
        signature: "function price() view returns (uint256)",
      },
    ],
  },
);

/** What a wrapper's contract says it would hand out: share rates, redemption quotes, and supplies that show it is alive. */
export const redemptionValues = valueSource("protocol-redeem:values", null, "https://eips.ethereum.org/EIPS/eip-4626", {
  chain: "eip155:1",
  calls: [
    {
      address: "0xa3931d71877c0e7a3148cb7eb4463524fec27fbd",
      signature: "function convertToAssets(uint256 shares) view returns (uint256)",
      args: [10n ** 18n],
    },
  ],
});
