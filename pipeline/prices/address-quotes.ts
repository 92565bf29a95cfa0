/**
 * Exact-address augmentation: further soft quotes for coins that few sources know. Pricing methodology, 5.9.
 *
 * Asked for coins without a price last time, with a weak one, or with fewer than three sources, unpriced first and then the larger.
 * Each service has its own way of asking and its cap a run; what the cap leaves out is said. Quotes take part in consensus as
 * what they are, search results: never replayed, never authoritative.
 */
import type { LaneContext } from "../lane.ts";
import { PRICE_SOURCES } from "../price-sources.ts";
import type { Reason } from "../schema/envelope.ts";
import { alchemyPrices } from "../sources/alchemy-prices.ts";
import { birdeyePrice } from "../sources/birdeye.ts";
import { coingeckoOnchain } from "../sources/coingecko-onchain.ts";
import { dexpaprikaToken } from "../sources/dexpaprika.ts";
import { moralisPrices } from "../sources/moralis.ts";
import { NETWORK_NAMES, type NetworkNames, SOLANA } from "../sources/network-names.ts";
import { inBatches, lowerHex, type QuoteRequest, type Quotes } from "../sources/quotes.ts";
import type { Quote, Source } from "../sources/source.ts";
import { tokenDeployments } from "../token-deployments.ts";
import { orderAddressTargets } from "./address-providers.ts";
import type { CollectedQuotes, RawQuote } from "./collect-quotes.ts";
import { failure } from "./passes/pass.ts";
import type { BoardRow } from "./price-board.ts";

const MIN_LIQUIDITY_USD = 50_000;
const WEAK = ["low", "fallback"];

type AddressQuote = Quote & { liquidityUsd?: number | null };
interface AddressRequest extends QuoteRequest {
  chain?: string | undefined;
  network?: string | undefined;
}

interface AddressProvider {
  key: string;
  source: Source<AddressRequest, Quotes<AddressQuote>>;
  /** Its key of a token, or null where it does not know the chain. */
  keyOf(chain: string, address: string): string | null;
  perRequest: number;
  mostRequests: number;
  /** Requests hold tokens of one chain only, named in the request. */
  oneChain: "chain" | "network" | null;
}

function named(service: keyof NetworkNames): AddressProvider["keyOf"] {
  return (chain, address) => {
    const name = NETWORK_NAMES.get(chain)?.[service];
    return name ? lowerHex(`${name}:${address}`) : null;
  };
}

/** In the order they are asked. DexScreener is left out: it refuses data centres too often to be asked unless somebody wants it. */
const PROVIDERS: readonly AddressProvider[] = [
  {
    key: "dexpaprika-address",
    source: dexpaprikaToken,
    keyOf: named("dexpaprika"),
    perRequest: 1,
    mostRequests: 60,
    oneChain: null,
  },
  {
    key: "coingecko-onchain-address",
    source: coingeckoOnchain,
    keyOf: named("geckoterminal"),
    perRequest: 30,
    mostRequests: 10,
    oneChain: "network",
  },
  {
    key: "alchemy-address",
    source: alchemyPrices,
    keyOf: named("alchemy"),
    perRequest: 25,
    mostRequests: 20,
    oneChain: null,
  },
  {
    key: "moralis-address",
    source: moralisPrices,
    keyOf: named("moralis"),
    perRequest: 100,
    mostRequests: 3,
    oneChain: "chain",
  },
  {
    key: "birdeye-address",
    source: birdeyePrice,
    keyOf: (chain, address) => (chain === SOLANA ? address : null),
    perRequest: 1,
    mostRequests: 10,
    oneChain: null,
  },
];

/** Coins worth asking for, in order. */
export function addressTargets(rows: readonly Omit<BoardRow, "context" | "candidates" | "chosen">[]): string[] {
  return orderAddressTargets(
    rows.map(({ coin, previous, raw, circulatingUsd }) => {
      const missing = raw.length === 0 && (previous?.price ?? null) === null;
      const weak = WEAK.includes(previous?.priceConfidence ?? "");
      // A weak price is asked about whatever its number of sources.
      // Sources of this very kind do not count: a coin that they helped would else be left out every other run.
      const others = (previous?.consensusSources ?? []).filter((key) => PRICE_SOURCES[key]?.tier !== "fallback_search");
      const previousSourceDepth = weak ? 0 : others.length;
      return { id: coin.id, missing, previousSourceDepth, circulatingUsd };
    }),
  );
}

export async function collectAddressQuotes(
  context: LaneContext,
  rows: readonly Omit<BoardRow, "context" | "candidates" | "chosen">[],
): Promise<CollectedQuotes> {
  const result: CollectedQuotes = { byCoin: new Map(), sources: [], failures: [] };
  const byId = new Map(rows.map((row) => [row.coin.id, row]));
  const targets = addressTargets(rows).flatMap((id) => byId.get(id) ?? []);
  for (const provider of PROVIDERS) result.failures.push(...(await askProvider(context, provider, targets, result)));
  return result;
}

async function askProvider(
  context: LaneContext,
  provider: AddressProvider,
  targets: readonly { coin: BoardRow["coin"] }[],
  result: CollectedQuotes,
): Promise<Reason[]> {
  const coinOfKey = new Map<string, string>();
  for (const { coin } of targets) {
    // The first deployment the service knows stands for the coin.
    const keys = tokenDeployments(coin).flatMap(({ chain, address }) => provider.keyOf(chain, address) ?? []);
    if (keys[0] !== undefined && !coinOfKey.has(keys[0])) coinOfKey.set(keys[0], coin.id);
  }
  const keys = [...coinOfKey.keys()];
  if (keys.length === 0) {
    context.nothingToAsk(provider.source);
    return [];
  }
  const groups = provider.oneChain ? [...Map.groupBy(keys, (key) => key.slice(0, key.indexOf(":"))).values()] : [keys];
  const batches = groups.flatMap((group) => inBatches(group, provider.perRequest));
  let isUsed = false;
  for (const batch of batches.slice(0, provider.mostRequests)) {
    const chain = batch[0]?.split(":")[0];
    const answer = await context.collect(provider.source, {
      keys: batch,
      ...(provider.oneChain ? { [provider.oneChain]: chain } : {}),
    });
    // A service that refuses once in a run is not asked again in it.
    if (!answer.ok) return failure(provider.key, answer);
    isUsed = true;
    for (const quote of answer.value.quotes)
      addQuote(result, provider.key, coinOfKey.get(quote.key), quote, context.nowSec);
  }
  if (isUsed) result.sources.push({ id: provider.source.id, observedAt: null });
  return [];
}

function addQuote(
  result: CollectedQuotes,
  source: string,
  coinId: string | undefined,
  quote: AddressQuote,
  nowSec: number,
): void {
  if (coinId === undefined) return;
  const isThin = quote.liquidityUsd != null && quote.liquidityUsd < MIN_LIQUIDITY_USD;
  const raw: RawQuote = {
    source,
    price: quote.price,
    weight: PRICE_SOURCES[source]?.weight ?? 0,
    observedAt: quote.observedAt ?? nowSec,
    observedAtMode: quote.observedAt === null ? "local_fetch" : "upstream",
    refusal: isThin ? "below_liquidity_threshold" : null,
  };
  result.byCoin.set(coinId, [...(result.byCoin.get(coinId) ?? []), raw]);
}
