/** What the lane keeps from run to run: cursors with their block hashes, who lags and why, and what is left to do. */
import { z } from "zod";

const CheckpointSchema = z.object({ block: z.int(), hash: z.string().min(3).describe("How the block's hash begins") });

const ChainStateSchema = CheckpointSchema.extend({
  timestamp: z.int().describe("Of the cursor's block"),
  checkpoints: z.array(CheckpointSchema),
  since: z.object({ block: z.int(), timestamp: z.int() }).describe("From here to the cursor nothing is missing"),
  hoursThrough: z.int().describe("Hours before this one are in the history"),
  rangeLimit: z.int().positive().nullable().describe("Blocks in one question, as the provider was seen to take"),
});
export type ChainState = z.infer<typeof ChainStateSchema>;

const DifferenceSchema = z.object({ fromBlock: z.int(), toBlock: z.int(), differenceTokens: z.number() });

export const FlowsStateSchema = z.object({
  chains: z.record(z.string(), ChainStateSchema).default({}),
  contracts: z
    .record(
      z.string(),
      z.object({
        since: z.int().describe("First block of its gapless reading; -1: the chain's own"),
        sinceTimestamp: z.int().nullable().default(null).describe("Of that block; null: the chain's own"),
        behind: z.int().nullable().describe("Last block read where it lags behind the chain"),
        errors: z.int().positive().optional().describe("Failures in a row since it is read alone"),
        backfilledFrom: z.object({ block: z.int(), timestamp: z.int() }).nullable().default(null),
        backfilledTo: z.int().nullable().default(null).describe("How far a backfill from there has come"),
      }),
    )
    .default({})
    .describe("Contracts whose code answered"),
  deferrals: z.record(z.string(), z.object({ until: z.int(), reason: z.string() })).default({}),
  firstHours: z.record(z.string(), z.int()).default({}).describe("Earliest hour of a coin's gapless history"),
  dirtyHours: z
    .array(z.tuple([z.string(), z.string(), z.int()]))
    .default([])
    .describe("Coin, chain, hour to be made anew"),
  sweepUntil: z.int().default(0).describe("Until then halves of roundtrips may have come in different runs"),
  supplyCheck: z
    .record(z.string(), z.object({ day: z.string(), block: z.int(), units: z.record(z.string(), z.string()) }))
    .default({})
    .describe("Total supply of the contracts of a chain as last compared"),
  differences: z.record(z.string(), z.array(DifferenceSchema)).default({}),
  lastConfigKey: z.string().nullable().default(null),
  degradedStreak: z.int().default(0),
  lastStatus: z.string().nullable().default(null),
  lastSuccessfulSyncAt: z.int().nullable().default(null),
});
export type FlowsState = z.infer<typeof FlowsStateSchema>;

export const STATE_NAME = "flows";

/** A state that is not there or not ours begins anew; `failed` says which. */
export function readFlowsState(stored: unknown): { state: FlowsState; failed: boolean } {
  if (stored === null) return { state: FlowsStateSchema.parse({}), failed: false };
  const parsed = FlowsStateSchema.safeParse(stored);
  return parsed.success ? { state: parsed.data, failed: false } : { state: FlowsStateSchema.parse({}), failed: true };
}
