/**
 * Prices: what every coin is worth now, who says so, and how far that is from its peg.
 *
 * Reads the FX references and the supply snapshot; asks every venue of sources/venues.ts, and DefiLlama's list when the
 * supply lane of this very run believed it.
 */
import type { Lane } from "../lane.ts";
import { pegTotals } from "../peg-figures.ts";
import type { Reason } from "../schema/envelope.ts";
import { PRICE_HISTORY } from "../schema/history.ts";
import type { PriceQuotes } from "../schema/price-quotes.ts";
import { buildAsset, pegReferences } from "./assets.ts";
import { type ChosenPrice, unpriced } from "./choose-price.ts";
import type { CollectedQuotes } from "./collect-quotes.ts";
import { priceHistoryRows } from "./history-rows.ts";
import { ENRICHMENT_STATE, fillBoard, namedOnce, openBoard } from "./price-steps.ts";
import { cachedPriceOf, entriesToKeep, PriceCacheSchema } from "./replay-cache.ts";
import { restingPrice } from "./resting.ts";
import { comparePublications, staleGuard } from "./stale-guard.ts";

/** State file: prices that may be shown again. */
const CACHE_STATE = "price-cache";

/** The sources whose quotes nearly all stand still since the last publication: the ones that froze. */
function frozenSources(before: PriceQuotes | undefined, now: PriceQuotes): string[] {
  const counts = new Map<string, { comparable: number; identical: number }>();
  for (const [coinId, quotes] of Object.entries(now.quotes)) {
    for (const quote of quotes) {
      const old = before?.quotes[coinId]?.find((candidate) => candidate.source === quote.source);
      if (!old) continue;
      const count = counts.get(quote.source) ?? { comparable: 0, identical: 0 };
      count.comparable++;
      if (old.priceUsd === quote.priceUsd) count.identical++;
      counts.set(quote.source, count);
    }
  }
  return [...counts]
    .filter(([, { comparable, identical }]) => staleGuard(comparable, identical))
    .map(([source]) => source);
}

export const pricesLane: Lane = {
  name: "prices",
  async run(context) {
    const { registry, nowSec } = context;
    const fx = context.published("fx-rates");
    const supply = context.published("supply");
    const before = context.published("stablecoins");
    const references = pegReferences(fx, nowSec);
    const supplies = new Map((supply?.data.coins ?? []).map((coin) => [coin.coinId, coin]));
    const previous = new Map((before?.data.peggedAssets ?? []).map((asset) => [asset.id, asset]));
    const lastQuotes = context.published("price-quotes")?.data.quotes ?? {};
    const kept = PriceCacheSchema.safeParse(context.state(CACHE_STATE)).data ?? {};
    const entryOf = (coinId: string) => cachedPriceOf(previous.get(coinId), kept[coinId]);

    const quotes: CollectedQuotes = { byCoin: new Map(), sources: [], failures: [] };
    const board = await openBoard(context, references, { previous, supplies, entryOf }, quotes);
    const steps = await fillBoard(context, board, entryOf);
    const chosen = new Map<string, ChosenPrice>();
    for (const coin of registry.coins) {
      const row = board.row(coin.id);
      const price = row?.chosen ?? unpriced(`coin-is-${coin.status.state}`, []);
      chosen.set(coin.id, restingPrice(price, previous.get(coin.id), lastQuotes[coin.id]));
    }
    const assets = registry.coins.map((coin) =>
      buildAsset(coin, chosen.get(coin.id) as ChosenPrice, supplies.get(coin.id), references),
    );
    const allQuotes: PriceQuotes = {
      quotes: Object.fromEntries(
        [...chosen].filter(([, price]) => price.quotes.length > 0).map(([id, price]) => [id, price.quotes]),
      ),
    };

    const pricedCount = assets.filter((asset) => asset.price !== null).length;
    const counts = {
      coins: assets.length,
      priced: pricedCount,
      high: assets.filter((asset) => asset.priceConfidence === "high").length,
      ...steps.counts,
    };
    const enrichmentState = { [ENRICHMENT_STATE]: steps.enrichment };
    const reasons: Reason[] = [...quotes.failures, ...steps.failures];
    if (!fx)
      reasons.push({
        code: "no-fx-rates",
        message: "no FX references were ever published: only dollar pegs have a deviation",
      });
    if (pricedCount === 0)
      return {
        status: "error",
        reasons: [
          { code: "no-prices", message: "no source gave a usable price; the last good snapshot stays" },
          ...reasons,
        ],
        snapshots: {},
        withheld: ["stablecoins", "price-quotes"],
        history: [],
        state: enrichmentState,
        counts,
      };
    const { comparable, identical } = comparePublications(before?.data.peggedAssets ?? [], assets);
    if (staleGuard(comparable, identical)) {
      const frozen = frozenSources(context.published("price-quotes")?.data, allQuotes);
      const message = `${identical} of ${comparable} prices stand still since the last snapshot${frozen.length > 0 ? `; frozen: ${frozen.join(", ")}` : ""}: not published as fresh`;
      return {
        status: "degraded",
        reasons: [{ code: "stale-write-blocked", message }, ...reasons],
        snapshots: {},
        withheld: ["stablecoins", "price-quotes"],
        history: [],
        state: enrichmentState,
        counts: { ...counts, comparable, identical },
      };
    }

    const sources = namedOnce([
      ...quotes.sources,
      ...steps.sources,
      ...(supply ? [{ id: "dataset:supply", observedAt: supply.asOf }] : []),
      ...(fx ? [{ id: "dataset:fx-rates", observedAt: fx.asOf }] : []),
    ]);
    return {
      status: reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: {
        stablecoins: {
          asOf: nowSec,
          sources,
          data: {
            peggedAssets: assets,
            totals: pegTotals(assets, references.rates),
            fxFallbackRates: references.rates,
          },
        },
        "price-quotes": { asOf: nowSec, sources, data: allQuotes },
      },
      history: [
        {
          dataset: PRICE_HISTORY,
          rows: priceHistoryRows(assets, before?.data.peggedAssets ?? [], before?.generatedAt ?? null, nowSec),
        },
      ],
      state: { [CACHE_STATE]: entriesToKeep(assets, entryOf, nowSec), ...enrichmentState },
      counts: { ...counts, comparable, identical },
    };
  },
};
