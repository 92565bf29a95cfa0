/** Report cards of all coins, upstreams first: facts and other lanes' figures in, one card a coin out. Safety methodology, section 1. */
import { modeledExitSizeUsd } from "../redemption-figures.ts";
import { scoreToGrade } from "../safety-grades.ts";
import type { DexLiquidityRow } from "../schema/liquidity.ts";
import type { PegSummaryCoin } from "../schema/peg-summary.ts";
import type { RedemptionRow } from "../schema/redemption.ts";
import type { Freezability, ReportCard } from "../schema/report-cards.ts";
import { scoringOrder, upstreamId } from "../scoring/dependency-graph.ts";
import { type Dependency, dependencyEdges, dependencyRiskScore } from "../scoring/dependency-risk.ts";
import { type DimensionScores, overallScore, variantOverallCap } from "../scoring/overall-score.ts";
import { type Standing, type StressTests, stressTests } from "../scoring/stress-test.ts";
import { decentralizationScore } from "./decentralization.ts";
import { decentralizationDetail, dependencyDetail, liquidityDetail, pegDetail, resilienceDetail } from "./details.ts";
import type { CoinFacts } from "./facts.ts";
import { blacklistStatus, FREEZABLE_SYMBOLS } from "./freezability.ts";
import { levers } from "./levers.ts";
import { liquidityDimension, type RedemptionInput } from "./liquidity-dimension.ts";
import { collateralOf, resilienceScore } from "./resilience.ts";

export interface CardInputs {
  facts: readonly CoinFacts[];
  pegs: ReadonlyMap<string, PegSummaryCoin>;
  /** Signed peak of the worst open event, by coin. */
  openPeaks: ReadonlyMap<string, number>;
  supplyUsd: ReadonlyMap<string, number>;
  liquidity: Readonly<Record<string, DexLiquidityRow>>;
  /** Empty while there is no current redemption dataset. */
  redemption: Readonly<Record<string, RedemptionRow>>;
}

export interface Cards {
  cards: ReportCard[];
  edges: { from: string; to: string; weight: number; type: Dependency["type"] }[];
  brokenCycles: string[];
  stressTests: StressTests;
}

/** The peg score counts only where something was seen of the peg. */
function pegScoreOf(peg: PegSummaryCoin | undefined): number | null {
  if (!peg || peg.pegScore === null) return null;
  return peg.currentDeviationBps === null && peg.eventCount === 0 ? null : peg.pegScore;
}

/** Whose peg a coin is judged by: its own, or for a NAV token that of the coin it names as its reference. */
function pegCoin({ coin }: CoinFacts): string {
  return coin.navToken === true && coin.peg.referenceId !== null ? coin.peg.referenceId : coin.id;
}

function redemptionInput(row: RedemptionRow | undefined, supplyUsd: number | undefined): RedemptionInput | null {
  if (!row) return null;
  return {
    ...row,
    capacityKind: row.capacityKind ?? null,
    scoringUsd: row.capacityProfile.scoringUsd,
    modeledExitSizeUsd: row.capacityProfile.modeledExitSizeUsd ?? modeledExitSizeUsd(supplyUsd ?? null),
  };
}

/**
 * Statuses by coin, repeated until nothing changes, so that the order of coins and cycles do not matter. "No" is said only of a
 * coin whose reserves are known: what nobody has looked into may well be frozen.
 */
export function freezabilities(facts: readonly CoinFacts[]): Map<string, Freezability> {
  const statuses = new Map<string, Freezability>();
  const tracked = facts
    .filter(({ governance, isDefunct }) => governance === "centralized" && !isDefunct)
    .map(({ coin }) => coin.symbol);
  const symbols = new Set([...FREEZABLE_SYMBOLS, ...tracked]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { coin, governance, custodyModel, slices, variantParentId } of facts) {
      if (governance === null) continue;
      const status = blacklistStatus({
        governance,
        custodyModel,
        explicit: null,
        reserves: slices.map(({ name, coinId }) => ({
          name,
          blacklistable: null,
          coinStatus: coinId === null ? null : (statuses.get(coinId) ?? null),
        })),
        variantParentStatus: variantParentId === null ? null : (statuses.get(variantParentId) ?? null),
        freezableSymbols: symbols,
      });
      if (statuses.get(coin.id) !== status) {
        statuses.set(coin.id, status);
        changed = true;
      }
    }
  }
  for (const { coin, slices } of facts)
    if (statuses.get(coin.id) === "no" && slices.length === 0) statuses.delete(coin.id);
  return statuses;
}

/** Weights are scored as they are published, so that a reader who follows the card comes to its score. */
function publishedWeight(edge: Dependency): Dependency {
  return { ...edge, weight: Math.round(edge.weight * 1e3) / 1e3 };
}

function roundCapacity(usd: number | null): number | null {
  return usd === null ? null : Number(usd.toPrecision(2));
}

