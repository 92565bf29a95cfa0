import { describe, expect, test } from "vitest";
import { type PublicationQuestion, publicationDecision, publicationMode } from "./publication-policy.ts";
import type { PegContext } from "./validation.ts";

const USD: PegContext = { pegType: "peggedUSD", pegCurrency: "USD" };

function decide(price: number, source: string, more: Partial<PublicationQuestion> = {}, context = USD): string | null {
  const question: PublicationQuestion = {
    price,
    source,
    confidence: "single-source",
    agreeSources: source.split("+"),
    ...more,
  };
  return publicationDecision(question, context, null).reason;
}

const SEVERE = "severe_downside_requires_corroboration";
const JUMP = "temporal_jump_requires_corroboration";
const WEAK = "weak_fallback_depeg_requires_corroboration";

describe("mode", () => {
  test("fallback by confidence or by source; a composite only when all its parts are fallbacks", () => {
    expect(publicationMode("pyth", "fallback")).toBe("fallback_enrichment");
    expect(publicationMode("cached", "high")).toBe("fallback_enrichment");
    expect(publicationMode("jupiter", "single-source")).toBe("primary_authoritative");
    expect(publicationMode("coinmarketcap+pyth", "high")).toBe("primary_authoritative");
  });
});

describe("severe downside", () => {
  test("needs two lineages that are not all lists; variants of one producer are one lineage", () => {
    const high = (source: string) => decide(0.4, source, { confidence: "high" });
    expect(high("coingecko+pyth")).toBeNull();
    expect(high("coingecko+defillama-list")).toBe(SEVERE);
    expect(high("coingecko+cg-ticker")).toBe(SEVERE);
    expect(high("curve-onchain+curve-oracle")).toBe(SEVERE);
    expect(high("curve-dex+fluid-dex")).toBeNull();
    expect(decide(0.4, "coingecko+pyth", { confidence: "low" })).toBe(SEVERE);
  });

  test("or an exempt source, a severe price before, or severe candidates of the same run", () => {
    expect(decide(0.4, "protocol-redeem")).toBeNull();
    expect(decide(0.4, "pyth", { previousTrustedPrice: 0.45 })).toBeNull();
    expect(decide(0.4, "pyth", { previousTrustedPrice: 0.55 })).toBe(SEVERE);
    expect(decide(0.4, "pyth", { candidatePrices: { pyth: 0.4, coingecko: 0.49 } })).toBeNull();
    expect(decide(0.4, "pyth", { candidatePrices: { pyth: 0.4, coingecko: 0.5 } })).toBe(SEVERE);
  });

  test("is no question for NAV and variable pegs", () => {
    expect(decide(0.1, "coingecko", {}, { ...USD, navToken: true })).toBeNull();
    expect(decide(0.1, "coingecko", {}, { pegCurrency: "VAR" })).toBeNull();
  });

  test("a peg known by its currency alone is a fixed peg", () => {
    expect(decide(0.1, "coingecko", {}, { pegCurrency: "USD" })).toBe(SEVERE);
  });
});

describe("temporal jump", () => {
  test("of 2,000 bps or more needs an authoritative voice", () => {
    expect(decide(0.9, "coingecko", { previousTrustedPrice: 1.1 })).toBe(JUMP);
    expect(decide(0.91, "coingecko", { previousTrustedPrice: 1.1 })).toBeNull();
    expect(decide(0.75, "coingecko+kraken", { previousTrustedPrice: 1, confidence: "high" })).toBeNull();
    expect(decide(0.75, "kraken", { previousTrustedPrice: 1, confidence: "low" })).toBe(JUMP);
    expect(decide(0.75, "zephyr-scanner", { previousTrustedPrice: 1 })).toBe(JUMP);
    expect(decide(0.75, "pool-tvl-weighted", { previousTrustedPrice: 1, confidence: "low" })).toBeNull();
  });

  test("no trusted price before, no jump", () => {
    for (const previousTrustedPrice of [null, undefined, 0, Number.NaN])
      expect(decide(0.75, "coingecko", { previousTrustedPrice })).toBeNull();
  });
});

describe("weak fallback depeg", () => {
  test("search results may not depeg a coin by themselves, nor vouch for each other", () => {
    expect(decide(0.95, "jupiter")).toBe(WEAK);
    expect(decide(1.06, "jupiter+moralis-address", { confidence: "high" })).toBe(WEAK);
    expect(decide(0.9501, "jupiter")).toBeNull();
    expect(decide(0.93, "jupiter", { candidatePrices: { "moralis-address": 0.93 } })).toBe(WEAK);
    expect(decide(0.93, "jupiter", { candidatePrices: { nobody: 0.93 } })).toBe(WEAK);
    expect(decide(0.93, "jupiter", { candidatePrices: { coingecko: 0.94 } })).toBe(WEAK);
    expect(decide(0.93, "jupiter", { candidatePrices: { coingecko: 0.931 } })).toBeNull();
  });

  test("a contract quote of DefiLlama is no search result", () => {
    expect(decide(0.93, "defillama-contract")).toBeNull();
    expect(decide(0.93, "jupiter+coingecko")).toBeNull();
  });
});

test("validation comes first and gives its own code", () => {
  expect(decide(1.5, "pyth")).toBe("reference_upper_bound_exceeded");
  expect(decide(0.005, "coinmarketcap", { confidence: "fallback" })).toBe("reference_lower_bound_exceeded");
});
