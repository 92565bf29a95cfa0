/**
 * The past, read on purpose: gaps of contracts cut into jobs, scanned one by one or by many machines, put together once.
 *
 * A job is one chain, one range, and every contract that lacks it. It counts only when all of it was read; what a lost shard
 * leaves behind is simply still a gap. However the jobs are shared out, the rows that come together are the same.
 */
import { z } from "zod";
import { UsageError } from "../errors.ts";
import { flowId, toEvent } from "../flow-figures.ts";
import { hourOf } from "../flow-hours.ts";
import type { LaneContext } from "../lane.ts";
import { type FlowEventRow, FlowEventRowSchema, type HourlyFlowRow } from "../schema/flows.ts";
import { BACKFILL_CALLS, backfillAutoSelect, backfillChunks } from "./backfill-plan.ts";
import { blocksAt, timesOf } from "./block-times.ts";
import { chainNodes } from "./chain-node.ts";
import type { FlowContract } from "./contracts.ts";
import { eventPrices, withOlderPrices } from "./event-prices.ts";
import { toRow } from "./event-rows.ts";
import { readRange } from "./read-range.ts";
import { bridgeCandidates, readRows } from "./read-rows.ts";
import { eventsOfHours, rebuildHours } from "./rebuild-hours.ts";
import type { FlowsState } from "./state.ts";
import { MAX_SCAN_RANGE, syncStateUpsert } from "./sync-advance.ts";

export const BackfillJobSchema = z.object({
  chainId: z.string(),
  caip: z.string(),
  fromBlock: z.int(),
  toBlock: z.int(),
  keys: z.array(z.string()).min(1),
});
export type BackfillJob = z.infer<typeof BackfillJobSchema>;

export const ScannedJobSchema = z.object({
  job: BackfillJobSchema,
  /** Time of the job's first block. */
  fromTimestamp: z.int(),
  rows: z.array(FlowEventRowSchema),
  dropped: z.int(),
  calls: z.int(),
});
export type ScannedJob = z.infer<typeof ScannedJobSchema>;

export interface Gap {
  contract: FlowContract;
  fromBlock: number;
  toBlock: number;
}

/** What lies between a contract's first block worth reading and where the runs began; nothing for one never read. */
export function gapOf(contract: FlowContract, state: FlowsState): Gap | null {
  const chain = state.chains[contract.chainId];
  const known = state.contracts[contract.key];
  if (chain === undefined || known === undefined) return null;
  const since = known.since < 0 ? chain.since.block : known.since;
  const fromBlock = Math.max(contract.startBlock, (known.backfilledTo ?? -1) + 1);
  return fromBlock < since ? { contract, fromBlock, toBlock: since - 1 } : null;
}

/** The contract to fill next when none is named. */
export function autoSelect(contracts: readonly FlowContract[], state: FlowsState): string | null {
  const gaps = contracts.flatMap((contract) => gapOf(contract, state) ?? []);
  return backfillAutoSelect(
    gaps.map(({ contract, fromBlock, toBlock }) => ({
      key: contract.key,
      symbol: contract.symbol,
      tier: contract.tier,
      lag: toBlock - fromBlock + 1,
    })),
  );
}

/** Jobs over all gaps: ranges cut at every gap's end and at `chunk` blocks, contracts of one range together. */
export function planJobs(gaps: readonly Gap[], chunk: number): BackfillJob[] {
  const byChain = Map.groupBy(gaps, ({ contract }) => contract.chainId);
  return [...byChain]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([chainId, own]) => {
      const edges = [...new Set(own.flatMap(({ fromBlock, toBlock }) => [fromBlock, toBlock + 1]))].sort(
        (a, b) => a - b,
      );
      return edges.slice(0, -1).flatMap((from, i) => {
        const to = (edges[i + 1] as number) - 1;
        const keys = own
          .filter((gap) => gap.fromBlock <= from && gap.toBlock >= to)
          .map(({ contract }) => contract.key)
          .sort();
        const caip = (own[0] as Gap).contract.caip;
        return keys.length === 0
          ? []
          : backfillChunks(from, to, chunk).map((range) => ({ chainId, caip, ...range, keys }));
      });
    });
}

/** Jobs of shard `index` of `count`, from 1. */
export function shardOf(jobs: readonly BackfillJob[], index: number, count: number): BackfillJob[] {
  return jobs.filter((_, i) => i % count === index - 1);
}

type ScanContext = Pick<LaneContext, "collect" | "nodes" | "nowSec">;

