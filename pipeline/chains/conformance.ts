/** Cases of `vectors/safety-scores.json` about chain health. */
import { z } from "zod";
import { listOf, MaybeNumber, NumberOrNaN } from "../conformance/input.ts";
import {
  chainBackingDiversity,
  chainConcentration,
  chainEnvironmentFallback,
  chainHealthBand,
  chainHealthScore,
  chainPegStability,
  chainQuality,
} from "./chain-health.ts";

const n = MaybeNumber;
/** Half of the supply, where a case does not say. */
const MIN_RATED_SHARE = 0.5;

const FactorsInput = z.object({
  quality: n,
  chainEnvironment: n,
  concentration: n,
  pegStability: n,
  backingDiversity: n,
});

export const conformance: Record<string, (input: unknown) => unknown> = {
  chainConcentration: (input) => chainConcentration(z.object({ shares: listOf(NumberOrNaN) }).parse(input).shares),
  chainBackingDiversity: (input) =>
    chainBackingDiversity(z.object({ distribution: z.record(z.string(), NumberOrNaN) }).parse(input).distribution),
  chainPegStability: (input) =>
    chainPegStability(
      z.object({ coins: listOf(z.object({ price: n, pegRef: n, supplyUsd: NumberOrNaN })) }).parse(input).coins,
    ),
  chainQuality(input) {
    const { coins, minRatedShare } = z
      .object({ coins: listOf(z.object({ safetyScore: n, supplyUsd: NumberOrNaN })), minRatedShare: n })
      .parse(input);
    return chainQuality(coins, minRatedShare ?? MIN_RATED_SHARE);
  },
  chainEnvironmentFallback: (input) => chainEnvironmentFallback(z.object({ tier: n }).parse(input).tier),
  chainHealthBand: (input) => chainHealthBand(z.object({ score: n }).parse(input).score),
  chainHealthScore: (input) => chainHealthScore(FactorsInput.parse(input)),
};
