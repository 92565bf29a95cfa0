import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DepegEvent } from "../schema/depegs.ts";
import { DepegBook } from "./depeg-book.ts";
import { applyPeak, closeEvent, episodeId, eventId, mergeOpenEvents, settleDuplicates } from "./depeg-events.ts";

const NOW = 1_800_000_000;
const DAY = 86_400;
const COIN = { id: "usdx-test", symbol: "USDX", peg: { type: "peggedUSD" } };

function event(startedAt: number, more: Partial<DepegEvent> = {}): DepegEvent {
  return {
    id: eventId(COIN.id, startedAt, "live"),
    stablecoinId: COIN.id,
    symbol: "USDX",
    pegType: "peggedUSD",
    direction: "below",
    peakDeviationBps: -200,
    startedAt,
    endedAt: null,
    startPrice: 0.98,
    peakPrice: 0.98,
    recoveryPrice: null,
    pegReference: 1,
    source: "live",
    confirmationSources: null,
    pendingReason: null,
    endReason: null,
    episodeId: `${COIN.id}-below-${startedAt}`,
    ...more,
  };
}

describe("an event's id", () => {
  it("is the same everywhere for coin, start and source, and an integer JSON can hold", () => {
    expect(eventId("a-a", 1, "live")).toBe(eventId("a-a", 1, "live"));
    expect(
      new Set([
        eventId("a-a", 1, "live"),
        eventId("a-a", 2, "live"),
        eventId("a-b", 1, "live"),
        eventId("a-a", 1, "backfill"),
      ]).size,
    ).toBe(4);
    fc.assert(
      fc.property(fc.string(), fc.nat(), (coin, startedAt) => Number.isSafeInteger(eventId(coin, startedAt, "live"))),
    );
  });
});

describe("a peak", () => {
  it("only ever gets farther out, and only on its own side", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.5, max: 1.5, noNaN: true })), (prices) => {
        let current = event(0);
        for (const price of prices) {
          const next = applyPeak(current, price, 1);
          expect(Math.abs(next.peakDeviationBps)).toBeGreaterThanOrEqual(Math.abs(current.peakDeviationBps));
          expect(next.peakDeviationBps).toBeLessThan(0);
          expect(next.startPrice).toBe(current.startPrice);
          current = next;
        }
        const worst = Math.min(0.98, ...prices);
        expect(current.peakDeviationBps).toBe(Math.floor((worst - 1) * 10_000 + 0.5));
      }),
    );
  });
});

describe("several open events of one coin", () => {
  it("become the earliest with the worst peak; the order given does not matter", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ id: fc.nat(), startedAt: fc.nat(), peak: fc.integer({ min: -9000, max: -100 }) }), {
          selector: (each) => each.startedAt,
          minLength: 1,
        }),
        (drawn) => {
          const events = drawn.map(({ id, startedAt, peak }) => ({
            id,
            startedAt,
            peakDeviationBps: peak,
            peakPrice: 1 + peak / 10_000,
          }));
          const merged = mergeOpenEvents(events);
          expect(merged?.peakDeviationBps).toBe(Math.min(...events.map((each) => each.peakDeviationBps)));
          expect(merged?.deleteIds).toHaveLength(events.length - 1);
          expect(mergeOpenEvents([...events].reverse())).toMatchObject({ peakDeviationBps: merged?.peakDeviationBps });
        },
      ),
    );
    expect(mergeOpenEvents([])).toBeNull();
  });

  it("of opposite directions: the newest direction stays, the older is closed unobserved", () => {
    const { kept, closed } = settleDuplicates(
      [event(10), event(30, { direction: "above", peakDeviationBps: 150 }), event(20)],
      NOW,
    );
    expect(kept.startedAt).toBe(30);
    expect(
      closed.map(({ startedAt, endReason, recoveryPrice, endedAt }) => ({
        startedAt,
        endReason,
        recoveryPrice,
        endedAt,
      })),
    ).toEqual([
      { startedAt: 10, endReason: "merged", recoveryPrice: null, endedAt: NOW },
      { startedAt: 20, endReason: "merged", recoveryPrice: null, endedAt: NOW },
    ]);
  });

  it("never end before they start", () => expect(closeEvent(event(NOW), "recovered", 1, NOW - 5).endedAt).toBe(NOW));
});