/** Everything of a job, without prices. Throws where any of it could not be read: half a job is none. */
export async function scanJob(
  context: ScanContext,
  job: BackfillJob,
  contracts: ReadonlyMap<string, FlowContract>,
): Promise<ScannedJob> {
  const own = job.keys.map((key) => {
    const contract = contracts.get(key);
    if (contract) return contract;
    throw unknownConfig(key);
  });
  const budget = { count: 0, limit: BACKFILL_CALLS };
  const range = { fromBlock: job.fromBlock, toBlock: job.toBlock };
  let trouble = `no node is known for ${job.caip}`;
  for (const node of chainNodes(context, job.caip)) {
    const read = await readRange(node, own, range, budget, { blocks: MAX_SCAN_RANGE });
    if (!read.complete) {
      trouble = read.detail ?? "the budget of calls was used up";
      continue;
    }
    const times = await timesOf(node, read.logs, budget);
    const begin = await blocksAt(node, [job.fromBlock], { finalized: null }, budget);
    const fromTimestamp = begin.get(job.fromBlock)?.timestamp;
    const wanted = bridgeCandidates(own, read.logs, (block) => times.at.get(block));
    const contexts = wanted.length > 0 ? await node.transactions(wanted) : ({ ok: true, value: new Map() } as const);
    if (Number.isFinite(times.firstMissing)) trouble = `the time of block ${times.firstMissing} could not be had`;
    else if (fromTimestamp === undefined) trouble = `the time of block ${job.fromBlock} could not be had`;
    else if (!contexts.ok) trouble = contexts.detail;
    else {
      const decimals = new Map(own.map((contract) => [`${contract.coinId}|${contract.chainId}`, contract.decimals]));
      const { rows, dropped } = readRows(own, read.logs, {
        blockTimes: (block) => times.at.get(block),
        prices: { history: {}, current: {}, currentUpdatedAt: {}, runTimestamp: context.nowSec },
        contexts: (txHash) => contexts.value.get(txHash) ?? null,
      });
      return {
        job,
        fromTimestamp,
        rows: rows.map((row) => toRow(row, decimals.get(`${row.coinId}|${row.chainId}`) ?? 18)),
        dropped,
        calls: budget.count,
      };
    }
  }
  throw new UsageError(`blocks ${job.fromBlock} to ${job.toBlock} of ${job.chainId} could not be read: ${trouble}`, {
    code: "job-incomplete",
    where: job.keys[0] ?? job.chainId,
    hint: "nothing of it was kept; try again, with smaller chunks or another node",
  });
}

export function unknownConfig(key: string): UsageError {
  return new UsageError(`there is no contract ${JSON.stringify(key)}`, {
    code: "unknown-config",
    where: "--config",
    hint: "a key is <chain slug>-<address>, e.g. ethereum-0xdac17f958d2ee523a2206206994597c13d831ec7",
  });
}

export interface Merged {
  events: FlowEventRow[];
  hours: HourlyFlowRow[];
  rowsInserted: number;
  rowsIgnored: number;
  flowTypeChanges: number;
  burnTypeChanges: number;
  rowsReclassified: number;
}

/** Puts scanned jobs together: prices, rows that are new or classified otherwise now, their hours, and the cursors. */
export async function mergeJobs(
  context: LaneContext,
  state: FlowsState,
  scanned: readonly ScannedJob[],
): Promise<Merged> {
  const found = new Map(scanned.flatMap(({ rows }) => rows).map((row) => [flowId(row), row]));
  const ordered = [...found.values()].sort((a, b) => a.timestamp - b.timestamp || (flowId(a) < flowId(b) ? -1 : 1));
  const first = ordered[0]?.timestamp ?? context.nowSec;
  const prices = await eventPrices(context, first);
  const priced = await withOlderPrices(context, ordered.map(toEvent), prices);
  const hours = [...new Set(ordered.map(({ timestamp }) => hourOf(timestamp)))];
  const stored = new Map((await eventsOfHours(context, hours)).map((row) => [flowId(row), row]));
  const out: Merged = {
    events: [],
    hours: [],
    rowsInserted: 0,
    rowsIgnored: 0,
    flowTypeChanges: 0,
    burnTypeChanges: 0,
    rowsReclassified: 0,
  };
  priced.forEach((event, i) => {
    const decimals = (ordered[i] as FlowEventRow).decimals;
    const known = stored.get(flowId(event));
    if (known === undefined) {
      out.rowsInserted += 1;
      out.events.push(toRow(event, decimals));
      return;
    }
    out.rowsIgnored += 1;
    // One half of a roundtrip read alone looks standard: that is no reason to split what is joined.
    const isHalf = known.flowType === "atomic_roundtrip" && event.flowType === "standard";
    if (isHalf) return;
    const flowChanged = known.flowType !== event.flowType;
    const burnChanged = known.burnType !== event.burnType || known.burnReviewReason !== event.burnReviewReason;
    if (flowChanged) out.flowTypeChanges += 1;
    if (known.burnType !== event.burnType) out.burnTypeChanges += 1;
    if (!flowChanged && !burnChanged) return;
    out.rowsReclassified += 1;
    const { flowType, burnType, burnReviewReason } = event;
    out.events.push({ ...known, flowType, burnType, burnReviewReason, revision: context.nowSec });
  });
  advance(state, scanned);
  out.hours = await rebuildHours(context, state, out.events);
  return out;
}

/** Moves the cursors of the backfill over jobs that follow each other; a gap that closes joins the runs' own reading. */
function advance(state: FlowsState, scanned: readonly ScannedJob[]): void {
  const jobs = [...scanned].sort((a, b) => a.job.fromBlock - b.job.fromBlock);
  for (const { job, fromTimestamp } of jobs) {
    for (const key of job.keys) {
      const known = state.contracts[key];
      const chain = state.chains[job.chainId];
      if (known === undefined || chain === undefined) continue;
      const begins = known.backfilledFrom ?? { block: job.fromBlock, timestamp: fromTimestamp };
      const follows = known.backfilledTo === null || job.fromBlock <= known.backfilledTo + 1;
      if (!follows) continue;
      known.backfilledFrom = begins;
      known.backfilledTo = syncStateUpsert(known.backfilledTo, job.toBlock, "monotonic-max");
      const since = known.since < 0 ? chain.since.block : known.since;
      if (known.backfilledTo >= since - 1) {
        known.since = begins.block;
        known.sinceTimestamp = begins.timestamp;
        known.backfilledFrom = null;
        known.backfilledTo = null;
      }
    }
  }
}
