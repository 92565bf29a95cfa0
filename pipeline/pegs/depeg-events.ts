/**
 * The life of a depeg event: it opens, worsens, is merged with its doubles, and ends. Depeg methodology, sections 4 and 5.
 *
 * An id is made from coin, start and source, so that two runs that see the same depeg write the same event.
 */
import { createHash } from "node:crypto";
import type { DepegEvent, Direction, EndReason } from "../schema/depegs.ts";
import { depegSignal } from "./signal.ts";

/** Twelve hex digits: an integer that JSON, DuckDB and a URL can hold. */
const ID_HEX_DIGITS = 12;

export function eventId(stablecoinId: string, startedAt: number, source: DepegEvent["source"]): number {
  const digest = createHash("sha256").update(`${stablecoinId}/${startedAt}/${source}`).digest("hex");
  return Number.parseInt(digest.slice(0, ID_HEX_DIGITS), 16);
}

export function closeEvent(
  event: DepegEvent,
  endReason: EndReason,
  recoveryPrice: number | null,
  nowSec: number,
): DepegEvent {
  return { ...event, endedAt: Math.max(nowSec, event.startedAt), endReason, recoveryPrice };
}

type Peaked = Pick<DepegEvent, "direction" | "peakDeviationBps" | "peakPrice">;

/** The event with a new peak where the price is farther out on the same side; the first of equals stays. */
export function applyPeak<Event extends Peaked>(event: Event, price: number, reference: number): Event {
  const signal = depegSignal(price, reference);
  if (!signal || signal.direction !== event.direction) return event;
  if (signal.absBps <= Math.abs(event.peakDeviationBps)) return event;
  return { ...event, peakDeviationBps: signal.bps, peakPrice: price };
}

export interface MergedOpen {
  keepId: number | string;
  peakDeviationBps: number;
  peakPrice: number;
  /** In order of their start. */
  deleteIds: (number | string)[];
}

type Duplicate = Pick<DepegEvent, "startedAt" | "peakDeviationBps" | "peakPrice"> & { id: number | string };

/** Several open events of one coin and direction become the earliest one with the worst peak; null for none. */
export function mergeOpenEvents(events: readonly Duplicate[]): MergedOpen | null {
  const [keep, ...rest] = [...events].sort((a, b) => a.startedAt - b.startedAt);
  if (!keep) return null;
  const depth = (event: Duplicate) => (Number.isFinite(event.peakDeviationBps) ? Math.abs(event.peakDeviationBps) : 0);
  const worst = rest.reduce((a, b) => (depth(b) > depth(a) ? b : a), keep);
  return {
    keepId: keep.id,
    peakDeviationBps: worst.peakDeviationBps,
    peakPrice: worst.peakPrice,
    deleteIds: rest.map((event) => event.id),
  };
}

/** One open event a coin: the newest direction stays, an older opposite one is closed unobserved. */
export function settleDuplicates(
  events: readonly DepegEvent[],
  nowSec: number,
): { kept: DepegEvent; closed: DepegEvent[] } {
  const newest = events.reduce((a, b) => (b.startedAt > a.startedAt ? b : a));
  const same = events.filter((event) => event.direction === newest.direction);
  const merged = mergeOpenEvents(same) as MergedOpen;
  const kept = same.find((event) => event.id === merged.keepId) as DepegEvent;
  return {
    kept: { ...kept, peakDeviationBps: merged.peakDeviationBps, peakPrice: merged.peakPrice },
    closed: events
      .filter((event) => event.direction !== newest.direction)
      .map((event) => closeEvent(event, "merged", null, nowSec)),
  };
}

/** What is known of past events where only their times and depth matter. */
export interface PastEvent {
  startedAt: number;
  endedAt: number | null;
  direction: Direction;
}

const EPISODE_GAP_SEC = 86_400;

/**
 * Id of the episode an event belongs to: named after its first event, reached over gaps of less than a day. `past` are the
 * coin's earlier events in any order.
 */
export function episodeId(
  stablecoinId: string,
  direction: Direction,
  startedAt: number,
  past: readonly PastEvent[],
): string {
  const before = past
    .filter((event) => event.direction === direction && event.startedAt < startedAt)
    .sort((a, b) => b.startedAt - a.startedAt);
  let first = startedAt;
  for (const event of before) {
    if (first - (event.endedAt ?? first) >= EPISODE_GAP_SEC) break;
    first = event.startedAt;
  }
  return `${stablecoinId}-${direction}-${first}`;
}
