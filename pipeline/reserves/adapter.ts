/**
 * What a reserve adapter is: how one kind of protocol says what it holds and how much of it can be redeemed now.
 *
 * `read` is a generator: it yields contract reads and is given their results, so that all adapters of a chain share one call at one
 * block. It throws AdapterFailed where what it must know is missing; a guess is never returned.
 */
import type { Abi, Address } from "viem";
import type { AdapterEntry, AdapterKind } from "../schema/reserve-adapter.ts";
import type {
  CapacityTelemetry,
  EvidenceClass,
  FeeTelemetry,
  FreshnessMode,
  RedemptionTelemetry,
  ReserveMetadata,
  ReserveSlice,
  ReserveWarning,
} from "../schema/reserves.ts";
import type { ContractRead } from "../sources/read-contracts.ts";
import type { Source } from "../sources/source.ts";

export interface Declaration {
  kind: AdapterKind;
  /** Raised when the same answers would give another result. */
  version: number;
  semantics: "collateral-mix" | "protocol-reserve" | "attestation-mix" | "single-asset";
  /** dynamic-mix: a measured mix; single-bucket: one slice. */
  sourceModel: "dynamic-mix" | "single-bucket";
  evidenceClass: EvidenceClass;
  telemetry: { capacity: CapacityTelemetry; fee: FeeTelemetry };
  policy: {
    freshnessModes: readonly FreshnessMode[];
    /** Older source times degrade; null where there is none. */
    maxSourceAgeSec: number | null;
    maxUnknownExposurePct: number;
  };
}

export interface ReserveResult {
  source: string;
  slices: ReserveSlice[];
  metadata: ReserveMetadata;
  warnings: ReserveWarning[];
}

/** What an adapter may know beside its own reads. */
export interface Given {
  nowSec: number;
  /** A feed's answer, or null where it could not be had. */
  feed<Out>(source: Source<object, Out>): Out | null;
  /** USD by DefiLlama's price key; null where unknown. */
  priceUsd(key: string): number | null;
  /** USD by coin id, as published in this run; null where unknown. */
  coinPriceUsd(coinId: string): number | null;
  /** Coin whose token this is on a chain, by address in lower case. */
  coinOfToken(chain: string, address: string): string | null;
}

export type Reading = Generator<ContractRead[], ReserveResult, unknown[]>;

export interface Adapter<Kind extends AdapterKind = AdapterKind> extends Declaration {
  kind: Kind;
  /** APIs that are asked beforehand, once a run whatever the number of coins; the last contract read never waits for them. */
  feeds?: readonly Source<object, unknown>[];
  /** Price keys it needs. */
  priceKeys?(entry: AdapterEntry<Kind>): string[];
  read(entry: AdapterEntry<Kind>, given: Given): Reading;
}

/** The adapter cannot give a result that may be stored. */
export class AdapterFailed extends Error {}

export const ONCHAIN_POLICY: Declaration["policy"] = {
  freshnessModes: ["not-applicable"],
  maxSourceAgeSec: null,
  maxUnknownExposurePct: 5,
};

const DAY_SEC = 86_400;
export const DASHBOARD_POLICY: Declaration["policy"] = {
  freshnessModes: ["verified", "unverified"],
  maxSourceAgeSec: 3 * DAY_SEC,
  maxUnknownExposurePct: 5,
};

export function call(address: string, abi: Abi, functionName: string, args?: readonly unknown[]): ContractRead {
  return { address: address as Address, abi, functionName, ...(args ? { args } : {}) };
}

/** A read that must have been answered. */
export function mustBig(value: unknown, what: string): bigint {
  if (typeof value !== "bigint") throw new AdapterFailed(`${what} could not be read`);
  return value;
}

/** Base units to units; exact integers until the last step. */
export function units(amount: bigint, decimals: number): number {
  const scale = 10n ** BigInt(decimals);
  return Number(amount / scale) + Number(amount % scale) / Number(scale);
}

export function decimalsOf(value: unknown, what: string): number {
  const decimals = typeof value === "bigint" ? Number(value) : value;
  if (typeof decimals !== "number" || !Number.isInteger(decimals) || decimals < 0 || decimals > 36)
    throw new AdapterFailed(`${what} could not be read`);
  return decimals;
}

export function mustUnits(value: unknown, decimals: number, what: string): number {
  return units(mustBig(value, what), decimals);
}

export const WAD = 18;

/** A rate of 1e18 as basis points, rounded half up. */
export function rateBps(rate: bigint): number {
  return Number((rate * 10_000n * 2n + 10n ** 18n) / (2n * 10n ** 18n));
}

export function warn(effect: ReserveWarning["effect"], code: string, message: string): ReserveWarning {
  return { code, message, effect };
}

/** What a contract's own switch says of a route. A switch that cannot be read leaves the route unknown, and is a warning. */
export function pauseCheck(
  paused: unknown,
  { what, who }: { what: string; who: string },
): {
  warnings: ReserveWarning[];
  status: Pick<RedemptionTelemetry, "routeStatus" | "routeStatusSource" | "routeStatusReason">;
} {
  const routeStatusSource = "onchain";
  if (typeof paused !== "boolean")
    return {
      warnings: [warn("degraded", "route-unchecked", `Whether ${what} is paused could not be read`)],
      status: { routeStatus: "unknown", routeStatusSource },
    };
  return {
    warnings: [],
    status: paused
      ? { routeStatus: "paused", routeStatusSource, routeStatusReason: `${who} is paused` }
      : { routeStatus: "open", routeStatusSource },
  };
}

/** Shares of a measured mix in per cent; nothing where a part is unknown or all are nothing. */
export function slicesOf(
  parts: readonly { name: string; value: number | null; risk: ReserveSlice["risk"]; coinId?: string | null }[],
): ReserveSlice[] {
  if (parts.some(({ value }) => value === null)) return [];
  const total = parts.reduce((sum, { value }) => sum + (value as number), 0);
  if (!(total > 0)) return [];
  return parts
    .filter(({ value }) => (value as number) > 0)
    .map(({ name, value, risk, coinId }) => ({
      name,
      pct: ((value as number) / total) * 100,
      risk,
      ...(coinId ? { coinId } : {}),
    }));
}
