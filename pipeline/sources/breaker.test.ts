import { describe, expect, test } from "vitest";
import { circuitRecordOutcome, circuitShouldAttempt, createBreakers, PROBE_AFTER_SEC } from "./breaker.ts";

const NOW = 1_795_000_000;
const OPEN = { state: "open", consecutiveFailures: 3, lastFailureAt: NOW, lastSuccessAt: null, openedAt: NOW };

describe("a circuit", () => {
  test("opens at the third failure in a row", () => {
    const breakers = createBreakers({});
    for (const _ of [1, 2]) breakers.recordOutcome("kraken", false, NOW);
    expect(breakers.shouldAttempt("kraken", NOW)).toBe(true);
    breakers.recordOutcome("kraken", false, NOW);
    expect(breakers.shouldAttempt("kraken", NOW)).toBe(false);
    expect(breakers.transitions).toEqual([{ circuit: "kraken", event: "open", at: NOW }]);
  });

  test("is probed once per half hour and stays open when the probe fails", () => {
    const breakers = createBreakers({ kraken: OPEN });
    expect(breakers.shouldAttempt("kraken", NOW + PROBE_AFTER_SEC - 1)).toBe(false);
    expect(breakers.probeAt("kraken")).toBe(NOW + PROBE_AFTER_SEC);
    expect(breakers.shouldAttempt("kraken", NOW + PROBE_AFTER_SEC)).toBe(true);
    breakers.recordOutcome("kraken", false, NOW + PROBE_AFTER_SEC);
    expect(breakers.shouldAttempt("kraken", NOW + PROBE_AFTER_SEC + 1)).toBe(false);
    expect(breakers.records().kraken).toMatchObject({ state: "open", openedAt: NOW + PROBE_AFTER_SEC });
    expect(breakers.transitions).toEqual([]);
  });

  test("closes when the probe succeeds", () => {
    const breakers = createBreakers({ kraken: OPEN });
    breakers.shouldAttempt("kraken", NOW + PROBE_AFTER_SEC);
    breakers.recordOutcome("kraken", true, NOW + PROBE_AFTER_SEC);
    expect(breakers.records().kraken).toMatchObject({ state: "closed", consecutiveFailures: 0, openedAt: null });
    expect(breakers.transitions).toEqual([{ circuit: "kraken", event: "close", at: NOW + PROBE_AFTER_SEC }]);
  });

  test("one success forgets the strikes", () => {
    const breakers = createBreakers({});
    for (const isSuccess of [false, false, true, false, false]) breakers.recordOutcome("kraken", isSuccess, NOW);
    expect(breakers.shouldAttempt("kraken", NOW)).toBe(true);
  });

  test("two strikes survive from run to run as text in a committed file", () => {
    const first = createBreakers({});
    for (const _ of [1, 2]) first.recordOutcome("pyth", false, NOW);
    const committed = JSON.stringify(first.records());
    const second = createBreakers(JSON.parse(committed));
    second.recordOutcome("pyth", false, NOW + 1800);
    expect(second.shouldAttempt("pyth", NOW + 1801)).toBe(false);
  });

  test("the state file is sorted by circuit", () => {
    const breakers = createBreakers({});
    for (const circuit of ["pyth", "binance", "kraken"]) breakers.recordOutcome(circuit, true, NOW);
    expect(Object.keys(breakers.records())).toEqual(["binance", "kraken", "pyth"]);
  });
});

describe("a damaged record reads as closed", () => {
  test.each([undefined, null, "open", 3, [], {}, { ...OPEN, state: "ajar" }, { ...OPEN, consecutiveFailures: -1 }])(
    "%j",
    (record) => {
      expect(circuitShouldAttempt(record, NOW)).toEqual({ allowed: true, state: "closed" });
      expect(circuitRecordOutcome(record, false, NOW)).toMatchObject({ state: "closed", consecutiveFailures: 1 });
    },
  );

  test("a state file that is no object starts anew", () => {
    expect(createBreakers("?").records()).toEqual({});
  });
});
