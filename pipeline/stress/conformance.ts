/** Cases of `vectors/depegs-and-indices.json` about the early-warning score. */
import { z } from "zod";
import { listOf, MaybeNumber, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import { StressBandSchema } from "../schema/stress.ts";
import { piecewiseLinear } from "./curves.ts";
import {
  divergenceSignal,
  flowSignal,
  freezeSignal,
  liquiditySignal,
  poolSignal,
  priceSignal,
  supplySignal,
  yieldSignal,
} from "./signals.ts";
import { contagionAmplifier, dewsBand, dewsScore } from "./stress-score.ts";

const n = MaybeNumber;
const READERS = {
  supply: (input: unknown) => supplySignal(z.object({ current: n, prevDay: n, prevWeek: n, mcapUsd: n }).parse(input)),
  pool: (input: unknown) =>
    poolSignal(
      z
        .object({
          weightedBalanceRatio: n,
          avgPoolStress: n,
          topPools: listOf(z.object({ tvlUsd: NumberOrNaN, balanceRatio: NumberOrNaN })),
          previous: n,
        })
        .parse(input),
    ),
  liq: (input: unknown) => liquiditySignal(z.object({ score: n, score7dAgo: n, tvl: n, tvl7dAgo: n }).parse(input)),
  price: (input: unknown) =>
    priceSignal(z.object({ price: n, confidence: MaybeText, previousConfidence: MaybeText }).parse(input)),
  diverg: (input: unknown) =>
    divergenceSignal(z.object({ price: n, reference: n, dexPrice: n, pegType: MaybeText, previous: n }).parse(input)),
  black: (input: unknown) => freezeSignal(z.object({ tracked: z.boolean(), events24h: n, events7d: n }).parse(input)),
  flow: (input: unknown) =>
    flowSignal(z.object({ burn24h: n, mint24h: n, baseline30d: n, baselineDays: n }).parse(input)),
  yield: (input: unknown) => yieldSignal(z.object({ warnings: listOf(z.string()) }).parse(input)),
};
const SignalName = z.object({ signal: z.enum(Object.keys(READERS) as [keyof typeof READERS]) });
const ScoreInput = z.object({
  signals: z.record(z.string(), z.object({ available: z.boolean(), value: NumberOrNaN })),
  psi: n,
  contagion: n,
});
const ContagionInput = z.object({
  coins: listOf(
    z.object({
      id: z.string(),
      pegType: MaybeText,
      firstPassBand: StressBandSchema.nullish().transform((b) => b ?? null),
    }),
  ),
  id: z.string(),
});

export const conformance: Record<string, (input: unknown) => unknown> = {
  piecewiseLinear(input) {
    const { x, points } = z.object({ x: NumberOrNaN, points: z.array(z.tuple([z.number(), z.number()])) }).parse(input);
    return piecewiseLinear(x, points);
  },
  dewsBand: (input) => dewsBand(z.object({ score: NumberOrNaN }).parse(input).score),
  dewsSignal: (input) => READERS[SignalName.parse(input).signal](input),
  dewsScore(input) {
    const { signals, psi, contagion } = ScoreInput.parse(input);
    return dewsScore(signals, psi, contagion ?? 1);
  },
  contagionAmplifier(input) {
    const { coins, id } = ContagionInput.parse(input);
    return contagionAmplifier(coins, id);
  },
};
