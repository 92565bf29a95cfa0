/**
 * Flows: what was minted and burned of every coin on the chains it is issued on, counted once, told from bridges and roundtrips.
 *
 * Chains are read one after the other, critical contracts and the long tail in the same questions. What is final goes into the
 * history, what is not is listed as provisional and read again; hours follow a run later, from the committed events.
 */
import { flowId, toEvent } from "../flow-figures.ts";
import { HEAL_SEC } from "../flow-hours.ts";
import type { Lane, LaneContext, LaneResult } from "../lane.ts";
import type { Reason } from "../schema/envelope.ts";
import { type FlowEvent, type FlowEventRow, MINT_BURN_EVENTS, MINT_BURN_HOURLY } from "../schema/flows.ts";
import { DAY_SEC } from "../time.ts";
import { type ChainRun, runChain } from "./chain-run.ts";
import { type FlowContract, flowContracts } from "./contracts.ts";
import { correctRecord } from "./corrections.ts";
import { eventPrices, withOlderPrices } from "./event-prices.ts";
import { toRow } from "./event-rows.ts";
import { hoursToStore } from "./hours.ts";
import { dirtyHours, liveEvents } from "./live-hours.ts";
import { SWEEP_DAYS } from "./roundtrips.ts";
import { CALLS_PER_RUN, runStatus } from "./run-policy.ts";
import { flowsSnapshot, type Read } from "./snapshot.ts";
import { type FlowsState, readFlowsState, STATE_NAME } from "./state.ts";

/** Calls that the chains before one may not use up. */
const CALLS_KEPT_PER_CHAIN = 25;
/** Blocks per second are not known for every chain. */
const USUAL_BLOCK_SEC = 12;

function chainRuns(context: LaneContext, contracts: readonly FlowContract[]): ChainRun[] {
  const byChain = Map.groupBy(
    contracts.filter(({ enabled }) => enabled),
    ({ caip }) => caip,
  );
  return [...byChain].map(([caip, own]) => ({
    caip,
    chainId: (own[0] as FlowContract).chainId,
    contracts: own,
    blockTimeSec: context.registry.chainById.get(caip)?.blockTimeSec ?? USUAL_BLOCK_SEC,
  }));
}

/** Events of a contract that a time should hold, by what its coin had in the last stored day. */
function expectation(committed: readonly FlowEventRow[], contracts: readonly FlowContract[], state: FlowsState) {
  const perDay = new Map<string, number>();
  for (const { coinId, chainId, timestamp } of committed) {
    const cursor = state.chains[chainId];
    if (cursor === undefined || timestamp <= cursor.timestamp - DAY_SEC) continue;
    perDay.set(`${coinId}|${chainId}`, (perDay.get(`${coinId}|${chainId}`) ?? 0) + 1);
  }
  const shared = new Set(
    [...Map.groupBy(contracts, ({ coinId, chainId }) => `${coinId}|${chainId}`)].flatMap(([key, own]) =>
      own.length > 1 ? [key] : [],
    ),
  );
  return ({ coinId, chainId }: FlowContract, seconds: number): number => {
    const key = `${coinId}|${chainId}`;
    return shared.has(key) ? 0 : ((perDay.get(key) ?? 0) * Math.min(seconds, DAY_SEC)) / DAY_SEC;
  };
}

function nothingRead(reads: readonly Read[], state: FlowsState, verdict: ReturnType<typeof runStatus>): LaneResult {
  return {
    status: verdict.status === "error" ? "error" : "degraded",
    reasons: reads.map(({ run, read }) => ({
      code: "chain-not-read",
      message: `${run.chainId} was not read: ${read.reason}`,
    })),
    snapshots: {},
    withheld: ["mint-burn-flows"],
    history: [],
    state: { [STATE_NAME]: state },
    counts: { chainsRead: 0 },
  };
}

