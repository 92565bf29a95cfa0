/**
 * Pegs: which coins left their peg, since when and how far, what still needs a second opinion, and how each coin has done.
 *
 * Reads this run's prices; without them nothing was observed, so nothing is decided and the last good snapshots stay.
 * Detection first, then the rows that wait for confirmation, then the events whose coin was not seen. While prices are thin
 * no event ends: a feed outage is no recovery.
 */
import type { Lane, LaneContext, LaneResult } from "../lane.ts";
import type { Coin } from "../schema/coin.ts";
import type { SnapshotName } from "../schema/datasets.ts";
import type { DepegEvent } from "../schema/depegs.ts";
import type { Reason } from "../schema/envelope.ts";
import { DEPEG_EVENTS } from "../schema/history.ts";
import { confirmAll } from "./confirm-all.ts";
import { DepegBook } from "./depeg-book.ts";
import { detect } from "./detect.ts";
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
  keptState,
  type PegPast,
  pastEvents,
  prunedIntervals,
  readPast,
} from "./peg-past.ts";
import { summaryFigures, summaryRow, usedPegRates } from "./peg-summary.ts";
import { type CoinReading, degradedPegTypes, readCoins } from "./readings.ts";
import { hasTrackedPeg, orphanCause } from "./tracked-coins.ts";

/** Closed events in the snapshot; the history holds them all. */
const RECENT_EVENTS = 200;
/** What is judged without, where a dataset of another lane is missing. */
const WITHOUT = {
  "fx-rates": "there are no exchange rates: coins of other currencies are not measured",
  "dex-prices": "there are no DEX prices: pools neither confirm nor contradict",
  "price-quotes": "there are no single quotes: exchanges can confirm nothing",
  supply: "there is no supply of this run: no event ends for want of a coin",
} as const satisfies Partial<Record<SnapshotName, string>>;

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
    const dex = context.published("dex-prices");
    const dexView = dex && { asOf: dex.asOf, prices: dex.data.prices };
    const coins = registry.coins.filter(hasTrackedPeg);
    const assets = new Map(prices.data.peggedAssets.map((asset) => [asset.id, asset]));
    const { rates, readings } = readCoins(coins, assets, fx?.data ?? null, dexView, nowSec);
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

    const pegRates = usedPegRates(rows, rates);

    const reasons: Reason[] = (Object.entries(WITHOUT) as [keyof typeof WITHOUT, string][]).flatMap(
      ([name, message]) => (context.published(name) === null ? [{ code: `${name}-missing`, message }] : []),
    );
    if (orphans.skipped.length > 0)
      reasons.unshift({
        code: "orphan-cleanup-skipped",
        message: `${orphans.skipped.length} open depegs of coins that were not seen stay open: price coverage is degraded`,
      });
    const sources = [
      { id: "dataset:stablecoins", observedAt: prices.asOf },
      ...(fx ? [{ id: "dataset:fx-rates", observedAt: fx.asOf }] : []),
      ...(dex ? [{ id: "dataset:dex-prices", observedAt: dex.asOf }] : []),
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
        "peg-summary": snapshot({ coins: rows, pegRates, summary: summaryFigures(rows, events, pegRates, nowSec) }),
        "depeg-pending": snapshot({ pending }),
      },
      history: [{ dataset: DEPEG_EVENTS, rows: book.closed }],
      state: { ...keptState({ ranAt: nowSec, open, pending, priced, firstSeenAt }), [INTERVALS_NAME]: kept },
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
