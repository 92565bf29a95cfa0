import { describe, expect, it } from "vitest";
import type { LaneContext } from "../lane.ts";
import { laneContext, testCoin } from "../test-support/lane-context.ts";
import { DAY_SEC, startOfUtcDay, utcDay } from "../time.ts";
import { rateRefusal, readBenchmarks } from "./benchmarks.ts";
import { benchmarkCandidate } from "./candidates.ts";
import { readKeptRates } from "./kept-rates.ts";

const NOW = startOfUtcDay(1_795_000_000) + 9 * 3600;
const daysAgo = (days: number) => utcDay(NOW - days * DAY_SEC);
const kept = (days: number, ratePct = 3.5, fetchedAt = NOW - DAY_SEC) => ({ date: daysAgo(days), ratePct, fetchedAt });

/** A run in which series answer with these points, or are down where they have none. */
async function run(points: Record<string, { date: string; ratePct: number }[]>, remembered: unknown = {}) {
  const asked: string[] = [];
  const context = laneContext({ nowSec: NOW, coins: [], datasets: {} });
  context.collect = (async ({ id }: { id: string }) => {
    asked.push(id);
    const found = points[id];
    return found
      ? { ok: true, value: { series: id, points: found }, fetchedAt: NOW }
      : { ok: false, reason: "unavailable", detail: `${id} is down` };
  }) as never as LaneContext["collect"];
  const book = await readBenchmarks(context, remembered);
  return { asked, book, of: (currency: string) => book.byCurrency.get(currency) };
}

describe("the benchmarks of a run", () => {
  it("are the newest figures of their producers, and CHF's is not known for a reason that is said", async () => {
    const { of, book } = await run({
      "fred:dgs3mo": [
        { date: daysAgo(4), ratePct: 3.6 },
        { date: daysAgo(3), ratePct: 3.62 },
      ],
      "ecb-data-portal:estr-3m": [{ date: daysAgo(1), ratePct: 1.93 }],
    });
    expect(of("USD")).toMatchObject({ ratePct: 3.62, observedOn: daysAgo(3), basis: "observed", reason: null });
    expect(of("EUR")).toMatchObject({ ratePct: 1.93, observedOn: daysAgo(1), basis: "observed" });
    expect(of("CHF")).toMatchObject({ ratePct: null, basis: null, reason: expect.stringMatching(/SNB.* SIX/) });
    expect(book.reasons).toEqual([]);
    expect(book.riskFreeRate).toEqual({ currency: "USD", apy: 3.62, source: "fred:dgs3mo" });
    expect(book.sources).toHaveLength(2);
  });

  it("are asked once a UTC day, and again in the next run where that failed", async () => {
    const today = startOfUtcDay(NOW);
    const remembered = { USD: kept(3, 3.6, today + 60), EUR: kept(1, 1.9, today - 60) };
    const { asked, of, book } = await run({}, remembered);
    expect(asked).toEqual(["ecb-data-portal:estr-3m"]);
    expect(of("EUR")).toMatchObject({ ratePct: 1.9, basis: "observed" });
    expect(book).toMatchObject({ reasons: [], kept: null });
  });

  it("carry an old figure forward under its own day, for a month, and say so", async () => {
    const { of, book } = await run({}, { USD: kept(8), EUR: kept(31, 1.9) });
    expect(of("USD")).toMatchObject({ ratePct: 3.5, observedOn: daysAgo(8), basis: "carried-forward" });
    expect(of("EUR")).toMatchObject({ ratePct: 1.9, observedOn: daysAgo(31), basis: "carried-forward" });
    expect(book.reasons.map(({ code }) => code)).toEqual([
      "benchmark-usd-carried-forward",
      "benchmark-eur-carried-forward",
    ]);
    expect(book.reasons[0]?.message).toMatch(/no newer figure than of .*; fred:dgs3mo is down/);
    const late = await run({ "fred:dgs3mo": [{ date: daysAgo(12), ratePct: 3.4 }] });
    expect(late.of("USD")).toMatchObject({ ratePct: 3.4, observedOn: daysAgo(12), basis: "carried-forward" });
  });

  it("end in the method's fallback for dollars, which is no observation, and in nothing for others", async () => {
    for (const remembered of [{}, { USD: kept(32), EUR: kept(32) }, { USD: "3.5", EUR: { date: "soon" } }, null]) {
      const { of, book } = await run({}, remembered);
      expect(of("USD")).toMatchObject({ ratePct: 3.75, observedOn: null, basis: "fallback", source: null });
      expect(of("EUR")).toMatchObject({ ratePct: null, observedOn: null, basis: null });
      expect(book.riskFreeRate.source).toBe("fallback");
      expect(book.sources).toEqual([]);
      expect(book.reasons.map(({ code }) => code)).toEqual(["benchmark-usd-fallback", "benchmark-eur-unknown"]);
    }
  });

  it("keep what was believed, to be read back", async () => {
    const { book } = await run({ "fred:dgs3mo": [{ date: daysAgo(1), ratePct: 3.6 }] }, { EUR: kept(2, 1.9) });
    expect(readKeptRates(JSON.parse(JSON.stringify(book.kept)))).toEqual({
      USD: { date: daysAgo(1), ratePct: 3.6, fetchedAt: NOW },
      EUR: kept(2, 1.9),
    });
  });
});

describe("a figure is refused", () => {
  it("outside of its bounds, of a day to come, older than the last, and after a jump, but not by a last one a month old", () => {
    const of = (ratePct: number, days: number, last = kept(2)) =>
      rateRefusal({ date: daysAgo(days), ratePct }, last, NOW);
    expect([of(30, 0, kept(2, 29)), of(30.1, 0), of(-5.1, 0), of(Number.NaN, 0)]).toEqual([
      null,
      "out-of-bounds",
      "out-of-bounds",
      "out-of-bounds",
    ]);
    expect([of(3.5, -1), of(3.5, 3), of(5.6, 1), of(5.5, 1), of(9, 1, kept(32))]).toEqual([
      "future-dated",
      "older-than-the-last",
      "jump",
      null,
      null,
    ]);
  });
});

describe("a bill fund's yield", () => {
  const fund = testCoin("superstate", { symbol: "USTB" });
  it("is the bill less its fee, dated by the bill; a fallback is named and has no date", async () => {
    const { of } = await run({ "fred:dgs3mo": [{ date: daysAgo(1), ratePct: 3.6 }] });
    const [observed] = benchmarkCandidate(fund, of("USD"));
    expect(observed?.apy).toBeCloseTo(3.45, 9);
    expect(observed).toMatchObject({
      source: `three-month bill of ${daysAgo(1)} less 15 bps`,
      observedAt: Date.parse(daysAgo(1)) / 1000,
    });
    const [fallen] = benchmarkCandidate(fund, (await run({})).of("USD"));
    expect(fallen?.apy).toBeCloseTo(3.6, 9);
    expect(fallen).toMatchObject({ source: expect.stringContaining("fallback of 3.75 %"), observedAt: null });
    expect(benchmarkCandidate(fund, undefined)).toEqual([]);
    expect(benchmarkCandidate(testCoin("other"), of("USD"))).toEqual([]);
  });
});
