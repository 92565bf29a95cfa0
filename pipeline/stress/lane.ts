/**
 * Stress: early warnings by coin, from supply, pools, prices, freezes, flows and yields. Depeg methodology, section 11.
 *
 * Prices must be of this run: without them nothing is known and the last good scores stay. Any other input may fail: its signals
 * are then not available, the failure is written down, and after the first publication the run is degraded for it.
 */
import { type CoinFigures, FIGURE_SEC, flowFigures } from "../flow-coins.ts";
import type { Lane, LaneResult } from "../lane.ts";
import type { Reason } from "../schema/envelope.ts";
import { MINT_BURN_HOURLY } from "../schema/flows.ts";
import { STRESS_DAYS } from "../schema/history.ts";
import {
  type CoinStress,
  type Dews,
  StressBandSchema,
  type StressSignal,
  StressSignalSchema,
} from "../schema/stress.ts";
import { startOfUtcDay } from "../time.ts";
import { coinStress, restingStress, type Signals, signalsOf } from "./coin-stress.ts";
import { readInputs } from "./inputs.ts";
import { confidenceBefore, nextPast, readStressPast, STRESS_STATE } from "./stress-past.ts";
import { contagionAmplifier, dewsScore } from "./stress-score.ts";

/** An index older than this amplifies nothing. */
const MAX_INDEX_AGE_SEC = 2 * 3600;
const GONE: readonly string[] = ["dead", "delisted", "pre-launch"];

function notScored(message: string): LaneResult {
  return {
    status: "degraded",
    reasons: [{ code: "stablecoins-cache-unavailable", message }],
    snapshots: {},
    withheld: ["dews"],
    history: [],
    state: {},
    counts: {},
  };
}

function counted<Key extends string>(keys: readonly Key[], of: (key: Key) => number): Record<string, number> {
  return Object.fromEntries(keys.map((key) => [key, of(key)]));
}

export const stressLane: Lane = {
  name: "stress",
  async run(context) {
    const { nowSec, registry } = context;
    const prices = context.published("stablecoins");
    if (!prices || prices.generatedAt !== nowSec) return notScored("this run has no prices: stress stays as it was");
    const past = readStressPast(context.state(STRESS_STATE));
    const inputs = readInputs(context, past?.bootstrapComplete ?? false);
    const last = context.published("dews")?.data.signals ?? {};
    const index = context.published("stability-index");
    const psi = index && nowSec - index.asOf <= MAX_INDEX_AGE_SEC ? index.data.current.score : null;

    const liquidity = inputs.get("dex-liquidity")?.data ?? {};
    const dexPrices = inputs.get("dex-prices")?.data.prices ?? {};
    const freezes = inputs.get("freeze-events")?.data;
    const tracked = new Set(freezes?.coverage.filter(({ since }) => since !== null).map(({ coinId }) => coinId));
    const read = inputs.get("mint-burn-flows");
    const hours = read === null ? [] : await context.history(MINT_BURN_HOURLY, read.asOf - FIGURE_SEC);
    const flows = read === null ? new Map<string, CoinFigures>() : flowFigures(read.data, hours, read.asOf);
    const yields = new Map((inputs.get("yield-rankings")?.data.rankings ?? []).map((row) => [row.id, row]));

    const confidence: Record<string, string> = {};
    const first = new Map<string, { pegType: string; signals: Signals }>();
    let validationFailures = 0;
    for (const asset of prices.data.peggedAssets) {
      const coin = registry.coinById.get(asset.id);
      if (!coin) validationFailures++;
      if (!coin || coin.navToken === true || GONE.includes(coin.status.state)) continue;
      const label = asset.price === null ? "none" : (asset.priceConfidence ?? "unknown");
      if (label !== "high") confidence[asset.id] = label;
      const signals = signalsOf({
        asset,
        liquidity: liquidity[asset.id] ?? null,
        dex: dexPrices[asset.id] ?? null,
        freezes: freezes?.byCoin[asset.id] ?? null,
        freezesTracked: tracked.has(asset.id),
        flow: flows.get(asset.id) ?? null,
        yields: yields.get(asset.id) ?? null,
        previous: last[asset.id] ?? null,
        previousConfidence: confidenceBefore(past, asset.id),
      });
      first.set(asset.id, { pegType: asset.pegType, signals });
    }

    const passes = [...first].map(([id, { pegType, signals }]) => ({
      id,
      pegType,
      firstPassBand: dewsScore(signals, psi, 1)?.band ?? null,
    }));
    const infectious = passes.some(({ firstPassBand }) => firstPassBand === "WARNING" || firstPassBand === "DANGER");
    const signals: Record<string, CoinStress> = {};
    for (const [id, own] of first)
      signals[id] = restingStress(
        coinStress(own.signals, psi, infectious ? contagionAmplifier(passes, id) : 1),
        last[id],
      );

    const stresses = Object.values(signals);
    const data: Dews = {
      signals,
      bands: {
        ...counted(StressBandSchema.options, (band) => stresses.filter((stress) => stress.band === band).length),
        NR: stresses.filter(({ band }) => band === null).length,
      },
      sourceFailures: inputs.failures,
      coverage: counted(
        StressSignalSchema.options,
        (name: StressSignal) => stresses.filter((stress) => stress.signals[name] !== undefined).length,
      ),
      validationFailures,
      bootstrapComplete: past?.bootstrapComplete ?? false,
      stabilityIndex: psi,
    };
    const hard = inputs.failures.filter(({ bootstrap }) => !bootstrap);
    const reasons = hard.map(
      ({ source, reason }): Reason => ({
        code: reason,
        message: `${source} could not be used: its signals are not available`,
      }),
    );
    const { state, closed } = nextPast(past, confidence, signals, startOfUtcDay(nowSec));
    return {
      status: reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: {
        dews: { asOf: nowSec, sources: [{ id: "dataset:stablecoins", observedAt: prices.asOf }], data },
      },
      history: closed.length > 0 ? [{ dataset: STRESS_DAYS, rows: closed }] : [],
      state: JSON.stringify(state) === JSON.stringify(past) ? {} : { [STRESS_STATE]: state },
      counts: {
        coins: stresses.length,
        scored: stresses.filter(({ score }) => score !== null).length,
        sourceFailures: hard.length,
      },
    };
  },
};
