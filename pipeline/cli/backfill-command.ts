/** `plumbline backfill flows|prices|merge` and `reclassify roundtrips`: the record repaired by hand, or by a matrix of machines. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../errors.ts";
import {
  autoSelect,
  gapOf,
  mergeJobs,
  planJobs,
  type ScannedJob,
  ScannedJobSchema,
  scanJob,
  shardOf,
  unknownConfig,
} from "../flows/backfill.ts";
import { DEFAULT_CHUNKS, LARGEST_CHUNK_BLOCKS, MOST_CHUNKS } from "../flows/backfill-plan.ts";
import { flowContracts } from "../flows/contracts.ts";
import { reclassifyRoundtrips } from "../flows/reclassify.ts";
import { recountHours } from "../flows/recount-hours.ts";
import { repairPrices } from "../flows/repair-prices.ts";
import { type FlowsWork, repairedFlows } from "../flows/repaired.ts";
import type { FlowsState } from "../flows/state.ts";
import type { LaneContext } from "../lane.ts";
import { DAY_SEC } from "../time.ts";
import { parseCount } from "./options.ts";
import { checkCoin, type RepairFlags, repair } from "./repair.ts";

export interface BackfillFlags extends RepairFlags {
  config?: string;
  from?: string;
  to?: string;
  chunk?: string;
  maxChunks?: string;
  plan?: string;
  shard?: string;
  out?: string;
}

const RECLASSIFY_DAYS = 90;

function repairFlows(flags: RepairFlags, work: FlowsWork, dryRun = false): Promise<number> {
  return repair(flags, "flows", (context) => repairedFlows(context, work), dryRun);
}

function numberFlag(flag: string, text: string | undefined, min: number, max: number): number | null {
  return text === undefined ? null : parseCount(flag, text, min, max);
}

function parseShard(text: string): { index: number; count: number } {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!index || shard.index < 1 || shard.index > shard.count)
    throw new UsageError(`--shard ${JSON.stringify(text)} is no shard`, {
      code: "bad-shard",
      where: "--shard",
      hint: "give i/N, for example 1/8",
    });
  return shard;
}

/** Contracts to fill: the one named, or all that lack something. */
function gapsOf(context: LaneContext, state: FlowsState, flags: BackfillFlags) {
  const contracts = flowContracts(context.registry).filter(({ enabled }) => enabled);
  const byKey = new Map(contracts.map((contract) => [contract.key, contract]));
  if (flags.config !== undefined && !byKey.has(flags.config)) throw unknownConfig(flags.config);
  const from = numberFlag("--from", flags.from, 0, Number.MAX_SAFE_INTEGER);
  const to = numberFlag("--to", flags.to, 0, Number.MAX_SAFE_INTEGER);
  const chosen = contracts.filter(({ key }) => flags.config === undefined || key === flags.config);
  const gaps = chosen.flatMap((contract) => {
    const gap = gapOf(contract, state);
    const head = state.chains[contract.chainId]?.block;
    if (head === undefined || (gap === null && from === null && to === null)) return [];
    const fromBlock = from ?? gap?.fromBlock ?? contract.startBlock;
    const gapEnd = gap !== null && fromBlock <= gap.toBlock ? gap.toBlock : head;
    const toBlock = Math.min(to ?? gapEnd, head);
    return fromBlock > toBlock ? [] : [{ contract, fromBlock, toBlock }];
  });
  return { contracts, byKey, gaps };
}

async function fillSome(context: LaneContext, state: FlowsState, flags: BackfillFlags) {
  const selectionMode = flags.config === undefined ? "auto" : "explicit";
  const { contracts, byKey } = gapsOf(context, state, flags);
  const configKey = flags.config ?? autoSelect(contracts, state);
  const chunk = numberFlag("--chunk", flags.chunk, 1, LARGEST_CHUNK_BLOCKS) ?? LARGEST_CHUNK_BLOCKS;
  const maxChunks = numberFlag("--max-chunks", flags.maxChunks, 1, MOST_CHUNKS) ?? DEFAULT_CHUNKS;
  const reason = selectionMode === "auto" ? { selectionReason: "critical-first-most-behind" } : {};
  const jobs = configKey === null ? [] : planJobs(gapsOf(context, state, { ...flags, config: configKey }).gaps, chunk);
  const todo = jobs.slice(0, maxChunks);
  const scanned: ScannedJob[] = [];
  for (const job of todo) scanned.push(await scanJob(context, job, byKey));
  const merged = await mergeJobs(context, state, scanned);
  const next = jobs[todo.length];
  return {
    answer: {
      configKey,
      selectionMode,
      ...reason,
      done: next === undefined,
      nextFromBlock: next?.fromBlock ?? null,
      chunksProcessed: scanned.length,
      rowsParsed: scanned.reduce((sum, { rows }) => sum + rows.length, 0),
      rowsDropped: scanned.reduce((sum, { dropped }) => sum + dropped, 0),
      rowsInserted: merged.rowsInserted,
      rowsIgnored: merged.rowsIgnored,
      reclassified: { flowTypeChanges: merged.flowTypeChanges, burnTypeChanges: merged.burnTypeChanges },
      rowsReclassified: merged.rowsReclassified,
      hoursRecalculated: merged.hours.length,
      callsUsed: scanned.reduce((sum, { calls }) => sum + calls, 0),
    },
    events: merged.events,
    hours: merged.hours,
  };
}

