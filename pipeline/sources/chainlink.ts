/**
 * Chainlink price feeds, read from their proxies on chain: fiat and metal rates for the FX overlay, prices of some coins.
 *
 * Producer Chainlink, contracts on public chains, no key beyond a node's; a round is written on a deviation or a heartbeat of
 * hours to a day, so an old answer may be a good one: staleness is judged by the lane, per feed. An answer may be zero or
 * negative and is then left out. All feeds of a chain are read at one block.
 */
import { type Abi, type Address, decodeFunctionResult, type Hex, parseAbi } from "viem";
import { z } from "zod";
import { PlumblineError } from "../errors.ts";
import { latestBlock } from "./chain-block.ts";
import { fromBaseUnits, positive, whole } from "./numbers.ts";
import { asQuotes, lowerHex, makeQuote, type QuoteRequest, type Quotes, wantedKeys } from "./quotes.ts";
import { readContracts } from "./read-contracts.ts";
import { rpcResult } from "./rpc-error.ts";
import { badShape, readShape } from "./shape.ts";
import type { Http, Quote, Source } from "./source.ts";

const FEED_ABI = parseAbi([
  "function decimals() view returns (uint8)",
  "function latestRoundData() view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)",
]);

export interface ChainlinkFeed {
  /** CAIP-2 chain, e.g. "eip155:8453". */
  chain: string;
  /** Proxy contract. */
  address: string;
  /** Currency the feed quotes in, default USD. */
  quote?: string | undefined;
}

export interface ChainlinkRequest extends QuoteRequest {
  feeds?: readonly ChainlinkFeed[] | undefined;
  /** Of a single answer without its `decimals()`, as in a test case; default 8. */
  decimals?: number | undefined;
  /** Quote currency of a single answer, default USD. */
  quote?: string | undefined;
}

export interface ChainlinkQuote extends Quote {
  decimals: number;
  /** The answer as the contract gave it, signed decimal text. */
  answer: string;
}

export interface ChainlinkQuotes extends Quotes<ChainlinkQuote> {
  /** Chains that could not be read, and why; their feeds are absent. */
  failures: { chain: string; detail: string }[];
}

export const chainlinkFeeds: Source<ChainlinkRequest, ChainlinkQuotes> = {
  id: "chainlink:latestRoundData",
  upstream: "rpc",
  breaker: "chainlink-feeds",
  docs: "https://docs.chain.link/data-feeds/api-reference",
  example: { feeds: [{ chain: "eip155:8453", address: "0xc91D87E81faB8f93699ECf7Ee9B44D11e1D53F0F" }] },
  async fetch(http, { feeds = [] }) {
    const chains = [...new Set(feeds.map(({ chain }) => chain))].sort();
    const quotes: ChainlinkQuote[] = [];
    const failures: ChainlinkQuotes["failures"] = [];
    let trouble: PlumblineError | null = null;
    for (const chain of chains) {
      try {
        quotes.push(
          ...(await readFeeds(
            http,
            chain,
            feeds.filter((feed) => feed.chain === chain),
          )),
        );
      } catch (error) {
        if (!(error instanceof PlumblineError)) throw error;
        trouble ??= error;
        failures.push({ chain, detail: error.message });
      }
    }
    if (trouble !== null && failures.length === chains.length) throw trouble;
    return { ...asQuotes(quotes, undefined), failures };
  },
  /** The JSON-RPC answer to one `latestRoundData()`, which only the request can name. */
  parse(body, request) {
    const key = wantedKeys(request)?.[0];
    const result = readShape(z.string().regex(/^0x[0-9a-f]*$/i), rpcResult(body, this.id), this.id);
    if (key === undefined) throw badShape(this.id, "the request names no feed");
    let round: readonly [bigint, bigint, bigint, bigint, bigint];
    try {
      round = decodeFunctionResult({ abi: FEED_ABI, functionName: "latestRoundData", data: result as Hex });
    } catch {
      throw badShape(this.id, "not the words of a round", body);
    }
    const quote = quoteOf(lowerHex(key), request.quote, request.decimals ?? 8, round[1], round[3]);
    return { quotes: quote === null ? [] : [quote], failures: [] };
  },
  rows: ({ quotes }) => quotes.length,
  isUsable: ({ quotes }) => quotes.length > 0,
};

async function readFeeds(http: Http, chain: string, feeds: readonly ChainlinkFeed[]): Promise<ChainlinkQuote[]> {
  const client = await http.rpc.chain(chain);
  const block = await latestBlock(client);
  const reads = feeds.flatMap(({ address }) =>
    ["decimals", "latestRoundData"].map((functionName) => ({
      address: address.toLowerCase() as Address,
      abi: FEED_ABI as Abi,
      functionName,
    })),
  );
  const results = await readContracts(client, reads, block.number);
  const quotes: ChainlinkQuote[] = [];
  for (const [index, { address, quote }] of feeds.entries()) {
    const decimals = whole(results[index * 2]);
    const round = results[index * 2 + 1];
    if (decimals === null || !Array.isArray(round)) continue;
    const made = quoteOf(`${chain}:${address.toLowerCase()}`, quote, decimals, round[1], round[3]);
    if (made !== null) quotes.push(made);
  }
  return quotes;
}

function quoteOf(
  key: string,
  currency: string | undefined,
  decimals: number,
  answer: bigint,
  updatedAt: bigint,
): ChainlinkQuote | null {
  const price = positive(fromBaseUnits(answer.toString(), decimals));
  if (price === null) return null;
  // A round that was never written has time 0.
  const observedAt = updatedAt > 0n ? Number(updatedAt) : null;
  return { ...makeQuote(key, price, currency ?? "USD", observedAt), decimals, answer: answer.toString() };
}
