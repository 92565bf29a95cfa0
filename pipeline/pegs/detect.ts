/**
 * What one reading of a coin does to its depeg: the table of the depeg methodology, section 5, as a pure function.
 *
 * A reading opens, worsens, turns or ends an event only on trusted evidence; where evidence disagrees things stay as they are.
 * There is no hysteresis: the first trusted reading inside the threshold ends the event.
 */
import { depegThresholdBps } from "../peg-bounds.ts";
import type { PrimaryTrust } from "../primary-trust.ts";
import type { Direction } from "../schema/depegs.ts";
import { type DexRow, dexVerdict, type PoolPrice, poolVerdict } from "./dex-evidence.ts";
import { routeNewDepeg } from "./pending.ts";
import { type DepegSignal, depegSignal } from "./signal.ts";

/** What others than the primary price say of the coin in this run. */
export interface Evidence {
  /** A fresh direct quote in the peg's own currency, judged against 1; null without one. */
  nativePrice: number | null;
  /** Trusted for depegs, or null. */
  dex: DexRow | null;
  pools: readonly PoolPrice[];
}

export const NO_EVIDENCE: Evidence = { nativePrice: null, dex: null, pools: [] };

export interface Reading {
  price: number;
  /** USD per token at par. */
  reference: number;
  pegType: string;
  supplyUsd: number;
  trust: PrimaryTrust;
  /** Independent fresh sources agree on the price. */
  agreement: boolean;
  evidence: Evidence;
}

export type Transition =
  | { kind: "none" }
  | { kind: "open"; price: number; reference: number }
  | { kind: "pending"; price: number; reference: number; reason: string }
  | { kind: "worsen"; price: number }
  | { kind: "flip"; price: number }
  | { kind: "recover"; price: number };

const NONE: Transition = { kind: "none" };

/** `open` is the direction of the coin's open event, null without one. */
export function detect(reading: Reading, open: Direction | null): Transition {
  const signal = depegSignal(reading.price, reading.reference);
  if (!signal) return NONE;
  const crosses = signal.absBps >= depegThresholdBps(reading.pegType);
  if (open === null) return crosses ? suspect(reading, signal) : nativeAlone(reading);
  if (!crosses) return inside(reading, open);
  if (reading.trust !== "authoritative" && dexSays(reading, signal.direction) !== "confirm") return NONE;
  return { kind: signal.direction === open ? "worsen" : "flip", price: reading.price };
}

function question({ reference, pegType }: Reading, direction: Direction) {
  return { reference, barBps: depegThresholdBps(pegType), direction };
}

function dexSays(reading: Reading, direction: Direction) {
  return dexVerdict(reading.evidence.dex, question(reading, direction)).status;
}

/** The direction in which the native quote crosses; null when it is inside, undefined without one. */
function nativeDirection({ evidence, pegType }: Reading): Direction | null | undefined {
  const signal = depegSignal(evidence.nativePrice, 1);
  if (!signal) return undefined;
  return signal.absBps >= depegThresholdBps(pegType) ? signal.direction : null;
}

function suspect(reading: Reading, signal: DepegSignal): Transition {
  const native = nativeDirection(reading);
  if (native !== undefined && native !== signal.direction) return NONE;
  return route(reading, signal, reading.price, reading.reference);
}

function nativeAlone(reading: Reading): Transition {
  const { nativePrice } = reading.evidence;
  const signal = nativeDirection(reading) ? depegSignal(nativePrice, 1) : null;
  return signal && nativePrice !== null ? route(reading, signal, nativePrice, 1) : NONE;
}

function route(reading: Reading, signal: DepegSignal, price: number, reference: number): Transition {
  const { action, reason } = routeNewDepeg(reading.supplyUsd, reading.trust, signal.absBps);
  if (action === "pending") return { kind: "pending", price, reference, reason };
  return dexSays(reading, signal.direction) === "recover" ? NONE : { kind: "open", price, reference };
}

function inside(reading: Reading, open: Direction): Transition {
  if (nativeDirection(reading) === open) return NONE;
  const dex = dexSays(reading, open);
  const pools = poolVerdict(reading.evidence.pools, question(reading, open)).status;
  if (dex === "confirm" || pools === "confirm") return NONE;
  if (reading.trust === "authoritative" || reading.agreement) return { kind: "recover", price: reading.price };
  const dexPrice = reading.evidence.dex?.priceUsd;
  return dex === "recover" && pools !== "contradict" && dexPrice !== undefined
    ? { kind: "recover", price: dexPrice }
    : NONE;
}
