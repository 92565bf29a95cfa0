/** Hours, windows, scores, coverage, and the API's parameters. */
import { z } from "zod";
import registryChains from "../../data/registry/chains.json" with { type: "json" };
import { AnyNumber, listOf, MaybeNumber, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import { isCounted, literalMintingPressure } from "../flow-figures.ts";
import { hourlyBuckets } from "../flow-hours.ts";
import { filterMinAmount, validateParam } from "../flow-query.ts";
import {
  baseline,
  compositeState,
  flightCohort,
  flightToQuality,
  gaugeBand,
  gaugeScore,
  netFlowDirection,
  pressureShift,
  pressureShiftState,
} from "../flow-scores.ts";
import { filterTrackedPairs, hourStarts, hoursWithin, largestEvent, sumHours } from "../flow-windows.ts";
import { BurnTypeSchema, FlowDirectionSchema } from "../schema/flows.ts";
import { type ConformanceCases, Count, Flag, FlowTypeInput, Texts } from "./conformance-input.ts";
import { coverageStatus, criticalLaneHealthy, scopeLabel, syncFreshness } from "./coverage.ts";
import { chainResolver, trackedMcapUsd } from "./tracked-mcap.ts";

const BucketInput = listOf(
  z.object({
    stablecoin_id: z.string(),
    chain_id: z.string(),
    direction: FlowDirectionSchema,
    amount_usd: MaybeNumber,
    timestamp: z.number(),
    flow_type: FlowTypeInput,
    burn_type: BurnTypeSchema.nullish().transform((type) => type ?? null),
  }),
);

const CountedInput = z.object({
  direction: FlowDirectionSchema,
  flow_type: FlowTypeInput,
  burn_type: BurnTypeSchema.nullish().transform((type) => type ?? null),
});

const McapInput = z.object({
  trackedChains: Texts,
  chainCirculating: z.record(z.string(), z.object({ current: z.unknown() }).nullish()).nullish(),
  circulating: z.record(z.string(), z.unknown()).nullish(),
});

const Numbers = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typeof value === "number" ? value : null]));

/** Text as a URL has it; a number is what its text would be. */
const ParamValue = z.unknown().transform((value) => (value == null ? null : String(value)));

const resolveChain = chainResolver(registryChains);

const CHAIN_NAMES = new Map(registryChains.map(({ slug, name, defillamaName }) => [slug, defillamaName ?? name]));

