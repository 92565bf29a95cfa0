/** The day that closed, as its last run left it: one row a coin whose figures differ from the row before. */
import { z } from "zod";
import type { Published } from "../lane.ts";
import type { RedemptionBackstops, RedemptionRow } from "../schema/redemption.ts";
import type { RedemptionDay } from "../schema/redemption-history.ts";
import { startOfUtcDay } from "../time.ts";

export const STATE_NAME = "redemption-history";

/** Coin id to the figures of its last row. */
const StateSchema = z.record(z.string(), z.string()).catch({});

const DIGITS = 2;

function dayOf(row: RedemptionRow, date: number, runId: string): RedemptionDay {
  const capacity = row.capacityProfile.scoringUsd;
  return {
    date,
    coinId: row.stablecoinId,
    score: row.score,
    effectiveExitScore: row.effectiveExitScore,
    dexLiquidityScore: row.dexLiquidityScore,
    eventualRedeemabilityScore: row.eventualRedeemabilityScore,
    resolutionState: row.resolutionState,
    routeStatus: row.routeStatus,
    modelConfidence: row.modelConfidence,
    capacityUsd: capacity === null ? null : Number(capacity.toPrecision(DIGITS)),
    feeBps: row.feeBps,
    updatedAt: row.updatedAt,
    methodologyVersion: row.methodologyVersion,
    runId,
  };
}

function figuresOf({ date: _date, coinId: _id, updatedAt: _at, runId: _run, ...figures }: RedemptionDay): string {
  return Object.values(figures).join(" ");
}

/** Rows of the last published day if it is over at `nowSec`, and the state to remember. */
export function closedDay(
  last: Published<RedemptionBackstops> | null,
  state: unknown,
  nowSec: number,
): { rows: RedemptionDay[]; state: Record<string, string> | null } {
  const known = StateSchema.parse(state ?? {});
  if (last === null) return { rows: [], state: null };
  const date = startOfUtcDay(last.data.updatedAt);
  if (startOfUtcDay(nowSec) <= date) return { rows: [], state: null };
  const days = Object.values(last.data.coins).map((row) => dayOf(row, date, last.data.run.runId));
  const rows = days.filter((day) => known[day.coinId] !== figuresOf(day));
  return { rows, state: Object.fromEntries(days.map((day) => [day.coinId, figuresOf(day)])) };
}
