/** The facts of a week out of the facts of its mornings: first and last, worst, how often. Nothing is read anew. */
import type { DigestFacts } from "../schema/digest.ts";
import type { WeeklyFacts } from "../schema/weekly-digest.ts";
import { DEX_SCORE_MOVE } from "./changes.ts";

export interface StoredMorning {
  /** "2026-11-23" */
  day: string;
  facts: DigestFacts;
}

interface Coin {
  id: string;
  symbol: string;
}

const LISTED = 5;

function known<Part>(mornings: readonly StoredMorning[], of: (facts: DigestFacts) => Part | null) {
  return mornings.flatMap(({ day, facts }) => {
    const part = of(facts);
    return part === null ? [] : [{ day, part }];
  });
}

/** Rows of all mornings by coin: how many mornings, and the worst of them; most mornings first, then the worst. */
function byCoin<Row extends Coin>(rows: readonly Row[], size: (row: Row) => number) {
  return [...Map.groupBy(rows, ({ id }) => id).values()]
    .map((all) => {
      const worst = all.reduce((a, b) => (size(b) > size(a) ? b : a));
      return { row: worst, mornings: all.length };
    })
    .sort((a, b) => b.mornings - a.mornings || size(b.row) - size(a.row) || (a.row.id < b.row.id ? -1 : 1));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function depegsOf(mornings: readonly StoredMorning[]): WeeklyFacts["depegs"] {
  const parts = known(mornings, ({ depegs }) => depegs).map(({ part }) => part);
  if (parts.length === 0) return null;
  const offPeg = byCoin(
    parts.flatMap(({ worst }) => worst),
    ({ bps }) => Math.abs(bps),
  );
  return {
    known: parts.length,
    offPeg: offPeg
      .slice(0, LISTED)
      .map(({ row, mornings: times }) => ({ id: row.id, symbol: row.symbol, mornings: times, worstBps: row.bps })),
    mostOpen: Math.max(...parts.map(({ open }) => open)),
    ended: parts.flatMap(({ ended }) => ended),
  };
}

function stabilityOf(mornings: readonly StoredMorning[]): WeeklyFacts["stability"] {
  const rows = known(mornings, ({ stability }) => stability);
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return null;
  const lowest = rows.reduce((a, b) => (b.part.score < a.part.score ? b : a));
  return {
    first: first.part.score,
    last: last.part.score,
    lastBand: last.part.band,
    lowest: lowest.part.score,
    lowestDay: lowest.day,
  };
}

function flowsOf(mornings: readonly StoredMorning[]): WeeklyFacts["flows"] {
  const parts = known(mornings, ({ flows }) => flows).map(({ part }) => part);
  if (parts.length === 0) return null;
  const gauges = parts.flatMap(({ gauge }) => (gauge === null ? [] : [gauge]));
  return {
    gaugeLowest: gauges.length > 0 ? Math.min(...gauges) : null,
    gaugeHighest: gauges.length > 0 ? Math.max(...gauges) : null,
    gaugeLast: gauges.at(-1) ?? null,
    flightMornings: parts.every(({ flightToQuality }) => flightToQuality === null)
      ? null
      : parts.filter(({ flightToQuality }) => flightToQuality === true).length,
  };
}

function stressOf(mornings: readonly StoredMorning[]): WeeklyFacts["stress"] {
  const parts = known(mornings, ({ stress }) => stress).map(({ part }) => part);
  if (parts.length === 0) return null;
  const alerted = byCoin(
    parts.flatMap(({ worst }) => worst),
    ({ score }) => score,
  );
  return { alerted: alerted.slice(0, LISTED).map(({ row, mornings: times }) => ({ ...row, mornings: times })) };
}

/** A digest looks at two days, so a change stands in two of them: from the first grade to the last. */
function gradesOf(mornings: readonly StoredMorning[]): WeeklyFacts["grades"] {
  const parts = known(mornings, ({ grades }) => grades).map(({ part }) => part);
  if (parts.length === 0) return null;
  const changes = [
    ...Map.groupBy(
      parts.flatMap((part) => part.changes),
      ({ id }) => id,
    ).values(),
  ].flatMap((rows) => {
    const [first, last] = [rows[0], rows.at(-1)];
    return first && last && first.from !== last.to ? [{ ...last, from: first.from }] : [];
  });
  return { changes, regraded: Math.max(...parts.map(({ regraded }) => regraded)) };
}

function dexScoresOf(mornings: readonly StoredMorning[]): WeeklyFacts["dexScores"] {
  const parts = known(mornings, ({ dexScores }) => dexScores).map(({ part }) => part);
  if (parts.length === 0) return null;
  return [...Map.groupBy(parts.flat(), ({ id }) => id).values()]
    .flatMap((rows) => {
      const [first, last] = [rows[0], rows.at(-1)];
      return first && last ? [{ ...last, before: first.before }] : [];
    })
    .filter(({ before, after }) => Math.abs(after - before) >= DEX_SCORE_MOVE)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.id < b.id ? -1 : 1))
    .slice(0, LISTED);
}

/** Mornings ascending, at least one. */
export function weeklyFacts(mornings: readonly StoredMorning[]): WeeklyFacts {
  const last = mornings.at(-1);
  if (!last) throw new Error("a week without a morning has no facts");
  const freezes = known(mornings, (facts) => facts.freezes).map(({ part }) => part);
  const yields = known(mornings, (facts) => facts.yields).map(({ part }) => part);
  const flagged = byCoin(yields.flat(), ({ warnings }) => warnings.length);
  const gaps = Map.groupBy(
    mornings.flatMap(({ facts }) => facts.degradedSources.map(({ source }) => source)),
    (source) => source,
  );
  const { totalUsd, change7d, largestMovers7d } = last.facts.market;
  return {
    days: mornings.map(({ day }) => day),
    market: { totalUsd, change7d, largestMovers7d },
    depegs: depegsOf(mornings),
    stability: stabilityOf(mornings),
    flows: flowsOf(mornings),
    stress: stressOf(mornings),
    grades: gradesOf(mornings),
    freezes:
      freezes.length === 0
        ? null
        : {
            events: sum(freezes.map(({ events }) => events)),
            usd: Number(sum(freezes.map(({ usd }) => usd)).toPrecision(5)),
            unknownAmounts: sum(freezes.map(({ unknownAmounts }) => unknownAmounts)),
          },
    yields:
      yields.length === 0
        ? null
        : flagged
            .filter(({ mornings: times }) => times * 2 > yields.length)
            .slice(0, LISTED)
            .map(({ row: { id, symbol }, mornings: times }) => ({ id, symbol, mornings: times })),
    dexScores: dexScoresOf(mornings),
    method: {
      changed: mornings.some(({ facts }) => facts.method.changed),
      coinsAdded: sum(mornings.map(({ facts }) => facts.method.coinsAdded)),
      coinsRemoved: sum(mornings.map(({ facts }) => facts.method.coinsRemoved)),
      factsChanged: sum(mornings.map(({ facts }) => facts.method.factsChanged)),
    },
    gaps: [...gaps]
      .map(([source, all]) => ({ source, mornings: all.length }))
      .sort((a, b) => (a.source < b.source ? -1 : 1)),
  };
}
