import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HOME } from "../test-support/small-world.ts";
import { auditCsv, redemptionAudit } from "./redemption-audit.ts";
import { loadRegistry } from "./registry.ts";

/** Routes with a document that supports each, as they were last raised. These may only rise. */
const SUPPORT_FLOOR = { route: 288, capacity: 0, fees: 0, access: 0, settlement: 0 };

describe("the audit of the registry's routes", () => {
  const audit = redemptionAudit(loadRegistry(join(HOME, "data")).coins);
  const row = (id: string) => audit.rows.find(({ coinId }) => coinId === id);

  it("has a row for every route, in CSV with its header", () => {
    expect(audit.rows.length).toBeGreaterThan(300);
    const lines = auditCsv(audit).split("\n");
    expect(lines).toHaveLength(audit.rows.length + 1);
    expect(lines[0]).toMatch(/^coinId,routeFamily,capacityModel,capacityBasis,resolvedCapacityBasis,/);
  });

  it("resolves the basis as a run would, by the adapter's declared tier, and names fallbacks and limits", () => {
    expect(row("dai-makerdao")).toMatchObject({
      capacityBasis: "",
      resolvedCapacityBasis: "live-direct-telemetry",
      capacityFallbackSource: "ratio",
    });
    expect(row("fxusd-f-x-protocol")).toMatchObject({
      resolvedCapacityBasis: "live-proxy-buffer",
      capacityFallbackSource: "none",
    });
    expect(row("gtusdc-gauntlet")).toMatchObject({
      capacityBasis: "strategy-buffer",
      resolvedCapacityBasis: "strategy-buffer",
      adapterCapacity: "none",
    });
    expect(row("lisusd-lista")).toMatchObject({ resolvedCapacityBasis: "psm-balance-share", dailyLimitUsd: 500_000 });
    expect(row("usdt-tether")).toMatchObject({
      resolvedCapacityBasis: "issuer-term-redemption",
      capacityConfidence: "documented-bound",
    });
  });

  it("counts what documents support: a ratchet that only rises", () => {
    for (const [support, floor] of Object.entries(SUPPORT_FLOOR))
      expect(audit.supportCounts[support as keyof typeof SUPPORT_FLOOR], support).toBeGreaterThanOrEqual(floor);
  });

  it("warns of bounds that no document is said to support, without failing", () => {
    expect(audit.warnings).toContain(
      "usd1-world-liberty-financial: a documented bound, and no document is said to support the route or its capacity",
    );
    expect(audit.warnings.length).toBeLessThan(audit.rows.length / 4);
  });
});
