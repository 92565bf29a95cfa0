/**
 * Gold and silver, USD per troy ounce: gold-api.com, else what the tracked metal tokens say, else the last rate.
 *
 * Metals are never taken from DefiLlama's `coingecko:gold`: it answers empty without an error and once made absurd depegs.
 */
import type { LaneContext } from "../lane.ts";
import type { Reason, SourceUse } from "../schema/envelope.ts";
import { goldApi } from "../sources/gold-api.ts";
import { median } from "../statistics.ts";
import type { RateOffer } from "./rate-rules.ts";

const METAL_SYMBOLS: Record<string, string> = { GOLD: "XAU", SILVER: "XAG" };
/** A snapshot of token prices older than this is no fresh reference. */
const FRESH_TOKENS_SEC = 3600;
export const PEER_MEDIAN_SOURCE = "dataset:stablecoins";

export interface MetalRates {
  sources: SourceUse[];
  failures: Reason[];
}

/** Median price per ounce of the tokens of one metal, from the last published prices; null without a fresh one. */
function peerMedian(context: LaneContext, currency: string): { usdPerUnit: number; observedAt: number } | null {
  const published = context.published("stablecoins");
  if (!published || context.nowSec - published.asOf > FRESH_TOKENS_SEC) return null;
  const perOunce = published.data.peggedAssets.flatMap((asset) => {
    const coin = context.registry.coinById.get(asset.id);
    const usable = asset.pegCurrency === currency && asset.price !== null && coin?.commodityOunces && !coin.navToken;
    return usable && asset.price !== null && coin.commodityOunces ? [asset.price / coin.commodityOunces] : [];
  });
  const usdPerUnit = median(perOunce);
  return usdPerUnit === null ? null : { usdPerUnit, observedAt: published.asOf };
}

/** Offers the rates one after the other; `take` says whether it believes one, and the first of a metal that is believed stands. */
export async function collectMetals(context: LaneContext, take: (offer: RateOffer) => boolean): Promise<MetalRates> {
  const found: MetalRates = { sources: [], failures: [] };
  const spot = await context.collect(goldApi, { keys: Object.values(METAL_SYMBOLS) });
  if (!spot.ok) found.failures.push({ code: `gold-api-${spot.reason}`, message: spot.detail });
  for (const [currency, symbol] of Object.entries(METAL_SYMBOLS)) {
    const quote = spot.ok ? spot.value.quotes.find((candidate) => candidate.key === symbol) : undefined;
    const common = { currency, cadence: "intraday" as const, sourceDate: null };
    if (quote?.priceUsd != null) {
      const observedAt = quote.observedAt ?? context.nowSec;
      if (take({ ...common, usdPerUnit: quote.priceUsd, source: goldApi.id, observedAt })) {
        found.sources.push({ id: goldApi.id, observedAt });
        continue;
      }
    }
    const peers = peerMedian(context, currency);
    if (peers && take({ ...common, ...peers, source: PEER_MEDIAN_SOURCE }))
      found.sources.push({ id: PEER_MEDIAN_SOURCE, observedAt: peers.observedAt });
  }
  return found;
}
