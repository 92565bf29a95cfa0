import { describe, expect, test } from "vitest";
import {
  calendarDayEnd,
  chooseSecondaryFx,
  fxFreshness,
  fxRateRefusal,
  fxReferenceType,
  mayOverlay,
  validateFxRate,
} from "./rate-rules.ts";

const at = (iso: string) => Date.parse(iso) / 1000;
const HOUR = 3600;

describe("which rates are believed", () => {
  test("bounds are inclusive", () => {
    expect([0.5, 2.5, 0.4999, 2.5001].map((rate) => validateFxRate("EUR", rate))).toEqual([true, true, false, false]);
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(fxRateRefusal("EUR", rate)).toBe("out-of-bounds");
    expect(validateFxRate("XYZ", 1)).toBe(false);
    expect(validateFxRate("USD", 1)).toBe(false);
    expect(validateFxRate("peggedREAL", 0.2)).toBe(true);
  });

  test("a change of 20 % passes, more does not; without a previous rate there is no change", () => {
    expect(validateFxRate("GOLD", 3000, 2500)).toBe(true);
    expect(fxRateRefusal("GOLD", 3001, 2500)).toBe("jump-over-20-percent");
    expect(fxRateRefusal("GOLD", 1999, 2500)).toBe("jump-over-20-percent");
    for (const previous of [null, undefined, 0, Number.NaN]) expect(validateFxRate("GOLD", 9000, previous)).toBe(true);
  });

  test("an overlay lies within 5 % of the current rate", () => {
    expect([mayOverlay(105, 100), mayOverlay(105.01, 100), mayOverlay(94.99, 100), mayOverlay(7, null)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe("the publishing calendar", () => {
  const business = (date: string, now: string) => fxFreshness("business-daily", 0, date, at(now));
  const calendar = (date: string, now: string) => fxFreshness("calendar-daily", 0, date, at(now));

  test("Friday's rates are fresh until Monday 16:00 UTC, one publish behind until Tuesday 16:00, then stale", () => {
    expect(business("2026-11-20", "2026-11-20T15:59:59Z")).toBe("fresh");
    expect(business("2026-11-20", "2026-11-21T12:00:00Z")).toBe("fresh");
    expect(business("2026-11-20", "2026-11-22T23:59:59Z")).toBe("fresh");
    expect(business("2026-11-20", "2026-11-23T15:59:59Z")).toBe("fresh");
    expect(business("2026-11-20", "2026-11-23T16:00:00Z")).toBe("degraded");
    expect(business("2026-11-20", "2026-11-24T15:59:59Z")).toBe("degraded");
    expect(business("2026-11-20", "2026-11-24T16:00:00Z")).toBe("stale");
  });

  test("Thursday's rates are behind from Friday 16:00 on, and no further over the weekend", () => {
    expect(business("2026-11-19", "2026-11-20T15:00:00Z")).toBe("fresh");
    expect(business("2026-11-19", "2026-11-20T16:00:00Z")).toBe("degraded");
    expect(business("2026-11-19", "2026-11-23T09:00:00Z")).toBe("degraded");
    expect(business("2026-11-19", "2026-11-23T16:00:00Z")).toBe("stale");
  });

  test("daily files are out by 06:00 UTC, weekends included", () => {
    expect(calendar("2026-11-20", "2026-11-21T05:59:59Z")).toBe("fresh");
    expect(calendar("2026-11-20", "2026-11-21T06:00:00Z")).toBe("degraded");
    expect(calendar("2026-11-20", "2026-11-22T05:59:59Z")).toBe("degraded");
    expect(calendar("2026-11-20", "2026-11-22T06:00:00Z")).toBe("stale");
    expect(calendar("2026-11-22", "2026-11-21T12:00:00Z")).toBe("fresh");
  });

  test("intraday rates, and daily ones without a readable date, go by the clock", () => {
    const now = at("2026-11-21T12:00:00Z");
    const ages = [6 * HOUR, 6 * HOUR + 1, 24 * HOUR, 24 * HOUR + 1];
    const expected = ["fresh", "degraded", "degraded", "stale"];
    expect(ages.map((age) => fxFreshness("intraday", now - age, "2026-11-21", now))).toEqual(expected);
    expect(ages.map((age) => fxFreshness("business-daily", now - age, null, now))).toEqual(expected);
    expect(ages.map((age) => fxFreshness("calendar-daily", now - age, "soon", now))).toEqual(expected);
  });
});

describe("what validation may make of a rate", () => {
  const now = at("2026-11-25T12:00:00Z");

  test("hardcoded is static, a stale run is stale, no time is none", () => {
    expect(fxReferenceType("hardcoded", null, null, null, now)).toBe("static");
    expect(fxReferenceType("stale", "intraday", now, null, now)).toBe("stale");
    expect(fxReferenceType("live", "intraday", null, null, now)).toBe("none");
    expect(fxReferenceType("cached", null, undefined, undefined, now)).toBe("none");
  });

  test("degraded counts as fresh by date, but six hours end an intraday rate", () => {
    expect(fxReferenceType("live", "calendar-daily", now - 1, "2026-11-24", now)).toBe("fresh");
    expect(fxReferenceType("cached", "calendar-daily", now - 1, "2026-11-23", now)).toBe("stale");
    expect(fxReferenceType("live", "business-daily", null, "2026-11-24", now)).toBe("fresh");
    expect(fxReferenceType("live", "intraday", now - 6 * HOUR, null, now)).toBe("fresh");
    expect(fxReferenceType("live", "intraday", now - 6 * HOUR - 1, "2026-11-25", now)).toBe("stale");
    expect(fxReferenceType("live", null, now - 7 * HOUR, "2026-11-25", now)).toBe("stale");
    expect(fxReferenceType("live", "calendar-daily", now - 7 * HOUR, null, now)).toBe("stale");
  });
});

test("the later mirror wins, jsDelivr on a tie", () => {
  const answer = (date: string) => ({ date, usd: {} });
  expect(chooseSecondaryFx(answer("2026-11-20"), answer("2026-11-21"))).toBe("pages");
  expect(chooseSecondaryFx(answer("2026-11-21"), answer("2026-11-21"))).toBe("jsdelivr");
  expect(chooseSecondaryFx(answer("2026-11-22"), answer("2026-11-21"))).toBe("jsdelivr");
  expect(chooseSecondaryFx(null, answer("2026-11-21"))).toBe("pages");
  expect(chooseSecondaryFx(answer("2026-11-21"), null)).toBe("jsdelivr");
  expect(chooseSecondaryFx(null, null)).toBeNull();
});

test("the end of today's file is now", () => {
  expect(calendarDayEnd("2026-11-20", at("2026-11-21T12:00:00Z"))).toBe(at("2026-11-20T23:59:59Z"));
  expect(calendarDayEnd("2026-11-21", at("2026-11-21T12:00:00Z"))).toBe(at("2026-11-21T12:00:00Z"));
});
