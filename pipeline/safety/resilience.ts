/**
 * Resilience: what the reserves are, and who holds them. Safety methodology, section 1.
 *
 * Slices count by their share of what is known; without slices a class of collateral stands in, and without that too the
 * dimension has no rating: a coin nobody has looked into is not average.
 */
import type { Backing, CollateralClass, CustodyModel, Governance, RiskTier } from "../schema/report-cards.ts";

export interface ReserveSlice {
  name: string;
  pct: number;
  risk: RiskTier | null;
}

const TIER_SCORES: Readonly<Record<RiskTier, number>> = {
  "very-low": 100,
  low: 75,
  medium: 50,
  high: 25,
  "very-high": 5,
};
const CLASS_SCORES: Readonly<Record<CollateralClass, number>> = {
  native: 100,
  "eth-lst": 66,
  rwa: 50,
  "alt-lst-bridged-or-mixed": 20,
  exotic: 0,
};
const CUSTODY_SCORES: Readonly<Record<CustodyModel, number>> = {
  onchain: 100,
  "institutional-top": 80,
  "institutional-regulated": 55,
  "institutional-unregulated": 30,
  "institutional-sanctioned": 5,
  cex: 0,
};

/** Null when no slice has both a share and a tier. */
function collateralScore(reserves: readonly ReserveSlice[]): number | null {
  let total = 0;
  let sum = 0;
  for (const { pct, risk } of reserves) {
    if (risk === null || !Number.isFinite(pct) || pct <= 0) continue;
    total += pct;
    sum += pct * TIER_SCORES[risk];
  }
  return total === 0 ? null : Math.round(sum / total);
}

const RISK_WORDS = [
  { from: 88, word: "very low risk" },
  { from: 62, word: "low risk" },
  { from: 37, word: "medium risk" },
  { from: 15, word: "high risk" },
] as const;

export function collateralWord(score: number): string {
  return RISK_WORDS.find(({ from }) => score >= from)?.word ?? "very high risk";
}

/** What stands for facts nobody has entered, from backing and governance; nulls where these do not tell. */
export function resilienceDefaults(
  backing: Backing | null,
  governance: Governance | null,
): { collateral: CollateralClass | null; custody: CustodyModel | null } {
  if (backing === "algorithmic") return { collateral: "native", custody: "onchain" };
  if (backing === "rwa-backed" && (governance === "centralized" || governance === "centralized-dependent"))
    return { collateral: "rwa", custody: "institutional-regulated" };
  if (backing === "crypto-backed" && governance === "decentralized")
    return { collateral: "native", custody: "onchain" };
  if (backing === "crypto-backed" && governance === "centralized-dependent")
    return { collateral: "eth-lst", custody: "onchain" };
  return { collateral: null, custody: null };
}

/** Of the slices, else of the class that stands for them. */
export function collateralOf(reserves: readonly ReserveSlice[], quality: CollateralClass | null): number | null {
  return collateralScore(reserves) ?? (quality === null ? null : CLASS_SCORES[quality]);
}

/** Null when either half is not known. */
export function resilienceScore(given: {
  reserves: readonly ReserveSlice[];
  collateralQuality: CollateralClass | null;
  custodyModel: CustodyModel | null;
}): number | null {
  const { custodyModel } = given;
  const collateral = collateralOf(given.reserves, given.collateralQuality);
  if (collateral === null || custodyModel === null) return null;
  return Math.round((collateral + CUSTODY_SCORES[custodyModel]) / 2);
}
