/**
 * Supply of days before the record began, or that it missed: DefiLlama's chart of one coin, a row a day that is not there yet.
 *
 * A row that is there is never touched, and the running day is left to its own run. The chart says what circulated and not at which
 * price, so the price of such a row is null. A figure that cannot be is left out and counted.
 */
import type { LaneContext } from "../lane.ts";
import { roundUsd } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { SupplyHistoryRow } from "../schema/history.ts";
import { defillamaCharts, type SupplyPoint } from "../sources/defillama.ts";
import { inBatches } from "../sources/quotes.ts";
import { startOfUtcDay } from "../time.ts";

const MAX_SUPPLY_USD = 10_000_000_000_000;
/** Charts asked for at once; how many of them are under way is the upstream's limit. */
const CHARTS_TOGETHER = 8;

export interface SupplyBackfillReport {
  coins: number;
  rows: number;
  /** Days that were on record already. */
  known: number;
  /** Figures that cannot be a supply. */
  refused: number;
  failures: { coinId: string; reason: string }[];
}

interface Window {
  /** Unix seconds, start of a UTC day; both days included. */
  fromSec: number;
  toSec: number;
}

/** Days of a window that a coin has no row of, by what its chart says; the last point of a day speaks for it. */
export function missingDays(
  coinId: string,
  points: readonly SupplyPoint[],
  known: ReadonlySet<number>,
  { fromSec, toSec }: Window,
): { rows: SupplyHistoryRow[]; known: number; refused: number } {
  const days = new Map<number, number>();
  for (const { date, circulatingUsd } of points) {
    const day = startOfUtcDay(date);
    if (circulatingUsd !== null && day >= fromSec && day <= toSec) days.set(day, circulatingUsd);
  }
  const unknown = [...days].filter(([day]) => !known.has(day));
  const rows = unknown
    .filter(([, usd]) => Number.isFinite(usd) && usd >= 0 && usd <= MAX_SUPPLY_USD)
    .map(([date, usd]) => ({ date, coinId, circulatingUsd: roundUsd(usd), priceUsd: null }));
  return { rows, known: days.size - unknown.length, refused: unknown.length - rows.length };
}

/** The days of each coin that are on record. */
export async function knownDays(context: LaneContext): Promise<Map<string, Set<number>>> {
  const store = await context.store();
  const known = new Map<string, Set<number>>();
  for (const { coinId, date } of await store.query("SELECT coinId, date FROM supply_history")) {
    const days = known.get(coinId as string) ?? new Set();
    known.set(coinId as string, days.add(date as number));
  }
  return known;
}

export async function backfillListed(
  context: LaneContext,
  coins: readonly Coin[],
  known: ReadonlyMap<string, ReadonlySet<number>>,
  window: Window,
): Promise<{ rows: SupplyHistoryRow[]; report: SupplyBackfillReport }> {
  const rows: SupplyHistoryRow[] = [];
  const report: SupplyBackfillReport = { coins: 0, rows: 0, known: 0, refused: 0, failures: [] };
  const listed = coins.flatMap(({ id, ids }) => (ids.defillama === null ? [] : [{ id, llamaId: ids.defillama }]));
  for (const together of inBatches(listed, CHARTS_TOGETHER)) {
    const answers = await Promise.all(together.map(({ llamaId }) => context.collect(defillamaCharts, { llamaId })));
    for (const [nth, { id }] of together.entries()) {
      const answer = answers[nth] as (typeof answers)[number];
      report.coins++;
      if (!answer.ok) {
        report.failures.push({ coinId: id, reason: answer.detail });
        continue;
      }
      const found = missingDays(id, answer.value.points, known.get(id) ?? new Set(), window);
      rows.push(...found.rows);
      report.known += found.known;
      report.refused += found.refused;
    }
  }
  report.rows = rows.length;
  return { rows, report };
}
