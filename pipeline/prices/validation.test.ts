import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  classifyPegClass,
  isSevereFixedPegDownside,
  type PegContext,
  pegReferenceUsd,
  type ValidationMode,
  validatePriceCandidate,
} from "./validation.ts";

const USD: PegContext = { pegType: "peggedUSD", pegCurrency: "USD" };
const EUR: PegContext = { pegType: "peggedEUR", pegCurrency: "EUR" };
const GOLD: PegContext = { pegType: "peggedGOLD", pegCurrency: "GOLD" };
const RATES = { type: "fresh" as const, rates: { peggedEUR: 1.1, peggedGOLD: 4000, peggedREAL: 0.2 } };
const AUTHORITATIVE: ValidationMode[] = ["primary_authoritative", "historical_backfill"];
const WARY: ValidationMode[] = ["fallback_enrichment", "dex_observation"];

const code = (price: number, context: PegContext, mode: ValidationMode, references: typeof RATES | null = RATES) =>
  validatePriceCandidate(price, context, mode, references).reasonCode;

describe("peg class", () => {
  test("NAV wins over all, variable over known, and nothing without a peg type", () => {
    expect(classifyPegClass("VAR", "peggedUSD", true)).toBe("nav");
    expect(classifyPegClass("VAR", null)).toBe("variable");
    expect(classifyPegClass(null, "peggedOTHER")).toBe("variable");
    expect(classifyPegClass("USD", null)).toBe("unknown");
    expect(classifyPegClass(null, null)).toBe("unknown");
    expect(classifyPegClass("BRL", "peggedREAL")).toBe("fiat_fx");
    expect(classifyPegClass("SILVER", "peggedSILVER")).toBe("commodity");
    expect(classifyPegClass("XYZ", "peggedXYZ")).toBe("unknown");
  });
});

describe("reference", () => {
  test("a dollar is a dollar, metals count their ounces, the real has an alias", () => {
    expect(pegReferenceUsd(USD, null)).toBe(1);
    expect(pegReferenceUsd(EUR, RATES)).toBe(1.1);
    expect(pegReferenceUsd({ ...GOLD, commodityOunces: 0.5 }, RATES)).toBe(2000);
    expect(pegReferenceUsd({ ...EUR, commodityOunces: 0.5 }, RATES)).toBe(1.1);
    for (const ounces of [null, 0, -1, Number.NaN])
      expect(pegReferenceUsd({ ...GOLD, commodityOunces: ounces }, RATES)).toBe(4000);
    expect(pegReferenceUsd({ pegType: "peggedBRL" }, RATES)).toBe(0.2);
    expect(pegReferenceUsd({ pegCurrency: "EUR" }, RATES)).toBe(1.1);
  });

  test("there is none without a usable rate, or where the references say none", () => {
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, null])
      expect(pegReferenceUsd(EUR, { rates: { peggedEUR: rate } })).toBeNull();
    expect(pegReferenceUsd(EUR, { ...RATES, type: "none" })).toBeNull();
  });
});

describe("validation", () => {
  test("nothing that is not a positive finite number below 100,000 passes, whatever the peg", () => {
    for (const context of [USD, EUR, GOLD, { navToken: true }, { pegCurrency: "VAR" }, {}])
      for (const mode of [...AUTHORITATIVE, ...WARY]) {
        for (const price of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
          expect(code(price, context, mode)).toBe("non_finite_or_non_positive");
        expect(code(100_000, context, mode)).toBe("hard_cap_exceeded");
      }
  });

  test("the upper bound is exclusive: 1.19 of a currency, twice a metal", () => {
    for (const mode of [...AUTHORITATIVE, ...WARY]) {
      expect(code(1.19, USD, mode)).toBe("reference_upper_bound_exceeded");
      expect(code(1.1899, USD, mode)).toBe("within_reference_band");
      expect(code(1.19 * 1.1, EUR, mode)).toBe("reference_upper_bound_exceeded");
      expect(code(8000, GOLD, mode)).toBe("reference_upper_bound_exceeded");
      expect(code(7999, GOLD, mode)).toBe("within_reference_band");
    }
  });

  test("only an authoritative context believes a collapse below a hundredth", () => {
    for (const mode of WARY) expect(code(0.01, USD, mode)).toBe("reference_lower_bound_exceeded");
    for (const mode of WARY) expect(code(0.0101, USD, mode)).toBe("within_reference_band");
    for (const mode of AUTHORITATIVE) expect(code(0.0099, USD, mode)).toBe("authoritative_downside_allowed");
    for (const mode of AUTHORITATIVE) expect(code(0.01, USD, mode)).toBe("within_reference_band");
  });

  test("without a reference the table decides, metals by the ounce", () => {
    expect(code(2, EUR, "fallback_enrichment", null)).toBe("hardcoded_upper_bound_exceeded");
    expect(code(0.01, EUR, "fallback_enrichment", null)).toBe("hardcoded_lower_bound_exceeded");
    expect(code(0.01, EUR, "primary_authoritative", null)).toBe("authoritative_hardcoded_downside_allowed");
    expect(code(0.011, EUR, "primary_authoritative", null)).toBe("within_hardcoded_band");
    expect(code(50, { ...GOLD, commodityOunces: 0.1 }, "dex_observation", null)).toBe("within_hardcoded_band");
    expect(code(50, GOLD, "dex_observation", null)).toBe("hardcoded_lower_bound_exceeded");
  });

  test("NAV, variable and unknown pegs accept any plausible price", () => {
    expect(code(0.0001, { ...USD, navToken: true }, "fallback_enrichment")).toBe("nav_positive_price");
    expect(code(0.0001, { pegCurrency: "VAR" }, "fallback_enrichment")).toBe("non_fixed_positive_price");
    expect(code(99_999, { pegType: "peggedXYZ" }, "fallback_enrichment")).toBe("non_fixed_positive_price");
  });

  test("a wary context never accepts what an authoritative one refuses", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 10_000, noNaN: true }),
        fc.constantFrom(USD, EUR, GOLD),
        fc.boolean(),
        (price, context, withRates) => {
          const references = withRates ? RATES : null;
          const wary = validatePriceCandidate(price, context, "fallback_enrichment", references).accepted;
          const authoritative = validatePriceCandidate(price, context, "primary_authoritative", references).accepted;
          expect(!wary || authoritative).toBe(true);
        },
      ),
    );
  });
});

test("severe is below half the reference of a fixed peg, and only there", () => {
  expect(isSevereFixedPegDownside(0.4999, USD, null)).toBe(true);
  expect(isSevereFixedPegDownside(0.5, USD, null)).toBe(false);
  expect(isSevereFixedPegDownside(0, USD, null)).toBe(false);
  expect(isSevereFixedPegDownside(0.5, EUR, RATES)).toBe(true);
  expect(isSevereFixedPegDownside(0.5, EUR, null)).toBe(false);
  expect(isSevereFixedPegDownside(0.1, { ...USD, navToken: true }, null)).toBe(false);
});
