import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { besideKnown, type FoundDepeg, historyDepegs, type PastPoint } from "./history-depegs.ts";
import { replayDepegs } from "./replay.ts";

const HOUR = 3600;

/** A point an hour, from prices of a dollar coin; "?" after a price is a single source's. */
function series(text: string): PastPoint[] {
  return text.split(" ").map((word, index) => {
    const price = word.startsWith("-") ? null : Number(word.replace("?", ""));
    return {
      at: index * HOUR,
      priceUsd: price,
      deviationBps: price === null ? null : Math.round((price - 1) * 100_000) / 10,
      confidence: word.endsWith("?") ? "single-source" : "high",
      supplyUsd: 5e6,
    };
  });
}

const told = (text: string) =>
  historyDepegs(series(text), "peggedUSD").map(({ direction, startedAt, endedAt, peakDeviationBps, endReason }) => [
    direction,
    startedAt / HOUR,
    endedAt === null ? null : endedAt / HOUR,
    peakDeviationBps,
    endReason,
  ]);

describe("depegs in a price history", () => {
  it("open at the threshold, worsen, and end where the price is back", () => {
    expect(told("1 0.9901 0.99 0.95 0.98 0.995 1")).toEqual([["below", 2, 5, -500, "recovered"]]);
  });

  it("go on through a gap, and have no end where none was seen", () => {
    expect(told("1 0.98 - - 0.97")).toEqual([["below", 1, null, -300, null]]);
  });

  it("flip where the price crosses to the other side", () => {
    expect(told("1 0.98 1.02 1")).toEqual([
      ["below", 1, 2, -200, "direction-flip"],
      ["above", 2, 3, 200, "recovered"],
    ]);
  });

  it("of a single source need a second point, and then began at the first; one of 5,000 bps is kept", () => {
    expect(told("1 0.98? 1")).toEqual([]);
    expect(told("1 0.98? 0.97? 1")).toEqual([["below", 1, 3, -300, "recovered"]]);
    expect(told("1 0.98? 0.97 1")).toEqual([["below", 1, 3, -300, "recovered"]]);
    expect(told("1 0.4? 1")).toEqual([["below", 1, 2, -6000, "recovered"]]);
  });

  it("are not ended by a single source alone either, nor by one that says so twice with two days between", () => {
    expect(told("1 0.98 1? 0.97 1")).toEqual([["below", 1, 4, -300, "recovered"]]);
    expect(told("1 0.98 1? 1? 0.99 1")).toEqual([
      ["below", 1, 2, -200, "recovered"],
      ["below", 4, 5, -100, "recovered"],
    ]);
    const far = series("1 0.98? 0.98? 1");
    for (const [index, point] of far.entries()) point.at = index * 37 * HOUR;
    expect(historyDepegs(far, "peggedUSD")).toEqual([]);
  });

  it("are of coins above a million dollars whose supply is known", () => {
    const of = (supplyUsd: number | null) =>
      historyDepegs(
        series("1 0.98 1").map((point) => ({ ...point, supplyUsd })),
        "peggedUSD",
      ).length;
    expect([of(1e6), of(999_999), of(null)]).toEqual([1, 0, 0]);
  });

  it("are those of the replay where every price is believed", () => {
    const price = fc.integer({ min: 9500, max: 10_500 }).map((tenThousandth) => tenThousandth / 10_000);
    fc.assert(
      fc.property(fc.array(price, { minLength: 1, maxLength: 40 }), (prices) => {
        const points = series(prices.join(" "));
        const replayed = replayDepegs(
          points.map(({ at, priceUsd }) => [at, priceUsd as number] as const),
          "peggedUSD",
          1,
        );
        expect(
          historyDepegs(points, "peggedUSD").map(({ direction, startedAt, endedAt }) => ({
            direction,
            startedAt,
            endedAt,
          })),
        ).toEqual(replayed.map(({ direction, startedAt, endedAt }) => ({ direction, startedAt, endedAt })));
      }),
    );
  });
});

describe("beside events that are known", () => {
  const found = { startedAt: 100, endedAt: 200 } as FoundDepeg;
  const known = (startedAt: number, endedAt: number | null) => ({ startedAt, endedAt, direction: "below" as const });

  it("a found depeg is whole where none touches it", () => {
    expect(besideKnown(found, [known(10, 99), known(201, null)])).toEqual(found);
  });

  it("is nothing where one had begun", () => {
    for (const one of [known(100, 200), known(50, 100), known(50, null), known(100, 101)])
      expect(besideKnown(found, [one])).toBeNull();
  });

  it("is what lies before one that it runs into, and says that it was merged", () => {
    expect(besideKnown(found, [known(150, 160), known(120, 130)])).toMatchObject({
      startedAt: 100,
      endedAt: 120,
      endReason: "merged",
      recoveryPrice: null,
    });
  });

  it("never overlaps a known event, and never grows", () => {
    const interval = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 80 }));
    fc.assert(
      fc.property(interval, fc.array(interval, { maxLength: 6 }), ([start, length], others) => {
        const one = { startedAt: start, endedAt: start + length } as FoundDepeg;
        const events = others.map(([from, span]) => known(from, from + span));
        const left = besideKnown(one, events);
        if (left === null) return;
        expect(left.startedAt).toBe(start);
        expect(left.endedAt ?? 0).toBeLessThanOrEqual(start + length);
        for (const { startedAt, endedAt } of events)
          expect(startedAt >= (left.endedAt ?? 0) || (endedAt ?? 0) < left.startedAt).toBe(true);
      }),
    );
  });
});
