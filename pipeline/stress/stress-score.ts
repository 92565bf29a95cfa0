/**
 * The early-warning score of a coin: its available signals weighed, amplified when the whole market or a peer is in trouble.
 *
 * Depeg methodology, section 11. With less than 0.30 of the weight available there is no score: not knowing is not calm.
 */
import type { StressBand, StressSignal } from "../schema/stress.ts";
import type { Signal } from "./signals.ts";

/** Hundredths, so that sums compare exactly. */
const WEIGHTS: Readonly<Record<StressSignal, number>> = {
  supply: 25,
  pool: 20,
  liq: 15,
  price: 15,
  diverg: 15,
  black: 10,
  flow: 10,
  yield: 5,
};
const MIN_WEIGHT = 30;
const BANDS: readonly (readonly [StressBand, number])[] = [
  ["CALM", 15],
  ["WATCH", 35],
  ["ALERT", 55],
  ["WARNING", 75],
];
const SHAKEN_BELOW = 75;
const MAX_MARKET_BOOST = 0.3;
const MAX_CONTAGION = 1.2;
const CONTAGION = { DANGER: 1.15, WARNING: 1.08 } as const;

export interface StressScore {
  score: number;
  band: StressBand;
  /** Before anything amplified it. */
  base: number;
}

export function dewsBand(score: number): StressBand {
  return BANDS.find(([, upTo]) => score <= upTo)?.[0] ?? "DANGER";
}

function clamped(value: number): number {
  return Number.isFinite(value) ? Math.min(100, Math.max(0, value)) : 0;
}

/** `psi` is the stability index, null when unknown; `contagion` what `contagionAmplifier` gives. */
export function dewsScore(
  signals: Readonly<Partial<Record<StressSignal, Signal>>>,
  psi: number | null,
  contagion: number,
): StressScore | null {
  let weight = 0;
  let sum = 0;
  for (const [name, signal] of Object.entries(signals)) {
    const share = WEIGHTS[name as StressSignal];
    if (!signal?.available || share === undefined) continue;
    weight += share;
    sum += share * clamped(signal.value);
  }
  if (weight < MIN_WEIGHT) return null;
  const base = sum / weight;
  const shaken = psi !== null && Number.isFinite(psi) && psi < SHAKEN_BELOW;
  const market = shaken ? 1 + ((SHAKEN_BELOW - psi) / SHAKEN_BELOW) * MAX_MARKET_BOOST : 1;
  const peers = Number.isFinite(contagion) ? Math.min(MAX_CONTAGION, contagion) : 1;
  const score = Math.floor(clamped(base * market * peers) + 0.5);
  return { score, band: dewsBand(score), base };
}

export interface FirstPass {
  id: string;
  pegType: string | null;
  firstPassBand: StressBand | null;
}

/** What trouble among coins of the same peg adds; a coin in trouble itself keeps its own result. */
export function contagionAmplifier(coins: readonly FirstPass[], id: string): number {
  const own = coins.find((coin) => coin.id === id);
  if (!own || own.firstPassBand === "WARNING" || own.firstPassBand === "DANGER") return 1;
  const peers = coins
    .filter((coin) => coin.id !== id && coin.pegType === own.pegType)
    .map((coin) => coin.firstPassBand);
  if (peers.includes("DANGER")) return CONTAGION.DANGER;
  return peers.includes("WARNING") ? CONTAGION.WARNING : 1;
}
