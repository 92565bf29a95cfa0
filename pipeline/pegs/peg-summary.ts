/** The row of every tracked coin, now and over its tracked time, and the figures above them. */
import { fallbackPegRates } from "../peg-figures.ts";
import { roundPoints } from "../rounding.ts";
import type { DepegEvent } from "../schema/depegs.ts";
import type { PegSummary, PegSummaryCoin } from "../schema/peg-summary.ts";
import { median, midDivergenceBps } from "../statistics.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import type { Reading } from "./detect.ts";
import type { DexRow } from "./dex-evidence.ts";
import type { PegRates } from "./peg-rates.ts";
import { coinTrackingStart, pegScore, type ScoredEvent } from "./peg-score.ts";
import type { CoinReading } from "./readings.ts";
import { crossesThreshold, depegSignal } from "./signal.ts";

/** A score on less is called early. */
const EARLY_DAYS = 30;

/** Launch date of the registry, else when the record first saw the coin. */
function firstSeen(launchDate: string | null, recordedAt: number | undefined): number | null {
  return launchDate === null ? (recordedAt ?? null) : Date.parse(launchDate) / 1000;
}

/** The coin's price and its DEX price agree within this. */
const AGREES_WITHIN_BPS = 50;

function dexPriceCheck(
  row: DexRow,
  sourcePools: number,
  { price, reference }: Reading,
): PegSummaryCoin["dexPriceCheck"] {
  const signal = depegSignal(row.priceUsd, reference);
  return (
    signal && {
      dexPrice: row.priceUsd,
      dexDeviationBps: signal.bps,
      agrees: midDivergenceBps(row.priceUsd, price) <= AGREES_WITHIN_BPS,
      sourcePools,
      sourceTvl: row.totalTvlUsd,
    }
  );
}

export interface CoinHistory {
  /** Every event of the window, the open one included. */
  events: readonly ScoredEvent[];
  firstSeenAt: number | undefined;
  pending: boolean;
}

export function summaryRow(
  { coin, asset, reading, skipped, shownDex, shownPools }: CoinReading,
  history: CoinHistory,
  nowSec: number,
): PegSummaryCoin {
  const startedAt = coinTrackingStart(firstSeen(coin.launchDate, history.firstSeenAt), history.events, nowSec);
  const score = pegScore(history.events, startedAt, nowSec);
  const signal = skipped === null ? depegSignal(reading.price, reading.reference) : null;
  return {
    id: coin.id,
    symbol: coin.symbol,
    name: coin.name,
    pegType: coin.peg.type,
    pegCurrency: coin.peg.currency,
    governance: coin.governance,
    currentDeviationBps: signal?.bps ?? null,
    deviationReason: skipped,
    priceSource: asset.priceSource,
    priceConfidence: asset.priceConfidence,
    primaryTrust: reading.trust,
    pegScore: score.pegScore,
    earlyScore: score.pegScore !== null && score.trackingSpanDays < EARLY_DAYS,
    pegPct: roundPoints(score.pegPct),
    severityScore: roundPoints(score.severityScore),
    spreadPenalty: roundPoints(score.spreadPenalty),
    eventCount: score.scoredEventCount,
    trackingSpanDays: score.trackingSpanDays,
    worstDeviationBps: score.worstDeviationBps,
    lastEventAt: score.lastEventAt,
    activeDepeg: score.activeDepeg,
    pendingDepeg: history.pending,
    dexPriceCheck: shownDex && skipped === null ? dexPriceCheck(shownDex, shownPools, reading) : null,
  };
}

/** The references of the pegs that these coins have, sorted by peg type. */
export function usedPegRates(coins: readonly PegSummaryCoin[], rates: PegRates): PegSummary["pegRates"] {
  return [...new Set(coins.map((coin) => coin.pegType))].sort().flatMap((pegType) => {
    const [usdPerUnit, source] = [rates.rates[pegType], rates.sources[pegType]];
    return usdPerUnit === undefined || source === undefined ? [] : [{ pegType, usdPerUnit, source }];
  });
}

/** `events` are those of the last two days at least, open ones included. */
export function summaryFigures(
  coins: readonly PegSummaryCoin[],
  events: readonly Pick<DepegEvent, "startedAt">[],
  rates: PegSummary["pegRates"],
  nowSec: number,
): PegSummary["summary"] {
  const known = coins.flatMap((coin) =>
    coin.currentDeviationBps === null ? [] : [{ ...coin, bps: coin.currentDeviationBps }],
  );
  const worst = known.reduce<(typeof known)[number] | null>(
    (a, b) => (a === null || Math.abs(b.bps) > Math.abs(a.bps) ? b : a),
    null,
  );
  const today = startOfUtcDay(nowSec);
  const startedOn = (day: number) =>
    events.filter(({ startedAt }) => startedAt >= day && startedAt < day + DAY_SEC).length;
  return {
    activeDepegCount: coins.filter((coin) => coin.activeDepeg).length,
    medianDeviationBps: median(known.map((coin) => Math.abs(coin.bps))),
    worstCurrent: worst && { id: worst.id, symbol: worst.symbol, bps: worst.bps },
    coinsAtPeg: known.filter((coin) => !crossesThreshold(1 + coin.bps / 10_000, 1, coin.pegType)).length,
    totalTracked: coins.length,
    depegEventsToday: startedOn(today),
    depegEventsYesterday: startedOn(today - DAY_SEC),
    fallbackPegRates: fallbackPegRates(rates, coins),
  };
}