export const flowsLane: Lane = {
  name: "flows",
  async run(context) {
    const { nowSec, registry } = context;
    const contracts = flowContracts(registry);
    const { state, failed } = readFlowsState(context.state(STATE_NAME));
    const stateBefore = structuredClone(state);
    const decimalsOf = new Map(
      contracts.map((contract) => [`${contract.coinId}|${contract.chainId}`, contract.decimals]),
    );
    const decimals = (event: FlowEvent) => decimalsOf.get(`${event.coinId}|${event.chainId}`) ?? 18;

    const oldestHour = Math.min(
      nowSec - Math.max(DAY_SEC, HEAL_SEC),
      ...Object.values(state.chains).map(({ hoursThrough }) => hoursThrough),
      ...state.dirtyHours.map(([, , hourTs]) => hourTs),
      state.sweepUntil > nowSec ? nowSec - SWEEP_DAYS * DAY_SEC : nowSec,
    );
    const committed = await context.history(MINT_BURN_EVENTS, oldestHour);

    const runs = chainRuns(context, contracts);
    const reads: Read[] = [];
    let callsUsed = 0;
    for (const [place, run] of runs.entries()) {
      // A busy chain leaves enough for those after it.
      const left = CALLS_PER_RUN - callsUsed - CALLS_KEPT_PER_CHAIN * (runs.length - 1 - place);
      const desk = {
        context,
        state,
        budget: { count: 0, limit: Math.max(CALLS_KEPT_PER_CHAIN, left) },
        pricesFor: (first: number) => eventPrices(context, first),
        expectedEvents: expectation(committed, contracts, state),
      };
      reads.push({ run, read: await runChain(desk, run) });
      callsUsed += desk.budget.count;
    }
    const apiErrors = reads.reduce((sum, { read }) => sum + read.apiErrors, 0);
    const critical = contracts.filter(({ tier, enabled }) => tier === "critical" && enabled);
    const criticalSatisfied = critical.filter(({ key }) => reads.some(({ read }) => read.satisfied.has(key))).length;
    const verdict = runStatus({
      lane: "all",
      criticalEnabled: critical.length,
      criticalSatisfied,
      apiErrors,
      previousStreak: state.degradedStreak,
      runStateFailed: failed,
    });
    state.degradedStreak = verdict.degradedStreak;
    state.lastStatus = verdict.status;
    const isSuccess = verdict.status !== "error" && criticalSatisfied === critical.length;
    if (isSuccess) state.lastSuccessfulSyncAt = nowSec;
    if (reads.length > 0 && reads.every(({ read }) => read.scan === null)) return nothingRead(reads, state, verdict);

    const stored = hoursToStore(committed.map(toEvent), stateBefore.chains, stateBefore.dirtyHours, nowSec);
    for (const [chainId, through] of stored.hoursThrough) {
      const chain = state.chains[chainId];
      if (chain) chain.hoursThrough = through;
    }

    const corrections = await correctRecord(context, state, committed, reads, verdict.status !== "error");
    const prices = await eventPrices(context, nowSec);
    const finalRows = await withOlderPrices(
      context,
      reads.flatMap(({ read }) => read.finalRows),
      prices,
    );
    const provisional = await withOlderPrices(
      context,
      reads.flatMap(({ read }) => read.provisionalRows),
      prices,
    );
    const isNewRevision = corrections.takenBack.size > 0;
    const newRows = finalRows.map((event) => toRow(event, decimals(event), isNewRevision ? nowSec + 1 : 0));
    state.dirtyHours = dirtyHours(state, corrections.hours, finalRows);

    const data = await flowsSnapshot(context, {
      contracts,
      state,
      reads,
      live: liveEvents(committed, corrections.rows, finalRows, provisional),
      freshHours: stored.rows,
      provisional,
      decimalsOf: decimals,
      status: verdict.status,
    });
    const reasons = reasonsOf(reads, verdict.status, failed);
    return {
      status: verdict.status === "error" ? "error" : reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: { "mint-burn-flows": { data, asOf: nowSec, sources: sourcesOf(reads) } },
      history: [
        { dataset: MINT_BURN_EVENTS, rows: [...corrections.rows, ...newRows] },
        { dataset: MINT_BURN_HOURLY, rows: stored.rows },
      ],
      state: { [STATE_NAME]: state },
      counts: {
        ...contractCounts(contracts, reads, state, nowSec),
        ...rowCounts(committed, finalRows),
        degradedStreak: state.degradedStreak,
        chainsRead: reads.filter(({ read }) => read.scan !== null).length,
        criticalSatisfied,
        logsRead: reads.reduce((sum, { read }) => sum + read.logsRead, 0),
        rowsDropped: reads.reduce((sum, { read }) => sum + read.rowsDropped, 0),
        rowsStored: newRows.length,
        rowsProvisional: provisional.length,
        rowsTakenBack: corrections.takenBack.size,
        atomicRoundtripsDetected: finalRows.filter(({ flowType }) => flowType === "atomic_roundtrip").length,
        nullPricesHealed: corrections.healed,
        nullPriceBacklogRecent: corrections.backlogRecent,
        nullPriceBacklogHistorical: corrections.backlogHistorical,
        roundtripsSwept: corrections.swept,
        roundtripsBacklogSaturated: corrections.saturated ? 1 : 0,
        hoursStored: stored.rows.length,
        apiErrors,
        budgetUsed: callsUsed,
        budgetLimit: CALLS_PER_RUN,
      },
    };
  },
};

