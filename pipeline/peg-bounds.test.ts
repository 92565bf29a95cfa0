import { expect, test } from "vitest";
import {
  CURRENCY_BOUNDS,
  currencyCode,
  depegThresholdBps,
  fxRateBounds,
  normalizePegTypeFromCurrency,
  staticPriceBounds,
} from "./peg-bounds.ts";

test("the real has three names and one set of bounds", () => {
  for (const name of ["BRL", "REAL", "peggedREAL", "peggedBRL", "brl", " Real "]) {
    expect(currencyCode(name)).toBe("BRL");
    expect(staticPriceBounds(name)).toEqual([0.01, 2]);
    expect(fxRateBounds(name)).toEqual([0.05, 0.6]);
    expect(normalizePegTypeFromCurrency(name)).toBe("peggedREAL");
  }
});

test("variable pegs and nothing at all have no peg type", () => {
  for (const name of ["VAR", "OTHER", "var", "peggedVAR", "", " ", null, undefined])
    expect(normalizePegTypeFromCurrency(name)).toBeNull();
  expect(normalizePegTypeFromCurrency("eur")).toBe("peggedEUR");
});

test("an unknown currency has no bounds, and the dollar no rate", () => {
  expect(staticPriceBounds("XYZ")).toBeNull();
  expect(staticPriceBounds("constructor")).toBeNull();
  expect(fxRateBounds("USD")).toBeNull();
});

test("all bounds are intervals above zero, and the offshore yuan is bounded like the yuan", () => {
  const all = Object.entries(CURRENCY_BOUNDS);
  expect(all.length).toBe(27);
  for (const [currency, { price, rate }] of all) {
    expect(price[0], currency).toBeGreaterThan(0);
    expect(price[1], currency).toBeGreaterThan(price[0]);
    if (rate) expect(rate[1], currency).toBeGreaterThan(rate[0]);
    expect(rate === null).toBe(currency === "USD");
  }
  expect(CURRENCY_BOUNDS.CNH).toEqual(CURRENCY_BOUNDS.CNY);
});

test("dollar coins count as depegged at 1 %, others at 1.5 %", () => {
  expect(["peggedUSD", "peggedEUR", "peggedGOLD", null].map(depegThresholdBps)).toEqual([100, 150, 150, 150]);
});
