/** Cases of the small arithmetic that belongs to no lane: bounds of pegs, medians, ages. */
import { z } from "zod";
import { freshnessStatus } from "../freshness-status.ts";
import { depegThresholdBps, fxRateBounds, normalizePegTypeFromCurrency, staticPriceBounds } from "../peg-bounds.ts";
import { DatasetStatusSchema } from "../schema/envelope.ts";
import { midDivergenceBps, weightedMedian } from "../statistics.ts";
import { MaybeText, NumberOrNaN } from "./input.ts";

const KeyInput = z.object({ key: MaybeText });
const PairInput = z.object({ a: NumberOrNaN, b: NumberOrNaN });
const PointsInput = z.object({ points: z.array(z.object({ price: NumberOrNaN, weight: NumberOrNaN })) });
const AgeInput = z.object({
  ageSec: NumberOrNaN,
  staleTimeSec: NumberOrNaN,
  backendStatus: DatasetStatusSchema.nullish().catch(null),
});

export const conformance: Record<string, (input: unknown) => unknown> = {
  staticPriceBounds: (input) => staticPriceBounds(KeyInput.parse(input).key ?? ""),
  fxRateBounds: (input) => fxRateBounds(KeyInput.parse(input).key ?? ""),
  normalizePegTypeFromCurrency: (input) =>
    normalizePegTypeFromCurrency(z.object({ currency: MaybeText }).parse(input).currency),
  depegThresholdBps: (input) => depegThresholdBps(z.object({ pegType: MaybeText }).parse(input).pegType),
  midDivergenceBps(input) {
    const { a, b } = PairInput.parse(input);
    const divergence = midDivergenceBps(a, b);
    return Number.isFinite(divergence) ? divergence : null;
  },
  weightedMedian: (input) => weightedMedian(PointsInput.parse(input).points),
  freshnessStatus(input) {
    const { ageSec, staleTimeSec, backendStatus } = AgeInput.parse(input);
    return freshnessStatus(ageSec, staleTimeSec, backendStatus);
  },
};
