/**
 * Discovery: coins above five million dollars that the registry does not know. Depeg methodology, section 12.
 *
 * Once a day from what the supply lane could not place, on Mondays also from CoinGecko's category. Who was dismissed stands in
 * the corrections of the registry; a dismissed coin comes back when it has grown tenfold and is forgotten after ninety days.
 */
import type { Lane, LaneContext } from "../lane.ts";
import { roundUsd } from "../rounding.ts";
import type { DiscoveryCandidate } from "../schema/discovery.ts";
import type { Reason, SourceUse } from "../schema/envelope.ts";
import { coingeckoCategory } from "../sources/coingecko.ts";
import { utcWeekday } from "../time.ts";
import {
  type Candidate,
  type DiscoveryRow,
  type DiscoverySource,
  discoveryFilter,
  discoveryPurge,
  discoveryRunStatus,
  discoveryUpsert,
} from "./candidates.ts";

const DATASET = "discovery-candidates";

interface Sighting {
  row: DiscoveryRow;
  source: DiscoverySource;
}

function candidateOf({ marketCapUsd, dismissedMarketCapUsd, ...rest }: DiscoveryCandidate): Candidate {
  return { ...rest, marketCap: marketCapUsd, dismissedMcap: dismissedMarketCapUsd };
}

function published(id: string, symbol: string, candidate: Candidate): DiscoveryCandidate {
  const { name, source, firstSeen, lastSeen, dismissed, dismissedAt, dismissedMcap } = candidate;
  return {
    id,
    symbol,
    name,
    source,
    marketCapUsd: roundUsd(candidate.marketCap),
    firstSeen,
    lastSeen,
    dismissed,
    dismissedAt,
    dismissedMarketCapUsd: dismissedMcap,
  };
}

/** Dismissals of the registry that are not yet on the candidate, applied once: a later tenfold growth undoes them. */
function dismiss(context: LaneContext, id: string, candidate: Candidate): Candidate {
  const said = context.registry.corrections.find(
    (one) => one.kind === "dismissed-candidate" && one.candidate?.id === id,
  );
  const at = said ? Date.parse(said.reportedAt) / 1000 : null;
  if (!said?.candidate || at === null || candidate.dismissedMcap === said.candidate.marketCapUsd) return candidate;
  return { ...candidate, dismissed: true, dismissedAt: at, dismissedMcap: said.candidate.marketCapUsd };
}

async function scan(context: LaneContext): Promise<{ rows: DiscoveryRow[]; fetchOk: boolean | null; open: boolean }> {
  const isMonday = utcWeekday(context.nowSec) === 1;
  const open = context.circuitOpen(coingeckoCategory);
  if (!isMonday || open) return { rows: [], fetchOk: null, open };
  const answer = await context.collect(coingeckoCategory, {});
  if (!answer.ok) return { rows: [], fetchOk: false, open: answer.reason === "breaker-open" };
  return { rows: answer.value.coins, fetchOk: true, open: false };
}

export const discoveryLane: Lane = {
  name: "discovery",
  async run(context) {
    const { nowSec, registry } = context;
    const supply = context.published("supply");
    const before = context.published(DATASET)?.data;
    const known = new Map((before?.candidates ?? []).map((one) => [one.id, one]));
    const tracked = new Set(registry.coins.flatMap(({ ids }) => ids.coingecko ?? []));

    const listed = (supply?.data.untracked ?? []).map(({ llamaId, geckoId, symbol, name, circulatingUsd }) => ({
      id: geckoId || `llama-${llamaId}`,
      symbol,
      name,
      marketCap: circulatingUsd,
    }));
    const scanned = await scan(context);
    const weekly = discoveryRunStatus(utcWeekday(nowSec), scanned.open, scanned.fetchOk);
    const sightings: Sighting[] = [
      ...discoveryFilter(listed, tracked).map((row) => ({ row, source: "defillama" as const })),
      ...discoveryFilter(scanned.rows, tracked).map((row) => ({ row, source: "coingecko" as const })),
    ];

    const symbols = new Map([...known].map(([id, { symbol }]) => [id, symbol]));
    const candidates = new Map([...known].map(([id, one]) => [id, candidateOf(one)]));
    for (const { row, source } of sightings) {
      const incoming = { source, name: row.name, marketCap: row.marketCap as number };
      candidates.set(row.id, discoveryUpsert(candidates.get(row.id) ?? null, incoming, nowSec));
      symbols.set(row.id, row.symbol);
    }
    for (const [id, candidate] of candidates) candidates.set(id, dismiss(context, id, candidate));
    for (const id of discoveryPurge(
      [...candidates].map(([id, { dismissed, dismissedAt }]) => ({ id, dismissed, dismissedAt })),
      nowSec,
    ))
      candidates.delete(id);
    for (const id of tracked) candidates.delete(id);

    const reasons: Reason[] =
      weekly.status === "degraded"
        ? [{ code: weekly.reason ?? "fetch-failed", message: "CoinGecko's category could not be read this Monday" }]
        : [];
    if (!supply) reasons.push({ code: "no-supply", message: "no supply was ever published: nothing to look through" });
    const sources: SourceUse[] = [
      ...(supply ? [{ id: "dataset:supply", observedAt: supply.asOf }] : []),
      ...(scanned.fetchOk ? [{ id: coingeckoCategory.id, observedAt: nowSec }] : []),
    ];
    const rows = [...candidates]
      .map(([id, candidate]) => published(id, symbols.get(id) ?? "", candidate))
      .sort(
        (a, b) =>
          Number(a.dismissed) - Number(b.dismissed) || b.marketCapUsd - a.marketCapUsd || (a.id < b.id ? -1 : 1),
      );
    const scannedAt = scanned.fetchOk ? nowSec : (before?.weeklyScan.scannedAt ?? null);
    return {
      status: reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: {
        [DATASET]: { asOf: nowSec, sources, data: { candidates: rows, weeklyScan: { ...weekly, scannedAt } } },
      },
      history: [],
      state: {},
      counts: { candidates: rows.length, seen: sightings.length },
    };
  },
};
