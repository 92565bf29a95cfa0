/**
 * The steps of one price run, in the order of the method: quotes of all sources onto a board, consensus, and then what fills or
 * replaces the prices there. Pricing methodology, section 2.
 */
import type { LaneContext } from "../lane.ts";
import type { SourceUse } from "../schema/envelope.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import type { CoinSupply } from "../schema/supply.ts";
import { defillamaListVenue, defillamaStablecoins } from "../sources/defillama.ts";
import type { PriceVenue } from "../sources/venue.ts";
import * as venues from "../sources/venues.ts";
import { collectAddressQuotes } from "./address-quotes.ts";
import { type CollectedQuotes, collectQuotes } from "./collect-quotes.ts";
import { collectCurve } from "./curve-quotes.ts";
import { dexVoices } from "./dex-voices.ts";
import { type EnrichmentState, EnrichmentStateSchema, enrich } from "./enrichment.ts";
import { crossCheck } from "./geckoterminal-check.ts";
import { nativeQuotes } from "./native-quotes.ts";
import type { PassReport } from "./passes/pass.ts";
import { PriceBoard } from "./price-board.ts";
import { overrideByRedemption, readConversions } from "./redemption-prices.ts";
import { type CachedPrice, isReplayable, previousTrustedPrice } from "./replay-cache.ts";
import { collectTickers } from "./ticker-quotes.ts";
import type { PegReferences } from "./validation.ts";

const VENUES: readonly PriceVenue[] = Object.values(venues);
/** When metered sources were last asked. */
export const ENRICHMENT_STATE = "price-enrichment";
/** Coins that no price is looked for. */
export const GONE: readonly string[] = ["dead", "delisted", "pre-launch"];

/** DefiLlama's list is a venue only in a run whose supply lane asked for the list and believed it. */
function venuesOf(context: LaneContext): PriceVenue[] {
  const believesList =
    context.published("supply")?.asOf === context.nowSec && !context.circuitOpen(defillamaStablecoins);
  return believesList ? [...VENUES, defillamaListVenue] : [...VENUES];
}

function mergeQuotes(into: CollectedQuotes, more: CollectedQuotes): void {
  for (const [coinId, quotes] of more.byCoin) into.byCoin.set(coinId, [...(into.byCoin.get(coinId) ?? []), ...quotes]);
  into.sources.push(...more.sources);
  into.failures.push(...more.failures);
}

/** What was known of the coins before this run's quotes, by coin id. */
interface Known {
  previous: ReadonlyMap<string, PeggedAsset>;
  supplies: ReadonlyMap<string, CoinSupply>;
  entryOf(coinId: string): CachedPrice | null;
}

/** Every quote of the run on the board, and what consensus makes of them. */
export async function openBoard(
  context: LaneContext,
  references: PegReferences,
  { previous, supplies, entryOf }: Known,
  quotes: CollectedQuotes,
): Promise<PriceBoard> {
  const { registry, nowSec } = context;
  const dex = dexVoices(context.published("dex-prices"), nowSec);
  const quoted = registry.coins.filter((coin) => !GONE.includes(coin.status.state));
  mergeQuotes(quotes, await collectQuotes(context, venuesOf(context), quoted));
  mergeQuotes(quotes, await collectTickers(context, quoted));
  mergeQuotes(quotes, await collectCurve(context, quoted));
  const rows = quoted.map((coin) => ({
    coin,
    raw: quotes.byCoin.get(coin.id) ?? [],
    dex: dex.get(coin.id) ?? null,
    previous: previous.get(coin.id),
    previousTrustedPrice: previousTrustedPrice(previous.get(coin.id), entryOf(coin.id), nowSec),
    circulatingUsd: supplies.get(coin.id)?.usd.current ?? null,
    supplyIsCurrent: supplies.get(coin.id)?.observedAt === nowSec,
  }));
  mergeQuotes(quotes, await collectAddressQuotes(context, rows));
  for (const row of rows) row.raw = quotes.byCoin.get(row.coin.id) ?? [];
  return new PriceBoard(rows, references, nowSec);
}

/** The steps after consensus, in the order of the method; gives what they report. */
export async function fillBoard(
  context: LaneContext,
  board: PriceBoard,
  entryOf: (coinId: string) => CachedPrice | null,
): Promise<PassReport & { enrichment: EnrichmentState; counts: Record<string, number> }> {
  const { conversions, failures } = await readConversions(context, board);
  overrideByRedemption(board, conversions);
  const enriched = await enrich(
    context,
    board,
    EnrichmentStateSchema.safeParse(context.state(ENRICHMENT_STATE)).data ?? null,
  );
  const checked = await crossCheck(context, board);
  const { applied, moved } = overrideByRedemption(board, conversions);
  if (moved.length > 0) context.log(`redemption moved the price of ${moved.join(", ")} by more than 100 bps`);
  const native = await nativeQuotes(context, board);
  let replayed = 0;
  for (const row of board.unpriced()) {
    const entry = entryOf(row.coin.id);
    if (!entry || !isReplayable(entry, context.nowSec)) continue;
    const { price, priceObservedAt, priceUpdatedAt } = entry;
    const refusal = board.offer(row, {
      source: "cached",
      price,
      confidence: "fallback",
      observedAt: priceObservedAt ?? priceUpdatedAt,
      observedAtMode: entry.priceObservedAtMode,
      mode: "fallback_enrichment",
    });
    if (refusal === null) replayed++;
  }
  const filled = Object.values(enriched.filled).reduce((sum, count) => sum + count, 0);
  return {
    sources: [...enriched.sources, ...checked.sources, ...native.sources],
    failures: [...failures, ...enriched.failures, ...checked.failures, ...native.failures],
    enrichment: enriched.state,
    counts: { enriched: filled, redeemed: applied, crossChecked: checked.asked, replayed },
  };
}

/** A source is named once, with its newest time. */
export function namedOnce(sources: readonly SourceUse[]): SourceUse[] {
  return [...Map.groupBy(sources, ({ id }) => id)].map(([id, uses]) => {
    const times = uses.flatMap(({ observedAt }) => observedAt ?? []);
    return { id, observedAt: times.length > 0 ? Math.max(...times) : null };
  });
}
