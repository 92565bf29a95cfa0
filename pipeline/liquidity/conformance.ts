/** Cases of `vectors/safety-scores.json` about the DEX liquidity score. Components are answered rounded, as published. */
import { z } from "zod";
import { MaybeNumber, NumberOrNaN } from "../conformance/input.ts";
import { dexLiquidityScore, durability, poolQuality, tvlDepth, volumeActivity } from "./liquidity-score.ts";

const n = MaybeNumber;

const DurabilityInput = z.object({ organicFraction: n, tvlStability: n, volumeStability: n, oldestPoolDays: n });
const PartsInput = z.object({
  tvlDepth: NumberOrNaN,
  volumeActivity: NumberOrNaN,
  poolQuality: NumberOrNaN,
  durability: NumberOrNaN,
  diversity: NumberOrNaN,
});

export const conformance: Record<string, (input: unknown) => unknown> = {
  dexTvlDepth(input) {
    const { effectiveTvlUsd, tvlUsd, circulatingUsd } = z
      .object({ effectiveTvlUsd: n, tvlUsd: n, circulatingUsd: n })
      .parse(input);
    return Math.round(tvlDepth(effectiveTvlUsd ?? tvlUsd ?? 0, circulatingUsd));
  },
  dexVolumeActivity(input) {
    const { volume24hUsd, tvlUsd } = z.object({ volume24hUsd: n, tvlUsd: NumberOrNaN }).parse(input);
    return Math.round(volumeActivity(volume24hUsd, tvlUsd));
  },
  dexPoolQuality(input) {
    const { qualityAdjustedTvlUsd, tvlUsd } = z
      .object({ qualityAdjustedTvlUsd: NumberOrNaN, tvlUsd: NumberOrNaN })
      .parse(input);
    return Math.round(poolQuality(qualityAdjustedTvlUsd, tvlUsd));
  },
  dexDurability: (input) => Math.round(durability(DurabilityInput.parse(input))),
  dexLiquidityScore: (input) => dexLiquidityScore(PartsInput.parse(input)),
};
