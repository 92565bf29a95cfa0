/** The changes of a day as rows: what the world did, and what we did, each move with its cause. */
import type { CoinMove } from "../coin-moves.ts";
import type { ChangeCause, ChangeKind, DailyChange } from "../schema/daily-changes.ts";
import { MOST_CHANGES } from "../schema/daily-changes.ts";
import type { SnapshotData } from "../schema/datasets.ts";
import type { DepegEvent } from "../schema/depegs.ts";
import type { GradeHistoryRow } from "../schema/judgement-history.ts";
import { GLOBAL_ROW } from "../schema/liquidity.ts";
import type { RedemptionDay } from "../schema/redemption-history.ts";
import { type StabilityBand, StressBandSchema } from "../schema/stress.ts";
import { DAY_SEC } from "../time.ts";
import type { BandMove } from "./stress-bands.ts";
import type { Mark } from "./yesterday.ts";

export interface ChangeInputs {
  /** Start of the UTC day. */
  date: number;
  /** New is what is newer than this, up to but without `until`. */
  since: number;
  until: number;
  moves: readonly CoinMove[];
  depegs: readonly DepegEvent[];
  /** Grade history of the window, ascending. */
  grades: readonly GradeHistoryRow[];
  /** Redemption days, ascending, with what came before the window. */
  routes: readonly RedemptionDay[];
  /** Scores of the DEX exit that moved. */
  dexScores: readonly DexMove[];
  /** Bands of early warnings that changed. */
  bands: readonly BandMove[];
  /** The market's index at both mornings; null where it is not known. */
  stability: { before: IndexLook | null; now: IndexLook | null };
  /** Null before the first digest: then nothing is said of us. */
  before: Mark | null;
  now: Mark;
}

export interface IndexLook {
  score: number;
  band: StabilityBand;
}

export interface DexMove {
  coinId: string;
  before: number;
  after: number;
}

type Move = Omit<DailyChange, "date" | "cause"> & { weight: number };

export const DEX_SCORE_MOVE = 8;
/** Weights between kinds: what ends or begins stands before what only moves. */
const WEIGHT = { stability: 6e6, depeg: 5e6, grade: 4e6, route: 3e6, stress: 2e6, dex: 50 } as const;

function move(kind: ChangeKind, coinId: string, weight: number, more: Partial<Move>): Move {
  return { kind, coinId, weight, before: null, after: null, beforeText: null, afterText: null, ...more };
}

function depegMoves({ depegs, since, until }: ChangeInputs): Move[] {
  const isNew = (at: number | null) => at !== null && at >= since && at < until;
  return depegs.flatMap((event) => {
    const { stablecoinId, peakDeviationBps, endReason } = event;
    const weight = WEIGHT.depeg + Math.abs(peakDeviationBps);
    return [
      ...(isNew(event.startedAt) ? [move("depeg-began", stablecoinId, weight, { after: peakDeviationBps })] : []),
      ...(isNew(event.endedAt)
        ? [move("depeg-ended", stablecoinId, weight, { before: peakDeviationBps, afterText: endReason })]
        : []),
    ];
  });
}

/** One row a coin: from the grade before the window to the last one in it. */
function gradeMoves({ grades, since, until }: ChangeInputs): Move[] {
  const inside = grades.filter(({ at }) => at >= since && at < until);
  return [...Map.groupBy(inside, ({ coinId }) => coinId)].flatMap(([coinId, rows]) => {
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last || first.prevGrade === null || first.prevGrade === last.grade) return [];
    return [
      move("grade", coinId, WEIGHT.grade, {
        before: first.prevScore,
        after: last.score,
        beforeText: first.prevGrade,
        afterText: last.grade,
      }),
    ];
  });
}

/** DEX scores that moved by so much that it is news. */
export function dexMoves(before: ReadonlyMap<string, number>, now: SnapshotData<"dex-liquidity">): DexMove[] {
  return Object.entries(now).flatMap(([coinId, { liquidityScore: after }]) => {
    const score = before.get(coinId);
    if (coinId === GLOBAL_ROW || after === null || score === undefined) return [];
    return Math.abs(after - score) >= DEX_SCORE_MOVE ? [{ coinId, before: score, after }] : [];
  });
}

