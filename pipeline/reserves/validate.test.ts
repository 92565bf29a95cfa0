import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AdapterKind } from "../schema/reserve-adapter.ts";
import { ReserveAdapterSchema } from "../schema/reserve-adapter.ts";
import { DASHBOARD_POLICY, type Declaration, ONCHAIN_POLICY } from "./adapter.ts";
import { ADAPTERS } from "./adapters/index.ts";
import { restingReading } from "./rest.ts";
import { validateReading } from "./validate.ts";

const NOW = 1_795_000_000;
type Declared = Pick<Declaration, "telemetry" | "policy">;
const direct: Declared = { telemetry: { capacity: "direct", fee: "current-bps" }, policy: ONCHAIN_POLICY };
const proxy: Declared = { telemetry: { capacity: "proxy", fee: "none" }, policy: ONCHAIN_POLICY };
const none: Declared = { telemetry: { capacity: "none", fee: "none" }, policy: ONCHAIN_POLICY };
const dashboard: Declared = { ...direct, policy: DASHBOARD_POLICY };

function result(redemption: object = {}, metadata: object = {}, more: object = {}) {
  return {
    source: "test",
    slices: [],
    warnings: [],
    metadata: { freshnessMode: "not-applicable", redemption, ...metadata },
    ...more,
  };
}
const slice = (pct: number) => ({ name: "a", pct, risk: "low" });

describe("a reading is rejected before anything is stored", () => {
  const cases: [string, unknown, Declared, RegExp][] = [
    ["with a negative capacity", result({ capacityUsd: -1 }), direct, /capacityUsd/],
    ["with a capacity as text", result({ capacityUsd: "5" }), direct, /capacityUsd/],
    ["with a capacity that is no number", result({ capacityUsd: Number.NaN }), direct, /capacityUsd/],
    ["with a ratio above 1", result({ capacityRatioOfSupply: 1.01 }), direct, /capacityRatioOfSupply/],
    ["with a ratio below 0", result({ capacityRatioOfSupply: -0.01 }), direct, /capacityRatioOfSupply/],
    ["with a negative fee", result({ feeBps: -1 }), direct, /feeBps/],
    ["with a fee above everything", result({ feeBps: 10_001 }), direct, /feeBps/],
    ["with an unknown kind", result({ capacityKind: "live-ish" }), direct, /capacityKind/],
    ["with an unknown status", result({ routeStatus: "ajar" }), direct, /routeStatus/],
    [
      "with a status date that is no day",
      result({ routeStatusReviewedAt: "2026-02-30" }),
      direct,
      /routeStatusReviewedAt/,
    ],
    ["with a source that is no web page", result({ sourceUrls: ["ftp://x"] }), direct, /sourceUrls/],
    ["with a field nobody declared", result({ rumour: 1 }), direct, /redemption/],
    ["with a capacity nobody declared", result({ capacityUsd: 1 }), none, /declares no capacity/],
    ["with a legacy capacity nobody declared", result({}, { immediateRedeemableUsd: 1 }), none, /declares no capacity/],
    ["with a fee nobody declared", result({ feeBps: 1 }), proxy, /declares no fee/],
    ["with a legacy fee nobody declared", result({}, { redemptionFeeBps: 1 }), proxy, /declares no fee/],
    ["with a direct kind from a proxy", result({ capacityKind: "live-direct-bounded" }), proxy, /declares a proxy/],
    ["with a negative legacy capacity", result({}, { immediateRedeemableUsd: -1 }), direct, /immediateRedeemableUsd/],
    ["with a legacy ratio above 1", result({}, { immediateRedeemableRatio: 2 }), direct, /immediateRedeemableRatio/],
    ["with a legacy fee as text", result({}, { redemptionFeeBps: "5" }), direct, /redemptionFeeBps/],
    ["with a time ahead of the clock", result({}, { sourceTimestamp: NOW + 601 }), direct, /ahead of the clock/],
    ["with parts that do not sum", result({}, {}, { slices: [slice(97)] }), direct, /97\.0 %/],
    [
      "with a fatal warning",
      result({}, {}, { warnings: [{ code: "x", message: "broken", effect: "fatal" }] }),
      direct,
      /broken/,
    ],
    ["without a freshness mode", { ...result(), metadata: {} }, direct, /freshnessMode/],
    ["that is nothing", null, direct, /.+/],
  ];
  it.each(cases)("%s", (_name, given, declared, expected) => {
    const validated = validateReading(given, declared, NOW);
    expect("problem" in validated ? validated.problem : "stored").toMatch(expected);
  });
});

