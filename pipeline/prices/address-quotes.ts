/**
 * Exact-address augmentation: further soft quotes for coins that few sources know. Pricing methodology, 5.9.
 *
 * Asked for coins without a price last time, with a weak one, or with fewer than three sources, unpriced first and then the larger.
 * Each service has its own way of asking and its cap a run; what the cap leaves out is said. Quotes take part in consensus as
 * what they are, search results: never replayed, never authoritative. Which services are asked is a setting,
 * PLUMBLINE_ADDRESS_PROVIDERS: names in order, or "none"; left empty, all but DexScreener, which refuses data centres too often.
 */
import type { LaneContext } from "../lane.ts";
import { PRICE_SOURCES } from "../price-sources.ts";
import type { Reason } from "../schema/envelope.ts";
import { alchemyPrices } from "../sources/alchemy-prices.ts";
import { birdeyePrice } from "../sources/birdeye.ts";
import { coingeckoOnchain } from "../sources/coingecko-onchain.ts";
import type { Collected } from "../sources/collect.ts";
import { dexpaprikaToken } from "../sources/dexpaprika.ts";
import { dexscreenerAddressTokens } from "../sources/dexscreener.ts";
import { moralisPrices } from "../sources/moralis.ts";
import { NETWORK_NAMES, type NetworkNames, SOLANA } from "../sources/network-names.ts";
import { inBatches, lowerHex, makeQuote, type QuoteRequest, type Quotes } from "../sources/quotes.ts";
import type { Quote, Source } from "../sources/source.ts";
import { median } from "../statistics.ts";
import { tokenDeployments } from "../token-deployments.ts";
import { orderAddressTargets, resolveAddressProviders } from "./address-providers.ts";
import type { CollectedQuotes, RawQuote } from "./collect-quotes.ts";
import { pairPrices } from "./pair-prices.ts";
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
  source: { breaker: string | null; id: string };
  /** Its key of a token, or null where it does not know the chain. */
  keyOf(chain: string, address: string): string | null;
  perRequest: number;
  mostRequests: number;
  /** Whether a request holds tokens of one chain only. */
  oneChain: boolean;
  ask(context: LaneContext, keys: readonly string[], symbolOf: SymbolOf): Promise<Collected<Quotes<AddressQuote>>>;
}

type SymbolOf = (key: string) => string;

function named(service: keyof NetworkNames): AddressProvider["keyOf"] {
  return (chain, address) => {
    const name = NETWORK_NAMES.get(chain)?.[service];
    return name ? lowerHex(`${name}:${address}`) : null;
  };
}

/** A service that takes our keys as they are; `chainAs` is what its request calls the chain they share. */
function plain(
  source: Source<AddressRequest, Quotes<AddressQuote>>,
  keyOf: AddressProvider["keyOf"],
  [perRequest, mostRequests]: [number, number],
  chainAs?: "chain" | "network",
): AddressProvider {
  const shared = (key: string | undefined) => (chainAs === undefined ? {} : { [chainAs]: key?.split(":")[0] });
  return {
    source,
    keyOf,
    perRequest,
    mostRequests,
    oneChain: chainAs !== undefined,
    ask: (context, keys) => context.collect(source, { keys, ...shared(keys[0]) }),
  };
}

/** DexScreener answers with pairs: the median of those deep enough that name the token as we do. */
const dexscreener: AddressProvider = {
  source: dexscreenerAddressTokens,
  keyOf: named("dexscreener"),
  perRequest: 30,
  mostRequests: 1,
  oneChain: true,
  async ask(context, keys, symbolOf) {
    const [chain = ""] = keys[0]?.split(":") ?? [];
    const addressOf = (key: string) => key.slice(chain.length + 1);
    const answer = await context.collect(dexscreenerAddressTokens, { chain, addresses: keys.map(addressOf) });
    if (!answer.ok) return answer;
    const quotes = keys.flatMap((key) => {
      const price = median(pairPrices(answer.value.pairs, chain, addressOf(key), symbolOf(key)));
      return price === null ? [] : [makeQuote(key, price, "USD", null)];
    });
    return { ...answer, value: { quotes } };
  },
};

/** By the key their quotes speak under, in the order of address-providers.ts. */
const PROVIDERS: Readonly<Record<string, AddressProvider>> = {
  "dexscreener-address": dexscreener,
  "dexpaprika-address": plain(dexpaprikaToken, named("dexpaprika"), [1, 60]),
  "coingecko-onchain-address": plain(coingeckoOnchain, named("geckoterminal"), [30, 10], "network"),
  "alchemy-address": plain(alchemyPrices, named("alchemy"), [25, 20]),
  "moralis-address": plain(moralisPrices, named("moralis"), [100, 3], "chain"),
  "birdeye-address": plain(birdeyePrice, (chain, address) => (chain === SOLANA ? address : null), [1, 10]),
};

/** A service without its key is asked nothing and reported as disabled, so none is left out for want of one. */
const WITH_KEYS: readonly string[] = ["coingecko", "alchemy", "moralis", "birdeye"];

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
  for (const key of resolveAddressProviders(context.setting("PLUMBLINE_ADDRESS_PROVIDERS"), WITH_KEYS)) {
    const provider = PROVIDERS[key];
    if (provider) result.failures.push(...(await askProvider(context, key, provider, targets, result)));
  }
  return result;
}

async function askProvider(
  context: LaneContext,
  source: string,
  provider: AddressProvider,
  targets: readonly { coin: BoardRow["coin"] }[],
  result: CollectedQuotes,
): Promise<Reason[]> {
  const coinOfKey = new Map<string, BoardRow["coin"]>();
  for (const { coin } of targets) {
    // The first deployment the service knows stands for the coin.
    const keys = tokenDeployments(coin).flatMap(({ chain, address }) => provider.keyOf(chain, address) ?? []);
    if (keys[0] !== undefined && !coinOfKey.has(keys[0])) coinOfKey.set(keys[0], coin);
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
    const answer = await provider.ask(context, batch, (key) => coinOfKey.get(key)?.symbol ?? "");
    // A service that refuses once in a run is not asked again in it.
    if (!answer.ok) return failure(source, answer);
    isUsed = true;
    for (const quote of answer.value.quotes)
      addQuote(result, source, coinOfKey.get(quote.key)?.id, quote, context.nowSec);
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
