import { describe, expect, it } from "vitest";
import type { ReserveReading } from "../schema/reserves.ts";
import { readLiveFee, readTelemetry, SNAPSHOT_FRESH_SEC, type TelemetrySource } from "./live-telemetry.ts";

const NOW = 1_795_000_000;

function source(
  metadata: object = {},
  reading: Partial<ReserveReading> = {},
  more: Partial<TelemetrySource> = {},
): TelemetrySource {
  return {
    evidenceClass: "independent",
    telemetry: { capacity: "direct", fee: "current-bps" },
    reading: {
      fetchedAt: NOW,
      syncStatus: "ok",
      source: "test",
      slices: [],
      warnings: [],
      metadata: { freshnessMode: "not-applicable", ...metadata } as ReserveReading["metadata"],
      ...reading,
    },
    ...more,
  };
}
const nested = (redemption: object, metadata: object = {}) => ({ redemption, ...metadata });
const degraded = { code: "aggregated-residual-issuance", message: "x", effect: "degraded" as const };
const usable = (coinId: string, given: TelemetrySource | null) => readTelemetry(coinId, given, NOW);

describe("a live capacity is believed only if every check passes, and the first that fails is the reason", () => {
  const good = nested({ capacityUsd: 5 });
  const cases: [string, TelemetrySource | null, RegExp][] = [
    ["no snapshot", null, /no reserve snapshot/],
    ["older than two days", source(good, { fetchedAt: NOW - SNAPSHOT_FRESH_SEC - 1 }), /older than 2 days/],
    ["degraded", source(good, { syncStatus: "degraded" }), /degraded/],
    [
      "with a warning of another coin's list",
      source(good, { syncStatus: "degraded", warnings: [degraded] }),
      /degraded/,
    ],
    ["with a warning although ok", source(good, { warnings: [{ ...degraded, code: "x" }] }), /warning/],
    ["with warnings counted and not listed", source(good, { warningCount: 2 } as never), /warning/],
    ["of a static source", source(good, {}, { evidenceClass: "static-validated" }), /independent/],
    ["of a weak probe without a kind", source(good, {}, { evidenceClass: "weak-live-probe" }), /independent/],
    ["for display only", source(nested({ capacityUsd: 5, capacityKind: "documented-eventual" })), /display only/],
    ["by rule of thumb", source(nested({ capacityUsd: 5, capacityKind: "heuristic" })), /display only/],
    ["of unverified freshness", source(nested({ capacityUsd: 5, freshnessKind: "unverified" })), /not verified/],
    ["without any time", source(nested({ capacityUsd: 5 }, { freshnessMode: "unverified" })), /no time/],
    [
      "verified, but with time nought",
      source(nested({ capacityUsd: 5 }, { freshnessMode: "verified", sourceTimestamp: 0 })),
      /no time/,
    ],
    [
      "from an adapter that declares none",
      source(good, {}, { telemetry: { capacity: "none", fee: "none" } }),
      /declares no capacity/,
    ],
    ["negative", source(nested({ capacityUsd: -5 })), /malformed/],
    ["a ratio above 1", source(nested({ capacityRatioOfSupply: 1.2 })), /malformed/],
    ["absent", source(nested({ feeBps: 5 })), /holds no capacity/],
  ];
  it.each(cases)("%s", (_name, given, reason) => {
    const telemetry = usable("usdx-test", given);
    expect(telemetry.usable).toBe(false);
    expect(telemetry.reason).toMatch(reason);
  });

  it("and passes at the edges", () => {
    for (const given of [
      source(good),
      source(good, { fetchedAt: NOW - SNAPSHOT_FRESH_SEC }),
      source(good, { warnings: [{ ...degraded, effect: "info" }] }),
      source(nested({ capacityUsd: 0 })),
      source(nested({ capacityUsd: 5, freshnessKind: "same-run-onchain" }), {}, { evidenceClass: "weak-live-probe" }),
      source(nested({ capacityUsd: 5, freshnessKind: "reviewed-static" }, { freshnessMode: "unverified" })),
    ])
      expect(usable("usdx-test", given)).toMatchObject({ usable: true, reason: null });
  });

  it("by reviewed exception for GHO's residual, three unverified sources and one old one, each with a note", () => {
    const gho = usable("gho-aave", source(good, { syncStatus: "degraded", warnings: [degraded] }));
    expect(gho).toMatchObject({ usable: true, notes: [expect.stringMatching(/lower bound/)] });
    const other = { ...degraded, code: "gsm-flags-unread" };
    expect(usable("gho-aave", source(good, { syncStatus: "degraded", warnings: [degraded, other] })).usable).toBe(
      false,
    );
    const unverified = source(nested({ capacityUsd: 5, freshnessKind: "unverified" }));
    for (const coin of ["frxusd-frax", "iusd-infinifi", "usdf-falcon"])
      expect(usable(coin, unverified)).toMatchObject({ usable: true, notes: [expect.stringMatching(/not verified/)] });
    expect(usable("wsrusd-reservoir", unverified).usable).toBe(false);
    expect(usable("zchf-frankencoin", source(nested({ capacityUsd: 5 }, { freshnessMode: "unverified" }))).usable).toBe(
      true,
    );
  });
});

