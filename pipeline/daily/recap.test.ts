import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LaneContext } from "../lane.ts";
import { type DigestDay, type DigestFacts, DigestFactsSchema } from "../schema/digest.ts";
import { WeeklyDigestSchema, WeeklyFactsSchema } from "../schema/weekly-digest.ts";
import { laneContext } from "../test-support/lane-context.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import { mondayOf, weeklyRecap } from "./recap.ts";
import { weeklyFacts } from "./recap-facts.ts";
import { recapSentences } from "./recap-text.ts";

const MONDAY = Date.UTC(2026, 10, 23) / 1000;
const EIGHT = 8 * 3600 + 300;
const calm: DigestFacts = {
  market: { totalUsd: 300e9, change24h: 0.001, change7d: 0.004, largestMover: null, largestMovers7d: [] },
  depegs: { open: 0, worst: [], ended: [] },
  stability: { score: 98, band: "BEDROCK", change24h: null, change7d: null },
  flows: { gauge: 4, band: "HEALTHY", flightToQuality: false, pressed: [] },
  velocity: [],
  stress: { alerted: 0, worst: [], bands: {}, changes: [] },
  grades: { changes: [], regraded: 0 },
  freezes: { events: 0, usd: 0, unknownAmounts: 0 },
  yields: [],
  dexScores: [],
  method: { changed: false, coinsAdded: 0, coinsRemoved: 0, factsChanged: 0 },
  degradedSources: [],
};

function digest(daysBefore: number, facts: Partial<DigestFacts> = {}): DigestDay {
  const date = MONDAY - daysBefore * DAY_SEC;
  return {
    date,
    at: date + EIGHT,
    since: date + EIGHT - DAY_SEC,
    title: "",
    text: "",
    facts: JSON.stringify(DigestFactsSchema.parse({ ...calm, ...facts })),
    methodologyVersion: "1",
  };
}

/** The recap of a run on a morning, with the digests on record before it. */
async function recapOf(today: DigestDay, stored: DigestDay[], written: { date: number }[] = []) {
  const rows: Record<string, { date: number }[]> = { "daily-digest": stored, "weekly-digest": written };
  const context = {
    ...laneContext({ nowSec: today.at, coins: [], datasets: {} }),
    history: async (dataset: { name: string }, since: number) =>
      (rows[dataset.name] ?? []).filter(({ date }) => date >= since),
  } as unknown as LaneContext;
  return weeklyRecap(context, today);
}
const stored = (...days: number[]) => days.map((days) => digest(days));

describe("the week of a recap", () => {
  it("ends with a Monday", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (sec) => {
        const monday = mondayOf(sec);
        expect(new Date(monday * 1000).getUTCDay()).toBe(1);
        expect(sec - monday).toBeGreaterThanOrEqual(0);
        expect(sec - monday).toBeLessThan(7 * DAY_SEC);
      }),
    );
  });

  it("is told on its Monday from Tuesday's digest to Monday's, and no other", async () => {
    const { recap } = await recapOf(digest(0), stored(8, 7, 6, 5, 4, 3, 2, 1));
    expect(WeeklyDigestSchema.parse(recap)).toMatchObject({ date: MONDAY, at: MONDAY + EIGHT });
    const { days } = WeeklyFactsSchema.parse(JSON.parse(recap?.facts ?? ""));
    expect(days).toEqual([6, 5, 4, 3, 2, 1, 0].map((ago) => utcDay(MONDAY - ago * DAY_SEC)));
  });

  it("needs five digests that can be read, and says how many there are", async () => {
    expect((await recapOf(digest(0), stored(6, 4, 2, 1))).recap).not.toBeNull();
    const four = await recapOf(digest(0), stored(6, 4, 2));
    expect(four).toEqual({ recap: null, reason: "4 digests of the week to 2026-11-23, and a recap needs 5" });
    const damaged = { ...digest(1), facts: '{"market": ' };
    expect((await recapOf(digest(0), [...stored(6, 4, 2), damaged])).recap).toBeNull();
  });

  it("is written once: in a later run of the week where Monday had none, and never again", async () => {
    const late = await recapOf(digest(-1), stored(6, 5, 4, 3, 2));
    expect(late.recap).toMatchObject({ date: MONDAY, at: MONDAY + DAY_SEC + EIGHT });
    expect(JSON.parse(late.recap?.facts ?? "").days).toHaveLength(5);
    expect(await recapOf(digest(0), stored(6, 5, 4, 3, 2, 1), [{ date: MONDAY }])).toEqual({
      recap: null,
      reason: "written before",
    });
  });

  it("is the same from the same digests, whenever it is made", async () => {
    const week = stored(6, 5, 4, 3, 2, 1, 0);
    const onMonday = await recapOf(digest(0), week.slice(0, 6));
    const later = await recapOf(digest(-3), week);
    expect(later.recap).toEqual({ ...onMonday.recap, at: later.recap?.at });
  });
});

