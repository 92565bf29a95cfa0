/** The past of every contract since one time, in one go: for a record that begins, over nodes that answer at once. */
import type { LaneContext } from "../lane.ts";
import { blockAtTime } from "../sources/block-at-time.ts";
import { inBatches } from "../sources/quotes.ts";
import { type Gap, gapOf, type Merged, mergeJobs, planJobs, type ScannedJob, scanJob } from "./backfill.ts";
import { LARGEST_CHUNK_BLOCKS } from "./backfill-plan.ts";
import { flowContracts } from "./contracts.ts";
import type { FlowsState } from "./state.ts";

const JOBS_TOGETHER = 2;
/** Windows that a job asks for one after the other, some together: far fewer than it has calls. */
const WINDOWS_PER_JOB = 100;

/** Gaps from the block of `sinceSec` on. A chain whose block of that time cannot be had keeps its gap. */
async function gapsSince(context: LaneContext, state: FlowsState, sinceSec: number): Promise<Gap[]> {
  const gaps = flowContracts(context.registry)
    .filter(({ enabled }) => enabled)
    .flatMap((contract) => gapOf(contract, state) ?? []);
  const clipped: Gap[] = [];
  for (const [chain, own] of Map.groupBy(gaps, ({ contract }) => contract.caip)) {
    const found = await context.collect(blockAtTime, { chain, atSec: sinceSec });
    if (!found.ok) continue;
    const first = Number(found.value.block?.number ?? 0);
    for (const gap of own) {
      const fromBlock = Math.max(gap.fromBlock, first);
      if (fromBlock <= gap.toBlock) clipped.push({ ...gap, fromBlock });
    }
  }
  return clipped;
}

/** Reads and merges what is missing since `sinceSec`. Throws UsageError where a part of it cannot be read. */
export async function fillSince(
  context: LaneContext,
  state: FlowsState,
  sinceSec: number,
): Promise<Merged & { jobs: number }> {
  const gaps = await gapsSince(context, state, sinceSec);
  const byKey = new Map(gaps.map(({ contract }) => [contract.key, contract]));
  const jobs = planJobs(gaps, WINDOWS_PER_JOB * LARGEST_CHUNK_BLOCKS);
  const scanned: ScannedJob[] = [];
  for (const together of inBatches(jobs, JOBS_TOGETHER))
    scanned.push(...(await Promise.all(together.map((job) => scanJob(context, job, byKey)))));
  return { ...(await mergeJobs(context, state, scanned)), jobs: jobs.length };
}
