/** Changes and digest of a morning, from this run's datasets and the committed history. */
import { coinMoves } from "../coin-moves.ts";
import { FIGURE_SEC } from "../flow-coins.ts";
import type { HistoryOut, LaneContext } from "../lane.ts";
import { DAILY_CHANGES } from "../schema/daily-changes.ts";
import { DIGEST_DAYS } from "../schema/digest.ts";
import { MINT_BURN_HOURLY } from "../schema/flows.ts";
import { GRADE_HISTORY } from "../schema/history.ts";
import { GLOBAL_ROW } from "../schema/liquidity.ts";
import { REDEMPTION_HISTORY } from "../schema/redemption-history.ts";
import type { Stablecoins } from "../schema/stablecoins.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { METHODOLOGY_VERSION } from "../version.ts";
import { dailyChanges } from "./changes.ts";
import { digestFacts, supplyUsd } from "./digest-facts.ts";
import { digestSentences, digestTitle } from "./digest-text.ts";
import {
  dexScoresOn,
  looksAt,
  MARK_STATE,
  type Mark,
  markOf,
  readMark,
  stabilityBefore,
  windowStart,
} from "./yesterday.ts";

/** A route's last row before the window may be this old; a route without one is not compared. */
const ROUTES_BACK_SEC = 90 * DAY_SEC;

export interface Morning {
  history: HistoryOut[];
  state: Record<string, unknown>;
  counts: Record<string, number>;
}

function ourSide(before: Mark | null, now: Mark) {
  const known = Object.entries(now.facts);
  return {
    changed: before !== null && before.methodologyVersion !== now.methodologyVersion,
    coinsAdded: before ? known.filter(([id]) => before.facts[id] === undefined).length : 0,
    coinsRemoved: before ? Object.keys(before.facts).filter((id) => now.facts[id] === undefined).length : 0,
    factsChanged: before
      ? known.filter(([id, mark]) => before.facts[id] !== undefined && before.facts[id] !== mark).length
      : 0,
  };
}

export async function morning(context: LaneContext, stablecoins: Stablecoins): Promise<Morning> {
  const { nowSec, registry } = context;
  const date = startOfUtcDay(nowSec);
  const since = await windowStart(context);
  const looks = await looksAt(context, since);
  const dexBefore = await dexScoresOn(context, since);
  const grades = await context.history(GRADE_HISTORY, Math.min(since, nowSec - 2 * DAY_SEC));
  const index = await stabilityBefore(context, since);
  const before = readMark(context.state(MARK_STATE));
  const now = markOf(registry.coins, METHODOLOGY_VERSION);
  const liquidity = context.published("dex-liquidity")?.data ?? {};

  const changes = dailyChanges({
    date,
    since,
    until: nowSec,
    moves: coinMoves(
      looks,
      stablecoins.peggedAssets.map((asset) => ({
        id: asset.id,
        priceUsd: asset.price,
        priceReason: asset.priceReason,
        deviationBps: asset.deviationBps,
        supplyUsd: supplyUsd(asset),
      })),
    ),
    depegs: context.published("depeg-events")?.data.events ?? [],
    grades,
    routes: await context.history(REDEMPTION_HISTORY, since - ROUTES_BACK_SEC),
    dexScores: Object.entries(liquidity).flatMap(([coinId, { liquidityScore: after }]) => {
      const score = dexBefore.get(coinId);
      return coinId === GLOBAL_ROW || after === null || score === undefined ? [] : [{ coinId, before: score, after }];
    }),
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
    stabilityThen: index.lastTime,
    stabilityWeekAgo: index.weekAgo,
    grades,
    dexBefore,
    flowHours: await context.history(MINT_BURN_HOURLY, nowSec - FIGURE_SEC),
    method: ourSide(before, now),
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
  return {
    history: [
      { dataset: DAILY_CHANGES, rows: changes },
      { dataset: DIGEST_DAYS, rows: [day] },
    ],
    state: JSON.stringify(now) === JSON.stringify(before) ? {} : { [MARK_STATE]: now },
    counts: { changes: changes.length, digestGaps: facts.degradedSources.length },
  };
}
