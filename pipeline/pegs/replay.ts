/**
 * A price series replayed into depeg events, as if each point were one run. Conformance page, `depeg:replay`.
 *
 * The price is the coin's only source and counts as authoritative, its supply asks for no confirmation, and nothing else is
 * known; so every crossing opens at once. A point without a usable price changes nothing, and neither does a gap.
 */
import type { DepegEvent } from "../schema/depegs.ts";
import { applyPeak } from "./depeg-events.ts";
import { detect, NO_EVIDENCE, type Reading } from "./detect.ts";
import { depegSignal } from "./signal.ts";

export type ReplayedEvent = Pick<
  DepegEvent,
  "direction" | "startedAt" | "endedAt" | "startPrice" | "peakPrice" | "peakDeviationBps" | "recoveryPrice"
>;

const SUPPLY_USD = 10_000_000;

/** `points` are (unix seconds, price), ascending; `reference` is USD at par. */
export function replayDepegs(
  points: readonly (readonly [timestamp: number, price: number])[],
  pegType: string,
  reference: number,
): ReplayedEvent[] {
  const events: ReplayedEvent[] = [];
  let open: ReplayedEvent | null = null;
  const reading: Reading = {
    price: 0,
    reference,
    pegType,
    supplyUsd: SUPPLY_USD,
    trust: "authoritative",
    agreement: false,
    evidence: NO_EVIDENCE,
  };
  for (const [timestamp, price] of points) {
    reading.price = price;
    const { kind } = detect(reading, open?.direction ?? null);
    if (kind === "none") continue;
    if (open && kind === "worsen") open = applyPeak(open, price, reference);
    else if (open) {
      events.push({ ...open, endedAt: timestamp, recoveryPrice: price });
      open = null;
    }
    if (kind === "open" || kind === "pending" || kind === "flip") open = started(timestamp, price, reference);
  }
  return open ? [...events, open] : events;
}

function started(startedAt: number, price: number, reference: number): ReplayedEvent | null {
  const signal = depegSignal(price, reference);
  return (
    signal && {
      direction: signal.direction,
      startedAt,
      endedAt: null,
      startPrice: price,
      peakPrice: price,
      peakDeviationBps: signal.bps,
      recoveryPrice: null,
    }
  );
}
