/**
 * The stability index: one number, 0 to 100, for how calm the whole market of stablecoins is.
 *
 * Depeg methodology, section 10: 100 less severity, breadth and stress, plus the trend of the market. A depeg weighs by its
 * coin's share and size, and less the longer everybody has known it.
 */
import type { StabilityBand, StressBand } from "../schema/stress.ts";

export interface CurrentDepeg {
  /** Of the current price, signed. */
  bps: number;
  mcapUsd: number;
  /** Since the earliest open event of the coin. */
  depegAgeDays: number;
}

export interface StabilityInput {
  /** Each coin once. */
  depegs: readonly CurrentDepeg[];
  totalMcapUsd: number;
  mcap7dChangePct: number;
  stressBreadth: number;
}

export interface StabilityScore {
  /** One decimal. */
  score: number;
  band: StabilityBand;
  /** Two decimals. */
  components: { severity: number; breadth: number; stressBreadth: number; trend: number };
}

const BANDS: readonly (readonly [StabilityBand, number])[] = [
  ["BEDROCK", 90],
  ["STEADY", 75],
  ["TREMOR", 60],
  ["FRACTURE", 40],
  ["CRISIS", 20],
  ["MELTDOWN", 0],
];
const SEVERITY = { factor: 60, max: 68 };
const BREADTH = { factor: 3, max: 17 };
const STRESS = { factor: 1.5, max: 5 };
const MAX_TREND = 5;
const FRESH_DAYS = 30;
const FADE_DAYS = 120;
const MIN_FACTOR = 0.25;
const BILLION = 1e9;
const STRESSED: readonly StressBand[] = ["ALERT", "WARNING", "DANGER"];

/** How much an old depeg still counts. */
export function psiFactor(depegAgeDays: number): number {
  return depegAgeDays > FRESH_DAYS ? Math.max(MIN_FACTOR, 1 - (depegAgeDays - FRESH_DAYS) / FADE_DAYS) : 1;
}

/** Lower bounds belong to the band; null for what is no score. */
export function psiBand(score: number): StabilityBand | null {
  return BANDS.find(([, from]) => score >= from)?.[0] ?? null;
}

function usable(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}

/** What coins under stress take from the index, at most five points. */
export function psiStressBreadth(coins: readonly { band: StressBand | null; mcapUsd: number }[]): number {
  const sum = coins
    .filter(({ band }) => band !== null && STRESSED.includes(band))
    .reduce((total, { mcapUsd }) => total + Math.sqrt(usable(mcapUsd) / BILLION) * STRESS.factor, 0);
  return Math.min(STRESS.max, sum);
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.floor(value * scale + 0.5) / scale;
}

/** Null when the market's size is not known: no sample then. */
export function psiScore({
  depegs,
  totalMcapUsd,
  mcap7dChangePct,
  stressBreadth,
}: StabilityInput): StabilityScore | null {
  const total = usable(totalMcapUsd);
  if (total === 0) return null;
  let severity = 0;
  let breadth = 0;
  for (const { bps, mcapUsd, depegAgeDays } of depegs) {
    const mcap = usable(mcapUsd);
    if (!Number.isFinite(bps) || mcap === 0) continue;
    const factor = psiFactor(depegAgeDays);
    const size = Math.log2(1 + mcap / BILLION);
    severity += (Math.abs(bps) / 100) * (mcap / total) * size * SEVERITY.factor * factor;
    breadth += Math.sqrt(mcap / BILLION) * BREADTH.factor * factor;
  }
  const parts = {
    severity: Math.min(SEVERITY.max, severity),
    breadth: Math.min(BREADTH.max, breadth),
    stressBreadth: Math.min(STRESS.max, usable(stressBreadth)),
    trend: Number.isFinite(mcap7dChangePct) ? Math.min(MAX_TREND, Math.max(-MAX_TREND, mcap7dChangePct)) : 0,
  };
  const raw = 100 - parts.severity - parts.breadth - parts.stressBreadth + parts.trend;
  const score = rounded(Math.min(100, Math.max(0, raw)), 1);
  return {
    score,
    band: psiBand(score) as StabilityBand,
    components: {
      severity: rounded(parts.severity, 2),
      breadth: rounded(parts.breadth, 2),
      stressBreadth: rounded(parts.stressBreadth, 2),
      trend: rounded(parts.trend, 2),
    },
  };
}
