/**
 * Pressure shift, gauge and flight to quality: how unusual the last day's flow is against the coin's own thirty closed days.
 *
 * Whether a coin is minting or burning is always read from raw net flow, never from the sign of a score.
 */
import type { CompositeState, FlowDirection24h, GaugeBand, PressureState } from "./schema/flows.ts";
import { DAY_SEC, startOfUtcDay } from "./time.ts";

const DENOM_SCALE = 0.3;
const DENOM_FLOOR_USD = 1_000_000;
const Z_MULTIPLIER = 50;
const MIN_DATA_DAYS = 7;
const MIN_ACTIVITY_USD = 50_000;
const BASELINE_DAYS = 30;
const FTQ_THRESHOLD_USD = 100_000_000;
const FTQ_FULL_USD = 1_000_000_000;
const SAFE_FROM_SCORE = 65;
const RISKY_BELOW_SCORE = 50;
const STATE_EDGE = 10;

function clamp(value: number): number {
  return Math.max(-100, Math.min(100, value));
}

export interface PressureInput {
  currentDailyNet: number;
  baselineDailyNet: number;
  baselineDailyAbs: number;
  dataAgeDays: number;
  /** Left out: the activity gate is not applied. */
  currentDailyAbs?: number | null | undefined;
}

/** -100..100, or null. The caller has dealt with inactivity and a missing baseline. */
export function pressureShift(input: PressureInput): number | null {
  const { currentDailyNet, baselineDailyNet, baselineDailyAbs, dataAgeDays, currentDailyAbs } = input;
  if (currentDailyAbs != null && currentDailyAbs < MIN_ACTIVITY_USD) return null;
  if (dataAgeDays < MIN_DATA_DAYS) return null;
  const denominator = Math.max(baselineDailyAbs * DENOM_SCALE, DENOM_FLOOR_USD);
  const score = clamp((Z_MULTIPLIER * (currentDailyNet - baselineDailyNet)) / denominator);
  return Number.isNaN(score) ? null : score;
}

export interface DailyFlow {
  dayTs: number;
  net: number;
  abs: number;
}

export interface Baseline {
  avgNet: number;
  avgAbs: number;
  dataDays: number;
}

/** Averages over up to thirty closed UTC days since the first bucket; a day without rows counts as zero. */
export function baseline(nowSec: number, dailyRows: readonly DailyFlow[], firstHourTs: number | null): Baseline | null {
  if (firstHourTs === null) return null;
  const last = startOfUtcDay(nowSec) - DAY_SEC;
  const first = startOfUtcDay(firstHourTs);
  if (first > last) return null;
  const dataDays = Math.min(BASELINE_DAYS, (last - first) / DAY_SEC + 1);
  const from = last - (dataDays - 1) * DAY_SEC;
  let net = 0;
  let abs = 0;
  for (const row of dailyRows) {
    if (row.dayTs < from || row.dayTs >= last + DAY_SEC) continue;
    net += row.net;
    abs += row.abs;
  }
  return { avgNet: net / dataDays, avgAbs: abs / dataDays, dataDays };
}

const BANDS: readonly (GaugeBand & { from: number })[] = [
  { from: 70, label: "SURGE", color: "bright-green" },
  { from: 40, label: "CONFIDENT", color: "green" },
  { from: 10, label: "HEALTHY", color: "light-green" },
  { from: -10, label: "NEUTRAL", color: "gray" },
  { from: -40, label: "CAUTIOUS", color: "amber" },
  { from: -70, label: "STRESS", color: "orange" },
  { from: Number.NEGATIVE_INFINITY, label: "CRISIS", color: "red" },
];

export function gaugeBand(score: number | null): GaugeBand | null {
  if (score === null || Number.isNaN(score)) return null;
  const band = BANDS.find(({ from }) => score >= from);
  return band ? { label: band.label, color: band.color } : null;
}

/** Average of the scored coins, weighted by what circulates on the chains that are read. */
export function gaugeScore(coins: readonly { intensity: number | null; mcap: number }[]): number | null {
  let weighted = 0;
  let weight = 0;
  for (const { intensity, mcap } of coins) {
    if (intensity === null) continue;
    weighted += intensity * mcap;
    weight += mcap;
  }
  return weight > 0 ? weighted / weight : null;
}

export function flightToQuality({ safeNet24h, riskyNet24h }: { safeNet24h: number; riskyNet24h: number }) {
  const active = riskyNet24h < -FTQ_THRESHOLD_USD && safeNet24h > FTQ_THRESHOLD_USD;
  return { active, intensity: active ? Math.min(100, (Math.abs(riskyNet24h) / FTQ_FULL_USD) * 100) : 0 };
}

/** Which cohort a coin of this safety score is in. */
export function flightCohort(score: number | null): "safe" | "risky" | "ignored" {
  if (score === null || Number.isNaN(score)) return "ignored";
  if (score >= SAFE_FROM_SCORE) return "safe";
  return score < RISKY_BELOW_SCORE ? "risky" : "ignored";
}

export function netFlowDirection(netFlow24hUsd: number, has24hActivity: boolean): FlowDirection24h {
  if (!has24hActivity) return "inactive";
  if (netFlow24hUsd > 0) return "minting";
  return netFlow24hUsd < 0 ? "burning" : "flat";
}

export function pressureShiftState(score: number | null): PressureState {
  if (score === null || Number.isNaN(score)) return "nr";
  if (score > STATE_EDGE) return "improving";
  return score < -STATE_EDGE ? "worsening" : "stable";
}

export function compositeState(
  netFlow24hUsd: number,
  has24hActivity: boolean,
  pressureShiftScore: number | null,
): CompositeState {
  const direction = netFlowDirection(netFlow24hUsd, has24hActivity);
  return direction === "inactive" ? direction : `${direction}-${pressureShiftState(pressureShiftScore)}`;
}
