import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { furthest, type PlumbCoin, plumbLimit, plumbLine } from "./plumb-line.ts";

const options = {
  width: 1120,
  height: 300,
  named: { worst: 3, largest: 3 },
  fontPx: 13,
  coinHref: (id: string) => `/coin/${id}/`,
};
const coin = (id: string, deviationBps: number, supplyUsd: number | null = 1e6): PlumbCoin => ({
  id,
  symbol: id.toUpperCase(),
  deviationBps,
  supplyUsd,
});

describe("the plumb-line picture", () => {
  it("of no coin is empty", () => {
    expect(plumbLine([], options)).toBe("");
    expect(plumbLine([coin("a", Number.NaN)], options)).toBe("");
  });

  it("names the worst on each side and links them", () => {
    const svg = plumbLine([coin("a", -50), coin("b", 3), coin("c", 0)], options);
    expect(svg).toContain('href="/coin/a/"');
    expect(svg).toContain("A <tspan>−50.0</tspan>");
  });

  it("escapes what a coin is called", () => {
    expect(plumbLine([{ ...coin("a", 1), symbol: '<img src=x onerror="1">' }], options)).not.toContain("<img");
  });

  it("the axis reaches the worst coin and at least one percent", () => {
    expect(plumbLimit([coin("a", 3)])).toBe(100);
    expect(plumbLimit([coin("a", -100)])).toBe(100);
    expect(plumbLimit([coin("a", -101)])).toBe(1000);
    expect(plumbLimit([coin("a", -9999)])).toBe(10_000);
  });

  it("the furthest are sorted by distance on their own side", () => {
    const coins = [coin("a", -5), coin("b", -9), coin("c", 4), coin("d", 0)];
    expect(furthest(coins, "below", 5).map(({ id }) => id)).toEqual(["b", "a"]);
    expect(furthest(coins, "above", 5).map(({ id }) => id)).toEqual(["c"]);
  });

  it("draws any record inside its frame with finite numbers", () => {
    const anyCoin = fc.record({
      id: fc.stringMatching(/^[a-z]{1,6}$/),
      symbol: fc.string({ maxLength: 12 }),
      deviationBps: fc.oneof(fc.double({ noNaN: false, min: -10_000, max: 1e7 }), fc.constant(0)),
      supplyUsd: fc.option(fc.double({ noNaN: true, min: -1e12, max: 1e12 })),
    });
    fc.assert(
      fc.property(fc.array(anyCoin, { maxLength: 60 }), (coins) => {
        const unique = [...new Map(coins.map((each) => [each.id, each])).values()];
        const svg = plumbLine(unique, options);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        for (const [, x, y] of svg.matchAll(/M(-?[\d.]+) (-?[\d.]+)h0/g)) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(options.width);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(options.height);
        }
      }),
      { numRuns: 60 },
    );
  });
});