export function reportCards(inputs: CardInputs): Cards {
  const { facts, pegs, liquidity, redemption } = inputs;
  const byId = new Map(facts.map((each) => [each.coin.id, each]));
  const order = scoringOrder(
    new Map(
      facts.map((each) => [
        each.coin.id,
        dependencyEdges(each.dependencies.map(publishedWeight), each.variantParentId),
      ]),
    ),
  );
  const freezable = freezabilities(facts);
  const overall = new Map<string, number | null>();
  const cards: ReportCard[] = [];
  const standings: Standing[] = [];
  for (const id of order.ids) {
    const each = byId.get(id);
    if (!each) continue;
    const { coin, governance } = each;
    const measuredBy = pegCoin(each);
    const peg = pegs.get(measuredBy);
    const openPeak = inputs.openPeaks.get(measuredBy) ?? null;
    const dex = liquidity[id];
    const row = redemption[id];
    const exit = liquidityDimension({
      dexLiquidityScore: dex?.liquidityScore ?? null,
      activeDepegPeakBps: openPeak,
      redemption: redemptionInput(row, inputs.supplyUsd.get(id)),
    });
    const edges = order.edges.get(id) ?? [];
    const dimensions: DimensionScores = {
      pegStability: pegScoreOf(peg),
      liquidity: exit.score,
      resilience: resilienceScore({
        reserves: each.slices,
        collateralQuality: each.collateralQuality,
        custodyModel: each.custodyModel,
      }),
      decentralization:
        each.governanceQuality &&
        decentralizationScore({
          quality: each.governanceQuality,
          chainTier: each.chainTier,
          deploymentModel: each.deploymentModel,
        }),
      dependencyRisk:
        governance &&
        dependencyRiskScore({
          governance,
          dependencies: edges,
          upstreamScores: Object.fromEntries(edges.map((edge) => [edge.id, overall.get(edge.id)])),
          variantParentId: null,
          variantKind: null,
        }),
    };
    const navToken = coin.navToken === true;
    const own = overallScore({ dimensions, activeDepegPeakBps: openPeak, navToken });
    const parentScore = each.variantParentId === null ? null : (overall.get(each.variantParentId) ?? null);
    const capped = variantOverallCap(own.score, parentScore);
    const score = each.isDefunct ? null : capped.score;
    overall.set(id, each.isDefunct ? 0 : score);
    const collateral = collateralOf(each.slices, each.collateralQuality);
    const graded = (name: keyof DimensionScores, detail: string) => ({
      grade: scoreToGrade(dimensions[name]),
      score: dimensions[name],
      detail,
    });
    const card: ReportCard = {
      id,
      name: coin.name,
      symbol: coin.symbol,
      overallGrade: each.isDefunct ? "F" : scoreToGrade(score),
      overallScore: each.isDefunct ? 0 : score,
      overallReason: each.isDefunct ? "defunct" : own.reason,
      baseScore: own.baseScore,
      depegCap: own.depegCap,
      overallCapped: capped.capped,
      uncappedOverallScore: capped.uncapped,
      dimensions: {
        pegStability: graded(
          "pegStability",
          pegDetail(peg, dimensions.pegStability, measuredBy === id ? null : measuredBy),
        ),
        liquidity: graded("liquidity", liquidityDetail(exit, dex)),
        resilience: graded("resilience", resilienceDetail(each, collateral, dimensions.resilience)),
        decentralization: graded("decentralization", decentralizationDetail(each)),
        dependencyRisk: graded("dependencyRisk", dependencyDetail(each, edges.length)),
      },
      ratedDimensions: Object.entries(dimensions).filter(([name, value]) => name !== "pegStability" && value !== null)
        .length,
      dependencies: edges.map((edge) => ({
        ...edge,
        id: upstreamId(edge.id),
      })),
      freezability: freezable.get(id) ?? null,
      upgrade: null,
      downgrade: null,
      rawInputs: {
        pegScore: dimensions.pegStability,
        activeDepeg: openPeak !== null,
        activeDepegBps: openPeak,
        depegEventCount: peg?.eventCount ?? 0,
        lastEventAt: peg?.lastEventAt ?? null,
        liquidityScore: dex?.liquidityScore ?? null,
        effectiveExitScore: row?.effectiveExitScore ?? null,
        redemptionBackstopScore: row?.score ?? null,
        redemptionRouteFamily: row?.routeFamily ?? null,
        redemptionModelConfidence: row?.modelConfidence ?? null,
        redemptionUsedForLiquidity: exit.redemptionUsed,
        redemptionExclusion: exit.exclusionReason,
        immediateCapacityUsd: roundCapacity(row?.immediateCapacityUsd ?? null),
        immediateCapacityRatio:
          row?.immediateCapacityRatio == null ? null : Math.round(row.immediateCapacityRatio * 100) / 100,
        concentrationHhi: dex?.concentrationHhi ?? null,
        chainTier: governance && each.chainTier,
        deploymentModel: governance && each.deploymentModel,
        collateralQuality: each.collateralQuality,
        collateralScore: collateral,
        custodyModel: each.custodyModel,
        governanceTier: governance,
        governanceQuality: each.governanceQuality,
        navToken,
        variantParentId: each.variantParentId,
        variantKind: null,
        collateralFromLive: each.fromLive,
        dependencyFromLive: each.fromLive && each.dependencies.length > 0,
        assumed: each.assumed,
      },
      isDefunct: each.isDefunct,
    };
    if (!each.isDefunct && score !== null)
      Object.assign(
        card,
        levers({ dimensions, activeDepegPeakBps: openPeak, navToken, parentScore }, card.overallGrade),
      );
    standings.push({
      id,
      governance,
      dimensions,
      activeDepegPeakBps: openPeak,
      navToken,
      variantParentId: each.variantParentId,
      isDefunct: each.isDefunct,
      edges,
      score: card.overallScore,
    });
    cards.push(card);
  }
  cards.sort((a, b) => (a.id < b.id ? -1 : 1));
  const graphEdges = cards.flatMap((card) =>
    card.dependencies.map(({ id, weight, type }) => ({ from: id, to: card.id, weight, type })),
  );
  return { cards, edges: graphEdges, brokenCycles: order.brokenCycles, stressTests: stressTests(standings) };
}
