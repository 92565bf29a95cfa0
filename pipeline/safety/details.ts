/** Each dimension in a sentence: what it was made of, or why it is not rated. */
import type { DexLiquidityRow } from "../schema/liquidity.ts";
import type { PegSummaryCoin } from "../schema/peg-summary.ts";
import type { CoinFacts } from "./facts.ts";
import type { LiquidityDimension } from "./liquidity-dimension.ts";
import { collateralWord } from "./resilience.ts";

const CONCENTRATED_FROM = 0.5;

export function pegDetail(peg: PegSummaryCoin | undefined, score: number | null, inherited: string | null): string {
  if (inherited !== null && score !== null) return `peg score of ${inherited}, which it is measured by`;
  if (!peg) return "no fixed peg to be judged by";
  if (score === null) return "no peg score yet";
  return peg.eventCount === 0
    ? "no depegs on record"
    : `${peg.eventCount} depeg${peg.eventCount === 1 ? "" : "s"} on record`;
}

export function liquidityDetail(dimension: LiquidityDimension, row: DexLiquidityRow | undefined): string {
  const dex = row?.liquidityScore == null ? "no DEX pool known" : `DEX ${row.liquidityScore}`;
  const route = dimension.redemptionUsed
    ? "redemption counted"
    : dimension.exclusionReason === null
      ? "no redemption route on file"
      : `redemption not counted: ${dimension.exclusionReason}`;
  const narrow = (row?.concentrationHhi ?? 0) > CONCENTRATED_FROM ? "; concentrated in few pools" : "";
  return `${dex}; ${route}${narrow}`;
}

export function resilienceDetail(facts: CoinFacts, collateral: number | null, score: number | null): string {
  if (score === null || collateral === null) return "backing or custody is not on file";
  const source = facts.slices.length > 0 ? "live reserves" : `class ${facts.collateralQuality}, assumed`;
  return `collateral ${collateral} (${collateralWord(collateral)}, ${source}), custody ${facts.custodyModel}`;
}

export function decentralizationDetail(facts: CoinFacts): string {
  return facts.governanceQuality === null
    ? "governance is not on file"
    : `${facts.governanceQuality} on ${facts.chainTier}, ${facts.deploymentModel}`;
}

export function dependencyDetail(facts: CoinFacts, upstreams: number): string {
  if (facts.governance === null) return "governance is not on file";
  return upstreams === 0
    ? `no tracked upstream known, ${facts.governance}`
    : `${upstreams} tracked upstream${upstreams === 1 ? "" : "s"}`;
}
