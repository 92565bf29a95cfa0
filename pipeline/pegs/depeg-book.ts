/**
 * Open and pending depegs of a run: what the committed state said, changed one transition at a time.
 *
 * At most one open event and one pending row a coin. An event that was already recorded (same coin and start) is never
 * opened again.
 */
import type { DepegEvent, EndReason, PendingDepeg } from "../schema/depegs.ts";
import { applyPeak, closeEvent, episodeId, eventId, type PastEvent, settleDuplicates } from "./depeg-events.ts";
import type { Transition } from "./detect.ts";
import { upsertPending } from "./pending.ts";
import { depegSignal } from "./signal.ts";

interface CoinFacts {
  id: string;
  symbol: string;
  peg: { type: string };
}

type Start = Pick<DepegEvent, "startedAt" | "startPrice" | "peakPrice" | "peakDeviationBps" | "pegReference"> &
  Partial<Pick<DepegEvent, "pendingReason" | "confirmationSources">>;

export interface Promotion {
  peakDeviationBps: number;
  peakPrice: number;
  confirmationSources: string;
}

export class DepegBook {
  readonly open = new Map<string, DepegEvent>();
  readonly pending: Map<string, PendingDepeg>;
  /** Events that ended in this run. */
  readonly closed: DepegEvent[] = [];
  readonly #created = new Set<number>();
  readonly #past: (coinId: string) => readonly PastEvent[];
  readonly #nowSec: number;

  constructor(
    open: readonly DepegEvent[],
    pending: readonly PendingDepeg[],
    past: (coinId: string) => readonly PastEvent[],
    nowSec: number,
  ) {
    this.#past = past;
    this.#nowSec = nowSec;
    this.pending = new Map(pending.map((row) => [row.stablecoinId, row]));
    for (const [coinId, events] of Map.groupBy(open, (event) => event.stablecoinId)) {
      const { kept, closed } = settleDuplicates(events, nowSec);
      this.open.set(coinId, kept);
      this.closed.push(...closed);
    }
  }

  isNew(event: DepegEvent): boolean {
    return this.#created.has(event.id);
  }

  /** How many events started in this run. */
  get openedCount(): number {
    return this.#created.size;
  }

  apply(coin: CoinFacts, transition: Transition, reference: number): void {
    const open = this.open.get(coin.id);
    switch (transition.kind) {
      case "none":
        return;
      case "open":
        this.#start(coin, transition.price, transition.reference);
        return;
      case "pending": {
        const { price, reason } = transition;
        const facts = { stablecoinId: coin.id, symbol: coin.symbol, pegType: coin.peg.type };
        const sighting = { ...facts, price, reason, pegReference: transition.reference };
        const row = upsertPending(this.pending.get(coin.id), sighting, this.#nowSec);
        if (row) this.pending.set(coin.id, row);
        return;
      }
      case "worsen":
        if (open) this.open.set(coin.id, applyPeak(open, transition.price, reference));
        return;
      case "flip":
        this.end(coin.id, "direction-flip", transition.price);
        this.#start(coin, transition.price, reference);
        return;
      case "recover":
        this.end(coin.id, "recovered", transition.price);
        return;
    }
  }

  end(coinId: string, reason: EndReason, recoveryPrice: number | null): void {
    const open = this.open.get(coinId);
    if (!open) return;
    this.open.delete(coinId);
    this.closed.push(closeEvent(open, reason, recoveryPrice, this.#nowSec));
  }

  drop(coinId: string): void {
    this.pending.delete(coinId);
  }

  /** A pending depeg that was confirmed becomes an event that started when it was first seen. */
  promote(row: PendingDepeg, { confirmationSources, ...peak }: Promotion): void {
    this.pending.delete(row.stablecoinId);
    this.#open(row, {
      ...peak,
      startedAt: row.firstSeenAt,
      startPrice: row.firstPrice,
      pegReference: row.pegReference,
      pendingReason: row.reason,
      confirmationSources,
    });
  }

  #start(coin: CoinFacts, price: number, reference: number): void {
    const signal = depegSignal(price, reference);
    if (!signal) return;
    this.#open(
      { stablecoinId: coin.id, symbol: coin.symbol, pegType: coin.peg.type, direction: signal.direction },
      {
        startedAt: this.#nowSec,
        startPrice: price,
        peakPrice: price,
        peakDeviationBps: signal.bps,
        pegReference: reference,
      },
    );
  }

  #open(about: Pick<DepegEvent, "stablecoinId" | "symbol" | "pegType" | "direction">, start: Start): void {
    const { stablecoinId, symbol, pegType, direction } = about;
    const past = [...this.#past(stablecoinId), ...this.closed.filter((event) => event.stablecoinId === stablecoinId)];
    if (past.some((event) => event.startedAt === start.startedAt)) return;
    const event: DepegEvent = {
      id: eventId(stablecoinId, start.startedAt, "live"),
      stablecoinId,
      symbol,
      pegType,
      direction,
      endedAt: null,
      recoveryPrice: null,
      source: "live",
      confirmationSources: null,
      pendingReason: null,
      endReason: null,
      episodeId: episodeId(stablecoinId, direction, start.startedAt, past),
      ...start,
    };
    this.open.set(stablecoinId, event);
    this.#created.add(event.id);
  }
}