describe("an episode", () => {
  const past = (startedAt: number, endedAt: number, direction: "above" | "below" = "below") => ({
    startedAt,
    endedAt,
    direction,
  });

  it("goes on over gaps of less than a day on the same side", () => {
    expect(episodeId("c", "below", 10 * DAY, [])).toBe(`c-below-${10 * DAY}`);
    expect(episodeId("c", "below", 10 * DAY, [past(9 * DAY, 9 * DAY + 1)])).toBe(`c-below-${9 * DAY}`);
    expect(episodeId("c", "below", 10 * DAY, [past(8 * DAY, 9 * DAY)]), "24 h apart is apart").toBe(
      `c-below-${10 * DAY}`,
    );
    expect(episodeId("c", "below", 10 * DAY, [past(9 * DAY, 9.5 * DAY, "above")])).toBe(`c-below-${10 * DAY}`);
    expect(episodeId("c", "below", 10 * DAY, [past(8 * DAY, 8.5 * DAY), past(9 * DAY, 9.5 * DAY)])).toBe(
      `c-below-${8 * DAY}`,
    );
  });

  it("is the same for every event in it, whenever it is asked", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3 * DAY }), fc.integer({ min: 1, max: 2 * DAY }))),
        (steps) => {
          const events: ReturnType<typeof past>[] = [];
          let at = 0;
          let expected = "";
          for (const [gap, length] of steps) {
            const startedAt = at + gap;
            const id = episodeId("c", "below", startedAt, events);
            if (events.length === 0 || gap >= DAY) expected = `c-below-${startedAt}`;
            expect(id).toBe(expected);
            at = startedAt + length;
            events.push(past(startedAt, at));
          }
        },
      ),
    );
  });
});

describe("the book of a run", () => {
  it("turns an event over: one ends with its price, the other starts now", () => {
    const book = new DepegBook([event(NOW - DAY)], [], () => [], NOW);
    book.apply(COIN, { kind: "flip", price: 1.02 }, 1);
    expect(book.closed).toMatchObject([{ endReason: "direction-flip", endedAt: NOW, recoveryPrice: 1.02 }]);
    expect(book.open.get(COIN.id)).toMatchObject({
      direction: "above",
      startedAt: NOW,
      startPrice: 1.02,
      peakDeviationBps: 200,
    });
    expect(book.isNew(book.open.get(COIN.id) as DepegEvent)).toBe(true);
  });

  it("never records the same event twice", () => {
    const book = new DepegBook([], [], () => [{ startedAt: NOW, endedAt: NOW, direction: "below" }], NOW);
    book.apply(COIN, { kind: "open", price: 0.98, reference: 1 }, 1);
    expect(book.open.size).toBe(0);
    expect(book.openedCount).toBe(0);
  });

  it("starts a confirmed depeg when it was first seen, in the episode it belongs to", () => {
    const book = new DepegBook(
      [],
      [],
      () => [{ startedAt: NOW - DAY, endedAt: NOW - DAY + 60, direction: "below" }],
      NOW,
    );
    book.apply(COIN, { kind: "pending", price: 0.98, reference: 1, reason: "large-cap" }, 1);
    const row = book.pending.get(COIN.id);
    if (!row) throw new Error("no row");
    book.promote(
      { ...row, firstSeenAt: NOW - 1_800 },
      { peakDeviationBps: -300, peakPrice: 0.97, confirmationSources: "cex:binance" },
    );
    expect(book.pending.size).toBe(0);
    expect(book.open.get(COIN.id)).toMatchObject({
      startedAt: NOW - 1_800,
      startPrice: 0.98,
      peakDeviationBps: -300,
      pendingReason: "large-cap",
      confirmationSources: "cex:binance",
      episodeId: `usdx-test-below-${NOW - DAY}`,
    });
  });
});
