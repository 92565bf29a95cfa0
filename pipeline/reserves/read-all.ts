/**
 * All adapters of a run: feeds once each, prices once, then the contracts of each chain in rounds, one call a round at one block.
 *
 * Adapters are generators; a round gathers what all of them want to read, asks once, and hands the answers back. What two of them
 * ask alike is asked once. A chain that cannot be read fails the adapters on it and nobody else.
 */
import { blockProblem } from "../block-age.ts";
import type { LaneContext } from "../lane.ts";
import type { ReserveAdapter } from "../schema/reserve-adapter.ts";
import type { ChainBlock } from "../sources/chain-block.ts";
import type { CollectReason } from "../sources/collect.ts";
import { contractReads } from "../sources/contract-reads.ts";
import { defillamaCoins } from "../sources/defillama-coins.ts";
import type { ContractRead } from "../sources/read-contracts.ts";
import type { Source } from "../sources/source.ts";
import { type Adapter, AdapterFailed, type Given, type Reading, type ReserveResult } from "./adapter.ts";
import { adapterOf } from "./adapters/index.ts";

export type Outcome = { result: ReserveResult } | { failed: string; skipped: boolean };

export interface Job {
  coinId: string;
  entry: ReserveAdapter;
}

export interface ReadAll {
  outcomes: Map<string, Outcome>;
  /** Block each chain was read at. */
  blocks: Map<string, ChainBlock>;
  rounds: number;
}

/** More rounds than any adapter needs would mean one that never ends. */
const MAX_ROUNDS = 4;

function failure(failed: string, reason: CollectReason | null = null): Outcome {
  return { failed, skipped: reason === "breaker-open" || reason === "disabled" };
}

interface Asked {
  given: Pick<Given, "feed" | "priceUsd">;
  /** Why a coin's own feed could not be had, by source id. */
  troubles: Map<string, { reason: CollectReason; detail: string }>;
}

async function askAhead(jobs: readonly Job[], context: LaneContext): Promise<Asked> {
  const feeds = new Map<string, Source<object, unknown>>();
  const keys = new Set<string>();
  for (const { entry } of jobs) {
    const adapter = adapterOf(entry.kind);
    for (const feed of adapter.feeds ?? []) feeds.set(feed.id, feed);
    for (const key of adapter.priceKeys?.(entry) ?? []) keys.add(key);
  }
  const answers = new Map<string, unknown>();
  const troubles: Asked["troubles"] = new Map();
  for (const [id, feed] of feeds) {
    const collected = await context.collect(feed, {});
    if (collected.ok) answers.set(id, collected.value);
    else troubles.set(id, collected);
  }
  const prices = new Map<string, number>();
  if (keys.size > 0) {
    const collected = await context.collect(defillamaCoins, { keys: [...keys].sort() });
    if (collected.ok)
      for (const { key, priceUsd } of collected.value.quotes) if (priceUsd !== null) prices.set(key, priceUsd);
  }
  return {
    troubles,
    given: {
      feed: <Out>(source: Source<object, Out>) => (answers.get(source.id) as Out | undefined) ?? null,
      priceUsd: (key) => prices.get(key) ?? null,
    },
  };
}

function readKey({ address, functionName, args = [] }: ContractRead): string {
  return `${address.toLowerCase()} ${functionName} ${args.map(String).join(",")}`;
}

interface Running extends Job {
  reading: Reading;
  wants: ContractRead[];
}

/** Moves a generator on; gives what it wants next, or its outcome. */
function step(running: Omit<Running, "wants">, answers: unknown[] | null): ContractRead[] | Outcome {
  try {
    const moved = answers === null ? running.reading.next() : running.reading.next(answers);
    return moved.done ? { result: moved.value } : moved.value;
  } catch (error) {
    if (error instanceof AdapterFailed) return failure(error.message);
    throw error;
  }
}

/** One chain to the end: every round is one question at one block. */
async function readChain(
  chain: string,
  jobs: readonly Omit<Running, "wants">[],
  context: LaneContext,
  all: ReadAll,
): Promise<void> {
  let running: Running[] = [];
  const settle = (job: Omit<Running, "wants">, moved: ContractRead[] | Outcome) => {
    if (Array.isArray(moved)) running.push({ ...job, wants: moved });
    else all.outcomes.set(job.coinId, moved);
  };
  for (const job of jobs) settle(job, step(job, null));
  for (let round = 0; running.length > 0; round++) {
    if (round === MAX_ROUNDS) throw new Error(`adapters of ${chain} asked for more than ${MAX_ROUNDS} rounds`);
    const reads = new Map(running.flatMap(({ wants }) => wants.map((read) => [readKey(read), read] as const)));
    const block = all.blocks.get(chain);
    const collected = await context.collect(contractReads, { chain, reads: [...reads.values()], block });
    const waiting = running;
    running = [];
    if (!collected.ok) {
      for (const { coinId } of waiting) all.outcomes.set(coinId, failure(collected.detail, collected.reason));
      return;
    }
    const problem = blockProblem(chain, collected.value.block.timestamp, context.nowSec);
    if (problem !== null) {
      for (const { coinId } of waiting) all.outcomes.set(coinId, failure(problem));
      return;
    }
    all.rounds += 1;
    all.blocks.set(chain, collected.value.block);
    const keys = [...reads.keys()];
    const answers = new Map(collected.value.results.map((result, i) => [keys[i], result]));
    for (const job of waiting)
      settle(
        job,
        step(
          job,
          job.wants.map((read) => answers.get(readKey(read))),
        ),
      );
  }
}

/** Reads every job. Never throws for upstream trouble. */
export async function readAll(
  jobs: readonly Job[],
  context: LaneContext,
  known: Pick<Given, "coinPriceUsd" | "coinOfToken">,
): Promise<ReadAll> {
  const { given, troubles } = await askAhead(jobs, context);
  const all: ReadAll = { outcomes: new Map(), blocks: new Map(), rounds: 0 };
  const byChain = Map.groupBy(jobs, ({ entry }) => ("chain" in entry ? entry.chain : ""));
  for (const [chain, chainJobs] of byChain) {
    const started = chainJobs.map((job) => {
      const adapter: Adapter = adapterOf(job.entry.kind);
      return { ...job, reading: adapter.read(job.entry, { ...given, ...known, nowSec: context.nowSec }) };
    });
    await readChain(chain, started, context, all);
  }
  for (const { coinId, entry } of jobs) {
    const outcome = all.outcomes.get(coinId);
    const first = adapterOf(entry.kind)
      .feeds?.map(({ id }) => troubles.get(id))
      .find((trouble) => trouble !== undefined);
    if (outcome && "failed" in outcome && first && !("chain" in entry))
      all.outcomes.set(coinId, failure(first.detail, first.reason));
  }
  return all;
}
