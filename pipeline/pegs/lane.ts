/**
 * Pegs: which coins left their peg, since when and how far, what still needs a second opinion, and how each coin has done.
 *
 * Reads this run's prices; without them nothing was observed, so nothing is decided and the last good snapshots stay.
 * Detection first, then the rows that wait for confirmation, then the events whose coin was not seen. While prices are thin
 * no event ends: a feed outage is no recovery.
 */
import type { Lane, LaneContext, LaneResult } from "../lane.ts";
import type { Coin } from "../schema/coin.ts";
import type { DepegEvent } from "../schema/depegs.ts";
import type { Reason } from "../schema/envelope.ts";
import { DEPEG_EVENTS } from "../schema/history.ts";
import type { PriceQuotes } from "../schema/price-quotes.ts";
import { judgePending, type NamedQuote, type PendingFacts, screenPending } from "./confirm-pending.ts";
import { DepegBook } from "./depeg-book.ts";
import { detect } from "./detect.ts";
import { askConfirmers } from "./offchain-confirmers.ts";
import {
  coverageIsDegraded,
  orphanCleanup,
  type PriceCoverage,
  pegTypeIsDegraded,
  pricesAreThin,
} from "./orphan-cleanup.ts";
import {
  addInterval,
  INTERVALS_NAME,
  type PegPast,
  pastEvents,
  prunedIntervals,
  readPast,
  STATE_NAME,
} from "./peg-past.ts";
import { summaryFigures, summaryRow } from "./peg-summary.ts";
import { EXPIRY_SEC } from "./pending.ts";
import { offchainConfirmer } from "./primary-trust.ts";
import { type CoinReading, degradedPegTypes, readCoins } from "./readings.ts";
import { hasTrackedPeg, orphanCause } from "./tracked-coins.ts";

/** Closed events in the snapshot; the history holds them all. */
const RECENT_EVENTS = 200;
const INTERVAL_SEC = 1_800;
/**
 * Whose own price of this run may confirm, first come first heard. The method names Binance; the others stand in where it has
 * no pair, since the reference asks for a secondary source that agrees and few coins trade at Binance.
 */
const MARKETS = {
  binance: "cex:binance",
  coinbase: "cex:coinbase",
  kraken: "cex:kraken",
  bitstamp: "cex:bitstamp",
  pyth: "oracle:pyth",
  redstone: "oracle:redstone",
} as const;

function notObserved(message: string): LaneResult {
  return {
    status: "degraded",
    reasons: [{ code: "prices-not-current", message }],
    snapshots: {},
    withheld: ["depeg-events", "depeg-pending", "peg-summary"],
    history: [],
    state: {},
    counts: {},
  };
}

function coverageOf(context: LaneContext, coins: readonly Coin[], past: PegPast, priced: Set<string>): PriceCoverage {
  const [prices, supply] = [context.published("stablecoins"), context.published("supply")];
  const tracked = new Set(coins.map((coin) => coin.id));
  const before = past.state.priced.filter((id) => tracked.has(id));
  return {
    laneOk: prices?.status === "fresh" && supply?.status === "fresh" && supply.generatedAt === context.nowSec,
    pricedBefore: before.length,
    pricedNow: before.filter((id) => priced.has(id)).length,
    degradedPegTypes: degradedPegTypes(coins, context.published("fx-rates")?.data ?? null),
  };
}

/** The table of the method for every coin that may be judged; an end found while prices are thin is left for later. */
function detectAll(book: DepegBook, readings: readonly CoinReading[], coverage: PriceCoverage): Set<string> {
  const processed = new Set<string>();
  const thin = coverage.pricedBefore > 0 && pricesAreThin(coverage);
  for (const { coin, reading, skipped } of readings) {
    if (skipped !== null) continue;
    processed.add(coin.id);
    const transition = detect(reading, book.open.get(coin.id)?.direction ?? null);
    const mayEnd = !thin && !pegTypeIsDegraded(coin.peg.type, coverage);
    if (transition.kind !== "recover" || mayEnd) book.apply(coin, transition, reading.reference);
  }
  return processed;
}

function marketQuote(quotes: PriceQuotes["quotes"][string] | undefined): NamedQuote | null {
  for (const [source, name] of Object.entries(MARKETS)) {
    const quote = quotes?.find((candidate) => candidate.source === source && candidate.verdict !== "rejected");
    if (quote && quote.priceUsd !== null) return { name, price: quote.priceUsd };
  }
  return null;
}

