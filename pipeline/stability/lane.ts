/**
 * Stability: the index of the whole market, a sample a run and a mean a day. Depeg methodology, section 10.
 *
 * It fails closed: without this run's prices, without current depegs or without current stress there is no sample, and the last
 * one stays. An outage read as "no depegs" would be the calmest day on record.
 */
import type { Lane, LaneResult } from "../lane.ts";
import { supplyUsd } from "../peg-figures.ts";
import type { Reason } from "../schema/envelope.ts";
import { STABILITY_DAYS, STABILITY_SAMPLES } from "../schema/history.ts";
import type { StabilityIndex } from "../schema/stress.ts";
import { currentDepegs, isEligible, marketOf } from "./market.ts";
import { closeYesterday, isNews, mean24h, readStabilityState, STABILITY_STATE, stabilityState } from "./samples.ts";
import { psiBand, psiScore, psiStressBreadth } from "./stability-index.ts";

const MAX_AGE_SEC = 2 * 1800;
const STRESSED: readonly (string | null)[] = ["ALERT", "WARNING", "DANGER"];

function noSample(code: string, message: string): LaneResult {
  return {
    status: "degraded",
    reasons: [{ code, message: `${message}; the current sample stays` }],
    snapshots: {},
    withheld: ["stability-index"],
    history: [],
    state: {},
    counts: { preservedCurrentSample: 1 },
  };
}

function roundMcap(usd: number): number {
  return Number(usd.toPrecision(4));
}

export const stabilityLane: Lane = {
  name: "stability",
  async run(context) {
    const { nowSec, registry } = context;
    const prices = context.published("stablecoins");
    if (!prices || prices.generatedAt !== nowSec)
      return noSample("stablecoins-cache-unavailable", "this run has no prices");
    const events = context.published("depeg-events");
    if (!events || nowSec - events.asOf > MAX_AGE_SEC)
      return noSample("depegs-unavailable", "open depegs are not known as of now");
    const dews = context.published("dews");
    if (!dews || nowSec - dews.asOf > MAX_AGE_SEC) return noSample("dews-unavailable", "stress is not known as of now");

    const eligible = prices.data.peggedAssets.filter((asset) => isEligible(registry.coinById.get(asset.id)));
    const market = marketOf(eligible);
    const byId = new Map(eligible.map((asset) => [asset.id, asset]));
    const { depegs, withoutPrice } = currentDepegs(events.data.events, byId, nowSec);
    const stressed = eligible.flatMap((asset) => {
      const band = dews.data.signals[asset.id]?.band ?? null;
      return band !== null && STRESSED.includes(band) ? [{ id: asset.id, band, mcapUsd: supplyUsd(asset) ?? 0 }] : [];
    });
    const psi = psiScore({
      depegs,
      totalMcapUsd: market.totalUsd,
      mcap7dChangePct: market.change7dPct,
      stressBreadth: psiStressBreadth(stressed),
    });
    if (!psi) return noSample("market-size-unknown", "no coin's supply is known");

    const past = readStabilityState(context.state(STABILITY_STATE));
    const sample = { at: nowSec, score: psi.score, ...psi.components };
    const samples = [...past.samples.filter(({ at }) => at < nowSec), sample];
    const closing = closeYesterday(samples, past.closedDay, nowSec);
    const reasons: Reason[] = [];
    // The first day of a record had no yesterday.
    if (closing.kind === "no-samples" && past.samples.length > 0)
      reasons.push({ code: "no-samples-yesterday", message: "yesterday has no sample: it has no daily mean" });
    const closedDay =
      closing.kind === "closed" ? closing.row.date : closing.kind === "no-samples" ? closing.day : past.closedDay;
    const mean = mean24h(samples, nowSec);
    const current: StabilityIndex["current"] = {
      score: psi.score,
      band: psi.band,
      avg24h: mean?.score ?? null,
      avg24hBand: mean && psiBand(mean.score),
      components: psi.components,
      contributors: depegs
        .map(({ id, symbol, bps, mcapUsd: usd, depegAgeDays }) => ({
          id,
          symbol,
          bps,
          mcapUsd: roundMcap(usd),
          depegAgeDays: Math.round(depegAgeDays * 10) / 10,
        }))
        .sort((a, b) => Math.abs(b.bps) * b.mcapUsd - Math.abs(a.bps) * a.mcapUsd || (a.id < b.id ? -1 : 1)),
      stressed: stressed.map(({ id, band }) => ({ id, band })).sort((a, b) => (a.id < b.id ? -1 : 1)),
      withoutPrice,
      totalMcapUsd: roundMcap(market.totalUsd),
      mcap7dChangePct: Math.round(market.change7dPct * 100) / 100,
      samples24h: mean?.samples ?? 0,
    };
    const { score, band, components } = psi;
    return {
      status: reasons.length > 0 ? "degraded" : "ok",
      reasons,
      snapshots: {
        "stability-index": {
          asOf: nowSec,
          sources: [
            { id: "dataset:stablecoins", observedAt: prices.asOf },
            { id: "dataset:depeg-events", observedAt: events.asOf },
            { id: "dataset:dews", observedAt: dews.asOf },
          ],
          data: { current },
        },
      },
      history: [
        {
          dataset: STABILITY_SAMPLES,
          rows: isNews(sample, past.samples) ? [{ at: nowSec, score, band, ...components }] : [],
        },
        ...(closing.kind === "closed" ? [{ dataset: STABILITY_DAYS, rows: [closing.row] }] : []),
      ],
      state: { [STABILITY_STATE]: stabilityState(samples, closedDay, nowSec) },
      counts: { score: psi.score, depegs: depegs.length, stressed: stressed.length },
    };
  },
};
