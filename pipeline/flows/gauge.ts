/** The bank run gauge and flight to quality over all coins that are read. */

import type { CoinFigures } from "../flow-coins.ts";
import { flightCohort, flightToQuality, gaugeBand, gaugeScore } from "../flow-scores.ts";
import type { LaneContext } from "../lane.ts";
import { roundScore, roundUsd } from "../rounding.ts";
import type { MintBurnFlows, StoredFlows } from "../schema/flows.ts";
import { chainResolver, trackedMcapUsd } from "./tracked-mcap.ts";

const CARDS_MAX_AGE_SEC = 2 * 3600;
const MCAP_DIGITS = 4;

type JudgedCoin = StoredFlows["coins"][number] & CoinFigures;
type GaugeContext = Pick<LaneContext, "published" | "nowSec" | "registry">;

/** Weight of every coin; a coin without any supply known weighs nothing. */
function weights(context: GaugeContext, coins: readonly JudgedCoin[]): Map<string, number> {
  const resolve = chainResolver(context.registry.chains);
  const supplies = new Map(context.published("supply")?.data.coins.map((coin) => [coin.coinId, coin]));
  return new Map(
    coins.map(({ stablecoinId, coverage }) => {
      const supply = supplies.get(stablecoinId);
      const coin = {
        trackedChains: coverage.chainIds,
        chainCirculating: supply?.chains,
        circulating: { usd: supply?.usd.current },
      };
      return [stablecoinId, trackedMcapUsd(coin, resolve)];
    }),
  );
}

/** Safety score by coin, or why there is none to go by. */
function safetyScores(context: GaugeContext): { scores: Map<string, number | null> | null; reason: string | null } {
  const cards = context.published("report-cards");
  if (cards === null) return { scores: null, reason: "there are no safety scores yet" };
  if (context.nowSec - cards.asOf > CARDS_MAX_AGE_SEC)
    return { scores: null, reason: "the safety scores are older than two hours" };
  return { scores: new Map(cards.data.cards.map((card) => [card.id, card.overallScore])), reason: null };
}

export function gaugeOf(
  context: GaugeContext,
  coins: readonly JudgedCoin[],
): { gauge: MintBurnFlows["gauge"]; classificationWarning: string | null } {
  const mcaps = weights(context, coins);
  const mcapOf = (coin: JudgedCoin) => mcaps.get(coin.stablecoinId) ?? 0;
  const score = gaugeScore(coins.map((coin) => ({ intensity: coin.pressureShiftScore, mcap: mcapOf(coin) })));
  const { scores, reason } = safetyScores(context);
  const netOf = (cohort: "safe" | "risky") =>
    coins
      .filter((coin) => flightCohort(scores?.get(coin.stablecoinId) ?? null) === cohort)
      .reduce((sum, coin) => sum + coin.netFlow24hUsd, 0);
  const nets = scores === null ? null : { safeNet24h: netOf("safe"), riskyNet24h: netOf("risky") };
  const flight = nets === null ? { active: false, intensity: 0 } : flightToQuality(nets);
  const trackedMcap = coins.reduce((sum, coin) => sum + mcapOf(coin), 0);
  return {
    gauge: {
      score: score === null ? null : roundScore(score),
      band: gaugeBand(score)?.label ?? null,
      flightToQuality: flight.active,
      flightIntensity: roundScore(flight.intensity),
      ftqAvailable: nets !== null,
      ftqReason: reason,
      safeNetUsd: nets === null ? null : roundUsd(nets.safeNet24h),
      riskyNetUsd: nets === null ? null : roundUsd(nets.riskyNet24h),
      trackedCoins: new Set(coins.map(({ stablecoinId }) => stablecoinId)).size,
      trackedMcapUsd: Number(trackedMcap.toPrecision(MCAP_DIGITS)),
    },
    classificationWarning: reason === null ? null : `flight to quality is not judged: ${reason}`,
  };
}