describe("fields are read", () => {
  it("nested first, then legacy; the legacy ratio only where no nested dollars stand", () => {
    const legacy = { immediateRedeemableUsd: 7, immediateRedeemableRatio: 0.7 };
    expect(usable("x-y", source(legacy))).toMatchObject({ capacityUsd: 7, capacityRatio: 0.7 });
    expect(usable("x-y", source(nested({ capacityUsd: 5 }, legacy)))).toMatchObject({
      capacityUsd: 5,
      capacityRatio: null,
    });
    expect(usable("x-y", source(nested({ capacityRatioOfSupply: 0.5 }, legacy)))).toMatchObject({
      capacityUsd: 7,
      capacityRatio: 0.5,
    });
  });

  it("without negative options, double links and days that never were", () => {
    const telemetry = usable(
      "x-y",
      source(
        nested({
          capacityUsd: 5,
          queueDepthUsd: -1,
          minRedeemUsd: 3,
          sourceUrls: ["https://a.example", "https://a.example", "javascript:x"],
          routeStatusReviewedAt: "2026-02-30",
          holderEligibility: "anyone",
        }),
      ),
    );
    expect(telemetry).toMatchObject({
      queueDepthUsd: null,
      minRedeemUsd: 3,
      sourceUrls: ["https://a.example"],
      routeStatusReviewedAt: null,
      liveHolderEligibility: null,
    });
  });

  it("and a status counts with an unusable capacity, but not from an old snapshot", () => {
    const status = { routeStatus: "paused", routeStatusSource: "onchain" };
    expect(usable("x-y", source(nested(status), { syncStatus: "degraded" }))).toMatchObject({
      usable: false,
      ...status,
    });
    expect(usable("x-y", source(nested(status), { fetchedAt: NOW - SNAPSHOT_FRESH_SEC - 1 })).routeStatus).toBeNull();
  });
});

describe("a live fee", () => {
  const fee = nested({ feeBps: 5 });
  it("is used from a fresh and clean snapshot of an adapter that declares it", () => {
    expect(readLiveFee("x-y", source(fee), NOW)).toEqual({ feeBps: 5 });
    expect(readLiveFee("x-y", source({ redemptionFeeBps: 7 }), NOW)).toEqual({ feeBps: 7 });
    expect(readLiveFee("x-y", source(fee, { fetchedAt: NOW - SNAPSHOT_FRESH_SEC - 1 }), NOW)).toHaveProperty(
      "unusable",
    );
    expect(readLiveFee("x-y", source(fee, { syncStatus: "degraded" }), NOW)).toHaveProperty("unusable");
    expect(readLiveFee("x-y", source(fee, { warnings: [degraded] }), NOW)).toHaveProperty("unusable");
    expect(readLiveFee("x-y", source(fee, {}, { telemetry: { capacity: "direct", fee: "none" } }), NOW)).toHaveProperty(
      "unusable",
    );
    expect(readLiveFee("x-y", source(nested({ feeBps: -1 })), NOW)).toHaveProperty("unusable");
    expect(readLiveFee("x-y", null, NOW)).toEqual({ unusable: null });
  });
});
