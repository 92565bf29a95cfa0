import { describe, expect, it } from "vitest";
import { lineChart, timeTick } from "./line-chart.ts";
import { type Point, pieces, usualGapSec } from "./svg.ts";

const HOUR = 3600;
const options = { reference: null, from: 0, to: 24 * HOUR, minSpan: 0, kind: "line", minGapSec: 0 } as const;
const series = (values: (number | null)[]): Point[] => values.map((value, index) => ({ at: index * HOUR, value }));
const numbersOf = (svg: string) => [...svg.matchAll(/[MLHVh ](-?[\d.e+]+)/g)].map((match) => Number(match[1]));

describe("a line chart", () => {
  it("of nothing is null: empty, all gaps, outside the window, or a window without width", () => {
    expect(lineChart({ ...options, points: [] })).toBeNull();
    expect(lineChart({ ...options, points: series([null, Number.NaN]) })).toBeNull();
    expect(lineChart({ ...options, points: [{ at: 99 * HOUR, value: 1 }] })).toBeNull();
    expect(lineChart({ ...options, to: 0, points: series([1]) })).toBeNull();
  });

  it("of one point is a dot, not a line", () => {
    const chart = lineChart({ ...options, points: series([1]) });
    expect(chart?.svg).toContain('class="line" d=""');
    expect(chart?.svg).toMatch(/class="lone" d="M0 [\d.]+h0"/);
  });

  it("leaves gaps: a missing value and a long silence both end the line", () => {
    const chart = lineChart({ ...options, points: [...series([1, 2, null, 3, 2]), { at: 20 * HOUR, value: 1 }] });
    expect(chart?.gaps).toBe(2);
    expect(chart?.svg.match(/class="line" d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(2);
  });

  it.each([
    ["huge", [1e300, -1e300, 5e299]],
    ["tiny", [1e-300, 2e-300]],
    ["negative", [-5, -1, -3]],
    ["flat", [1, 1, 1]],
    ["flat zero", [0, 0]],
    ["infinite among finite", [1, Number.POSITIVE_INFINITY, 2]],
  ])("draws a %s series inside its frame with finite numbers only", (_, values) => {
    const chart = lineChart({ ...options, points: series(values) });
    expect(chart).not.toBeNull();
    expect(chart?.svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const value of numbersOf(chart?.svg ?? "")) expect(Math.abs(value)).toBeLessThanOrEqual(600);
    expect(chart?.yTicks.length).toBeGreaterThanOrEqual(2);
  });

  it("keeps the peg in view and noise small", () => {
    const chart = lineChart({ ...options, points: series([0.9999, 1.0001]), reference: 1, minSpan: 0.001 });
    const ticks = chart?.yTicks ?? [];
    expect(Math.max(...ticks) - Math.min(...ticks)).toBeGreaterThanOrEqual(0.001);
    expect(chart?.svg).toContain('class="peg"');
  });

  it("labels stand at even distances, since the drawing stretches", () => {
    const chart = lineChart({ ...options, points: series([3, 17, 8]) });
    const steps = (list: number[]) => list.slice(1).map((tick, index) => tick - (list[index] ?? 0));
    for (const list of [chart?.xTicks ?? [], chart?.yTicks ?? []]) {
      const all = steps(list);
      for (const step of all) expect(step).toBeCloseTo(all[0] ?? 0, 9);
    }
  });

  it("names times by the width of the window", () => {
    const at = Date.UTC(2026, 10, 20, 12) / 1000;
    expect([timeTick(at, 86_400), timeTick(at, 30 * 86_400), timeTick(at, 1000 * 86_400)]).toEqual([
      "12:00",
      "20 Nov",
      "Nov 2026",
    ]);
  });
});

describe("pieces of a series", () => {
  it("a series without points has none, and its usual gap is an hour", () => {
    expect(pieces([], 10)).toEqual([]);
    expect(usualGapSec([])).toBe(3600);
  });
});
