/**
 * The facts of a morning. Each is read from one published dataset; where that is missing or too old the fact is null and the
 * source is named, and the digest is made from the rest. Section 5 of the freezes, yields and chains page.
 */

import { flowFigures } from "../flow-coins.ts";
import type { LaneContext } from "../lane.ts";
import { everySecOf } from "../lanes.ts";
import { supplyUsd } from "../peg-figures.ts";
import type { SnapshotData, SnapshotName } from "../schema/datasets.ts";
import type { DigestFacts } from "../schema/digest.ts";
import type { HourlyFlowRow } from "../schema/flows.ts";
import type { GradeHistoryRow } from "../schema/judgement-history.ts";
import type { PeggedAsset, Stablecoins } from "../schema/stablecoins.ts";
import { dexMoves } from "./changes.ts";
import { bandMoves, bandsOf, type StressBands } from "./stress-bands.ts";
import { type CurrentCoin, velocities } from "./supply-velocity.ts";

const HOUR = 3600;
/** A dataset that missed more of its lane's turns says nothing of this morning. */
const MAX_AGE_TURNS = 2;

const WORST = 5;
const RESOLVED_PEAK_BPS = 200;
const RESOLVED_SUPPLY_USD = 50e6;
const PRESSURE = 20;
const MANY_GRADES = 10;
const GRADE_WINDOW_SEC = 48 * HOUR;
/** Freezes are read a few times a day and some blocks late: a day of them ends this long before the last reading. */
const READING_LAG_SEC = HOUR;

export interface DigestInputs {
  context: LaneContext;
  stablecoins: Stablecoins;
  since: number;
  /** Supply of the digest before, USD by coin. */
  suppliesBefore: ReadonlyMap<string, number>;
  stabilityThen: number | null;
  stabilityWeekAgo: number | null;
  /** Grade history of the last 48 hours, ascending. */
  grades: readonly GradeHistoryRow[];
  dexBefore: ReadonlyMap<string, number>;
  /** Early warnings as the digest before had them; null where it did not say. */
  bandsThen: StressBands | null;
  /** Final hours of mints and burns, as far back as figures reach. */
  flowHours: readonly HourlyFlowRow[];
  method: DigestFacts["method"];
}

class Sources {
  readonly failures: DigestFacts["degradedSources"] = [];
  readonly #context: LaneContext;

  constructor(context: LaneContext) {
    this.#context = context;
  }

  /** The dataset and the time it speaks for. */
  head<Name extends SnapshotName>(name: Name): { asOf: number; data: SnapshotData<Name> } | null {
    const fail = (reason: string) => {
      this.failures.push({ source: name, reason: `${name}-${reason}` });
      return null;
    };
    const head = this.#context.published(name);
    if (!head) return fail("missing");
    return this.#context.nowSec - head.asOf > MAX_AGE_TURNS * everySecOf(name) ? fail("stale") : head;
  }

  read<Name extends SnapshotName>(name: Name): SnapshotData<Name> | null {
    return this.head(name)?.data ?? null;
  }
}

const ratio = (now: number, before: number) => (before > 0 ? Math.round((now / before - 1) * 1e5) / 1e5 : null);
const rounded = (usd: number) => Number(usd.toPrecision(5));

function marketOf({ stablecoins, suppliesBefore }: DigestInputs): DigestFacts["market"] {
  const sum = (of: (total: Stablecoins["totals"][number]) => number) =>
    stablecoins.totals.reduce((usd, total) => usd + of(total), 0);
  const now = sum(({ circulatingUsd }) => circulatingUsd);
  const moversFrom = (before: (asset: PeggedAsset) => number | null) =>
    stablecoins.peggedAssets
      .flatMap((asset) => {
        const [usd, then] = [supplyUsd(asset), before(asset)];
        if (usd === null || then === null || asset.state !== "active") return [];
        const { id, symbol } = asset;
        return [{ id, symbol, changeUsd: rounded(usd - then), change: ratio(usd, then) }];
      })
      .filter(({ changeUsd }) => changeUsd !== 0)
      .sort((a, b) => Math.abs(b.changeUsd) - Math.abs(a.changeUsd) || (a.id < b.id ? -1 : 1));
  return {
    totalUsd: rounded(now),
    change24h: ratio(
      now,
      sum(({ prevDayUsd }) => prevDayUsd),
    ),
    change7d: ratio(
      now,
      sum(({ prevWeekUsd }) => prevWeekUsd),
    ),
    largestMover: moversFrom(({ id }) => suppliesBefore.get(id) ?? null)[0] ?? null,
    largestMovers7d: moversFrom((asset) => asset.circulatingPrevWeek?.[asset.pegType] ?? null).slice(0, 3),
  };
}

function depegsOf(
  events: SnapshotData<"depeg-events">["events"],
  coins: ReadonlyMap<string, CurrentCoin>,
  { since, context }: DigestInputs,
): NonNullable<DigestFacts["depegs"]> {
  const open = events.filter(({ endedAt }) => endedAt === null);
  const worst = open
    .flatMap(({ stablecoinId: id, symbol, pegReference, startedAt }) => {
      const coin = coins.get(id);
      if (!coin || coin.priceUsd === null || coin.supplyUsd === null) return [];
      const bps = Math.round((coin.priceUsd / pegReference - 1) * 10_000);
      return [{ id, symbol, bps, supplyUsd: rounded(coin.supplyUsd), startedAt }];
    })
    .sort((a, b) => Math.abs(b.bps) * b.supplyUsd - Math.abs(a.bps) * a.supplyUsd || (a.id < b.id ? -1 : 1))
    .slice(0, WORST);
  const ended = events
    .filter(
      (event) =>
        event.endedAt !== null &&
        event.endedAt >= since &&
        event.endedAt < context.nowSec &&
        Math.abs(event.peakDeviationBps) > RESOLVED_PEAK_BPS &&
        (coins.get(event.stablecoinId)?.supplyUsd ?? 0) > RESOLVED_SUPPLY_USD,
    )
    .map(({ stablecoinId: id, symbol, peakDeviationBps, endReason }) => ({
      id,
      symbol,
      peakBps: peakDeviationBps,
      recovered: endReason === "recovered",
    }));
  return { open: new Set(open.map(({ stablecoinId }) => stablecoinId)).size, worst, ended };
}