describe("the facts of a week", () => {
  const coin = { id: "a", symbol: "A" };
  const of = (...mornings: Partial<DigestFacts>[]) =>
    weeklyFacts(
      mornings.map((facts, index) => ({
        day: `2026-11-${17 + index}`,
        facts: DigestFactsSchema.parse({ ...calm, ...facts }),
      })),
    );
  const off = (bps: number, open = 1) => ({
    depegs: { open, worst: [{ ...coin, bps, supplyUsd: 1e9, startedAt: 1 }], ended: [] },
  });
  const index = (score: number) => ({ stability: { score, band: "STEADY" as const, change24h: null, change7d: null } });

  it("are worst readings, first and last, and how many mornings", () => {
    const facts = of(off(-90), { ...off(-260, 3), ...index(71.5) }, { ...index(82), depegs: null }, calm);
    expect(facts.depegs).toEqual({
      known: 3,
      offPeg: [{ ...coin, mornings: 2, worstBps: -260 }],
      mostOpen: 3,
      ended: [],
    });
    expect(facts.stability).toMatchObject({ first: 98, last: 98, lowest: 71.5, lowestDay: "2026-11-18" });
  });

  it("do not count a flight to quality that no morning could tell", () => {
    const flows = (flightToQuality: boolean | null) => ({
      flows: { gauge: null, band: null, flightToQuality, pressed: [] },
    });
    expect(of(flows(null), flows(null)).flows).toMatchObject({ flightMornings: null, gaugeLast: null });
    expect(of(flows(null), flows(false), flows(true)).flows).toMatchObject({ flightMornings: 1 });
    expect(recapSentences(of(flows(null))).join()).toContain("whether holders fled to quality is not known");
  });

  it("take a change that two digests tell once, and one that was taken back not at all", () => {
    const grades = (from: string, to: string) =>
      ({ grades: { changes: [{ ...coin, from, to }], regraded: 0 } }) as never;
    expect(of(grades("B", "C"), grades("B", "C"), grades("C", "D")).grades?.changes).toEqual([
      { ...coin, from: "B", to: "D" },
    ]);
    expect(of(grades("B", "C"), grades("C", "B")).grades?.changes).toEqual([]);
    const dex = (before: number, after: number) => ({ dexScores: [{ ...coin, before, after }] });
    expect(of(dex(40, 50), dex(50, 41)).dexScores).toEqual([]);
    expect(of(dex(40, 50), dex(50, 60)).dexScores).toEqual([{ ...coin, before: 40, after: 60 }]);
  });

  it("add freezes up, keep what most mornings flag, and name what was missing", () => {
    const freezes = { freezes: { events: 2, usd: 1e6, unknownAmounts: 1 } };
    const flagged = { yields: [{ ...coin, warnings: ["data-stale" as const] }] };
    const gap = { degradedSources: [{ source: "dews", reason: "dews-stale" }], stress: null };
    const facts = of({ ...freezes, ...flagged }, { ...freezes, ...flagged, ...gap }, { ...gap, freezes: null });
    expect(facts.freezes).toEqual({ events: 4, usd: 2e6, unknownAmounts: 2 });
    expect(facts.yields).toEqual([{ ...coin, mornings: 2 }]);
    expect(facts.gaps).toEqual([{ source: "dews", mornings: 2 }]);
    expect(of(flagged, {}, {}).yields).toEqual([]);
  });

  it("are null where no morning knew them", () => {
    const nothing = {
      depegs: null,
      stability: null,
      flows: null,
      stress: null,
      grades: null,
      freezes: null,
      yields: null,
    };
    const facts = of({ ...nothing, dexScores: null }, { ...nothing, dexScores: null });
    for (const name of ["depegs", "stability", "flows", "stress", "grades", "freezes", "yields", "dexScores"] as const)
      expect(facts[name], name).toBeNull();
    const text = recapSentences(facts).join(" ");
    expect(text).not.toMatch(/NaN|null|undefined|Infinity/);
    expect(text).toContain("Which coins were off their peg is not known of this week.");
  });
});

describe("the recap's sentences", () => {
  it("follow from the facts word for word", async () => {
    const bad: Partial<DigestFacts> = {
      market: { ...calm.market, largestMovers7d: [{ id: "a", symbol: "A", changeUsd: -2e9, change: -0.02 }] },
      depegs: {
        open: 2,
        worst: [{ id: "a", symbol: "A", bps: -180, supplyUsd: 9e9, startedAt: 1 }],
        ended: [{ id: "b", symbol: "B", peakBps: 250, recovered: true }],
      },
      stability: { score: 71.5, band: "TREMOR", change24h: null, change7d: null },
      flows: { gauge: -30, band: "OUTFLOW", flightToQuality: true, pressed: [] },
      stress: { alerted: 1, worst: [{ id: "a", symbol: "A", band: "WARNING", score: 61 }], bands: {}, changes: [] },
      grades: { changes: [{ id: "a", symbol: "A", from: "B", to: "D" }], regraded: 0 },
      degradedSources: [{ source: "yield-rankings", reason: "yield-rankings-stale" }],
    };
    const { recap } = await recapOf(digest(0, bad), stored(6, 5, 4, 3, 2, 1));
    expect(recap?.title).toBe("The week: 2 coins off their peg at most, index 98.0 to 71.5, market $300.0bn (+0.40 %)");
    expect(recap?.text.split("\n")).toEqual([
      "In the week to 2026-11-23, told by 7 mornings, stablecoins came to $300.0bn, +0.40 % in seven days. The largest moves of the week: A less by $2.00bn (−2.00 %).",
      "At most 2 coins were off their peg on a morning, the heaviest A (−180 bps at worst, 1 morning). Ended in the week: B (+250 bps at worst).",
      "The stability index went from 98.0 to 71.5, tremor; its lowest morning was 2026-11-23 with 71.5.",
      "The flow gauge read between −30 and +4, −30 at the end, with a flight to quality on 1 morning.",
      "On alert or worse by early warnings: A (61, warning, 1 morning). Grades that changed: A B to D.",
      "Missing this week: yield rankings (1 morning).",
    ]);
  });
});