async function confirmAll(
  context: LaneContext,
  book: DepegBook,
  readings: readonly CoinReading[],
  ranAt: number | null,
) {
  const { nowSec } = context;
  const byCoin = new Map(readings.map((reading) => [reading.coin.id, reading]));
  // After a late or skipped run a row may still be confirmed: it expires after three intervals, as they really were.
  const expirySec = Math.max(EXPIRY_SEC, 3 * Math.max(INTERVAL_SEC, nowSec - (ranAt ?? nowSec)));
  const factsOf = (coinId: string, storedReference: number): PendingFacts => {
    const found = byCoin.get(coinId);
    return {
      hasOpenEvent: book.open.has(coinId),
      price: found?.asset.price ?? null,
      trust: found?.reading.trust ?? "unusable",
      reference: found?.referenceDrives ? found.reading.reference : storedReference,
      nativePrice: null,
      nowSec,
      expirySec,
    };
  };
  const undecided = [...book.pending.values()].flatMap((row) => {
    const facts = factsOf(row.stablecoinId, row.pegReference);
    const outcome = screenPending(row, facts);
    if (outcome === "drop") book.drop(row.stablecoinId);
    return outcome === "evaluate" ? [{ row, facts }] : [];
  });
  const quotes = context.published("price-quotes");
  const questions = undecided.flatMap(({ row }) => {
    const coin = context.registry.coinById.get(row.stablecoinId);
    const confirmer = offchainConfirmer(byCoin.get(row.stablecoinId)?.asset ?? { agreeSources: [], priceSource: null });
    return coin && confirmer ? [{ coin, confirmer }] : [];
  });
  const confirmations = await askConfirmers(context, questions);
  for (const { row, facts } of undecided) {
    const judgement = judgePending(row, facts, {
      native: null,
      offchain: confirmations.get(row.stablecoinId) ?? null,
      cex: marketQuote(quotes?.generatedAt === nowSec ? quotes.data.quotes[row.stablecoinId] : undefined),
      dex: null,
      pools: [],
    });
    if (judgement.decision === "promote") book.promote(row, judgement);
    else if (judgement.decision === "reject") book.drop(row.stablecoinId);
  }
}

function newestFirst(a: DepegEvent, b: DepegEvent): number {
  return b.startedAt - a.startedAt || (a.stablecoinId < b.stablecoinId ? -1 : 1);
}

export const pegsLane: Lane = {
  name: "pegs",
  async run(context) {
    const { nowSec, registry } = context;
    const prices = context.published("stablecoins");
    if (prices === null || prices.generatedAt !== nowSec)
      return notObserved("this run has no prices: depegs and scores stay as they were");

    const past = await readPast(context, RECENT_EVENTS);
    const fx = context.published("fx-rates");
    const coins = registry.coins.filter(hasTrackedPeg);
    const assets = new Map(prices.data.peggedAssets.map((asset) => [asset.id, asset]));
    const { rates, readings } = readCoins(coins, assets, fx?.data ?? null, nowSec);
    const priced = readings.filter(({ asset }) => asset.price !== null).map(({ coin }) => coin.id);
    const coverage = coverageOf(context, coins, past, new Set(priced));

    const book = new DepegBook(past.state.open, past.state.pending, (id) => pastEvents(past.intervals, id), nowSec);
    const processed = detectAll(book, readings, coverage);
    await confirmAll(context, book, readings, past.state.ranAt);
    const orphans = orphanCleanup(
      [...book.open.values()].map((event) => ({ ...event, createdThisRun: book.isNew(event) })),
      processed,
      (id) => orphanCause(registry.coinById.get(id), assets.get(id)),
      coverage,
    );
    const coinOfEvent = new Map([...book.open.values()].map((event) => [event.id, event.stablecoinId]));
    for (const { id, endReason } of orphans.closed) book.end(coinOfEvent.get(id) as string, endReason, null);

    const intervals = structuredClone(past.intervals);
    for (const event of book.closed) addInterval(intervals, event);
    const kept = prunedIntervals(intervals, nowSec);
    const firstSeenAt = { ...past.state.firstSeenAt };
    for (const id of priced) firstSeenAt[id] ??= nowSec;
    const open = [...book.open.values()].sort(newestFirst);
    const pending = [...book.pending.values()].sort((a, b) => (a.stablecoinId < b.stablecoinId ? -1 : 1));
    const closed = [...book.closed, ...past.recent].sort(newestFirst).slice(0, RECENT_EVENTS);
    const events = [...open, ...closed].sort(newestFirst);
    const rows = readings.map((reading) => {
      const { id } = reading.coin;
      const current = book.open.get(id);
      const history = [...pastEvents(kept, id), ...(current ? [current] : [])];
      return summaryRow(
        reading,
        { events: history, firstSeenAt: firstSeenAt[id], pending: book.pending.has(id) },
        nowSec,
      );
    });

    const reasons: Reason[] =
      orphans.skipped.length > 0
        ? [
            {
              code: "orphan-cleanup-skipped",
              message: `${orphans.skipped.length} open depegs of coins that were not seen stay open: price coverage is degraded`,
            },
          ]
        : [];
    const sources = [
      { id: "dataset:stablecoins", observedAt: prices.asOf },
      ...(fx ? [{ id: "dataset:fx-rates", observedAt: fx.asOf }] : []),
    ];
    const snapshot = <Data>(data: Data) => ({ asOf: nowSec, sources, data });
    return {
      status: reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: {
        "depeg-events": snapshot({
          events,
          total: open.length + Object.values(kept).reduce((sum, list) => sum + list.length, 0),
          orphanCleanup: coverageIsDegraded(coverage) ? "skipped-degraded-coverage" : "done",
          keptOpen: orphans.skipped,
        }),
        "depeg-pending": snapshot({ pending }),
        "peg-summary": snapshot({ coins: rows, summary: summaryFigures(rows, events, rates, nowSec) }),
      },
      history: [{ dataset: DEPEG_EVENTS, rows: book.closed }],
      state: { [STATE_NAME]: { ranAt: nowSec, open, pending, priced, firstSeenAt }, [INTERVALS_NAME]: kept },
      counts: {
        coins: rows.length,
        judged: processed.size,
        open: open.length,
        opened: book.openedCount,
        ended: book.closed.length,
        pending: pending.length,
      },
    };
  },
};
