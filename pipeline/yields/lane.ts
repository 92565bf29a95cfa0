/**
 * Yields: what savings forms pay, from the best trusted source each, and what that is worth for the risk. Yield methodology, section 2.
 *
 * A vault's own contract comes first, a benchmark beside it, then pools, then the growth of a price. Without DefiLlama's pools the ranking is made of what is left and says degraded; a ranking that suddenly lost half its rows is not
 * written. Grades missing or thin degrade the run, since unrated coins are ranked as unsafe ones.
 */
import type { Lane, LaneContext } from "../lane.ts";
import { scoreToGrade } from "../safety-grades.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason } from "../schema/envelope.ts";
import { YIELD_DAYS } from "../schema/history.ts";
import type { Benchmark, YieldRow } from "../schema/yields.ts";
import { llamaYields } from "../sources/llama-yields.ts";
import { median } from "../statistics.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { readBenchmarks } from "./benchmarks.ts";
import { benchmarkCandidate, earns, growthCandidate, poolCandidates, type YieldCandidate } from "./candidates.ts";
import { chainCandidate, readVaultRates } from "./chain-rates.ts";
import { RATES_STATE } from "./kept-rates.ts";
import {
  rankedCandidates,
  SCALING_FACTOR,
  variation,
  yieldScore,
  yieldToRisk,
  yieldWarnings,
} from "./yield-figures.ts";
import {
  readRatePast,
  readYieldPast,
  withToday,
  withTodaysRates,
  YIELDS_STATE,
  type YieldPoint,
} from "./yield-past.ts";

const SAFETY_MAX_AGE_SEC = 2 * 3600;
const MIN_SAFETY_COVERAGE = 0.3;
/** A ranking of this many rows and more may not lose half of them at once. */
const GUARDED_ROWS = 10;
const MIN_KEPT_SHARE = 0.5;

function pct(value: number): number {
  return Math.round(value * 100) / 100;
}

