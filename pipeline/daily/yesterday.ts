/** What the record said at the digest before: read from committed history, so that nothing has to be kept for it. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { CoinLook } from "../coin-moves.ts";
import type { LaneContext } from "../lane.ts";
import type { Coin } from "../schema/coin.ts";
import { DIGEST_DAYS, type DigestDay } from "../schema/digest.ts";
import { LIQUIDITY_DAYS, PRICE_HISTORY, STABILITY_DAYS, STABILITY_SAMPLES, SUPPLY_HISTORY } from "../schema/history.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";

/** After a longer silence the last day is compared, not the whole gap. */
const MAX_WINDOW_SEC = 7 * DAY_SEC;

/** The digest before, of the last week; its run is where what is new begins. */
export async function digestBefore(context: LaneContext): Promise<DigestDay | null> {
  const today = startOfUtcDay(context.nowSec);
  const days = await context.history(DIGEST_DAYS, today - MAX_WINDOW_SEC);
  return days.filter(({ date }) => date < today).at(-1) ?? null;
}

/** Prices and supplies as they stood at `atSec`; a coin without a row of that time is not in it. */
export async function looksAt(context: LaneContext, atSec: number): Promise<Map<string, CoinLook>> {
  const day = startOfUtcDay(atSec);
  // Every coin has a row in the first run of a day.
  const prices = new Map(
    (await context.history(PRICE_HISTORY, day))
      .filter(({ observedRunAt }) => observedRunAt <= atSec)
      .map((row) => [row.coinId, row]),
  );
  const supplies = new Map(
    (await context.history(SUPPLY_HISTORY, day))
      .filter(({ date }) => date === day)
      .map((row) => [row.coinId, row.circulatingUsd]),
  );
  return new Map(
    [...prices].map(([id, { priceUsd, deviationBps }]) => [
      id,
      { id, priceUsd, priceReason: null, deviationBps, supplyUsd: supplies.get(id) ?? null },
    ]),
  );
}

/** DEX liquidity scores of the day that holds `atSec`. */
export async function dexScoresOn(context: LaneContext, atSec: number): Promise<Map<string, number>> {
  const day = startOfUtcDay(atSec);
  const rows = await context.history(LIQUIDITY_DAYS, day);
  return new Map(
    rows.flatMap(({ date, coinId, score }) => (date === day && score !== null ? [[coinId, score] as const] : [])),
  );
}

/** The stability index at the digest before, and the mean of the day a week ago. */
export async function stabilityBefore(context: LaneContext, atSec: number) {
  // Every two hours by the clock have a sample: the last one is at the most so old.
  const samples = await context.history(STABILITY_SAMPLES, atSec - 2 * 3600);
  const weekAgo = startOfUtcDay(context.nowSec) - 7 * DAY_SEC;
  const days = await context.history(STABILITY_DAYS, weekAgo);
  return {
    lastTime: samples.filter(({ at }) => at <= atSec).at(-1) ?? null,
    weekAgo: days.find(({ date }) => date === weekAgo)?.score ?? null,
  };
}

/** What the last digest knew of us: method and registry. */
const MarkSchema = z.object({ methodologyVersion: z.string(), facts: z.record(z.string(), z.string()) });
export type Mark = z.infer<typeof MarkSchema>;
export const MARK_STATE = "daily";

export function readMark(state: unknown): Mark | null {
  return MarkSchema.safeParse(state).data ?? null;
}

/** A fingerprint of what is on file for a coin; links and prose do not count, since no number follows from them. */
function fingerprint({ sources: _sources, website: _website, name: _name, ...facts }: Coin): string {
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 8);
}

export function markOf(coins: readonly Coin[], methodologyVersion: string): Mark {
  return {
    methodologyVersion,
    facts: Object.fromEntries(coins.map((coin) => [coin.id, fingerprint(coin)] as const).sort()),
  };
}
