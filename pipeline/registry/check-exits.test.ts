import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROUTE_DEFAULTS, routeOf } from "../redemption-defaults.ts";
import { RedemptionRouteSchema, RouteBaseSchema } from "../schema/redemption-route.ts";
import { checkRegistry } from "./check.ts";
import { exampleCoin } from "./examples.ts";
import { type TinyRegistry, tinyRegistry, usdc } from "./tiny-registry.ts";

let tiny: TinyRegistry;
beforeEach(() => {
  tiny = tinyRegistry();
});
afterEach(() => tiny.remove());

const TODAY = "2026-11-25";
const route = exampleCoin.redemptionRoute!;
const adapter = exampleCoin.reserveAdapter!;
const doc = route.docs![0]!;

describe("plumbline check refuses a route", () => {
  const broken: [name: string, coin: object, field: string][] = [
    ["of an unknown kind", { redemptionRoute: { ...route, base: "bank-run" } }, "redemptionRoute.base"],
    [
      "with an unknown access",
      { redemptionRoute: { ...route, accessModel: "by-mail" } },
      "redemptionRoute.accessModel",
    ],
    [
      "with a capacity of nothing",
      { redemptionRoute: { ...route, capacityModel: { kind: "supply-ratio", ratio: 0 } } },
      "redemptionRoute.capacityModel.ratio",
    ],
    [
      "that claims a live confidence by hand",
      { redemptionRoute: { ...route, capacityModel: { kind: "supply-full", confidence: "live-direct" } } },
      "redemptionRoute.capacityModel.confidence",
    ],
    [
      "that is written down as paused",
      { redemptionRoute: { ...route, routeStatus: "paused" } },
      "redemptionRoute.routeStatus",
    ],
    ["with a cap above 100", { redemptionRoute: { ...route, totalScoreCap: 101 } }, "redemptionRoute.totalScoreCap"],
    ["reviewed tomorrow", { redemptionRoute: { ...route, reviewedAt: "2026-11-26" } }, "redemptionRoute.reviewedAt"],
    ["reviewed on no day", { redemptionRoute: { ...route, reviewedAt: "2026-02-30" } }, "redemptionRoute.reviewedAt"],
    [
      "whose doc supports something twice",
      { redemptionRoute: { ...route, docs: [{ ...doc, supports: ["fees", "route", "fees"] }] } },
      "redemptionRoute.docs[0].supports",
    ],
    [
      "whose doc is no web page",
      { redemptionRoute: { ...route, docs: [{ ...doc, url: "ftp://example.org" }] } },
      "redemptionRoute.docs[0].url",
    ],
    ["with a field that nobody knows", { redemptionRoute: { ...route, speed: "fast" } }, "redemptionRoute.speed"],
    [
      "with an adapter that is not built",
      { reserveAdapter: { ...adapter, kind: "crystal-ball" } },
      "reserveAdapter.kind",
    ],
    ["with an adapter on no chain", { reserveAdapter: { ...adapter, chain: "eip155:5" } }, "reserveAdapter.chain"],
    [
      "with an adapter whose asset is no coin",
      { reserveAdapter: { ...adapter, assetCoinId: "usdz-nobody" } },
      "reserveAdapter.assetCoinId",
    ],
  ];

  it.each(broken)("%s, and names the field", (_name, change, field) => {
    tiny.put("coins/usdc-circle.json", { ...usdc, ...change });
    const { problems } = checkRegistry(tiny.dataDir, TODAY);
    expect(problems.map((problem) => problem.field)).toContain(field);
    expect(problems.every((problem) => problem.file === "registry/coins/usdc-circle.json")).toBe(true);
  });

  it("of a coin that has no file of its own: it can only stand in one", () => {
    tiny.put("coins/gone-coin.json", { redemptionRoute: route });
    expect(checkRegistry(tiny.dataDir, TODAY).problems.length).toBeGreaterThan(0);
  });
});

describe("the defaults of a kind", () => {
  it("are a whole route each, and no coin's route shares anything with them", () => {
    const bases = RouteBaseSchema.options;
    expect(bases.length).toBe(7);
    for (const base of bases) {
      const one = routeOf({ base, source: "test" });
      RedemptionRouteSchema.parse(one);
      one.capacityModel.confidence = "heuristic";
      expect(ROUTE_DEFAULTS[base].capacityModel.confidence).toBeUndefined();
      expect(routeOf({ base, source: "test" }).capacityModel.confidence).toBeUndefined();
    }
  });

  it("give way to what the entry says", () => {
    const one = routeOf({
      base: "issuer",
      source: "test",
      accessModel: "manual",
      capacityModel: { kind: "supply-full", confidence: "documented-bound" },
    });
    expect(one).toMatchObject({ accessModel: "manual", routeFamily: "offchain-issuer" });
    expect(one.capacityModel).toEqual({ kind: "supply-full", confidence: "documented-bound" });
    expect(one).not.toHaveProperty("source");
  });
});