export async function backfillFlows(flags: BackfillFlags): Promise<number> {
  const chunk = numberFlag("--chunk", flags.chunk, 1, LARGEST_CHUNK_BLOCKS) ?? LARGEST_CHUNK_BLOCKS;
  if (flags.plan !== undefined) {
    const count = parseCount("--plan", flags.plan, 1, 256);
    return repairFlows(
      flags,
      async (context, state) => {
        const jobs = planJobs(gapsOf(context, state, flags).gaps, chunk);
        const shards = Array.from({ length: Math.min(count, Math.max(1, jobs.length)) }, (_, i) => `${i + 1}/${count}`);
        return {
          answer: {
            jobs: jobs.length,
            blocks: jobs.reduce((n, job) => n + job.toBlock - job.fromBlock + 1, 0),
            shards,
          },
        };
      },
      true,
    );
  }
  if (flags.shard === undefined) return repairFlows(flags, (context, state) => fillSome(context, state, flags));
  const { index, count } = parseShard(flags.shard);
  const folder = flags.out ?? ".plumbline/shards";
  const maxChunks = numberFlag("--max-chunks", flags.maxChunks, 1, 1_000_000) ?? Number.POSITIVE_INFINITY;
  return repairFlows(
    flags,
    async (context, state) => {
      const { byKey, gaps } = gapsOf(context, state, flags);
      const jobs = shardOf(planJobs(gaps, chunk), index, count).slice(0, maxChunks);
      mkdirSync(folder, { recursive: true });
      const scanned: ScannedJob[] = [];
      const failed: string[] = [];
      for (const job of jobs) {
        try {
          scanned.push(await scanJob(context, job, byKey));
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          failed.push(error.message);
        }
      }
      const file = join(folder, `shard-${index}-of-${count}.json`);
      writeFileSync(file, `${JSON.stringify(scanned)}\n`);
      const rows = scanned.reduce((sum, one) => sum + one.rows.length, 0);
      return { answer: { file, jobs: jobs.length, scanned: scanned.length, rows, failed } };
    },
    true,
  );
}

/** Puts the files of shards together, in the order of their jobs, whoever scanned them. */
export async function mergeShards(flags: RepairFlags & { from: string }): Promise<number> {
  const names = existsSync(flags.from) ? readdirSync(flags.from).filter((name) => /^shard-.*\.json$/.test(name)) : [];
  if (names.length === 0)
    throw new UsageError("there is no shard to merge", {
      code: "no-shards",
      where: flags.from,
      hint: "scan some with `plumbline backfill flows --shard i/N --out DIR`",
    });
  const scanned = names
    .flatMap((name) => z.array(ScannedJobSchema).parse(JSON.parse(readFileSync(join(flags.from, name), "utf8"))))
    .sort((a, b) =>
      a.job.chainId < b.job.chainId ? -1 : a.job.chainId > b.job.chainId ? 1 : a.job.fromBlock - b.job.fromBlock,
    );
  return repairFlows(flags, async (context, state) => {
    const { events, hours, ...counts } = await mergeJobs(context, state, scanned);
    return {
      answer: { shards: names.length, jobs: scanned.length, ...counts, hoursRecalculated: hours.length },
      events,
      hours,
    };
  });
}

export async function backfillPrices(flags: RepairFlags): Promise<number> {
  return repairFlows(flags, async (context, state) => {
    const { report, events, hours } = await repairPrices(context, state);
    return { answer: report, events, hours };
  });
}

export async function reclassifyCommand(flags: RepairFlags & { sinceDays?: string; coin?: string }): Promise<number> {
  const days = numberFlag("--since-days", flags.sinceDays, 1, 36_500) ?? RECLASSIFY_DAYS;
  return repairFlows(flags, async (context, state) => {
    checkCoin(context.registry, flags.coin);
    const sinceSec = context.nowSec - days * DAY_SEC;
    const { report, events, hours } = await reclassifyRoundtrips(context, state, {
      sinceSec,
      coinId: flags.coin ?? null,
    });
    return { answer: report, events, hours };
  });
}

export async function recountCommand(flags: RepairFlags): Promise<number> {
  return repairFlows(flags, async (context, state) => {
    const { report, hours } = await recountHours(context, state);
    return { answer: report, events: [], hours };
  });
}
