import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coinTrackingStart, FOUR_YEARS_SEC, mergedDepegSeconds, pegScore } from "./peg-score.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;

const interval = fc
  .tuple(fc.integer({ min: -50, max: 400 }), fc.integer({ min: -5, max: 60 }))
  .map(([from, length]) => ({
    startedAt: NOW - 365 * DAY + from * DAY,
    endedAt: (NOW - 365 * DAY + (from + length) * DAY) as number | null,
    peakDeviationBps: -300,
  }));

describe("merged seconds", () => {
  it("are what counting day by day gives, overlaps, strays and ends before starts included", () => {
    fc.assert(
      fc.property(fc.array(interval), (events) => {
        const start = NOW - 365 * DAY;
        let days = 0;
        for (let at = start; at < NOW; at += DAY)
          if (events.some((event) => event.startedAt <= at && at < (event.endedAt ?? NOW))) days++;
        expect(mergedDepegSeconds(events, start, NOW)).toBe(days * DAY);
      }),
    );
  });
});

describe("the peg score", () => {
  it("stays within 0 and 100, whatever the events", () => {
    const wild = fc.record({
      startedAt: fc.integer({ min: NOW - 2 * FOUR_YEARS_SEC, max: NOW + DAY }),
      endedAt: fc.option(fc.integer({ min: NOW - 2 * FOUR_YEARS_SEC, max: NOW + DAY })),
      peakDeviationBps: fc.oneof(fc.integer({ min: -10_000, max: 20_000 }), fc.constant(Number.NaN)),
    });
    fc.assert(
      fc.property(fc.array(wild), fc.option(fc.integer({ min: NOW - FOUR_YEARS_SEC, max: NOW })), (events, start) => {
        const score = pegScore(events, start, NOW);
        for (const value of [score.pegScore ?? 0, score.pegPct, score.severityScore]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100);
        }
        expect(score.spreadPenalty).toBeLessThanOrEqual(15);
      }),
    );
  });

  it("is never better for one more event of the same depth", () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 5 }), interval, (events, one) => {
        const score = (given: typeof events) => pegScore(given, NOW - 365 * DAY, NOW).pegScore as number;
        expect(score([...events, one])).toBeLessThanOrEqual(score(events));
      }),
    );
  });

  it("needs seven days; the other figures do not", () => {
    const events = [{ startedAt: NOW - DAY, endedAt: NOW - DAY / 2, peakDeviationBps: -500 }];
    expect(pegScore(events, NOW - 7 * DAY + 1, NOW)).toMatchObject({
      pegScore: null,
      scoredEventCount: 1,
      trackingSpanDays: 6,
    });
    expect(pegScore(events, NOW - 7 * DAY, NOW).pegScore).toBeGreaterThan(0);
  });

  it("leaves disputed events out of time and severity", () => {
    const disputed = {
      startedAt: NOW - 20 * DAY,
      endedAt: null,
      peakDeviationBps: -900,
      provenance: { auditVerdict: "disputed" },
    };
    expect(pegScore([disputed], NOW - 100 * DAY, NOW)).toMatchObject({
      pegScore: 100,
      pegPct: 100,
      activeDepeg: false,
      excludedEventCount: 1,
      worstDeviationBps: null,
    });
  });

  it("charges an event that started in this very second", () => {
    const score = pegScore([{ startedAt: NOW, endedAt: null, peakDeviationBps: 250 }], NOW - 100 * DAY, NOW);
    expect(score).toMatchObject({ activeDepeg: true, activePenalty: 5, worstDeviationBps: 250, lastEventAt: NOW });
    expect(score.pegScore).toBe(95);
  });
});

describe("the tracked time", () => {
  it("starts at first sight, else at the first event, at most four years ago", () => {
    expect(coinTrackingStart(NOW - DAY, [], NOW)).toBe(NOW - DAY);
    expect(coinTrackingStart(null, [{ startedAt: NOW - 5 }, { startedAt: NOW - 9 }], NOW)).toBe(NOW - 9);
    expect(coinTrackingStart(null, [{ startedAt: 1 }], NOW)).toBe(NOW - FOUR_YEARS_SEC);
    expect(coinTrackingStart(Number.NaN, [], NOW)).toBeNull();
  });
});
