import { describe, expect, it } from "vitest";
import { resting } from "./rounding.ts";

const HALF_BPS = 0.000_05;

describe("a published figure", () => {
  it("rests while it moved by less than the share", () => {
    expect([resting(1.00004, 1, HALF_BPS), resting(0.99996, 1, HALF_BPS)]).toEqual([1, 1]);
    expect([resting(1.00006, 1, HALF_BPS), resting(0.99994, 1, HALF_BPS)]).toEqual([1.00006, 0.99994]);
  });

  it("never rests on nothing, and nothing never rests", () => {
    expect([null, undefined, 0].map((before) => resting(1, before, HALF_BPS))).toEqual([1, 1, 1]);
    expect(resting(null, 1, HALF_BPS)).toBeNull();
  });

  it("cannot drift: what rests is compared with what was published, not with what was seen", () => {
    let published: number | null = 1;
    for (let seen = 1; seen < 1.001; seen += 0.000_01) published = resting(seen, published, HALF_BPS);
    expect(Math.abs((published as number) - 1.001)).toBeLessThan(0.000_06);
  });
});
