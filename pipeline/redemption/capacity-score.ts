/** How much of an exit a capacity is worth: against the coin's own supply and in plain dollars. Method section 4. */
import type { CapApplied } from "../schema/redemption.ts";
import type { HolderEligibility } from "../schema/redemption-route.ts";

/** tier-floor: supply is unknown or not positive, so only whole tiers of dollars count. */
export type CapacityScoreMode = "interpolated" | "tier-floor";

export interface CapacityScores {
  score: number | null;
  coverageRatioScore: number | null;
  absoluteCapacityScore: number | null;
}

type Points = readonly (readonly [value: number, score: number])[];

const COVERAGE: Points = [
  [0, 0],
  [0.01, 20],
  [0.05, 40],
  [0.1, 60],
  [0.25, 80],
  [0.5, 100],
];
const ABSOLUTE_USD: Points = [
  [0, 0],
  [100_000, 20],
  [1_000_000, 40],
  [10_000_000, 60],
  [50_000_000, 80],
  [250_000_000, 100],
];

function interpolated(points: Points, value: number): number {
  for (let i = 1; i < points.length; i++) {
    const [fromValue, fromScore] = points[i - 1] as readonly [number, number];
    const [toValue, toScore] = points[i] as readonly [number, number];
    if (value > toValue) continue;
    return Math.round(fromScore + ((value - fromValue) / (toValue - fromValue)) * (toScore - fromScore));
  }
  return 100;
}

function tierFloor(points: Points, value: number): number {
  return points.findLast(([threshold]) => threshold <= value)?.[1] ?? 0;
}

function isAmount(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value >= 0;
}

export function capacityScore(
  capacityUsd: number | null,
  capacityRatio: number | null,
  mode: CapacityScoreMode = "interpolated",
): CapacityScores {
  const coverage = isAmount(capacityRatio) ? interpolated(COVERAGE, capacityRatio) : null;
  const scale = mode === "tier-floor" ? tierFloor : interpolated;
  const absolute = isAmount(capacityUsd) ? scale(ABSOLUTE_USD, capacityUsd) : null;
  const [ratioPart, usdPart] = [coverage ?? absolute, absolute ?? coverage];
  const score = ratioPart === null || usdPart === null ? null : Math.round(0.6 * ratioPart + 0.4 * usdPart);
  return { score, coverageRatioScore: coverage, absoluteCapacityScore: absolute };
}

/** What a live source says of the way out; what it does not say has no effect. */
export interface LiveConstraints {
  settlementDelaySec?: number | null | undefined;
  queueDepthUsd?: number | null | undefined;
  minRedeemUsd?: number | null | undefined;
  liveHolderEligibility?: HolderEligibility | null | undefined;
}

const ELIGIBILITY: Readonly<Record<HolderEligibility, number>> = {
  "any-holder": 1,
  "verified-customer": 0.9,
  "whitelisted-primary": 0.85,
  "pre-incident-holder": 0.85,
  unknown: 0.85,
  "issuer-discretionary": 0.6,
};

function delayFactor(seconds: number): number {
  if (seconds <= 3_600) return 1;
  if (seconds <= 86_400) return 0.9;
  return seconds <= 604_800 ? 0.75 : 0.6;
}

function queueFactor(depthUsd: number, scoringCapacityUsd: number | null): number {
  if (depthUsd <= 0 || !isAmount(scoringCapacityUsd) || scoringCapacityUsd === 0) return 1;
  const share = depthUsd / scoringCapacityUsd;
  if (share >= 1) return 0.65;
  return share >= 0.5 ? 0.8 : 0.9;
}

function minimumFactor(usd: number): number {
  if (usd > 1_000_000) return 0.75;
  return usd > 10_000 ? 0.9 : 1;
}

/** The score after delay, queue, minimum size and who may use it, with the label of each that bites. */
export function capacityConstraintEffects(
  score: number | null,
  scoringCapacityUsd: number | null,
  { settlementDelaySec, queueDepthUsd, minRedeemUsd, liveHolderEligibility }: LiveConstraints,
): { score: number | null; capsApplied: CapApplied[] } {
  if (score === null || !Number.isFinite(score)) return { score: null, capsApplied: [] };
  const amount = (value: number | null | undefined) => (isAmount(value ?? null) ? (value as number) : 0);
  const factors: [CapApplied, number][] = [
    ["settlement-delay-penalty", delayFactor(amount(settlementDelaySec))],
    ["queue-depth-penalty", queueFactor(amount(queueDepthUsd), scoringCapacityUsd)],
    ["minimum-size-penalty", minimumFactor(amount(minRedeemUsd))],
    ["live-holder-eligibility-penalty", liveHolderEligibility ? ELIGIBILITY[liveHolderEligibility] : 1],
  ];
  const multiplier = factors.reduce((product, [, factor]) => product * factor, 1);
  return {
    score: Math.round(Math.max(0, Math.min(100, score * multiplier))),
    capsApplied: factors.filter(([, factor]) => factor < 1).map(([label]) => label),
  };
}
