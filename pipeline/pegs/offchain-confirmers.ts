/**
 * Asks the aggregator that had no say in a price about a pending depeg: CoinGecko, or DefiLlama's coins API by CoinGecko id.
 *
 * Only for coins whose pending row is up for decision, in one request each, under circuits of their own, so that a confirmer
 * that is down does not stop the price lane's. Answers without a time, or too old, or ahead of us, are no confirmation.
 */
import type { LaneContext } from "../lane.ts";
import type { OffchainConfirmer } from "../primary-trust.ts";
import type { Coin } from "../schema/coin.ts";
import { type CoinGeckoRequest, coingeckoSimplePrice } from "../sources/coingecko.ts";
import { defillamaCoins, type LlamaPriceRequest } from "../sources/defillama-coins.ts";
import type { QuoteRequest, Quotes } from "../sources/quotes.ts";
import type { Source } from "../sources/source.ts";
import type { NamedQuote } from "./confirm-pending.ts";

const coingeckoConfirm: Source<CoinGeckoRequest, Quotes> = {
  ...coingeckoSimplePrice,
  id: "coingecko:confirm",
  breaker: "coingecko-confirm",
};
const defillamaConfirm: Source<LlamaPriceRequest, Quotes> = {
  ...defillamaCoins,
  id: "defillama-coins:confirm",
  breaker: "defillama-confirm",
};

const MAX_AGE_SEC = 1_800;
const MAX_AHEAD_SEC = 300;

export interface ConfirmerQuestion {
  coin: Coin;
  confirmer: OffchainConfirmer;
}

const ASKS: Record<OffchainConfirmer, { source: Source<QuoteRequest, Quotes>; keyOf: (geckoId: string) => string }> = {
  "coingecko-confirm": { source: coingeckoConfirm, keyOf: (geckoId) => geckoId },
  "defillama-confirm": { source: defillamaConfirm, keyOf: (geckoId) => `coingecko:${geckoId}` },
};

/** Fresh prices in USD by coin id. */
export async function askConfirmers(
  context: Pick<LaneContext, "collect" | "nowSec">,
  questions: readonly ConfirmerQuestion[],
): Promise<Map<string, NamedQuote>> {
  const answers = new Map<string, NamedQuote>();
  for (const confirmer of ["coingecko-confirm", "defillama-confirm"] as const) {
    const { source, keyOf } = ASKS[confirmer];
    const coinByKey = new Map(
      questions.flatMap(({ coin, confirmer: wanted }) =>
        wanted === confirmer && coin.ids.coingecko !== null ? [[keyOf(coin.ids.coingecko), coin.id] as const] : [],
      ),
    );
    if (coinByKey.size === 0) continue;
    const answer = await context.collect(source, { keys: [...coinByKey.keys()].sort() });
    if (!answer.ok) continue;
    for (const { key, priceUsd, observedAt } of answer.value.quotes) {
      const coinId = coinByKey.get(key);
      const age = observedAt === null ? Number.NaN : context.nowSec - observedAt;
      if (coinId !== undefined && priceUsd !== null && age <= MAX_AGE_SEC && age >= -MAX_AHEAD_SEC)
        answers.set(coinId, { name: confirmer, price: priceUsd });
    }
  }
  return answers;
}