export const figuresCases: ConformanceCases = {
  hourly_buckets: (input) =>
    hourlyBuckets(
      BucketInput.parse(input).map((row) => ({
        coinId: row.stablecoin_id,
        chainId: row.chain_id,
        direction: row.direction,
        amountUsd: row.amount_usd,
        timestamp: row.timestamp,
        flowType: row.flow_type,
        burnType: row.burn_type,
      })),
    ).map((bucket) => ({
      stablecoin_id: bucket.coinId,
      chain_id: bucket.chainId,
      hour_ts: bucket.hourTs,
      mint_count: bucket.mintCount,
      burn_count: bucket.burnCount,
      mint_volume_usd: bucket.mintVolumeUsd,
      burn_volume_usd: bucket.burnVolumeUsd,
      net_flow_usd: bucket.mintVolumeUsd - bucket.burnVolumeUsd,
    })),
  is_counted(input) {
    const { direction, flow_type, burn_type } = CountedInput.parse(input);
    return isCounted({ direction, flowType: flow_type, burnType: burn_type });
  },
  filter_min_amount(input) {
    const { minAmount, amountsUsd } = z
      .object({ minAmount: Count, amountsUsd: listOf(AnyNumber.nullable()) })
      .parse(input);
    return filterMinAmount(amountsUsd, minAmount, (amount) => amount);
  },
  validate_param(input) {
    const { param, value } = z.object({ param: z.string(), value: ParamValue }).parse(input);
    return validateParam(param, value);
  },
  pressure_shift: (input) =>
    pressureShift(
      z
        .object({
          currentDailyNet: NumberOrNaN,
          baselineDailyNet: NumberOrNaN,
          baselineDailyAbs: NumberOrNaN,
          dataAgeDays: Count,
          currentDailyAbs: MaybeNumber,
        })
        .parse(input),
    ),
  baseline(input) {
    const { nowSec, dailyRows, firstHourTs } = z
      .object({
        nowSec: z.number(),
        dailyRows: listOf(z.object({ dayTs: z.number(), net: Count, abs: Count })),
        firstHourTs: MaybeNumber,
      })
      .parse(input);
    return baseline(nowSec, dailyRows, firstHourTs);
  },
  gauge_band: (input) => gaugeBand(MaybeNumber.parse(input)),
  gauge_score: (input) => gaugeScore(listOf(z.object({ intensity: MaybeNumber, mcap: Count })).parse(input)),
  tracked_mcap(input) {
    const { trackedChains, chainCirculating, circulating } = McapInput.parse(input);
    const amounts = Object.entries(chainCirculating ?? {}).map(([chain, entry]) => [
      chain,
      { current: typeof entry?.current === "number" ? entry.current : null },
    ]);
    return trackedMcapUsd(
      { trackedChains, chainCirculating: Object.fromEntries(amounts), circulating: Numbers(circulating ?? {}) },
      resolveChain,
    );
  },
  flight_to_quality: (input) => flightToQuality(z.object({ safeNet24h: Count, riskyNet24h: Count }).parse(input)),
  ftq_cohort: (input) => flightCohort(MaybeNumber.parse(input)),
  net_flow_direction(input) {
    const { netFlow24hUsd, has24hActivity } = z.object({ netFlow24hUsd: Count, has24hActivity: Flag }).parse(input);
    return netFlowDirection(netFlow24hUsd, has24hActivity);
  },
  coin_composite_state(input) {
    const { netFlow24hUsd, has24hActivity, pressureShiftScore } = z
      .object({ netFlow24hUsd: Count, has24hActivity: Flag, pressureShiftScore: MaybeNumber })
      .parse(input);
    return compositeState(netFlow24hUsd, has24hActivity, pressureShiftScore);
  },
  pressure_shift_state: (input) => pressureShiftState(MaybeNumber.parse(input)),
  literal_minting_pressure(input) {
    const { mintVolume24hUsd, burnVolume24hUsd } = z
      .object({ mintVolume24hUsd: Count, burnVolume24hUsd: Count })
      .parse(input);
    return literalMintingPressure(mintVolume24hUsd, burnVolume24hUsd);
  },
  coverage_status: (input) =>
    coverageStatus(
      z
        .object({
          nowSec: z.number(),
          startBlock: z.number(),
          lastSyncedBlock: z.number(),
          chainHead: MaybeNumber,
          historyStartAt: MaybeNumber,
          disabled: Flag,
        })
        .parse(input),
    ),
  sync_freshness(input) {
    const { nowSec, lastSuccessfulSyncAt } = z
      .object({ nowSec: z.number(), lastSuccessfulSyncAt: MaybeNumber })
      .parse(input);
    return syncFreshness(nowSec, lastSuccessfulSyncAt);
  },
  critical_lane_healthy: (input) => criticalLaneHealthy(MaybeText.parse(input)),
  scope_label: (input) =>
    scopeLabel(Texts.parse(input), (chain) => CHAIN_NAMES.get(resolveChain(chain) ?? chain) ?? chain),
  largest_event: (input) =>
    largestEvent(
      listOf(z.object({ id: z.string(), amount_usd: MaybeNumber, timestamp: z.number(), block_number: Count }))
        .parse(input)
        .map((event) => ({ ...event, amountUsd: event.amount_usd, blockNumber: event.block_number })),
    )?.id ?? null,
  aggregate_windows(input) {
    const { nowSec, hours, rows } = z
      .object({
        nowSec: z.number(),
        hours: z.number(),
        rows: listOf(z.object({ hourTs: z.number(), mint: Count, burn: Count })),
      })
      .parse(input);
    const buckets = rows.map(({ hourTs, mint, burn }) => ({
      hourTs,
      mintVolumeUsd: mint,
      burnVolumeUsd: burn,
      mintCount: 0,
      burnCount: 0,
    }));
    const { mintVolumeUsd, burnVolumeUsd } = sumHours(hoursWithin(nowSec, 24, buckets));
    return {
      hourlyHours: hourStarts(hoursWithin(nowSec, hours, buckets)),
      netFlow24hUsd: mintVolumeUsd - burnVolumeUsd,
      mintVolume24hUsd: mintVolumeUsd,
      burnVolume24hUsd: burnVolumeUsd,
    };
  },
  filter_tracked_pairs(input) {
    const { trackedPairs, rows } = z
      .object({ trackedPairs: Texts, rows: listOf(z.looseObject({ stablecoinId: z.string(), chainId: z.string() })) })
      .parse(input);
    return filterTrackedPairs(trackedPairs, rows, ({ stablecoinId, chainId }) => `${stablecoinId}|${chainId}`);
  },
};
