/**
 * What the lane remembers between runs: open and pending depegs, who had a price, since when each coin is known, and the
 * times and depths of events that ended within the window of the peg score.
 *
 * All of it follows from what was published, so a lost state is built again from snapshots and history. One that is there
 * but damaged is named: guessing would close or invent depegs.
 */
import { z } from "zod";
import { DataDamaged } from "../errors.ts";
import type { LaneContext } from "../lane.ts";
import { type DepegEvent, DepegEventSchema, PendingDepegSchema } from "../schema/depegs.ts";
import { UnixSecondsSchema } from "../schema/envelope.ts";
import type { PastEvent } from "./depeg-events.ts";
import { FOUR_YEARS_SEC } from "./peg-score.ts";

const STATE_NAME = "pegs";
export const INTERVALS_NAME = "peg-intervals";
/** The part of the state that every run changes. */
const MOVING_NAME = "pegs-moving";

const StateSchema = z.object({
  /** When the lane last looked; null before its first run. */
  ranAt: UnixSecondsSchema.nullable(),
  open: z.array(DepegEventSchema),
  pending: z.array(PendingDepegSchema),
  /** Tracked coins that had a price then, by id. */
  priced: z.array(z.string()),
  /** When a coin was first seen in the supply history or with a price, unix seconds. */
  firstSeenAt: z.record(z.string(), UnixSecondsSchema),
});
export type PegState = z.infer<typeof StateSchema>;

/** The state as it is kept, by name. */
export function keptState({ ranAt, pending, ...resting }: PegState): Record<string, unknown> {
  return { [STATE_NAME]: resting, [MOVING_NAME]: { ranAt, pending } };
}

/** By coin: start, end and signed peak in basis points of events that ended. */
const IntervalsSchema = z.record(z.string(), z.array(z.tuple([z.int(), z.int(), z.int()])));
export type Intervals = z.infer<typeof IntervalsSchema>;

export interface PegPast {
  state: PegState;
  intervals: Intervals;
  /** Closed events of the last snapshot, or the latest of the history, newest start first. */
  recent: DepegEvent[];
}

function parsed<Out>(schema: z.ZodType<Out>, value: unknown, name: string): Out {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new DataDamaged(`the state of the pegs lane is damaged at ${issue?.path.join(".")}: ${issue?.message}`, {
    code: "state-damaged",
    where: `state/${name}.json, or ${name} in state/shared.json`,
    hint: "restore the file with `git checkout -- <file>`, or take the state away: it is built again from what was published",
  });
}

async function rebuilt(context: LaneContext, keptEvents: number): Promise<PegPast> {
  const store = await context.store();
  const ended = (
    await store.query("SELECT * FROM depeg_events WHERE endedAt > $since ORDER BY startedAt DESC, id", {
      since: context.nowSec - FOUR_YEARS_SEC,
    })
  ).map((row) => parsed(DepegEventSchema, row, INTERVALS_NAME));
  const seen = await store.query("SELECT coinId, min(date) AS firstSeenAt FROM supply_history GROUP BY coinId");
  const intervals: Intervals = {};
  for (const event of ended) addInterval(intervals, event);
  return {
    intervals,
    recent: ended.slice(0, keptEvents),
    state: {
      ranAt: null,
      open: (context.published("depeg-events")?.data.events ?? []).filter((event) => event.endedAt === null),
      pending: context.published("depeg-pending")?.data.pending ?? [],
      priced: [],
      firstSeenAt: Object.fromEntries(seen.map((row) => [row.coinId as string, row.firstSeenAt as number])),
    },
  };
}

/** `keptEvents` is how many closed events a snapshot holds. */
export async function readPast(context: LaneContext, keptEvents: number): Promise<PegPast> {
  const [resting, moving] = [context.state(STATE_NAME), context.state(MOVING_NAME)];
  const state = resting === null || moving === null ? null : Object.assign({}, resting, moving);
  const intervals = context.state(INTERVALS_NAME);
  if (state === null || intervals === null) return rebuilt(context, keptEvents);
  return {
    state: parsed(StateSchema, state, STATE_NAME),
    intervals: parsed(IntervalsSchema, intervals, INTERVALS_NAME),
    recent: (context.published("depeg-events")?.data.events ?? []).filter((event) => event.endedAt !== null),
  };
}

/** Adds a closed event, in order of start. */
export function addInterval(
  intervals: Intervals,
  { stablecoinId, startedAt, endedAt, peakDeviationBps }: DepegEvent,
): void {
  if (endedAt === null) return;
  const list = [...(intervals[stablecoinId] ?? []), [startedAt, endedAt, peakDeviationBps] as [number, number, number]];
  intervals[stablecoinId] = list.sort((a, b) => a[0] - b[0]);
}

/** Without what ended before the window. */
export function prunedIntervals(intervals: Intervals, nowSec: number): Intervals {
  const young = Object.entries(intervals).map(
    ([coinId, list]) => [coinId, list.filter(([, endedAt]) => endedAt > nowSec - FOUR_YEARS_SEC)] as const,
  );
  return Object.fromEntries(young.filter(([, list]) => list.length > 0));
}

/** The intervals of one coin as events, their direction by the sign of their peak. */
export function pastEvents(
  intervals: Intervals,
  coinId: string,
): (PastEvent & { endedAt: number; peakDeviationBps: number })[] {
  return (intervals[coinId] ?? []).map(([startedAt, endedAt, peakDeviationBps]) => ({
    startedAt,
    endedAt,
    peakDeviationBps,
    direction: peakDeviationBps >= 0 ? "above" : "below",
  }));
}
