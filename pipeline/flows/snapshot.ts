/** The snapshot of a run: gauge, coverage of every coin, who lags, and what the history does not hold yet. */
import { coinFigures } from "../flow-coins.ts";
import type { LaneContext } from "../lane.ts";
import type { FlowEvent, FlowLaggard, HourlyFlow, HourlyFlowRow, MintBurnFlows, StoredFlows } from "../schema/flows.ts";
import type { ChainRead } from "./chain-desk.ts";
import type { ChainRun } from "./chain-run.ts";
import type { FlowContract } from "./contracts.ts";
import { criticalLaneHealthy, scopeLabel, syncFreshness } from "./coverage.ts";
import { coverageOf } from "./coverage-of.ts";
import { toPublished } from "./event-rows.ts";
import { gaugeOf } from "./gauge.ts";
import { firstHour, liveHours } from "./live-hours.ts";
import type { FlowsState } from "./state.ts";

export interface Read {
  run: ChainRun;
  read: ChainRead;
}

export interface SnapshotFacts {
  contracts: readonly FlowContract[];
  state: FlowsState;
  reads: readonly Read[];
  /** Every event that any open or corrected hour needs, as it stands now. */
  live: readonly FlowEvent[];
  freshHours: readonly HourlyFlowRow[];
  provisional: readonly FlowEvent[];
  decimalsOf: (event: FlowEvent) => number;
  status: "ok" | "degraded" | "error";
}

function nameOf(registry: LaneContext["registry"], slug: string): string {
  const chain = registry.chains.find((each) => each.slug === slug);
  return chain?.defillamaName ?? chain?.name ?? slug;
}

/** Contracts that do not stand where their chain stands, and why. */
export function laggards(contracts: readonly FlowContract[], state: FlowsState, nowSec: number): FlowLaggard[] {
  return contracts.flatMap(({ key, enabled }): FlowLaggard[] => {
    const known = state.contracts[key];
    const deferral = state.deferrals[key];
    const isDeferred = deferral !== undefined && deferral.until > nowSec;
    const lastSyncedBlock = known?.behind ?? null;
    const row = { key, lastSyncedBlock, deferredUntil: null, reason: null };
    if (!enabled) return [{ ...row, state: "disabled" }];
    if (isDeferred) return [{ ...row, state: "deferred", deferredUntil: deferral.until, reason: deferral.reason }];
    if (known === undefined) return [{ ...row, state: "unread" }];
    return known.behind === null ? [] : [{ ...row, state: "behind" }];
  });
}

export async function flowsSnapshot(context: LaneContext, facts: SnapshotFacts): Promise<StoredFlows> {
  const { nowSec, registry } = context;
  const { contracts, state, reads, provisional, status } = facts;
  const name = (slug: string) => nameOf(registry, slug);
  const { openHours, hours } = await liveHours(context, state, facts.live, facts.freshHours);
  const heads = new Map(reads.map(({ run, read }) => [run.chainId, read.scan?.head.number ?? null]));
  const byCoin = [...Map.groupBy(contracts, ({ coinId }) => coinId)].sort(([a], [b]) => (a < b ? -1 : 1));
  const coins = byCoin.map(([stablecoinId, own]) => {
    const chainIds = new Set(own.map(({ chainId }) => chainId));
    const ownHours = (hours.get(stablecoinId) ?? []).filter(({ chainId }: HourlyFlow) => chainIds.has(chainId));
    const firstHourTs = firstHour(state, stablecoinId, ownHours, own);
    const coverage = coverageOf(own, state, firstHourTs, nowSec, heads, name);
    const figures = coinFigures(ownHours, firstHourTs, nowSec);
    return { stablecoinId, symbol: (own[0] as FlowContract).symbol, coverage, figures };
  });
  const { gauge, classificationWarning } = gaugeOf(
    context,
    coins.map(({ figures, ...coin }) => ({ ...coin, ...figures })),
  );
  const freshnessStatus = syncFreshness(nowSec, state.lastSuccessfulSyncAt);
  const chainIds = [...new Set(contracts.map(({ chainId }) => chainId))].sort();
  return {
    gauge,
    coins: coins.map(({ figures: _follows, ...coin }) => coin),
    openHours,
    provisional: provisional.map((event) => toPublished(event, facts.decimalsOf(event))),
    scope: { chainIds, label: scopeLabel(chainIds, name) },
    chains: reads.map(({ run, read }) => ({
      chainId: run.chainId,
      headBlock: read.scan?.head.number ?? null,
      lastSyncedBlock: read.scan?.scannedToBlock ?? state.chains[run.chainId]?.block ?? null,
      finalizedBlock: state.chains[run.chainId]?.block ?? null,
      reason: read.reason,
    })),
    laggards: laggards(contracts, state, nowSec),
    sync: {
      lastSuccessfulSyncAt: state.lastSuccessfulSyncAt,
      freshnessStatus,
      warning: syncWarning(status, freshnessStatus),
      classificationWarning,
      criticalLaneHealthy: criticalLaneHealthy(status),
    },
  };
}

function syncWarning(status: string, freshness: MintBurnFlows["sync"]["freshnessStatus"]): string | null {
  if (status === "error") return "the last run of the flows lane ended in error";
  if (status === "degraded") return "the last run of the flows lane was degraded";
  if (freshness === "stale") return "flows were last read more than 90 minutes ago";
  return freshness === "degraded" ? "flows were last read more than 60 minutes ago" : null;
}