function gradesOf({ grades, context }: DigestInputs, symbolOf: (id: string) => string): DigestFacts["grades"] {
  const recent = grades.filter(({ at }) => at >= context.nowSec - GRADE_WINDOW_SEC);
  const changes = [...Map.groupBy(recent, ({ coinId }) => coinId)].flatMap(([id, rows]) => {
    const [from, to] = [rows[0]?.prevGrade, rows.at(-1)?.grade];
    return from && to && from !== to ? [{ id, symbol: symbolOf(id), from, to }] : [];
  });
  // A method or a fact that moves many grades at once is not news of the coins.
  const moved = recent.filter(({ grade, prevGrade }) => prevGrade !== null && grade !== prevGrade);
  const atOnce = Math.max(0, ...[...Map.groupBy(moved, ({ at }) => at).values()].map((rows) => rows.length));
  return atOnce > MANY_GRADES ? { changes: [], regraded: atOnce } : { changes, regraded: 0 };
}

export function digestFacts(inputs: DigestInputs): DigestFacts {
  const { context, stablecoins, since } = inputs;
  const sources = new Sources(context);
  const symbolOf = (id: string) => context.registry.coinById.get(id)?.symbol ?? id;
  const named = (id: string) => ({ id, symbol: symbolOf(id) });
  const coins = new Map<string, CurrentCoin>(
    stablecoins.peggedAssets.map((asset) => [
      asset.id,
      { id: asset.id, symbol: asset.symbol, priceUsd: asset.price, supplyUsd: supplyUsd(asset) },
    ]),
  );
  const depegs = sources.read("depeg-events");
  const index = sources.read("stability-index")?.current;
  const flowHead = sources.head("mint-burn-flows");
  const flows = flowHead && {
    gauge: flowHead.data.gauge,
    figures: flowFigures(flowHead.data, inputs.flowHours, flowHead.asOf),
  };
  const dews = sources.read("dews");
  const cards = sources.read("report-cards");
  const freezes = sources.head("freeze-events");
  const yields = sources.read("yield-rankings");
  const liquidity = sources.read("dex-liquidity");
  const change = (before: number | null) =>
    index && before !== null ? Math.round((index.score - before) * 10) / 10 : null;
  const stressed = Object.entries(dews?.signals ?? {}).flatMap(([id, { band, score }]) =>
    score !== null && (band === "ALERT" || band === "WARNING" || band === "DANGER") ? [{ id, band, score }] : [],
  );
  const freezesUntil = (freezes?.asOf ?? 0) - READING_LAG_SEC;
  const newFreezes = (freezes?.data.events ?? []).filter(
    ({ timestamp, eventType }) =>
      timestamp >= freezesUntil - (context.nowSec - since) && timestamp < freezesUntil && eventType !== "unblacklist",
  );
  return {
    market: marketOf(inputs),
    depegs: depegs && depegsOf(depegs.events, coins, inputs),
    stability: index
      ? {
          score: index.score,
          band: index.band,
          change24h: change(inputs.stabilityThen),
          change7d: change(inputs.stabilityWeekAgo),
        }
      : null,
    flows: flows && {
      gauge: flows.gauge.score,
      band: flows.gauge.band,
      flightToQuality: flows.gauge.ftqAvailable ? flows.gauge.flightToQuality : null,
      pressed: [...flows.figures]
        .flatMap(([id, { pressureShiftScore: score }]) =>
          score !== null && Math.abs(score) > PRESSURE ? [{ ...named(id), score }] : [],
        )
        .sort((a, b) => Math.abs(b.score) - Math.abs(a.score) || (a.id < b.id ? -1 : 1))
        .slice(0, WORST),
    },
    velocity: velocities(stablecoins.peggedAssets),
    stress: dews && {
      alerted: stressed.length,
      worst: stressed
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
        .slice(0, WORST)
        .map(({ id, band, score }) => ({ ...named(id), band, score })),
      bands: bandsOf(dews),
      changes:
        inputs.bandsThen &&
        bandMoves(inputs.bandsThen, dews.signals).map(({ coinId, from, to }) => ({ ...named(coinId), from, to })),
    },
    grades: cards && gradesOf(inputs, symbolOf),
    freezes: freezes && {
      events: newFreezes.length,
      usd: rounded(newFreezes.reduce((sum, { amountUsd }) => sum + (amountUsd ?? 0), 0)),
      unknownAmounts: newFreezes.filter(({ amountUsd }) => amountUsd === null).length,
    },
    yields:
      yields?.rankings
        .filter(({ warningSignals }) => warningSignals.length > 0)
        .slice(0, WORST)
        .map(({ id, symbol, warningSignals }) => ({ id, symbol, warnings: warningSignals })) ?? null,
    dexScores:
      liquidity &&
      dexMoves(inputs.dexBefore, liquidity)
        .map(({ coinId, before, after }) => ({ ...named(coinId), before, after }))
        .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.id < b.id ? -1 : 1))
        .slice(0, WORST),
    method: inputs.method,
    degradedSources: sources.failures,
  };
}
