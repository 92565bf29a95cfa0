/**
 * `plumbline check --report redemption`: one row a configured route, with what it says itself and what follows from it at run time.
 *
 * For review queues: which routes stand on a family's default, which on an explicit fallback or daily limit, and for which a
 * documented bound is claimed that no linked document is said to support.
 */

import { capacityBasis, capacityConfidence } from "../redemption/providers.ts";
import { routeOf } from "../redemption-defaults.ts";
import { adapterOf } from "../reserves/adapters/index.ts";
import type { Coin } from "../schema/coin.ts";
import type { CapacityConfidence } from "../schema/redemption.ts";
import { type DocSupport, DocSupportSchema, type RedemptionRoute } from "../schema/redemption-route.ts";
import type { CapacityTelemetry } from "../schema/reserves.ts";

export interface AuditRow {
  coinId: string;
  routeFamily: string;
  capacityModel: string;
  /** As configured; blank where the family's default stands. */
  capacityBasis: string;
  /** As at run time, with the adapter's declared tier. */
  resolvedCapacityBasis: string;
  capacityConfidence: string;
  capacityFallbackSource: "ratio" | "usd-buffer" | "none";
  dailyLimitUsd: number | null;
  adapter: string;
  adapterCapacity: CapacityTelemetry;
  supports: string;
  reviewedAt: string;
  source: string;
}

export interface RedemptionAudit {
  rows: AuditRow[];
  /** How many routes have a document that supports each. May only rise. */
  supportCounts: Record<DocSupport, number>;
  warnings: string[];
}

const LIVE: Partial<Record<CapacityTelemetry, CapacityConfidence>> = { direct: "live-direct", proxy: "live-proxy" };

function fallbackOf(model: RedemptionRoute["capacityModel"]): AuditRow["capacityFallbackSource"] {
  if (model.kind !== "reserve-sync-metadata") return "none";
  if (model.fallbackRatio !== undefined) return "ratio";
  return model.fallbackUsd !== undefined ? "usd-buffer" : "none";
}

function supportsOf(route: RedemptionRoute): Set<DocSupport> {
  return new Set((route.docs ?? []).flatMap(({ supports }) => supports));
}

function rowOf(coin: Coin, route: RedemptionRoute, source: string): AuditRow {
  const { capacityModel: model } = route;
  const tier = coin.reserveAdapter === null ? "none" : adapterOf(coin.reserveAdapter.kind).telemetry.capacity;
  const isLive = model.kind === "reserve-sync-metadata";
  const confidence = (isLive ? LIVE[tier] : undefined) ?? capacityConfidence(model);
  return {
    coinId: coin.id,
    routeFamily: route.routeFamily,
    capacityModel: model.kind,
    capacityBasis: model.basis ?? "",
    resolvedCapacityBasis: capacityBasis(route.routeFamily, model, confidence),
    capacityConfidence: confidence,
    capacityFallbackSource: fallbackOf(model),
    dailyLimitUsd: "dailyLimitUsd" in model ? (model.dailyLimitUsd ?? null) : null,
    adapter: coin.reserveAdapter?.kind ?? "",
    adapterCapacity: tier,
    supports: [...supportsOf(route)].sort().join(" "),
    reviewedAt: route.reviewedAt ?? "",
    source,
  };
}

export function redemptionAudit(coins: readonly Coin[]): RedemptionAudit {
  const rows: AuditRow[] = [];
  const warnings: string[] = [];
  const supportCounts = Object.fromEntries(DocSupportSchema.options.map((support) => [support, 0])) as Record<
    DocSupport,
    number
  >;
  for (const coin of coins) {
    if (coin.redemptionRoute === null) continue;
    const route = routeOf(coin.redemptionRoute);
    const supports = supportsOf(route);
    for (const support of supports) supportCounts[support] += 1;
    rows.push(rowOf(coin, route, coin.redemptionRoute.source));
    if (route.capacityModel.confidence === "documented-bound" && !supports.has("route") && !supports.has("capacity"))
      warnings.push(`${coin.id}: a documented bound, and no document is said to support the route or its capacity`);
  }
  return { rows, supportCounts, warnings };
}

const quoted = (value: unknown) =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? "");

/** The rows as CSV, header first. */
export function auditCsv({ rows }: RedemptionAudit): string {
  const columns = Object.keys(rows[0] ?? {}) as (keyof AuditRow)[];
  return [columns.join(","), ...rows.map((row) => columns.map((name) => quoted(row[name])).join(","))].join("\n");
}
