/** Depeg events as people tell them: events of one coin and direction less than a day apart are one episode. */
import type { DepegEvent } from "../../pipeline/schema/depegs.ts";

export interface Episode {
  id: string;
  coinId: string;
  symbol: string;
  direction: DepegEvent["direction"];
  startedAt: number;
  /** Null while its last event is open. */
  endedAt: number | null;
  peakDeviationBps: number;
  events: number;
  endReason: DepegEvent["endReason"];
}

/** Newest start first. */
export function episodesOf(events: readonly DepegEvent[]): Episode[] {
  return [...Map.groupBy(events, (event) => event.episodeId)]
    .map(([id, own]): Episode => {
      const sorted = [...own].sort((a, b) => a.startedAt - b.startedAt);
      const [first, last] = [sorted[0], sorted.at(-1)] as [DepegEvent, DepegEvent];
      return {
        id,
        coinId: first.stablecoinId,
        symbol: first.symbol,
        direction: first.direction,
        startedAt: first.startedAt,
        endedAt: last.endedAt,
        peakDeviationBps: sorted.reduce(
          (worst, { peakDeviationBps: bps }) => (Math.abs(bps) > Math.abs(worst) ? bps : worst),
          0,
        ),
        events: own.length,
        endReason: last.endReason,
      };
    })
    .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
}

const END_TEXT: Readonly<Record<string, string>> = {
  recovered: "back at its peg",
  "direction-flip": "went to the other side",
  merged: "merged with another",
};

/** How it ended, in words; an end nobody observed says so. */
export function endText(episode: Pick<Episode, "endedAt" | "endReason">): string {
  if (episode.endedAt === null) return "still open";
  return END_TEXT[episode.endReason ?? ""] ?? `ended, not observed (${episode.endReason})`;
}