describe("a reading is stored and does not score", () => {
  const cases: [string, unknown, Declared, string][] = [
    ["a queue without depth, delay or limit", result({ capacityKind: "live-queue" }), direct, "queue-unknown"],
    [
      "a source that has stood still for three days",
      result({}, { freshnessMode: "verified", sourceTimestamp: NOW - 3 * 86_400 - 1 }),
      dashboard,
      "source-stale",
    ],
    ["too much that nobody reviewed", result({}, { unknownExposurePct: 5.1 }), direct, "unknown-exposure"],
    ["a freshness that is not expected of it", result({}, { freshnessMode: "unverified" }), direct, "freshness-mode"],
  ];
  it.each(cases)("%s", (_name, given, declared, code) => {
    const validated = validateReading(given, declared, NOW);
    if ("problem" in validated) throw new Error(validated.problem);
    expect(validated.reading.syncStatus).toBe("degraded");
    expect(validated.reading.warnings.map((warning) => warning.code)).toContain(code);
  });

  it("but is clean at the very edges", () => {
    const edges = result(
      { capacityUsd: 0, capacityRatioOfSupply: 1, feeBps: 0, capacityKind: "live-queue", queueDepthUsd: 0 },
      { sourceTimestamp: NOW + 600, unknownExposurePct: 5 },
      { slices: [slice(100)] },
    );
    const validated = validateReading(edges, direct, NOW);
    expect("reading" in validated && validated.reading.syncStatus).toBe("ok");
  });
});

describe("published readings", () => {
  it("never rest a nothing into something, nor move one that stays within a tenth of a per cent", () => {
    const reading = (capacityUsd: number) => {
      const validated = validateReading(result({ capacityUsd }), direct, NOW);
      if ("problem" in validated) throw new Error(validated.problem);
      return validated.reading;
    };
    const published = (now: number, before: number) =>
      restingReading(reading(now), restingReading(reading(before), null)).metadata.redemption?.capacityUsd as number;
    expect(published(0, 5_000_000)).toBe(0);
    expect(published(5_000_000, 0)).toBe(5_000_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 1e12 }),
        fc.double({ min: -0.05, max: 0.05, noNaN: true }),
        (before, move) => {
          const now = before * (1 + move);
          expect(Math.abs(published(now, before) - now)).toBeLessThanOrEqual(0.001_01 * before + 1);
        },
      ),
      { numRuns: 200 },
    );
  });
});

it("every kind of the registry's schema has its adapter, which declares what the method lets it declare", () => {
  const kinds = ReserveAdapterSchema.options.map((option) => option.shape.kind.value);
  expect(kinds.length).toBeGreaterThan(8);
  expect(Object.keys(ADAPTERS).sort()).toEqual([...kinds].sort());
  const declared = Object.fromEntries(
    (kinds as AdapterKind[]).map((kind) => {
      expect(ADAPTERS[kind].kind).toBe(kind);
      const { capacity, fee } = ADAPTERS[kind].telemetry;
      return [kind, `${capacity} ${fee}`];
    }),
  );
  // live-reserves.md, sections 3 and 4; two adapters go by other names there.
  expect(declared).toEqual({
    asymmetry: "direct none",
    "cap-vault": "direct current-bps",
    "erc4626-single-asset": "direct none",
    ethena: "proxy none",
    "frax-balance-sheet": "proxy none",
    "fx-pools": "proxy none",
    "gho-gsm": "direct current-bps",
    infinifi: "proxy none",
    jupusd: "direct none",
    "liquity-native-active-pool": "direct current-bps",
    "liquity-v1": "direct current-bps",
    "liquity-v2-branches": "direct current-bps",
    "m0-wrapper-underlying": "direct none",
    "origin-vault-balances": "direct none",
    "reservoir-psm": "proxy none",
    "resupply-pairs": "direct none",
    "sgho-wrapper": "direct none",
    "sky-makercore": "direct none",
    "stablecoin-bridges": "direct none",
    "superstate-liquidity": "direct none",
    yamato: "direct none",
  });
});