/** Which contracts a run dealt with: read up to the head of their chain, set aside, switched off. */
function contractCounts(contracts: readonly FlowContract[], reads: readonly Read[], state: FlowsState, nowSec: number) {
  const enabled = contracts.filter((contract) => contract.enabled);
  const processed = enabled.filter(({ key }) => reads.some(({ read }) => read.satisfied.has(key))).length;
  return {
    contractsTotal: contracts.length,
    contractsEnabled: enabled.length,
    contractsDisabled: contracts.length - enabled.length,
    contractsProcessed: processed,
    contractsSkipped: enabled.length - processed,
    contractsDeferred: Object.values(state.deferrals).filter(({ until }) => until > nowSec).length,
    coverageRatio: enabled.length === 0 ? 1 : Math.round((processed / enabled.length) * 1e4) / 1e4,
  };
}

/** Final rows of a run: those that are new, and those that were stored before and read again. */
function rowCounts(committed: readonly FlowEventRow[], finalRows: readonly FlowEvent[]) {
  const known = new Set(committed.map(flowId));
  const rowsIgnored = finalRows.filter((row) => known.has(flowId(row))).length;
  return { rowsParsed: finalRows.length, rowsInserted: finalRows.length - rowsIgnored, rowsIgnored };
}

function reasonsOf(reads: readonly Read[], status: string, stateFailed: boolean): Reason[] {
  const reasons: Reason[] = reads.flatMap(({ run, read }) => {
    if (read.reason !== null)
      return [{ code: "chain-not-read", message: `${run.chainId} was not read: ${read.reason}` }];
    if (read.scan?.complete) return [];
    const detail = read.notes[0] === undefined ? "" : `: ${read.notes[0]}`;
    return [{ code: "chain-lags", message: `${run.chainId} was not read up to its head${detail}` }];
  });
  if (stateFailed) reasons.unshift({ code: "state-unreadable", message: "the state of the flows lane began anew" });
  if (status !== "ok" && reasons.length === 0)
    reasons.push({ code: "api-errors", message: "nodes failed in this run and the one before" });
  return reasons;
}

function sourcesOf(reads: readonly Read[]) {
  return reads.flatMap(({ read }) =>
    read.scan === null ? [] : [{ id: read.scan.node.id, observedAt: read.scan.head.timestamp }],
  );
}
