/**
 * Depegs in a coin's own price history: what the live lane would have seen had it looked. Depeg methodology, section 7.
 *
 * Every published price was validated against its reference when it was chosen, and redemption prices stand in it where they held,
 * so that a rebuild cannot drift to a weaker source. What is missing here is who else could have been asked: a price that only one
 * source gave opens or ends nothing by itself, its verdict holds from the second such point within 36 hours on. A single point of
 * 5,000 bps is kept. A gap ends nothing.
 */
import { depegThresholdBps } from "../peg-bounds.ts";
import { isPositive } from "../peg-figures.ts";
import type { DepegEvent, Direction, EndReason } from "../schema/depegs.ts";
import { applyPeak, episodeId, eventId, type PastEvent } from "./depeg-events.ts";
import { depegSignal } from "./signal.ts";
import { SUPPLY_FLOOR_USD } from "./tracked-coins.ts";

export interface PastPoint {
  at: number;
  priceUsd: number | null;
  deviationBps: number | null;
  confidence: string | null;
  /** At that time, as far as the record knows; null judges nothing. */
  supplyUsd: number | null;
}

const DOUBTED_FOR_SEC = 36 * 3600;
const EXTREME_BPS = 5_000;

export type FoundDepeg = Pick<
  DepegEvent,
  | "direction"
  | "startedAt"
  | "endedAt"
  | "startPrice"
  | "peakPrice"
  | "peakDeviationBps"
  | "recoveryPrice"
  | "pegReference"
> & { endReason: EndReason | null };

interface Seen {
  at: number;
  price: number;
  reference: number;
  bps: number;
  verdict: Direction | "inside";
}

function seenAt(point: PastPoint, thresholdBps: number): Seen | null {
  const { at, priceUsd, deviationBps, supplyUsd } = point;
  if (!isPositive(priceUsd) || deviationBps === null || (supplyUsd ?? 0) < SUPPLY_FLOOR_USD) return null;
  const reference = priceUsd / (1 + deviationBps / 10_000);
  const signal = depegSignal(priceUsd, reference);
  if (!signal) return null;
  const verdict = signal.absBps >= thresholdBps ? signal.direction : "inside";
  return { at, price: priceUsd, reference, bps: signal.bps, verdict };
}

function started({ at, price, reference, bps, verdict }: Seen): FoundDepeg {
  return {
    direction: verdict as Direction,
    startedAt: at,
    endedAt: null,
    startPrice: price,
    peakPrice: price,
    peakDeviationBps: bps,
    recoveryPrice: null,
    pegReference: reference,
    endReason: null,
  };
}

/** `points` ascending. An event that was still open at the last point has no end. */
export function historyDepegs(points: readonly PastPoint[], pegType: string): FoundDepeg[] {
  const threshold = depegThresholdBps(pegType);
  const found: FoundDepeg[] = [];
  let open: FoundDepeg | null = null;
  /** News of a single source that nothing has repeated yet. */
  let doubted: Seen[] = [];
  const standing = (): Seen["verdict"] => open?.direction ?? "inside";
  const take = (seen: Seen) => {
    if (seen.verdict === open?.direction) open = applyPeak(open, seen.price, seen.reference);
    else {
      if (open) {
        const isFlip = seen.verdict !== "inside";
        const endReason = isFlip ? "direction-flip" : "recovered";
        found.push({ ...open, endedAt: seen.at, recoveryPrice: seen.price, endReason });
      }
      open = seen.verdict === "inside" ? null : started(seen);
    }
  };
  for (const point of points) {
    const seen = seenAt(point, threshold);
    if (!seen) continue;
    const [first] = doubted;
    if (first && (first.verdict !== seen.verdict || seen.at - first.at > DOUBTED_FOR_SEC)) doubted = [];
    const isNews = seen.verdict !== standing();
    const isBelieved = point.confidence === "high" || Math.abs(seen.bps) >= EXTREME_BPS;
    if (isNews && !isBelieved && doubted.length === 0) doubted = [seen];
    else {
      for (const each of [...doubted, seen]) take(each);
      doubted = [];
    }
  }
  return open ? [...found, open] : found;
}

/** What is left of a found depeg beside the coin's known events: nothing inside one, the part before one that it runs into. */
export function besideKnown(found: FoundDepeg, known: readonly PastEvent[]): FoundDepeg | null {
  const end = found.endedAt ?? Number.POSITIVE_INFINITY;
  const touching = known.filter(
    ({ startedAt, endedAt }) => startedAt <= end && (endedAt ?? Number.POSITIVE_INFINITY) >= found.startedAt,
  );
  if (touching.some(({ startedAt }) => startedAt <= found.startedAt)) return null;
  if (touching.length === 0) return found;
  const endedAt = Math.min(...touching.map(({ startedAt }) => startedAt));
  return { ...found, endedAt, recoveryPrice: null, endReason: "merged" };
}

/** The event as it is stored. */
export function backfillEvent(
  coin: { id: string; symbol: string; peg: { type: string } },
  { pegReference, ...found }: FoundDepeg,
  past: readonly PastEvent[],
): DepegEvent {
  return {
    id: eventId(coin.id, found.startedAt, "backfill"),
    stablecoinId: coin.id,
    symbol: coin.symbol,
    pegType: coin.peg.type,
    ...found,
    pegReference: Number(pegReference.toPrecision(6)),
    source: "backfill",
    confirmationSources: null,
    pendingReason: null,
    episodeId: episodeId(coin.id, found.direction, found.startedAt, past),
  };
}
