import { describe, expect, it } from "vitest";
import type { PendingDepeg } from "../schema/depegs.ts";
import { judgePending, type PendingEvidence, type PendingFacts, screenPending } from "./confirm-pending.ts";
import { upsertPending } from "./pending.ts";

const NOW = 1_800_000_000;
const SIGHTING = {
  stablecoinId: "usdx-test",
  symbol: "USDX",
  pegType: "peggedUSD",
  pegReference: 1,
  price: 0.98,
  reason: "large-cap",
};

function row(ageSec: number, more: Partial<PendingDepeg> = {}): PendingDepeg {
  return { ...(upsertPending(undefined, SIGHTING, NOW - ageSec) as PendingDepeg), ...more };
}

function facts(more: Partial<PendingFacts> = {}): PendingFacts {
  return {
    hasOpenEvent: false,
    price: 0.98,
    trust: "authoritative",
    reference: 1,
    nativePrice: null,
    nowSec: NOW,
    expirySec: 2_700,
    ...more,
  };
}

const SILENCE: PendingEvidence = { native: null, offchain: null, cex: null, dex: null, pools: [] };
const binance = (price: number) => ({ name: "cex:binance", price });

describe("a pending row", () => {
  it("is seen again: the same direction goes on, the other one starts anew", () => {
    const first = row(1_800);
    const deeper = upsertPending(first, { ...SIGHTING, price: 0.97 }, NOW) as PendingDepeg;
    expect(deeper).toMatchObject({ firstSeenAt: NOW - 1_800, firstPrice: 0.98, lastSeenBps: -300, peakSeenBps: -300 });
    const milder = upsertPending(deeper, { ...SIGHTING, price: 0.985 }, NOW) as PendingDepeg;
    expect(milder).toMatchObject({ lastSeenBps: -150, peakSeenBps: -300, peakPrice: 0.97 });
    expect(upsertPending(first, { ...SIGHTING, price: 1.02 }, NOW)).toMatchObject({
      direction: "above",
      firstSeenAt: NOW,
      peakSeenBps: 200,
    });
    expect(upsertPending(first, { ...SIGHTING, price: Number.NaN }, NOW)).toBeNull();
  });

  it("is not decided in its own run, nor before 900 s, and expires after 2,700 s", () => {
    expect(screenPending(row(0), facts())).toBe("keep");
    expect(screenPending(row(899), facts())).toBe("keep");
    expect(screenPending(row(900), facts())).toBe("evaluate");
    expect(screenPending(row(2_700), facts())).toBe("evaluate");
    expect(screenPending(row(2_701), facts())).toBe("drop");
    expect(screenPending(row(2_701), facts({ expirySec: 5_400 })), "a slower schedule").toBe("evaluate");
  });

  it("goes on an event, an authoritative recovery, or a native quote inside", () => {
    expect(screenPending(row(1_800), facts({ hasOpenEvent: true }))).toBe("drop");
    expect(screenPending(row(1_800), facts({ price: 0.999 }))).toBe("drop");
    expect(screenPending(row(1_800), facts({ nativePrice: 0.999 }))).toBe("drop");
    expect(screenPending(row(1_800), facts({ reference: 0 }))).toBe("drop");
  });

  it("stays on a recovery nobody vouches for, and is not judged while the price does not show it", () => {
    expect(screenPending(row(1_800), facts({ price: 0.999, trust: "confirm_required" }))).toBe("keep");
    expect(screenPending(row(1_800), facts({ price: 0.999, nativePrice: 0.98 })), "native still shows it").toBe(
      "evaluate",
    );
    expect(screenPending(row(1_800), facts({ price: 1.02, trust: "confirm_required" }))).toBe("keep");
    expect(screenPending(row(1_800), facts({ price: null, trust: "unusable" }))).toBe("evaluate");
  });

  it("becomes an event on an exchange at half the threshold, with the worst of the depths seen", () => {
    expect(judgePending(row(1_800), facts({ price: 0.975 }), { ...SILENCE, cex: binance(0.995) })).toEqual({
      decision: "promote",
      peakDeviationBps: -250,
      peakPrice: 0.975,
      confirmationSources: "cex:binance",
    });
    expect(
      judgePending(row(1_800), facts({ price: 0.96, trust: "confirm_required" }), { ...SILENCE, cex: binance(0.97) }),
      "an untrusted primary does not deepen it",
    ).toMatchObject({ peakDeviationBps: -300, peakPrice: 0.97 });
  });

  it("needs the whole threshold when this run has no primary price", () => {
    const silent = facts({ price: null, trust: "unusable" });
    expect(judgePending(row(1_800), silent, { ...SILENCE, cex: binance(0.991) }).decision).toBe("reject");
    expect(judgePending(row(1_800), silent, { ...SILENCE, cex: binance(0.99) }).decision).toBe("promote");
  });

  it("is kept in silence and rejected when the only voice says otherwise", () => {
    expect(judgePending(row(1_800), facts(), SILENCE).decision).toBe("keep");
    expect(judgePending(row(1_800), facts(), { ...SILENCE, cex: binance(0.999) }).decision).toBe("reject");
    expect(judgePending(row(1_800), facts(), { ...SILENCE, cex: binance(1.02) }).decision).toBe("reject");
  });

  it("of low confidence is not lifted by an aggregator alone; of a large coin it is", () => {
    const offchain = { name: "coingecko-confirm", price: 0.98 };
    const weak = row(1_800, { reason: "large-cap+low-confidence" });
    expect(judgePending(weak, facts(), { ...SILENCE, offchain }).decision).toBe("keep");
    expect(judgePending(row(1_800), facts(), { ...SILENCE, offchain })).toMatchObject({
      decision: "promote",
      confirmationSources: "coingecko-confirm",
    });
  });

  it("names every group that confirmed", () => {
    const protocols = ["curve", "uniswap"].map((protocol) => ({ protocol, family: null, priceUsd: 0.97 }));
    const dex = { priceUsd: 0.97, updatedAt: NOW, totalTvlUsd: 2e6, protocols };
    const pools = [{ protocol: "curve", sourceFamily: "direct", priceUsd: 0.96, tvlUsd: 6e6 }];
    expect(judgePending(row(1_800), facts(), { ...SILENCE, dex, pools, cex: binance(0.98) })).toEqual({
      decision: "promote",
      peakDeviationBps: -400,
      peakPrice: 0.96,
      confirmationSources: "dex:curve+dex:uniswap+cex:binance+pool:curve:direct",
    });
  });
});
