/** Who is read in a run, with how many calls, what a run amounts to, and backfills. */
import { z } from "zod";
import { listOf, MaybeNumber, MaybeText } from "../conformance/input.ts";
import { nullPriceBacklogClass } from "../flow-hours.ts";
import { backfillAutoSelect, backfillProgress, DEFAULT_CHUNKS, LARGEST_CHUNK_BLOCKS } from "./backfill-plan.ts";
import { type ConformanceCases, Count, Flag, Text, Texts, Tier } from "./conformance-input.ts";
import {
  configBudget,
  configCoverage,
  deferralUntil,
  extendedPressureSkip,
  rotateConfigs,
  runStatus,
  shouldDefer,
} from "./run-policy.ts";

export const runsCases: ConformanceCases = {
  should_defer(input) {
    const { apiErrors, coverage } = z.object({ apiErrors: Count, coverage: MaybeNumber }).parse(input);
    return shouldDefer(apiErrors, coverage);
  },
  deferral_until: (input) => deferralUntil(z.number().parse(input)),
  config_coverage: (input) => configCoverage(listOf(z.string()).parse(input)),
  rotate_configs(input) {
    const { keys, lastConfigKey, tiers } = z
      .object({ keys: Texts, lastConfigKey: MaybeText, tiers: z.record(z.string(), Tier).nullish() })
      .parse(input);
    return rotateConfigs(keys, lastConfigKey, (key) => tiers?.[key] ?? "critical");
  },
  extended_pressure_skip(input) {
    const { remainingBudget, remainingCritical } = z
      .object({ remainingBudget: z.number(), remainingCritical: Count })
      .parse(input);
    return extendedPressureSkip(remainingBudget, remainingCritical);
  },
  config_budget(input) {
    const { tier, remainingBudget } = z.object({ tier: Tier, remainingBudget: z.number() }).parse(input);
    return configBudget(tier, remainingBudget);
  },
  run_status: (input) =>
    runStatus(
      z
        .object({
          lane: z.enum(["critical", "extended", "all"]),
          criticalEnabled: Count,
          criticalSatisfied: Count,
          apiErrors: Count,
          previousStreak: Count,
          runStateFailed: Flag,
          recalcFailed: Flag,
        })
        .parse(input),
    ),
  null_price_backlog_class(input) {
    const { ageSec, amountUsd } = z.object({ ageSec: z.number(), amountUsd: MaybeNumber }).parse(input);
    return nullPriceBacklogClass(ageSec, amountUsd);
  },
  backfill_progress(input) {
    const { fromBlock, toBlock, chunkSize, maxChunks } = z
      .object({ fromBlock: z.number(), toBlock: z.number(), chunkSize: MaybeNumber, maxChunks: MaybeNumber })
      .parse(input);
    return backfillProgress(fromBlock, toBlock, chunkSize ?? LARGEST_CHUNK_BLOCKS, maxChunks ?? DEFAULT_CHUNKS);
  },
  backfill_auto_select: (input) =>
    backfillAutoSelect(listOf(z.object({ key: z.string(), symbol: Text, tier: Tier, lag: Count })).parse(input)),
};
