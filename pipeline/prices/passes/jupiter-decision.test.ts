import { expect, test } from "vitest";
import { jupiterDecision } from "./jupiter-decision.ts";

const SLOT = 400_000_000;
const good = { priceUsd: 1 as number | null, liquidityUsd: 50_000 as number | null, blockId: SLOT as number | null };
const act = (
  more: Partial<typeof good>,
  currentPrice: number | null = null,
  slot: number | null = SLOT,
  pegType: string | null = "peggedUSD",
) => jupiterDecision({ ...good, ...more }, slot, currentPrice, { pegType }, null).action;

test("fills what has no price", () => {
  expect(jupiterDecision(good, SLOT, null, { pegType: "peggedUSD" }, null)).toEqual({ action: "fill", price: 1 });
});

test("the slot window is 2,250 behind to 250 ahead, both included", () => {
  expect([-2251, -2250, 250, 251].map((slots) => act({ blockId: SLOT + slots }))).toEqual([
    "none",
    "fill",
    "fill",
    "none",
  ]);
  expect(act({}, null, null)).toBe("none");
  expect(act({ blockId: null })).toBe("none");
});

test("liquidity must be stated and reach 50,000", () => {
  expect([50_000, 49_999, null, Number.NaN].map((liquidityUsd) => act({ liquidityUsd }))).toEqual([
    "fill",
    "none",
    "none",
    "none",
  ]);
});

test("a price that may not be published alone fills nothing", () => {
  expect([1.19, 0.95, 0.01, 0, Number.NaN, null].map((priceUsd) => act({ priceUsd }))).toEqual(Array(6).fill("none"));
  expect(act({ priceUsd: 0.9501 })).toBe("fill");
  expect(act({ priceUsd: 250 }, null, SLOT, null)).toBe("fill");
});

test("stands beside a price within 100 bps, never replaces it", () => {
  expect(act({ priceUsd: 1.009 }, 1)).toBe("append");
  expect(act({ priceUsd: 1.011 }, 1)).toBe("none");
  expect(act({ liquidityUsd: 1 }, 1)).toBe("none");
});
