import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coverageOf, type ExitFacts, exitFor, feeText, whenText } from "./exits.ts";

const facts = (more: Partial<ExitFacts> = {}): ExitFacts => ({
  nowUsd: 1_000_000,
  eventualUsd: 5_000_000,
  feeBps: 10,
  minUsd: null,
  perDay: false,
  isClosed: false,
  ...more,
});

describe("the exit calculator", () => {
  it("lets out what fits, at the fee, and names the rest", () => {
    expect(exitFor(facts(), 10_000)).toEqual({ nowUsd: 10_000, costUsd: 10, restUsd: 0, why: "fits" });
    expect(exitFor(facts(), 3_000_000)).toEqual({
      nowUsd: 1_000_000,
      costUsd: 1_000,
      restUsd: 2_000_000,
      why: "partly",
    });
  });
  it("never guesses: an eventual route lets nothing known out now, a closed one nothing, a cost without a number is none", () => {
    expect(exitFor(facts({ nowUsd: null }), 10)).toMatchObject({ nowUsd: null, why: "eventual-only" });
    expect(exitFor(facts({ nowUsd: null, eventualUsd: null }), 10)).toMatchObject({ nowUsd: null, why: "not-known" });
    expect(exitFor(facts({ isClosed: true }), 10)).toMatchObject({ nowUsd: 0, why: "closed" });
    expect(exitFor(facts({ nowUsd: 0 }), 10)).toMatchObject({ nowUsd: 0, why: "nothing-now" });
    expect(exitFor(facts({ minUsd: 100_000 }), 99_999)).toMatchObject({ nowUsd: 0, why: "below-minimum" });
    expect(exitFor(facts({ feeBps: null }), 10)).toMatchObject({ nowUsd: 10, costUsd: null });
  });
  it("never lets out more than was asked or measured", () => {
    const amount = fc.double({ min: 0.01, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(amount, fc.option(amount), (asked, nowUsd) => {
        const answer = exitFor(facts({ nowUsd }), asked);
        expect((answer.nowUsd ?? 0) + answer.restUsd).toBeCloseTo(asked, -2);
        expect(answer.nowUsd ?? 0).toBeLessThanOrEqual(Math.min(asked, nowUsd ?? 0));
      }),
    );
  });
});

it("only a scored route on more than a rule of thumb is coverage", () => {
  const row = (more: object) =>
    ({ resolutionState: "resolved", score: 80, modelConfidence: "medium", ...more }) as never;
  expect(coverageOf(row({}), true)).toBe("covered");
  expect(coverageOf(row({ modelConfidence: "low" }), true)).toBe("heuristic");
  expect(coverageOf(row({ score: null }), true)).toBe("eventual");
  expect(coverageOf(row({ resolutionState: "impaired", score: null }), true)).toBe("impaired");
  expect(coverageOf(row({ resolutionState: "missing-capacity", score: null }), true)).toBe("unrated");
  expect(coverageOf(undefined, true)).toBe("no-route");
  expect(coverageOf(row({}), false)).toBe("no-data");
});

it("fees and times are said by their kind", () => {
  expect(feeText({ feeBps: 0, feeModelKind: "fixed-bps", feeDescription: null })).toBe("none");
  expect(feeText({ feeBps: 52, feeModelKind: "formula", feeDescription: "x" })).toBe("52 bps now, by a formula");
  expect(feeText({ feeBps: null, feeModelKind: "undisclosed-reviewed", feeDescription: null })).toBe(
    "no number published",
  );
  expect(whenText({ settlementDelaySec: 604_800, settlementModel: "queued" })).toBe("about 7 d");
  expect(whenText({ settlementModel: "atomic" })).toBe("at once");
});
