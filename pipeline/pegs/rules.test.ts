import { describe, expect, it } from "vitest";
import {
  freshMultiSourceAgreement,
  offchainConfirmer,
  type PrimaryPrice,
  primaryTrust,
  sourceFamily,
} from "../primary-trust.ts";
import { dexVerdict, type PoolPrice, poolVerdict, trustedDexRow } from "./dex-evidence.ts";
import { orphanCleanup, pricesAreThin } from "./orphan-cleanup.ts";
import { derivePegRates, pegReference, referenceMayDriveDepegs } from "./peg-rates.ts";

const NOW = 1_800_000_000;

describe("peg rates", () => {
  const asset = (id: string, pegType: string, price: number, usd = 5e6) => ({
    id,
    pegType,
    price,
    circulating: { [pegType]: usd },
  });
  const ofAssets = (assets: ReturnType<typeof asset>[], fx = {}) => derivePegRates(assets, () => null, fx);

  it("let three coins outvote the reference, not two, and not a small third", () => {
    const euros = [asset("a", "peggedEUR", 1.05), asset("b", "peggedEUR", 1.07)];
    const fx = { peggedEUR: 1.1 };
    expect(ofAssets(euros, fx)).toMatchObject({
      rates: { peggedEUR: 1.1 },
      sources: { peggedEUR: "fallback" },
      counts: { peggedEUR: 2 },
    });
    expect(ofAssets([...euros, asset("c", "peggedEUR", 9, 999_999)], fx).sources.peggedEUR).toBe("fallback");
    expect(ofAssets([...euros, asset("c", "peggedEUR", 1.09)], fx)).toMatchObject({
      rates: { peggedEUR: 1.07 },
      sources: { peggedEUR: "median" },
    });
  });

  it("take no dollar median outside 0.99 to 1.01", () => {
    for (const [price, rate] of [
      [0.99, 0.99],
      [1.01, 1.01],
      [0.989, 1],
      [1.011, 1],
    ] as const)
      expect(ofAssets([asset("a", "peggedUSD", price)]).rates.peggedUSD).toBe(rate);
    expect(ofAssets([])).toEqual({
      rates: { peggedUSD: 1 },
      sources: { peggedUSD: "median" },
      counts: { peggedUSD: 0 },
    });
  });

  it("count both names of the real as one group, and metals by the ounce", () => {
    const real = ofAssets(
      [asset("a", "peggedREAL", 0.18), asset("b", "peggedBRL", 0.2), asset("c", "peggedREAL", 0.19)],
      { peggedBRL: 0.3 },
    );
    expect(real.rates).toMatchObject({ peggedREAL: 0.19, peggedBRL: 0.19 });
    expect(real.counts.peggedBRL).toBe(3);
    const gold = derivePegRates([asset("g", "peggedGOLD", 130)], () => 0.0321507, {});
    expect(gold.rates.peggedGOLD).toBeCloseTo(130 / 0.0321507, 6);
    expect(pegReference("peggedGOLD", gold.rates, 0.0321507)).toBeCloseTo(130, 9);
    expect(pegReference("peggedBRL", { peggedREAL: 0.2 }, null)).toBe(0.2);
    expect(pegReference("peggedEUR", { peggedEUR: 0 }, null)).toBe(1);
  });

  it("of a thin fiat group decide nothing; of metals, floats and the dollar they do", () => {
    expect(referenceMayDriveDepegs("EUR", "peggedEUR", "median", 2)).toBe(false);
    expect(referenceMayDriveDepegs("EUR", "peggedEUR", undefined, 9)).toBe(false);
    expect(referenceMayDriveDepegs(null, "peggedREAL", "median", 2)).toBe(false);
    for (const currency of ["USD", "GOLD", "SILVER", "VAR"])
      expect(referenceMayDriveDepegs(currency, `pegged${currency}`, "median", 1)).toBe(true);
    expect(referenceMayDriveDepegs("COP", "peggedCOP", "fx", 0)).toBe(true);
  });
});

