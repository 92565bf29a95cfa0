/** Early warnings by coin at two mornings, and the bands that changed in between. */
import type { SnapshotData } from "../schema/datasets.ts";
import type { DigestFacts } from "../schema/digest.ts";
import { type StressBand, StressBandSchema } from "../schema/stress.ts";
import { storedFacts } from "./stored-facts.ts";

/** By coin: its band, null without a score; a coin that is not here is calm. */
export type StressBands = NonNullable<NonNullable<DigestFacts["stress"]>["bands"]>;

export interface BandMove {
  coinId: string;
  from: StressBand;
  to: StressBand;
}

const CALM: StressBand = "CALM";
const ORDER: readonly StressBand[] = StressBandSchema.options;
/** Changes below it are the noise of single signals. */
const NEWS_FROM = ORDER.indexOf("ALERT");

export function bandsOf({ signals }: SnapshotData<"dews">): StressBands {
  const rows = Object.entries(signals).flatMap(([id, { band }]) => (band === CALM ? [] : [[id, band] as const]));
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the digest before said of every coin; null where there is none or it did not say. */
export function bandsBefore(digest: { facts: string } | null): StressBands | null {
  return digest === null ? null : (storedFacts(digest)?.stress?.bands ?? null);
}

/** Largest step first; a coin without a score on either morning is not compared. */
export function bandMoves(before: StressBands | null, signals: SnapshotData<"dews">["signals"]): BandMove[] {
  if (before === null) return [];
  const rank = (band: StressBand) => ORDER.indexOf(band);
  const step = ({ from, to }: BandMove) => Math.abs(rank(to) - rank(from));
  return Object.entries(signals)
    .flatMap(([coinId, { band: to }]): BandMove[] => {
      const from = coinId in before ? before[coinId] : CALM;
      if (!from || to === null || from === to) return [];
      return Math.max(rank(from), rank(to)) < NEWS_FROM ? [] : [{ coinId, from, to }];
    })
    .sort((a, b) => step(b) - step(a) || (a.coinId < b.coinId ? -1 : 1));
}
