import { describe, expect, it } from "vitest";
import { ethenaCollateral } from "../sources/ethena.ts";
import type { Given, ReserveResult } from "./adapter.ts";
import { ethena } from "./adapters/ethena.ts";
import { validateReading } from "./validate.ts";

const NOW = 1_800_000_000;
const row = (asset: string, usdAmount: unknown, timestamp: unknown = NOW - 600) => ({
  asset,
  exchange: "Copper",
  timestamp,
  usdAmount,
});
const body = (collateral: object[], total: unknown = 100) => ({ collateral, totalBackingAssetsInUsd: total });
const GOOD = [row("Liquid Cash", 20), row("Liquid Cash", 10, NOW - 900), row("BTC", 70), row("ETH", 0, null)];

function read(answer: unknown): ReserveResult {
  const backing = answer === null ? null : ethenaCollateral.parse(answer, {});
  const given = { nowSec: NOW, feed: () => backing } as unknown as Given;
  const moved = ethena.read({ kind: "ethena", displayUrl: null, source: "test" }, given).next();
  if (!moved.done) throw new Error("it asked a chain");
  return moved.value;
}

describe("what backs USDe", () => {
  it("counts liquid cash only, and is as old as its oldest part that is not empty", () => {
    const result = read(body(GOOD));
    expect(result.metadata).toMatchObject({
      freshnessMode: "verified",
      sourceTimestamp: NOW - 900,
      totalReserveUsd: 100,
      redemption: { capacityUsd: 30, capacityKind: "live-proxy-validated", freshnessKind: "verified-source-timestamp" },
    });
    expect(result.slices).toEqual([
      { name: "Liquid Cash", pct: 30, risk: "low" },
      { name: "BTC", pct: 70, risk: "medium" },
    ]);
    expect(validateReading(result, ethena, NOW)).toMatchObject({ reading: { syncStatus: "ok" } });
  });

  it("measures no cash as none, and says where parts are missing or a time is", () => {
    expect(read(body([row("BTC", 100)])).metadata.redemption?.capacityUsd).toBe(0);
    expect(read(body(GOOD, 200)).warnings.map(({ code }) => code)).toEqual(["sum-differs"]);
    const undated = read(body([row("Liquid Cash", 100, "soon")]));
    expect(undated.metadata).toMatchObject({ freshnessMode: "unverified", freshnessReason: expect.any(String) });
  });

  it("is degraded when it is old, and refused when it is of the future", () => {
    const old = read(body([row("Liquid Cash", 100, NOW - 4 * 86_400)]));
    expect(validateReading(old, ethena, NOW)).toMatchObject({ reading: { syncStatus: "degraded" } });
    const ahead = read(body([row("Liquid Cash", 100, NOW + 3_600)]));
    expect(validateReading(ahead, ethena, NOW)).toEqual({ problem: expect.stringMatching(/ahead of the clock/) });
    expect(() => read(null)).toThrow(/could not be read/);
  });

  it.each([
    ["a negative part", body([row("BTC", -1)])],
    ["a part in words", body([row("BTC", "70")])],
    ["NaN", body(GOOD, Number.NaN)],
    ["an absurd total", body(GOOD, Number.POSITIVE_INFINITY)],
    ["no parts", body([])],
    ["the dashboard's HTML", "<!DOCTYPE html>"],
    ["another shape", { error: "moved" }],
  ])("%s is no answer", (_what, answer) => {
    expect(() => ethenaCollateral.parse(answer, {})).toThrow(expect.objectContaining({ code: "bad-shape" }));
  });
});
