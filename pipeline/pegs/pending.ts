/**
 * The two phases of a depeg that must be confirmed: why it waits, whether it still stands, and what the evidence makes of it.
 *
 * Depeg methodology, sections 4 to 6. Big coins, weak prices and extreme moves wait; only an authoritative recovery or
 * evidence against them takes them away before their time is up.
 */
import { depegThresholdBps } from "../peg-bounds.ts";
import type { PrimaryTrust } from "../primary-trust.ts";
import type { Direction, PendingDepeg } from "../schema/depegs.ts";
import { type DepegSignal, type DirectionalStatus, depegSignal, directionalStatus } from "./signal.ts";

/** In the order in which they are written. */
const FLAGS = ["extreme-move", "large-cap", "low-confidence"] as const;
export type PendingFlag = (typeof FLAGS)[number];

const LARGE_CAP_USD = 1_000_000_000;
const EXTREME_BPS = 5_000;
const MIN_AGE_SEC = 900;
export const EXPIRY_SEC = 2_700;

/** Flags as text; unknown ones are left out. */
export function buildPendingReason(flags: readonly string[]): string {
  return FLAGS.filter((flag) => flags.includes(flag)).join("+");
}

export function parsePendingReason(text: string | null | undefined): PendingFlag[] {
  const parts = (text ?? "").split("+").map((part) => part.trim());
  return FLAGS.filter((flag) => parts.includes(flag));
}

export type Route = { action: "open"; reason: null } | { action: "pending"; reason: string };

/** Whether a new depeg opens at once or must be confirmed. */
export function routeNewDepeg(supplyUsd: number, trust: PrimaryTrust, absBps: number): Route {
  const flags: PendingFlag[] = [];
  if (absBps >= EXTREME_BPS) flags.push("extreme-move");
  if (supplyUsd > LARGE_CAP_USD) flags.push("large-cap");
  if (trust !== "authoritative") flags.push("low-confidence");
  return flags.length > 0 ? { action: "pending", reason: buildPendingReason(flags) } : { action: "open", reason: null };
}

export function pendingAge(ageSec: number, expirySec = EXPIRY_SEC): "wait" | "evaluate" | "expire" {
  if (ageSec > expirySec) return "expire";
  return ageSec >= MIN_AGE_SEC ? "evaluate" : "wait";
}

/** Whether the primary price still shows the depeg, whatever its trust; unknown without a usable price. */
export function pendingPersistence(
  price: number | null | undefined,
  reference: number | null | undefined,
  pegType: string | null | undefined,
  direction: Direction,
): "persists" | "gone" | "unknown" {
  const status = directionalStatus(price, reference, depegThresholdBps(pegType), direction);
  if (status === "insufficient") return "unknown";
  return status === "confirm" ? "persists" : "gone";
}

export type EvidenceLane = "offchain" | "cex" | "dex" | "pool";
export type EvidenceStatus = Record<EvidenceLane, DirectionalStatus>;

/** An off-chain aggregator alone cannot lend confidence to a price that had none. */
export function pendingDecision(evidence: EvidenceStatus, reason: string): "promote" | "reject" | "keep" {
  const statuses = [evidence.offchain, evidence.cex, evidence.dex, evidence.pool];
  if (statuses.slice(1).includes("confirm")) return "promote";
  if (evidence.offchain === "confirm")
    return parsePendingReason(reason).includes("low-confidence") ? "keep" : "promote";
  return statuses.includes("recover") || statuses.includes("contradict") ? "reject" : "keep";
}

export interface Sighting {
  stablecoinId: string;
  symbol: string;
  pegType: string;
  pegReference: number;
  price: number;
  reason: string;
}

/** The row after one more sighting: the same direction goes on, the other one is a new incident. */
export function upsertPending(row: PendingDepeg | undefined, sighting: Sighting, nowSec: number): PendingDepeg | null {
  const { price, ...facts } = sighting;
  const signal = depegSignal(price, facts.pegReference);
  if (!signal) return null;
  const { bps, direction } = signal;
  const seen = { lastSeenAt: nowSec, lastSeenBps: bps, lastSeenPrice: price };
  if (row && row.direction === direction) return { ...row, ...seen, ...worse(row, signal, price) };
  return {
    ...facts,
    ...seen,
    direction,
    firstSeenAt: nowSec,
    firstSeenBps: bps,
    firstPrice: price,
    peakSeenBps: bps,
    peakPrice: price,
  };
}

function worse(row: PendingDepeg, signal: DepegSignal, price: number): Partial<PendingDepeg> {
  return signal.absBps > Math.abs(row.peakSeenBps) ? { peakSeenBps: signal.bps, peakPrice: price } : {};
}
