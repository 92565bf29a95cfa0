/** Changes and digest of a morning, and on Mondays the recap of the week, from this run's datasets and the committed history. */
import { coinMoves, lookOf } from "../coin-moves.ts";
import { FIGURE_SEC } from "../flow-coins.ts";
import type { HistoryOut, LaneContext } from "../lane.ts";
import { type ChangeKind, DAILY_CHANGES } from "../schema/daily-changes.ts";
import { DIGEST_DAYS } from "../schema/digest.ts";
import { MINT_BURN_HOURLY } from "../schema/flows.ts";
import { GRADE_HISTORY } from "../schema/history.ts";
import { REDEMPTION_HISTORY } from "../schema/redemption-history.ts";
import type { Stablecoins } from "../schema/stablecoins.ts";
import { WEEKLY_DIGESTS } from "../schema/weekly-digest.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { METHODOLOGY_VERSION } from "../version.ts";
import { dailyChanges, dexMoves, ourMoves } from "./changes.ts";
import { digestFacts } from "./digest-facts.ts";
import { digestSentences, digestTitle } from "./digest-text.ts";
import { weeklyRecap } from "./recap.ts";
import { bandMoves, bandsBefore } from "./stress-bands.ts";
import { dexScoresOn, digestBefore, looksAt, MARK_STATE, markOf, readMark, stabilityBefore } from "./yesterday.ts";

/** A route's last row before the window may be this old; a route without one is not compared. */
const ROUTES_BACK_SEC = 90 * DAY_SEC;

export interface Morning {
  history: HistoryOut[];
  state: Record<string, unknown>;
  counts: Record<string, number>;
}

function methodOf(ours: ReturnType<typeof ourMoves>) {
  const count = (wanted: ChangeKind) => ours.filter(({ kind }) => kind === wanted).length;
  return {
    changed: count("method-version") > 0,
    coinsAdded: count("coin-added"),
    coinsRemoved: count("coin-removed"),
    factsChanged: count("coin-facts"),
  };
}

export async function morning(context: LaneContext, stablecoins: Stablecoins): Promise<Morning> {
  const { nowSec, registry } = context;
  const date = startOfUtcDay(nowSec);
  const last = await digestBefore(context);
  const since = last?.at ?? nowSec - DAY_SEC;
  const looks = await looksAt(context, since);
  const dexBefore = await dexScoresOn(context, since);
  const grades = await context.history(GRADE_HISTORY, Math.min(since, nowSec - 2 * DAY_SEC));
  const index = await stabilityBefore(context, since);
  const bandsThen = bandsBefore(last);
  const before = readMark(context.state(MARK_STATE));
  const now = markOf(registry.coins, METHODOLOGY_VERSION);
  const moved = bandMoves(bandsThen, context.published("dews")?.data.signals ?? {});
  const changes = dailyChanges({
    date,
    since,
    until: nowSec,
    moves: coinMoves(looks, stablecoins.peggedAssets.map(lookOf)),
    depegs: context.published("depeg-events")?.data.events ?? [],
    grades,
    routes: await context.history(REDEMPTION_HISTORY, since - ROUTES_BACK_SEC),
    dexScores: dexMoves(dexBefore, context.published("dex-liquidity")?.data ?? {}),
    bands: moved,
    stability: { before: index.lastTime, now: context.published("stability-index")?.data.current ?? null },
    before,
    now,
  });
  const facts = digestFacts({
    context,
    stablecoins,
    since,
    suppliesBefore: new Map(
      [...looks].flatMap(([id, look]) => (look.supplyUsd === null ? [] : [[id, look.supplyUsd]])),
    ),
    stabilityThen: index.lastTime?.score ?? null,
    stabilityWeekAgo: index.weekAgo,
    grades,
    dexBefore,
    bandsThen,
    flowHours: await context.history(MINT_BURN_HOURLY, nowSec - FIGURE_SEC),
    method: methodOf(ourMoves({ before, now })),
  });
  const day = {
    date,
    at: nowSec,
    since,
    title: digestTitle(facts),
    text: digestSentences(facts).join("\n"),
    facts: JSON.stringify(facts),
    methodologyVersion: METHODOLOGY_VERSION,
  };
  const { recap, reason } = await weeklyRecap(context, day);
  if (reason !== null) context.log(`daily: no recap: ${reason}`);
  return {
    history: [
      { dataset: DAILY_CHANGES, rows: changes },
      { dataset: DIGEST_DAYS, rows: [day] },
      ...(recap === null ? [] : [{ dataset: WEEKLY_DIGESTS, rows: [recap] }]),
    ],
    state: JSON.stringify(now) === JSON.stringify(before) ? {} : { [MARK_STATE]: now },
    counts: { changes: changes.length, digestGaps: facts.degradedSources.length, recaps: recap === null ? 0 : 1 },
  };
}