function routeMoves({ routes, since, until }: ChangeInputs): Move[] {
  return [...Map.groupBy(routes, ({ coinId }) => coinId)].flatMap(([coinId, rows]) => {
    // A day's row is written once the day is over.
    const isNew = (row: RedemptionDay) => row.date + DAY_SEC > since && row.date + DAY_SEC <= until;
    const last = rows.findLast(isNew);
    const first = rows.findLast((row) => row.date + DAY_SEC <= since);
    const words = ({ resolutionState, routeStatus }: RedemptionDay) => `${resolutionState}, ${routeStatus}`;
    if (!last || !first || words(last) === words(first)) return [];
    return [move("route", coinId, WEIGHT.route, { beforeText: words(first), afterText: words(last) })];
  });
}

function bandMovesOf({ bands, stability: { before, now } }: ChangeInputs): Move[] {
  const ofCoins = bands.map(({ coinId, from, to }) => {
    const weight = WEIGHT.stress + StressBandSchema.options.indexOf(to);
    return move("stress-band", coinId, weight, { beforeText: from, afterText: to });
  });
  if (before === null || now === null || before.band === now.band) return ofCoins;
  const scores = { before: before.score, after: now.score };
  const texts = { beforeText: before.band, afterText: now.band };
  return [move("stability-band", "", WEIGHT.stability, { ...scores, ...texts }), ...ofCoins];
}

/** What we changed ourselves; nothing is said before the first digest. */
export function ourMoves({ before, now }: Pick<ChangeInputs, "before" | "now">): Move[] {
  if (before === null) return [];
  const ids = new Set([...Object.keys(before.facts), ...Object.keys(now.facts)]);
  const moves = [...ids].sort().flatMap((id) => {
    const [was, is] = [before.facts[id], now.facts[id]];
    if (was === is) return [];
    const kind = was === undefined ? "coin-added" : is === undefined ? "coin-removed" : "coin-facts";
    return [move(kind, id, Number.POSITIVE_INFINITY, {})];
  });
  if (before.methodologyVersion === now.methodologyVersion) return moves;
  const versions = { beforeText: before.methodologyVersion, afterText: now.methodologyVersion };
  return [move("method-version", "", Number.POSITIVE_INFINITY, versions), ...moves];
}

const OURS: Partial<Record<ChangeKind, ChangeCause>> = {
  "method-version": "method",
  "coin-added": "registry",
  "coin-removed": "registry",
  "coin-facts": "registry",
};

/** Heaviest first, at most as many as a day may hold. A move of ours comes first, since others may follow from it. */
export function dailyChanges(inputs: ChangeInputs): DailyChange[] {
  const ours = ourMoves(inputs);
  const methodChanged = ours.some(({ kind }) => kind === "method-version");
  const touched = new Set(ours.map(({ coinId }) => coinId));
  const causeOf = ({ kind, coinId }: Move): ChangeCause =>
    OURS[kind] ?? (methodChanged ? "method" : touched.has(coinId) ? "registry" : "world");
  const moves = [
    ...depegMoves(inputs),
    ...gradeMoves(inputs),
    ...routeMoves(inputs),
    ...bandMovesOf(inputs),
    ...inputs.moves.map((one) =>
      move(one.kind, one.coinId, one.weight, { before: one.before, after: one.after, afterText: one.reason }),
    ),
    ...inputs.dexScores.map(({ coinId, before, after }) => move("dex-score", coinId, WEIGHT.dex, { before, after })),
  ].sort((a, b) => b.weight - a.weight || (a.coinId < b.coinId ? -1 : 1));
  // A coin that crossed to and fro has one row a kind: the farthest.
  const seen = new Set<string>();
  return [...ours, ...moves]
    .filter(({ kind, coinId }) => !seen.has(`${kind} ${coinId}`) && seen.add(`${kind} ${coinId}`))
    .slice(0, MOST_CHANGES)
    .map((one) => {
      const { weight: _weight, ...row } = one;
      return { date: inputs.date, cause: causeOf(one), ...row };
    });
}
