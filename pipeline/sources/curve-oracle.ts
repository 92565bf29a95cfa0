/**
 * crvUSD's own price: what its aggregator of pools says, `price()` scaled 1e18, at the newest block.
 *
 * Producer Curve's PriceAggregator on Ethereum; the block's time is the observation's. It has a circuit of its own, since a broken
 * aggregator says nothing of the pools.
 */
import { type Abi, type Address, parseAbi } from "viem";
import { latestBlock } from "./chain-block.ts";
import { fromBaseUnits, positive } from "./numbers.ts";
import { asQuotes, makeQuote, type Quotes } from "./quotes.ts";
import { readContracts } from "./read-contracts.ts";
import { badShape } from "./shape.ts";
import type { Source } from "./source.ts";

const ORACLE_ABI = parseAbi(["function price() view returns (uint256)"]) as Abi;
const DECIMALS = 18;

export interface CurveOracleRequest {
  /** CAIP-2 chain. */
  chain: string;
  address: string;
}

export const curveOraclePrice: Source<CurveOracleRequest, Quotes> = {
  id: "curve-oracle:price",
  upstream: "rpc",
  breaker: "curve-oracle",
  docs: "https://docs.curve.finance/crvUSD/priceaggregator/",
  example: { chain: "eip155:1", address: "0xe5afcf332a5457e8fafcd668bce3df953762dfe7" },
  async fetch(http, { chain, address }) {
    const client = await http.rpc.chain(chain);
    const { number, timestamp } = await latestBlock(client);
    const read = { address: address.toLowerCase() as Address, abi: ORACLE_ABI, functionName: "price" };
    const [value] = await readContracts(client, [read], number);
    const price = typeof value === "bigint" ? positive(fromBaseUnits(value.toString(), DECIMALS)) : null;
    return asQuotes(price === null ? [] : [makeQuote(`${chain}:${read.address}`, price, "USD", timestamp)], undefined);
  },
  parse() {
    throw badShape(this.id, "read through a contract call, there is no body to read");
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};