function maybe<Value>(value: Value | null, change: (value: Value) => number): number | null {
  return value === null ? null : change(value);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface Chosen {
  coin: Coin;
  best: YieldCandidate;
  others: YieldCandidate[];
  past: readonly YieldPoint[];
}

function rowOf(
  { coin, best, others, past }: Chosen,
  safety: number | null,
  medianApy: number | null,
  benchmark: Benchmark | undefined,
  nowSec: number,
): YieldRow {
  const today = startOfUtcDay(nowSec);
  const samples = (days: number) =>
    past.flatMap(({ date, apy }) => (apy !== null && date < today && date >= today - days * DAY_SEC ? [apy] : []));
  const month = [...samples(30), best.apy];
  const apy30d = month.length > 1 ? mean(month) : (best.apyMean30d ?? best.apy);
  const cv = variation(month);
  const usual = apy30d ?? best.apy;
  const weekAgo = past.find(({ date }) => date === today - 7 * DAY_SEC)?.tvlUsd ?? null;
  return {
    id: coin.id,
    symbol: coin.symbol,
    name: coin.name,
    currentApy: pct(best.apy),
    apy7d: maybe(mean([...samples(7), best.apy]), pct),
    apy30d: pct(usual),
    apyBase: maybe(best.apyBase, pct),
    apyReward: maybe(best.apyReward, pct),
    yieldSource: best.source,
    yieldType: best.tier === "price-derived" || best.tier === "benchmark" ? "nav-appreciation" : "lending-vault",
    dataSource: best.tier,
    sourceTvlUsd: maybe(best.tvlUsd, (usd) => Number(usd.toPrecision(2))),
    yieldScore: yieldScore(usual, safety, cv),
    safetyScore: safety,
    safetyGrade: scoreToGrade(safety),
    yieldToRisk: Math.round(yieldToRisk(usual, safety) * 1_000) / 1_000,
    excessYield: maybe(benchmark?.ratePct ?? null, (ratePct) => pct(usual - ratePct)),
    benchmarkCurrency: benchmark?.currency ?? null,
    benchmarkBasis: benchmark?.basis ?? null,
    yieldStability: maybe(cv, (value) => pct(1 - value)),
    apyMin30d: pct(Math.min(...month)),
    apyMax30d: pct(Math.max(...month)),
    samples30d: month.length,
    warningSignals: yieldWarnings({
      currentApy: best.apy,
      apy30d: month.length > 1 ? usual : best.apyMean30d,
      apyReward: best.apyReward,
      medianApy,
      tvlUsd: best.tvlUsd,
      tvlWeekAgoUsd: weekAgo,
      tier: best.tier,
      ageSec: best.observedAt === null ? null : nowSec - best.observedAt,
    }),
    altSources: others.map(({ source, tier, apy }) => ({ source, dataSource: tier, apy: pct(apy) })),
    observedAt: best.observedAt,
  };
}

function safetyScores(context: LaneContext): Map<string, number | null> | null {
  const cards = context.published("report-cards");
  if (!cards || context.nowSec - cards.asOf > SAFETY_MAX_AGE_SEC) return null;
  return new Map(cards.data.cards.map(({ id, overallScore }) => [id, overallScore]));
}

export const yieldsLane: Lane = {
  name: "yields",
  async run(context) {
    const { nowSec, registry } = context;
    const today = startOfUtcDay(nowSec);
    const coins = registry.coins.filter(earns);
    const reasons: Reason[] = [];
    const stablecoins = context.published("stablecoins");
    const prices = new Map(
      stablecoins?.generatedAt === nowSec ? stablecoins.data.peggedAssets.map(({ id, price }) => [id, price]) : [],
    );
    if (prices.size === 0)
      reasons.push({
        code: `stablecoins-${stablecoins ? "stale" : "missing"}`,
        message: "this run has no prices: no yield can be told from a price's growth",
      });
    const remembered = context.state(YIELDS_STATE);
    const past = readYieldPast(remembered);
    const pastRates = readRatePast(remembered);
    const vaults = await readVaultRates(context, coins);
    const benchmarks = await readBenchmarks(context, context.state(RATES_STATE));
    const bill = benchmarks.byCurrency.get("USD");
    reasons.push(...vaults.failures, ...benchmarks.reasons);
    const answer = await context.collect(llamaYields, {});
    if (!answer.ok) reasons.push({ code: `llama-yields-${answer.reason}`, message: answer.detail });
    const pools = answer.ok
      ? poolCandidates(answer.value.pools, registry, coins, nowSec)
      : new Map<string, YieldCandidate[]>();

    const chosen = coins.flatMap((coin): Chosen[] => {
      const own = past.get(coin.id) ?? [];
      const candidates = rankedCandidates([
        ...benchmarkCandidate(coin, bill),
        ...chainCandidate(vaults.rates.get(coin.id), pastRates.get(coin.id) ?? []),
        ...(pools.get(coin.id) ?? []),
        ...growthCandidate(coin, prices.get(coin.id) ?? null, own, nowSec),
      ]);
      const [best, ...others] = candidates;
      return best ? [{ coin, best, others: others.slice(0, 3), past: own }] : [];
    });
    const scores = safetyScores(context);
    const rated = chosen.filter(({ coin }) => (scores?.get(coin.id) ?? null) !== null).length;
    const safetyCoverage = chosen.length === 0 ? null : rated / chosen.length;
    if (scores === null || (safetyCoverage ?? 0) < MIN_SAFETY_COVERAGE)
      reasons.push({
        code: scores === null ? "safety-missing" : "safety-thin",
        message: "too few of the ranked coins have a current safety grade: they are ranked as unsafe ones",
      });
    const medianApy = median(chosen.map(({ best }) => best.apy));
    const rankings = chosen
      .map((each) => {
        const benchmark = benchmarks.byCurrency.get(each.coin.peg.currency);
        return rowOf(each, scores?.get(each.coin.id) ?? null, medianApy, benchmark, nowSec);
      })
      .sort(
        (a, b) =>
          (b.yieldScore ?? 0) - (a.yieldScore ?? 0) || (b.apy30d ?? 0) - (a.apy30d ?? 0) || (a.id < b.id ? -1 : 1),
      );

    const looks = new Map(
      coins.flatMap((coin) => {
        const price = prices.get(coin.id) ?? null;
        const row = rankings.find(({ id }) => id === coin.id);
        return price === null && !row
          ? []
          : [[coin.id, { priceUsd: price, apy: row?.currentApy ?? null, tvlUsd: row?.sourceTvlUsd ?? null }] as const];
      }),
    );
    const days = withToday(past, looks, today);
    const rates = withTodaysRates(pastRates, vaults.rates, today);
    const state =
      days === null && rates === null
        ? null
        : { ...(remembered as object | null), ...(days ?? {}), ...(rates === null ? {} : { rates }) };
    const added = rankings
      .filter(({ id }) => !past.get(id)?.some(({ date }) => date === today))
      .map((row) => ({
        date: today,
        coinId: row.id,
        apy: row.currentApy,
        dataSource: row.dataSource,
        sourceTvlUsd: row.sourceTvlUsd,
      }));
    const before = context.published("yield-rankings")?.data.rankings.length ?? 0;
    const shrank = before >= GUARDED_ROWS && rankings.length < MIN_KEPT_SHARE * before;
    if (shrank)
      reasons.unshift({
        code: "ranking-shrank",
        message: `the ranking has ${rankings.length} rows and had ${before}: the last good one stays`,
      });
    const publishes = !shrank && rankings.length > 0;
    return {
      status: reasons.length > 0 || !publishes ? "degraded" : "ok",
      reasons: reasons.length > 0 || publishes ? reasons : [{ code: "no-yields", message: "no coin's yield is known" }],
      snapshots: publishes
        ? {
            "yield-rankings": {
              asOf: nowSec,
              sources: [...(answer.ok ? [{ id: llamaYields.id, observedAt: nowSec }] : []), ...benchmarks.sources],
              data: {
                rankings,
                riskFreeRate: benchmarks.riskFreeRate,
                benchmarks: [...benchmarks.byCurrency.values()],
                scalingFactor: SCALING_FACTOR,
                medianApy: maybe(medianApy, pct),
                safetyCoverage: maybe(safetyCoverage, pct),
              },
            },
          }
        : {},
      withheld: publishes ? [] : ["yield-rankings"],
      history: publishes && added.length > 0 ? [{ dataset: YIELD_DAYS, rows: added }] : [],
      state: {
        ...(state === null || shrank ? {} : { [YIELDS_STATE]: state }),
        ...(benchmarks.kept === null ? {} : { [RATES_STATE]: benchmarks.kept }),
      },
      counts: { coins: coins.length, ranked: rankings.length, rated, vaults: vaults.rates.size },
    };
  },
};
