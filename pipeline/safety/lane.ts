/**
 * Safety: a report card for every coin, from its peg, its exits, its reserves, its governance and what it stands on.
 *
 * Reads other lanes as published. Peg figures older than two runs grade nobody: the last good cards stay and age. Liquidity that
 * is old is used and flagged, only absent liquidity is unknown; redemption older than eight hours lifts nothing.
 */
import type { Lane, LaneResult } from "../lane.ts";
import { DIMENSION_WEIGHTS, GRADE_BOUNDS } from "../safety-scale.ts";
import type { Reason } from "../schema/envelope.ts";
import { GRADE_HISTORY } from "../schema/history.ts";
import type { ReportCards } from "../schema/report-cards.ts";
import { PEG_EXPONENT } from "../scoring/overall-score.ts";
import { METHODOLOGY_VERSION } from "../version.ts";
import { reportCards } from "./cards.ts";
import { factsOf } from "./facts.ts";
import { GRADES_STATE, gradeRows, readGrades } from "./grade-history.ts";

const HALF_HOUR_SEC = 1800;
const HOUR_SEC = 3600;
/** Line of the safety methodology that is followed. */
const METHOD = "7.18-7.20";

/** How old each input may be before it is called stale: two of its own intervals. */
const MAX_AGE_SEC = {
  "peg-summary": 2 * HALF_HOUR_SEC,
  "depeg-events": 2 * HALF_HOUR_SEC,
  "dex-liquidity": 2 * HOUR_SEC,
  "redemption-backstops": 8 * HOUR_SEC,
  reserves: 48 * HOUR_SEC,
  supply: 2 * HALF_HOUR_SEC,
} as const;
/** What a grade goes without where an input that may be missing is. */
const WITHOUT = {
  "redemption-backstops": "redemption is not known as of now: no route lifts an exit",
  reserves: "live reserves are not known as of now: collateral is what is on file",
  supply: "supplies are not known as of now: an exit is not measured against a coin's size",
} as const satisfies Partial<Record<Input, string>>;
type Input = keyof typeof MAX_AGE_SEC;
type InputState = ReportCards["inputFreshness"][string];

function notGraded(code: string, message: string): LaneResult {
  return {
    status: "degraded",
    reasons: [{ code, message }],
    snapshots: {},
    withheld: ["report-cards"],
    history: [],
    state: {},
    counts: {},
  };
}

export const safetyLane: Lane = {
  name: "safety",
  async run(context) {
    const { nowSec, registry } = context;
    const stateOf = (name: Input): InputState => {
      const head = context.published(name);
      if (!head) return "missing";
      return nowSec - head.asOf > MAX_AGE_SEC[name] ? "stale" : "current";
    };
    const inputFreshness = Object.fromEntries(
      (Object.keys(MAX_AGE_SEC) as Input[]).map((name) => [name, stateOf(name)]),
    ) as Record<Input, InputState>;
    const pegs = context.published("peg-summary");
    const events = context.published("depeg-events");
    if (!pegs || !events) return notGraded("pegs-missing", "there are no peg scores yet: nobody can be graded");
    if (inputFreshness["peg-summary"] !== "current" || inputFreshness["depeg-events"] !== "current")
      return notGraded("pegs-stale", "peg scores are older than two runs: the last good grades stay");

    const liquidity = context.published("dex-liquidity");
    const redemption = context.published("redemption-backstops");
    const redemptionStale = inputFreshness["redemption-backstops"] !== "current";
    const reserves = context.published("reserves")?.data.coins ?? {};
    const openPeaks = new Map<string, number>();
    for (const { stablecoinId, peakDeviationBps, endedAt } of events.data.events) {
      const worst = openPeaks.get(stablecoinId) ?? 0;
      if (endedAt === null && Math.abs(peakDeviationBps) > Math.abs(worst))
        openPeaks.set(stablecoinId, peakDeviationBps);
    }
    const supply = context.published("supply")?.data.coins ?? [];
    const { cards, edges, brokenCycles, stressTests } = reportCards({
      facts: registry.coins
        .filter((coin) => coin.status.state !== "pre-launch")
        .map((coin) => factsOf(coin, reserves[coin.id], nowSec)),
      pegs: new Map(pegs.data.coins.map((coin) => [coin.id, coin])),
      openPeaks,
      supplyUsd: new Map(
        supply.flatMap(({ coinId, usd }) => (usd.current === null ? [] : [[coinId, usd.current] as const])),
      ),
      liquidity: liquidity?.data ?? {},
      redemption: redemptionStale ? {} : (redemption?.data.coins ?? {}),
    });
    const { rows, state } = gradeRows(cards, readGrades(context.state(GRADES_STATE)), nowSec, METHODOLOGY_VERSION);

    const reasons: Reason[] = [];
    if (inputFreshness["dex-liquidity"] !== "current")
      reasons.push({
        code: `dex-liquidity-${inputFreshness["dex-liquidity"]}`,
        message: liquidity
          ? "DEX liquidity is older than two runs and still used"
          : "there is no DEX liquidity: no coin's exit is known",
      });
    for (const [name, message] of Object.entries(WITHOUT) as [keyof typeof WITHOUT, string][])
      if (inputFreshness[name] !== "current") reasons.push({ code: `${name}-${inputFreshness[name]}`, message });
    if (brokenCycles.length > 0)
      reasons.push({ code: "dependency-cycle", message: `cycles were broken at ${brokenCycles.join(", ")}` });
    const source = (name: string, head: { asOf: number } | null) =>
      head ? [{ id: `dataset:${name}`, observedAt: head.asOf }] : [];
    return {
      status: reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: {
        "report-cards": {
          asOf: nowSec,
          sources: [
            ...source("peg-summary", pegs),
            ...source("depeg-events", events),
            ...source("dex-liquidity", liquidity),
            ...source("redemption-backstops", redemption),
          ],
          data: {
            cards,
            dependencyGraph: { edges, brokenCycles },
            stressTests,
            methodology: {
              version: METHOD,
              weights: Object.fromEntries(
                Object.entries(DIMENSION_WEIGHTS).map(([name, share]) => [name, share / 100]),
              ),
              pegMultiplierExponent: PEG_EXPONENT,
              thresholds: GRADE_BOUNDS.map(({ grade, min }) => ({ grade, min })),
            },
            inputFreshness,
            liquidityStale: inputFreshness["dex-liquidity"] !== "current",
            redemptionStale,
          },
        },
      },
      history: rows.length > 0 ? [{ dataset: GRADE_HISTORY, rows }] : [],
      state: rows.length > 0 ? { [GRADES_STATE]: state } : {},
      counts: {
        cards: cards.length,
        rated: cards.filter((card) => card.overallScore !== null).length,
        changes: rows.length,
      },
    };
  },
};
