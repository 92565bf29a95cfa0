import { describe, expect, test } from "vitest";
import type { FxRate } from "../schema/fx-rates.ts";
import { RateBook } from "./rate-book.ts";
import type { RateOffer } from "./rate-rules.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z") / 1000;

const offer = (usdPerUnit: number, more: Partial<RateOffer> = {}): RateOffer => ({
  currency: "EUR",
  usdPerUnit,
  source: "frankfurter:latest",
  cadence: "business-daily",
  observedAt: NOW - 72_000,
  sourceDate: "2026-11-24",
  ...more,
});
const intraday = (usdPerUnit: number) =>
  offer(usdPerUnit, { source: "oxr", cadence: "intraday", sourceDate: null, observedAt: NOW - 60 });

function previousEur(more: Partial<FxRate> = {}): Record<string, FxRate> {
  const rate: FxRate = {
    usdPerUnit: 1.1,
    source: "old",
    cadence: "business-daily",
    observedAt: NOW - 90_000,
    sourceDate: "2026-11-24",
    referenceType: "fresh",
    freshness: "fresh",
    carriedForward: false,
    refused: [],
    ...more,
  };
  return { EUR: rate };
}

describe("rate book", () => {
  test("a believed offer takes the place of the previous rate, provenance and all", () => {
    const book = new RateBook(previousEur(), NOW);
    expect(book.isLive("EUR")).toBe(false);
    expect(book.offer(offer(1.12))).toBe(true);
    expect(book.isLive("EUR")).toBe(true);
    expect(book.rates("live").EUR).toMatchObject({
      usdPerUnit: 1.12,
      source: "frankfurter:latest",
      carriedForward: false,
      refused: [],
    });
  });

  test("a refused offer leaves the previous rate with its old provenance and is told beside it", () => {
    const book = new RateBook(previousEur(), NOW);
    expect(book.offer(offer(1.4))).toBe(false);
    expect(book.rates("live").EUR).toMatchObject({
      usdPerUnit: 1.1,
      source: "old",
      observedAt: NOW - 90_000,
      carriedForward: true,
      refused: [{ source: "frankfurter:latest", usdPerUnit: 1.4, reason: "jump-over-20-percent" }],
    });
  });

  test("a refused first offer is no rate at all", () => {
    const book = new RateBook({}, NOW);
    expect(book.offer(offer(99))).toBe(false);
    expect(book.has("EUR")).toBe(false);
    expect(book.rates("live")).toEqual({});
  });

  test("the jump is measured against the last published rate, not against another offer of this run", () => {
    const book = new RateBook(previousEur(), NOW);
    expect(book.offer(offer(1.3))).toBe(true);
    expect(book.offer(offer(1.4))).toBe(false);
    expect(book.rates("live").EUR?.usdPerUnit).toBe(1.3);
  });

  test("an overlay must be within 5 % of the current rate", () => {
    const book = new RateBook(previousEur(), NOW);
    expect(book.overlay(intraday(1.17))).toBe(false);
    expect(book.rates("live").EUR?.refused[0]?.reason).toBe("far-from-current-rate");
    expect(book.overlay(intraday(1.15))).toBe(true);
    expect(new RateBook({}, NOW).overlay(intraday(1.15))).toBe(true);
    expect(new RateBook({}, NOW).overlay(intraday(9))).toBe(false);
  });

  test("over a fresh daily rate it keeps the daily tags, over an old one it brings its own", () => {
    const fresh = new RateBook(previousEur(), NOW);
    fresh.overlay(intraday(1.11));
    expect(fresh.rates("live").EUR).toMatchObject({
      usdPerUnit: 1.11,
      source: "oxr",
      cadence: "business-daily",
      sourceDate: "2026-11-24",
    });
    const old = new RateBook(previousEur({ sourceDate: "2026-11-20" }), NOW);
    old.overlay(intraday(1.11));
    expect(old.rates("live").EUR).toMatchObject({ cadence: "intraday", sourceDate: null, freshness: "fresh" });
  });

  test("a rate carried past its cadence says so", () => {
    const book = new RateBook(previousEur({ sourceDate: "2026-11-20" }), NOW);
    expect(book.isCadenceFresh("EUR")).toBe(false);
    expect(book.rates("cached").EUR).toMatchObject({
      freshness: "stale",
      referenceType: "stale",
      carriedForward: true,
    });
    expect(book.isCadenceFresh("JPY")).toBe(false);
  });
});
