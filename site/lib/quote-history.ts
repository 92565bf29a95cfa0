/**
 * What every source said of every coin over the last day: read from the versions of the quotes file that git holds when the site is
 * built, so that keeping it costs the record nothing.
 *
 * A checkout without its past, or a record outside git, has the last quotes alone.
 */

import { MANIFEST_PATH } from "../../pipeline/publish/read-manifest.ts";
import { git } from "../../pipeline/publish/run-git.ts";
import { snapshotAtCommit } from "../../pipeline/publish/snapshot-at-commit.ts";
import type { PriceQuote, PriceQuotes } from "../../pipeline/schema/price-quotes.ts";

/** A day of half hours. */
const MOST_VERSIONS = 48;

export interface QuoteVersion {
  asOf: number;
  quotes: PriceQuotes["quotes"];
}

export interface QuotePoint {
  at: number;
  /** Null: nothing came from this source. */
  priceUsd: number | null;
  verdict: PriceQuote["verdict"] | null;
}

export interface QuoteSeries {
  source: string;
  /** Ascending; only where it changed. */
  points: QuotePoint[];
}

/** Committed versions of the quotes, ascending; one that cannot be read is left out. */
async function committed(dataDir: string): Promise<QuoteVersion[]> {
  // A quote that is the coin's price moves without the file of the quotes: every run's manifest is looked at.
  const log = await git(dataDir, "log", "-n", String(MOST_VERSIONS), "--format=%H", "--", MANIFEST_PATH).catch(
    () => "",
  );
  const versions: QuoteVersion[] = [];
  for (const commit of log.split("\n").filter(Boolean).reverse()) {
    try {
      const snapshot = await snapshotAtCommit(dataDir, commit, "price-quotes");
      if (snapshot) versions.push({ asOf: snapshot.asOf, quotes: snapshot.data.quotes });
    } catch {
      // An older shape, or a commit that a shallow clone lacks: the chart begins later.
    }
  }
  return versions;
}

/** Versions of the record at `dataDir`, the one on disk last. */
export async function quoteVersions(dataDir: string, current: QuoteVersion | null): Promise<QuoteVersion[]> {
  const versions = new Map((await committed(dataDir)).map((version) => [version.asOf, version]));
  if (current) versions.set(current.asOf, current);
  return [...versions.values()].sort((a, b) => a.asOf - b.asOf);
}

/** One coin's sources, heaviest last quote first; a source that fell silent has a null there. */
export function quoteSeries(versions: readonly QuoteVersion[], coinId: string): QuoteSeries[] {
  const series = new Map<string, QuotePoint[]>();
  const weights = new Map<string, number>();
  for (const { asOf, quotes } of versions) {
    const now = new Map((quotes[coinId] ?? []).map((quote) => [quote.source, quote]));
    for (const source of new Set([...series.keys(), ...now.keys()])) {
      const quote = now.get(source);
      const points = series.get(source) ?? [];
      series.set(source, points);
      if (quote) weights.set(source, quote.weight);
      const point = { at: asOf, priceUsd: quote?.priceUsd ?? null, verdict: quote?.verdict ?? null };
      const last = points.at(-1);
      if (last?.priceUsd !== point.priceUsd || last?.verdict !== point.verdict) points.push(point);
    }
  }
  return [...series]
    .map(([source, points]) => ({ source, points }))
    .sort((a, b) => (weights.get(b.source) ?? 0) - (weights.get(a.source) ?? 0) || (a.source < b.source ? -1 : 1));
}
