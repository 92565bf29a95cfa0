/**
 * The second look at a pending depeg: whether it waits, goes, or may be judged, and by whose evidence it becomes an event.
 *
 * Depeg methodology, section 6. Evidence needs half the threshold only, but the whole of it when this run has no primary price.
 */
import { depegThresholdBps } from "../peg-bounds.ts";
import type { PrimaryTrust } from "../primary-trust.ts";
import type { PendingDepeg } from "../schema/depegs.ts";
import type { Promotion } from "./depeg-book.ts";
import type { Evidence } from "./detect.ts";
import { dexVerdict, poolVerdict } from "./dex-evidence.ts";
import { pendingAge, pendingDecision, pendingPersistence } from "./pending.ts";
import { type DirectionalStatus, depegSignal, directionalStatus, moreSevereBps, secondaryBarBps } from "./signal.ts";

export interface PendingFacts {
  hasOpenEvent: boolean;
  /** Null without a usable price in this run. */
  price: number | null;
  trust: PrimaryTrust;
  /** The current reference if it may decide, else the one of the row. */
  reference: number;
  nativePrice: number | null;
  nowSec: number;
  expirySec: number;
}

/** What becomes of a row before any evidence is gathered. */
export function screenPending(row: PendingDepeg, facts: PendingFacts): "drop" | "keep" | "evaluate" {
  const { direction, pegType } = row;
  const threshold = depegThresholdBps(pegType);
  // A row of this very run is not decided in it.
  if (row.firstSeenAt >= facts.nowSec) return facts.hasOpenEvent ? "drop" : "keep";
  if (facts.hasOpenEvent || depegSignal(1, facts.reference) === null) return "drop";
  const native = directionalStatus(facts.nativePrice, 1, threshold, direction);
  if (native === "recover") return "drop";
  const primary = directionalStatus(facts.price, facts.reference, threshold, direction);
  if (facts.trust === "authoritative" && primary === "recover" && native !== "confirm") return "drop";
  const age = pendingAge(facts.nowSec - row.firstSeenAt, facts.expirySec);
  if (age !== "evaluate") return age === "expire" ? "drop" : "keep";
  return persistence(row, facts) === "gone" ? "keep" : "evaluate";
}

/** The native quote replaces the primary price where there is one. */
function persistence({ pegType, direction }: PendingDepeg, { nativePrice, price, reference }: PendingFacts) {
  return nativePrice === null
    ? pendingPersistence(price, reference, pegType, direction)
    : pendingPersistence(nativePrice, 1, pegType, direction);
}

/** One quote with the name it confirms under, e.g. `cex:binance`. */
export interface NamedQuote {
  name: string;
  price: number;
}

export interface PendingEvidence extends Pick<Evidence, "dex" | "pools"> {
  /** In the peg's own currency. */
  native: NamedQuote | null;
  /** An aggregator that had no say in the primary price. */
  offchain: NamedQuote | null;
  cex: NamedQuote | null;
}

export type Judgement = { decision: "keep" | "reject" } | ({ decision: "promote" } & Promotion);

/** Decides a row that was found worth evaluating. */
export function judgePending(row: PendingDepeg, facts: PendingFacts, evidence: PendingEvidence): Judgement {
  const { direction, pegType } = row;
  const { reference } = facts;
  const barBps = persistence(row, facts) === "unknown" ? depegThresholdBps(pegType) : secondaryBarBps(pegType);
  const offchain = evidence.native ?? evidence.offchain;
  const offchainReference = evidence.native ? 1 : reference;
  const question = { reference, barBps, direction };
  const dex = dexVerdict(evidence.dex, question);
  const pool = poolVerdict(evidence.pools, question);
  const statuses: Record<"offchain" | "cex" | "dex" | "pool", DirectionalStatus> = {
    offchain: directionalStatus(offchain?.price, offchainReference, barBps, direction),
    cex: directionalStatus(evidence.cex?.price, reference, barBps, direction),
    dex: dex.status,
    pool: pool.status,
  };
  const decision = pendingDecision(statuses, row.reason);
  if (decision !== "promote") return { decision };

  const names: string[] = [];
  const peaks = [{ bps: row.peakSeenBps, price: row.peakPrice }];
  const hear = (price: number | null, against: number) => {
    const signal = depegSignal(price, against);
    if (signal && price !== null) peaks.push({ bps: signal.bps, price });
  };
  if (statuses.offchain === "confirm" && offchain) {
    names.push(offchain.name);
    hear(offchain.price, offchainReference);
  }
  if (dex.status === "confirm") {
    names.push(...dex.groups.map((group) => `dex:${group}`));
    hear(dex.priceUsd, reference);
  }
  if (statuses.cex === "confirm" && evidence.cex) {
    names.push(evidence.cex.name);
    hear(evidence.cex.price, reference);
  }
  if (pool.status === "confirm") {
    names.push(...pool.groups.map((group) => `pool:${group}`));
    hear(pool.priceUsd, reference);
  }
  const primary = directionalStatus(facts.price, reference, depegThresholdBps(pegType), direction);
  if (facts.trust === "authoritative" && primary === "confirm") hear(facts.price, reference);
  const peakDeviationBps = moreSevereBps(peaks.map((peak) => peak.bps)) as number;
  const peakPrice = (peaks.find((peak) => peak.bps === peakDeviationBps) as { price: number }).price;
  return { decision, peakDeviationBps, peakPrice, confirmationSources: names.join("+") };
}
