/** Depegs of past days found again in the price history and added to the record where no event covers them yet. */
import type { LaneContext, LaneResult } from "../lane.ts";
import type { Coin } from "../schema/coin.ts";
import type { DepegEvent } from "../schema/depegs.ts";
import { DEPEG_EVENTS } from "../schema/history.ts";
import { DAY_SEC } from "../time.ts";
import type { PastEvent } from "./depeg-events.ts";
import { backfillEvent, besideKnown, historyDepegs, type PastPoint } from "./history-depegs.ts";
import { addInterval, INTERVALS_NAME, pastEvents, prunedIntervals, readPast } from "./peg-past.ts";
import { redeemedPoints } from "./redeemed-points.ts";
import { hasTrackedPeg } from "./tracked-coins.ts";

export interface BackfillWindow {
  /** Start of the first UTC day, and of the day after the last. */
  fromSec: number;
  toSec: number;
  /** Read around the window, so that an event at its edge is seen whole. */
  contextDays: number;
  coinId: string | null;
  /** Replays the window and its pad only, and writes nothing. */
  dryRun: boolean;
}

export interface BackfillReport {
  coins: number;
  points: number;
  /** Started within the window. */
  found: number;
  /** Covered by an event of the record already. */
  covered: number;
  /** Not seen to end: left to the live lane. */
  open: number;
  added: DepegEvent[];
}

/** Prices with the supply of their day, or of the last day before that has one. */
async function pointsByCoin(context: LaneContext, fromSec: number, toSec: number): Promise<Map<string, PastPoint[]>> {
  const store = await context.store();
  const rows = await store.query(
    `SELECT prices.coinId, observedRunAt AS "at", prices.priceUsd, deviationBps, confidence, circulatingUsd AS supplyUsd
     FROM price_history AS prices ASOF LEFT JOIN supply_history AS supplies
       ON prices.coinId = supplies.coinId AND observedRunAt >= supplies.date
     WHERE observedRunAt >= $from AND observedRunAt < $to ORDER BY prices.coinId, observedRunAt`,
    { from: fromSec, to: toSec },
  );
  return Map.groupBy(rows as unknown as (PastPoint & { coinId: string })[], ({ coinId }) => coinId);
}

/** The coin's events on record that may cover a found one. */
function knownEvents(coin: Coin, past: Awaited<ReturnType<typeof readPast>>): PastEvent[] {
  return [...pastEvents(past.intervals, coin.id), ...past.state.open.filter((event) => event.stablecoinId === coin.id)];
}

export async function backfillPegs(
  context: LaneContext,
  window: BackfillWindow,
): Promise<{ report: BackfillReport; result: LaneResult }> {
  const { fromSec, toSec, contextDays, coinId, dryRun } = window;
  const pad = contextDays * DAY_SEC;
  const until = dryRun ? toSec + pad : context.nowSec + 1;
  const points = await pointsByCoin(context, fromSec - pad, Math.min(until, context.nowSec + 1));
  const past = await readPast(context, 0);
  const coins = context.registry.coins.filter(
    (coin) => hasTrackedPeg(coin) && points.has(coin.id) && (coinId === null || coin.id === coinId),
  );
  const report: BackfillReport = { coins: coins.length, points: 0, found: 0, covered: 0, open: 0, added: [] };
  for (const coin of coins) {
    const own = redeemedPoints(coin, points, context.registry.coinById);
    report.points += own.length;
    const known = knownEvents(coin, past);
    for (const found of historyDepegs(own, coin.peg.type)) {
      if (found.startedAt < fromSec || found.startedAt >= toSec) continue;
      report.found++;
      const left = besideKnown(found, known);
      if (left === null) report.covered++;
      else if (left.endedAt === null) report.open++;
      else {
        const event = backfillEvent(coin, left, known);
        known.push(event);
        report.added.push(event);
      }
    }
  }
  const intervals = structuredClone(past.intervals);
  for (const event of report.added) addInterval(intervals, event);
  return {
    report,
    result: {
      status: "ok",
      reasons: [],
      snapshots: {},
      history: [{ dataset: DEPEG_EVENTS, rows: report.added }],
      state: report.added.length > 0 ? { [INTERVALS_NAME]: prunedIntervals(intervals, context.nowSec) } : {},
      counts: { added: report.added.length },
    },
  };
}
