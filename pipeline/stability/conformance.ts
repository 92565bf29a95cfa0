/** Cases of `vectors/depegs-and-indices.json` about the stability index. */
import { z } from "zod";
import { listOf, NumberOrNaN } from "../conformance/input.ts";
import { StressBandSchema } from "../schema/stress.ts";
import { psiBand, psiFactor, psiScore, psiStressBreadth } from "./stability-index.ts";

const ScoreInput = z.object({
  depegs: listOf(z.object({ bps: NumberOrNaN, mcapUsd: NumberOrNaN, depegAgeDays: NumberOrNaN })),
  totalMcapUsd: NumberOrNaN,
  mcap7dChangePct: NumberOrNaN,
  dewsStressBreadth: NumberOrNaN,
});
const CoinsInput = z.object({
  coins: listOf(z.object({ band: StressBandSchema.nullable().catch(null), mcapUsd: NumberOrNaN })),
});

export const conformance: Record<string, (input: unknown) => unknown> = {
  psiFactor: (input) => psiFactor(z.object({ depegAgeDays: NumberOrNaN }).parse(input).depegAgeDays),
  psiBand: (input) => psiBand(z.object({ score: NumberOrNaN }).parse(input).score),
  psiStressBreadth: (input) => psiStressBreadth(CoinsInput.parse(input).coins),
  psiScore(input) {
    const { dewsStressBreadth: stressBreadth, ...market } = ScoreInput.parse(input);
    return psiScore({ ...market, stressBreadth });
  },
};