describe("trust of the primary price", () => {
  const priced = (sources: string, more: Partial<PrimaryPrice> = {}): PrimaryPrice => ({
    price: 0.98,
    priceSource: sources,
    priceConfidence: sources.includes("+") ? "high" : "single-source",
    agreeSources: sources.split("+"),
    priceObservedAt: NOW - 60,
    priceObservedAtMode: null,
    priceUpdatedAt: null,
    ...more,
  });
  const trust = (sources: string, more: Partial<PrimaryPrice> = {}) => primaryTrust(priced(sources, more), NOW);

  it("follows the examples of the page", () => {
    expect(trust("coingecko")).toBe("confirm_required");
    expect(trust("coingecko+defillama-list")).toBe("confirm_required");
    expect(trust("coingecko+kraken")).toBe("confirm_required");
    expect(trust("binance+kraken")).toBe("authoritative");
    expect(trust("coingecko+pyth")).toBe("authoritative");
    expect(trust("zephyr-scanner+coingecko")).toBe("confirm_required");
  });

  it("lets an oracle stand alone on its own clock only", () => {
    expect(trust("pyth", { priceObservedAtMode: "upstream" })).toBe("authoritative");
    expect(trust("pyth", { priceObservedAtMode: "local_fetch" })).toBe("confirm_required");
    expect(trust("pyth", { priceObservedAtMode: "unknown" })).toBe("confirm_required");
    expect(trust("kraken", { priceObservedAtMode: "upstream" })).toBe("confirm_required");
  });

  it("ends with age: 1,800 s are young enough, the future and no time at all are not", () => {
    expect(trust("binance+kraken", { priceObservedAt: NOW - 1_800 })).toBe("authoritative");
    for (const priceObservedAt of [NOW - 1_801, NOW + 1, Number.NaN])
      expect(trust("binance+kraken", { priceObservedAt })).toBe("confirm_required");
    expect(trust("binance+kraken", { priceObservedAt: null })).toBe("confirm_required");
  });

  it("is none for a price that is none", () => {
    for (const price of [null, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(trust("binance+kraken", { price })).toBe("unusable");
  });

  it("agreement needs two families, one of them no search", () => {
    const agree = (sources: string) => freshMultiSourceAgreement(priced(sources), NOW);
    expect(agree("coingecko+defillama-list")).toBe(true);
    expect(agree("coingecko+cg-ticker"), "one family").toBe(false);
    expect(agree("dexscreener-address+moralis-address"), "searches only").toBe(false);
    expect(agree("dexscreener-address+coingecko")).toBe(true);
  });

  it("families and confirmers follow the label", () => {
    expect(sourceFamily("cg-ticker+coingecko+pyth")).toBe("coingecko+oracle:pyth");
    expect(offchainConfirmer({ priceSource: "kraken", agreeSources: [] })).toBe("coingecko-confirm");
    expect(offchainConfirmer({ priceSource: "x", agreeSources: ["coingecko", "kraken"] })).toBe("defillama-confirm");
    expect(offchainConfirmer({ priceSource: "x", agreeSources: ["coingecko", "defillama-list"] })).toBeNull();
  });
});

describe("DEX rows and pools", () => {
  const question = { reference: 1, barBps: 50, direction: "below" as const };
  const voices = (...prices: [protocol: string, family: string | null, priceUsd: number][]) =>
    prices.map(([protocol, family, priceUsd]) => ({ protocol, family, priceUsd }));

  it("are too old at the limit and deep enough at it", () => {
    const row = (ageSec: number, totalTvlUsd: number) => ({ updatedAt: NOW - ageSec, totalTvlUsd });
    expect(trustedDexRow(row(2_099, 1e6), "depeg", NOW)).toBe(true);
    expect(trustedDexRow(row(2_100, 1e6), "depeg", NOW)).toBe(false);
    expect(trustedDexRow(row(2_100, 1e6), "depeg", NOW, 2_700), "a slower schedule").toBe(true);
    expect(trustedDexRow(row(0, 999_999), "depeg", NOW)).toBe(false);
    expect(trustedDexRow(row(-1, 9e9), "ui", NOW)).toBe(false);
  });

  it("one family is one voice, its most extreme for confirmation, its closest for recovery", () => {
    const row = (priceUsd: number, protocols: ReturnType<typeof voices>) => ({
      priceUsd,
      updatedAt: NOW,
      totalTvlUsd: 2e6,
      protocols,
    });
    expect(dexVerdict(row(0.98, voices(["a", "f", 0.98], ["b", "f", 0.97])), question).status).toBe("insufficient");
    expect(dexVerdict(row(0.98, voices(["a", "f", 0.999], ["b", "f", 0.98], ["c", null, 0.98])), question)).toEqual({
      status: "confirm",
      groups: ["f", "c"],
      priceUsd: 0.98,
    });
    expect(dexVerdict(row(0.999, voices(["a", "f", 0.98], ["b", "f", 0.999], ["c", null, 1])), question).status).toBe(
      "recover",
    );
    expect(dexVerdict(null, question).status).toBe("insufficient");
  });

  it("pools speak by group, and one very deep pool alone", () => {
    const pool = (protocol: string, priceUsd: number, tvlUsd: number): PoolPrice => ({
      protocol,
      sourceFamily: "direct",
      priceUsd,
      tvlUsd,
    });
    const says = (...pools: PoolPrice[]) => poolVerdict(pools, question).status;
    expect(says(pool("a", 0.98, 2e5), pool("b", 0.97, 2e5))).toBe("confirm");
    expect(says(pool("a", 0.98, 2e5), pool("a", 0.97, 2e5))).toBe("insufficient");
    expect(says(pool("a", 0.98, 5e6))).toBe("confirm");
    expect(says(pool("a", 1.02, 2e5), pool("b", 0.999, 2e5))).toBe("contradict");
    expect(says(pool("b", 0.999, 2e5))).toBe("recover");
    expect(says(pool("b", 0.9, 99_999))).toBe("insufficient");
  });
});

describe("price coverage", () => {
  it("is thin below nine tenths and when there is nothing to compare with", () => {
    expect(pricesAreThin({ pricedBefore: 200, pricedNow: 180 })).toBe(false);
    expect(pricesAreThin({ pricedBefore: 200, pricedNow: 179 })).toBe(true);
    expect(pricesAreThin({ pricedBefore: 0, pricedNow: 0 })).toBe(true);
  });

  it("of one peg keeps the events of that peg under both names of the real", () => {
    const events = [{ id: 1, stablecoinId: "x", pegType: "peggedREAL", createdThisRun: false }];
    const coverage = { laneOk: true, pricedBefore: 10, pricedNow: 10, degradedPegTypes: ["peggedBRL"] };
    expect(orphanCleanup(events, new Set(), () => undefined, coverage)).toEqual({ closed: [], skipped: [1] });
    expect(orphanCleanup(events, new Set(), () => undefined, { ...coverage, degradedPegTypes: [] }).closed).toEqual([
      { id: 1, endReason: "not-processed" },
    ]);
  });
});
