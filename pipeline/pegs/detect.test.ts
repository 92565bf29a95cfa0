import { describe, expect, it } from "vitest";
import { detect, type Evidence, NO_EVIDENCE, type Reading } from "./detect.ts";
import type { DexRow, PoolPrice } from "./dex-evidence.ts";

function reading(more: Partial<Reading> = {}): Reading {
  return {
    price: 0.98,
    reference: 1,
    pegType: "peggedUSD",
    supplyUsd: 50e6,
    trust: "authoritative",
    agreement: false,
    evidence: NO_EVIDENCE,
    ...more,
  };
}

function dex(priceUsd: number, ...families: string[]): DexRow {
  return {
    priceUsd,
    updatedAt: 0,
    totalTvlUsd: 5e6,
    protocols: families.map((family) => ({ protocol: family, family, priceUsd })),
  };
}

function pool(priceUsd: number, tvlUsd: number, protocol = "curve"): PoolPrice {
  return { protocol, sourceFamily: "direct", priceUsd, tvlUsd };
}

const heard = (more: Partial<Evidence>): Evidence => ({ ...NO_EVIDENCE, ...more });
const soft = { trust: "confirm_required" } as const;

describe("a coin without an open event (C and E)", () => {
  it("opens at once on an authoritative price of a small coin", () =>
    expect(detect(reading(), null)).toEqual({ kind: "open", price: 0.98, reference: 1 }));

  it("stays quiet inside the threshold, and the threshold itself counts as outside", () => {
    expect(detect(reading({ price: 0.9901 }), null).kind).toBe("none");
    expect(detect(reading({ price: 0.99 }), null).kind).toBe("open");
    expect(detect(reading({ price: 1.0149, pegType: "peggedEUR" }), null).kind).toBe("none");
    expect(detect(reading({ price: 1.015, pegType: "peggedEUR" }), null).kind).toBe("open");
  });

  it("waits for confirmation when it is large, weakly priced, or moves extremely", () => {
    const reasonOf = (more: Partial<Reading>) => {
      const transition = detect(reading(more), null);
      return transition.kind === "pending" ? transition.reason : transition.kind;
    };
    expect(reasonOf({ supplyUsd: 1e9 + 1 })).toBe("large-cap");
    expect(reasonOf({ supplyUsd: 1e9 })).toBe("open");
    expect(reasonOf(soft)).toBe("low-confidence");
    expect(reasonOf({ price: 0.5 })).toBe("extreme-move");
    expect(reasonOf({ price: 0.5, supplyUsd: 2e9, ...soft })).toBe("extreme-move+large-cap+low-confidence");
  });

  it("does not open against a native quote that is inside or on the other side", () => {
    expect(detect(reading({ evidence: heard({ nativePrice: 0.999 }) }), null).kind).toBe("none");
    expect(detect(reading({ evidence: heard({ nativePrice: 1.02 }) }), null).kind).toBe("none");
    expect(detect(reading({ evidence: heard({ nativePrice: 0.97 }) }), null).kind).toBe("open");
  });

  it("does not open against two protocol groups inside, but one group is no objection", () => {
    expect(detect(reading({ evidence: heard({ dex: dex(0.999, "a", "b") }) }), null).kind).toBe("none");
    expect(detect(reading({ evidence: heard({ dex: dex(0.999, "a", "a") }) }), null).kind).toBe("open");
  });

  it("uses the native quote against par when only that one crosses", () => {
    const inside = reading({
      price: 1.08,
      reference: 1.08,
      pegType: "peggedEUR",
      evidence: heard({ nativePrice: 0.97 }),
    });
    expect(detect(inside, null)).toEqual({ kind: "open", price: 0.97, reference: 1 });
  });

  it("is left alone without a usable price or reference", () => {
    for (const more of [{ price: Number.NaN }, { price: 0 }, { reference: 0 }, { reference: Number.NaN }])
      expect(detect(reading(more), null).kind).toBe("none");
  });
});

describe("a coin with an open event", () => {
  it("worsens only on an authoritative price or two protocol groups (A)", () => {
    expect(detect(reading({ price: 0.9 }), "below")).toEqual({ kind: "worsen", price: 0.9 });
    expect(detect(reading({ price: 0.9, ...soft }), "below").kind).toBe("none");
    expect(detect(reading({ price: 0.9, ...soft, evidence: heard({ dex: dex(0.95, "a", "b") }) }), "below").kind).toBe(
      "worsen",
    );
  });

  it("turns over only on the same evidence (B)", () => {
    expect(detect(reading({ price: 1.02 }), "below")).toEqual({ kind: "flip", price: 1.02 });
    expect(detect(reading({ price: 1.02, ...soft }), "below").kind).toBe("none");
    expect(detect(reading({ price: 1.02, ...soft, evidence: heard({ dex: dex(1.03, "a", "b") }) }), "below").kind).toBe(
      "flip",
    );
    expect(detect(reading({ price: 1.02, supplyUsd: 9e9 }), "below").kind, "a large coin too").toBe("flip");
  });

  it("ends on an authoritative price or on agreement of fresh sources (D)", () => {
    expect(detect(reading({ price: 0.995 }), "below")).toEqual({ kind: "recover", price: 0.995 });
    expect(detect(reading({ price: 0.995, ...soft, agreement: true }), "below").kind).toBe("recover");
    expect(detect(reading({ price: 0.995, ...soft }), "below").kind).toBe("none");
  });

  it("ends at the DEX price when only that is trusted and no pool objects", () => {
    const back = { price: 0.995, ...soft };
    const row = dex(0.997, "a", "b");
    expect(detect(reading({ ...back, evidence: heard({ dex: row }) }), "below")).toEqual({
      kind: "recover",
      price: 0.997,
    });
    expect(detect(reading({ ...back, evidence: heard({ dex: row, pools: [pool(1.05, 2e5)] }) }), "below").kind).toBe(
      "none",
    );
  });

  it("stays open while the native quote, two protocol groups or deep pools still show it", () => {
    const inside = (evidence: Evidence) => detect(reading({ price: 0.999, evidence }), "below").kind;
    expect(inside(heard({ nativePrice: 0.97 }))).toBe("none");
    expect(inside(heard({ nativePrice: 1.03 }))).toBe("recover");
    expect(inside(heard({ dex: dex(0.97, "a", "b") }))).toBe("none");
    expect(inside(heard({ dex: dex(0.97, "a") }))).toBe("recover");
    expect(inside(heard({ pools: [pool(0.97, 5e6)] }))).toBe("none");
    expect(inside(heard({ pools: [pool(0.97, 2e5), pool(0.96, 2e5, "uniswap")] }))).toBe("none");
    expect(inside(heard({ pools: [pool(0.97, 4.9e6)] }))).toBe("recover");
    expect(inside(heard({ pools: [pool(0.97, 2e5), pool(0.96, 99_999, "uniswap")] })), "too small to count").toBe(
      "recover",
    );
  });
});
