import { describe, expect, it } from "vitest";
import * as format from "./format.ts";

describe("numbers as people read them", () => {
  it("unknown is n/a and never zero", () => {
    for (const show of [format.bps, format.usd, format.compact, format.price, format.exact, format.percent, format.age])
      for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) expect(show(value)).toBe("n/a");
  });

  it("a change always shows its sign, zero has none", () => {
    expect(format.bps(-0.9)).toBe("−0.9");
    expect(format.bps(18.94)).toBe("+18.9");
    expect(format.bps(-701.6)).toBe("−702");
    expect(format.bps(12_345)).toBe("+12,345");
    expect(format.bps(0)).toBe("0.0");
    expect(format.bps(-0.04)).toBe("0.0");
    expect(format.percentChange(0.0123)).toBe("+1.23 %");
    expect(format.percentChange(-0.00001)).toBe("0.00 %");
    expect(format.percent(123.4)).toBe("+12,340");
  });

  it("large amounts are short, and never 1,000 of a unit", () => {
    expect(format.usd(75_984_125_990)).toBe("$76.0bn");
    expect(format.usd(322_800_000_000)).toBe("$323bn");
    expect(format.usd(999_960)).toBe("$1.00m");
    expect(format.usd(-1500)).toBe("−$1.50k");
    expect(format.compact(0)).toBe("0.00");
    expect(format.compact(1.5e15)).toBe("1500tn");
  });

  it("prices keep their digits and are never written in powers of ten", () => {
    expect(format.price(0.999908)).toBe("0.999908");
    expect(format.price(0.0000563226)).toBe("0.0000563226");
    expect(format.price(4308.63)).toBe("4,308.63");
    expect(format.price(1)).toBe("1.00000");
  });

  it("ages are coarse and never negative", () => {
    expect(format.age(-5)).toBe("0 min");
    expect(format.age(180)).toBe("3 min");
    expect(format.age(7200)).toBe("2 h");
    expect(format.age(5 * 86_400)).toBe("5 d");
  });

  it("a change from nothing is not known", () => {
    expect(format.changeRatio(1, 0)).toBeNull();
    expect(format.changeRatio(null, 1)).toBeNull();
    expect(format.changeRatio(110, 100)).toBeCloseTo(0.1);
  });
});
