import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { psiBand, psiFactor, psiScore, psiStressBreadth } from "./stability-index.ts";

const depeg = fc.record({
  bps: fc.oneof(fc.integer({ min: -10_000, max: 10_000 }), fc.constant(Number.NaN)),
  mcapUsd: fc.oneof(fc.double({ min: 0, max: 2e11, noNaN: true }), fc.constant(Number.NaN)),
  depegAgeDays: fc.double({ min: 0, max: 2000, noNaN: true }),
});

describe("the stability index", () => {
  it("stays within 0 and 100, with one decimal, and in its band", () => {
    fc.assert(
      fc.property(fc.array(depeg), fc.double(), fc.double(), (depegs, mcap7dChangePct, stressBreadth) => {
        const psi = psiScore({ depegs, totalMcapUsd: 2e11, mcap7dChangePct, stressBreadth });
        expect(psi?.score).toBeGreaterThanOrEqual(0);
        expect(psi?.score).toBeLessThanOrEqual(100);
        expect((psi?.score ?? 0) * 10).toBeCloseTo(Math.round((psi?.score ?? 0) * 10), 6);
        expect(psi?.band).toBe(psiBand(psi?.score ?? 0));
      }),
    );
  });

  it("never rises for one more depeg", () => {
    fc.assert(
      fc.property(fc.array(depeg), depeg, (depegs, one) => {
        const score = (given: typeof depegs) =>
          psiScore({ depegs: given, totalMcapUsd: 2e11, mcap7dChangePct: 0, stressBreadth: 0 })?.score ?? 0;
        expect(score([...depegs, one])).toBeLessThanOrEqual(score(depegs));
      }),
    );
  });

  it("has no sample without a market", () => {
    for (const totalMcapUsd of [0, -1, Number.NaN])
      expect(psiScore({ depegs: [], totalMcapUsd, mcap7dChangePct: 0, stressBreadth: 0 })).toBeNull();
  });

  it("forgets three quarters of an old depeg, no more", () => {
    expect([psiFactor(30), psiFactor(120), psiFactor(1e6)]).toEqual([1, 0.25, 0.25]);
  });

  it("counts stress from ALERT on", () => {
    const one = (band: "CALM" | "WATCH" | "ALERT" | null) => psiStressBreadth([{ band, mcapUsd: 1e9 }]);
    expect([one("CALM"), one("WATCH"), one(null), one("ALERT")]).toEqual([0, 0, 0, 1.5]);
  });
});
