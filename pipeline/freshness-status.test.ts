import { expect, test } from "vitest";
import { freshnessStatus } from "./freshness-status.ts";

test("eight intervals are fresh, twelve degraded, more stale; the limits belong to the better side", () => {
  expect([0, 800, 801, 1200, 1201].map((age) => freshnessStatus(age, 100))).toEqual([
    "fresh",
    "fresh",
    "degraded",
    "degraded",
    "stale",
  ]);
});

test("what the data says of itself can only make it worse", () => {
  expect(freshnessStatus(0, 100, "degraded")).toBe("degraded");
  expect(freshnessStatus(0, 100, "stale")).toBe("stale");
  expect(freshnessStatus(900, 100, "fresh")).toBe("degraded");
  expect(freshnessStatus(1300, 100, "degraded")).toBe("stale");
  expect(freshnessStatus(0, 100, null)).toBe("fresh");
});

test("an age nobody knows is stale", () => {
  expect(freshnessStatus(Number.NaN, 100)).toBe("stale");
});
