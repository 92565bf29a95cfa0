/** Cases of `vectors/flows.json`, and `flows:receipt` of `vectors/wire.json`: the method's names on the lane's own functions. */

import { z } from "zod";
import registryChains from "../../data/registry/chains.json" with { type: "json" };
import { validateBridgeDetection } from "../bridge-detection.ts";
import { AnyNumber, listOf, MaybeNumber, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import { flowId, isCounted, literalMintingPressure, scaleUnits } from "../flow-figures.ts";
import { hourlyBuckets, nullPriceBacklogClass } from "../flow-hours.ts";
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
import {
  BurnReviewReasonSchema,
  BurnTypeSchema,
  FlowDirectionSchema,
  type FlowEvent,
  FlowTypeSchema,
} from "../schema/flows.ts";
import { fetchLogs, shouldSplit } from "../sources/split-range.ts";
import { backfillAutoSelect, backfillProgress, DEFAULT_CHUNKS, LARGEST_CHUNK_BLOCKS } from "./backfill-plan.ts";
import { classifyBridge } from "./classify-bridge.ts";
import { coverageStatus, criticalLaneHealthy, scopeLabel, syncFreshness } from "./coverage.ts";
import { decodeAddress, readDataWord, readUnits } from "./decode.ts";
import { adapterKind, startBlockProvenance, topicArray } from "./event-definitions.ts";
import { parseLogs } from "./parse-logs.ts";
import { flowsReceipt } from "./receipt.ts";
import { detectRoundtrips, reclassifyDone, reclassifyGroup, sweepSaturated } from "./roundtrips.ts";
import {
  configBudget,
  configCoverage,
  deferralUntil,
  extendedPressureSkip,
  rotateConfigs,
  runStatus,
  shouldDefer,
} from "./run-policy.ts";
import { scanWindow, syncAdvance, syncStateUpsert } from "./sync-advance.ts";
import { chainResolver, trackedMcapUsd } from "./tracked-mcap.ts";

const Count = MaybeNumber.transform((count) => count ?? 0);
const Text = MaybeText.transform((text) => text ?? "");
const Flag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? false);
const Texts = listOf(z.string().nullable()).transform((texts) => texts.filter((text) => text !== null));
const Tier = z
  .enum(["critical", "extended"])
  .nullish()
  .transform((tier) => tier ?? "critical");
const FlowTypeInput = FlowTypeSchema.nullish().transform((type) => type ?? "standard");
const absent = <T>(value: T | null | undefined) => value ?? undefined;

const EventDefinitionInput = z.object({
  signature: Text,
  topicHash: Text,
  direction: FlowDirectionSchema,
  amountEncoding: z.enum(["transfer-value", "first-data-uint256", "nth-data-uint256"]),
  filterTopic: z.object({ index: z.number(), value: z.string() }).nullish().transform(absent),
  dataSlot: z.number().nullish().transform(absent),
  counterpartyEncoding: z
    .union([
      z.object({ source: z.literal("topic"), index: z.number() }),
      z.object({ source: z.literal("data"), slot: z.number() }),
    ])
    .nullish()
    .transform(absent),
});
const Hex = z.union([z.string(), z.number()]);
const ParseInput = z.object({
  config: z.object({
    stablecoinId: z.string(),
    chainId: z.string(),
    decimals: z.number(),
    dustThreshold: Count,
  }),
  eventDef: EventDefinitionInput,
  logs: listOf(
    z.object({
      topics: Texts,
      data: Text,
      blockNumber: Hex.nullish().transform((value) => value ?? ""),
      transactionHash: Text,
      logIndex: Hex.nullish().transform((value) => value ?? ""),
    }),
  ),
  blockTimestamps: z.record(z.string(), z.number().nullable()),
  prices: z.record(z.string(), z.number().nullable()).nullish(),
  priceUpdatedAt: z.record(z.string(), z.number().nullable()).nullish(),
  priceHistory: z.record(z.string(), listOf(z.object({ snapshotDate: z.number(), price: MaybeNumber }))).nullish(),
  runTimestamp: Count,
});
const RoundtripInput = listOf(
  z.object({
    direction: FlowDirectionSchema,
    amount: NumberOrNaN,
    tx_hash: Text,
    stablecoin_id: Text,
    chain_id: Text,
    flow_type: FlowTypeInput,
  }),
);
const DetectionInput = z.object({
  protocol: z.enum(["ccip", "cctp", "layerzero-oft"]),
  bridgeSignalTopics: Texts,
  bridgeSignalSelectors: Texts,
  knownBridgePoolAddresses: Texts,
  knownBridgeRouterAddresses: Texts,
  knownBridgeContractAddresses: Texts,
  bridgeSignalEmitterAddresses: Texts,
});
const ClassifyInput = z.object({
  rows: listOf(
    z.object({
      id: z.string(),
      tx_hash: Text,
      direction: FlowDirectionSchema,
      flow_type: FlowTypeInput,
      counterparty: MaybeText,
    }),
  ),
  detection: DetectionInput.nullish(),
  contexts: z
    .record(
      z.string(),
      z.object({ to: MaybeText, inputSelector: MaybeText, logTopics: Texts, logAddresses: Texts }).nullable(),
    )
    .nullish(),
});
const FetchInput = z.object({
  fromBlock: z.number(),
  toBlock: z.number(),
  budget: z.object({ count: z.number(), limit: z.number() }),
  provider: z.record(
    z.string(),
    z.object({
      logCount: z.number().optional(),
      error: z
        .object({
          message: MaybeText,
          code: MaybeNumber,
          httpStatus: MaybeNumber,
          transportFailure: Flag,
        })
        .nullish(),
    }),
  ),
});
const AdvanceInput = z.object({
  fromBlock: z.number(),
  scanTo: z.number(),
  chainHead: z.number(),
  safetyMarginBlocks: z.number(),
  eventCoverage: listOf(z.object({ complete: z.boolean(), scannedToBlock: z.number() })),
  maxBlockSeen: Count,
  earliestMissingTimestampBlock: MaybeNumber,
});
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

/** A stored row under the reference's column names. */
function columnsOf(event: FlowEvent): Record<string, unknown> {
  return {
    id: flowId(event),
    stablecoin_id: event.coinId,
    chain_id: event.chainId,
    direction: event.direction,
    amount: event.amount,
    amount_usd: event.priceUsed === null ? null : event.amount * event.priceUsed,
    price_used: event.priceUsed,
    price_timestamp: event.priceTimestamp,
    price_source: event.priceSource,
    burn_type: event.burnType,
    burn_review_reason: event.burnReviewReason,
    flow_type: event.flowType,
    counterparty: event.counterparty,
    tx_hash: event.txHash,
    block_number: event.blockNumber,
    timestamp: event.timestamp,
  };
}

async function fetchCase(input: unknown) {
  const { fromBlock, toBlock, budget, provider } = FetchInput.parse(input);
  const fetched = await fetchLogs(fromBlock, toBlock, budget, async (from, to) => {
    const answer = provider[`${from}-${to}`] ?? provider.default;
    if (answer?.logCount !== undefined) return { logs: Array.from({ length: answer.logCount }, (_, i) => i) };
    return { error: answer?.error ?? null, splittable: shouldSplit(answer?.error ?? {}) };
  });
  const { complete, scannedToBlock, logs, calls, maxDepth } = fetched;
  return { complete, scannedToBlock, logCount: logs.length, calls, maxDepth };
}

export const conformance: Record<string, (input: unknown, context: { dir: string }) => unknown> = {
  decode_address: (input) => decodeAddress(z.string().parse(input)),
  read_data_word(input) {
    const { data, slot } = z.object({ data: Text, slot: Count }).parse(input);
    return readDataWord(data, slot);
  },
  decode_uint256_at_slot(input) {
    const { data, slot, decimals } = z.object({ data: Text, slot: Count, decimals: z.number() }).parse(input);
    const units = readUnits(data, slot);
    return units === null ? null : scaleUnits(units, decimals);
  },
  adapter_kind: (input) => adapterKind(z.array(EventDefinitionInput).parse(input)),
  start_block_provenance: (input) =>
    startBlockProvenance(
      z
        .object({ isDefault: Flag, source: MaybeText, confidence: z.enum(["high", "medium", "low"]).nullish() })
        .parse(input),
    ),
  parse_logs(input) {
    const { config, eventDef, logs, blockTimestamps, prices, priceUpdatedAt, priceHistory, runTimestamp } =
      ParseInput.parse(input);
    const { rows, dropped } = parseLogs(
      { ...config, coinId: config.stablecoinId },
      eventDef,
      logs,
      (block) => blockTimestamps[String(block)],
      {
        history: priceHistory ?? {},
        current: prices ?? {},
        currentUpdatedAt: priceUpdatedAt ?? {},
        runTimestamp,
      },
    );
    return { rows: rows.map(columnsOf), dropped };
  },
  detect_roundtrips: (input) =>
    detectRoundtrips(
      RoundtripInput.parse(input).map((row) => ({
        direction: row.direction,
        amount: row.amount,
        txHash: row.tx_hash,
        coinId: row.stablecoin_id,
        chainId: row.chain_id,
        flowType: row.flow_type,
      })),
    ),
  classify_bridge(input) {
    const { rows, detection, contexts } = ClassifyInput.parse(input);
    const events = rows.map((row) => ({
      txHash: row.tx_hash,
      direction: row.direction,
      flowType: row.flow_type,
      counterparty: row.counterparty,
    }));
    return classifyBridge(events, detection ?? null, (txHash) => contexts?.[txHash] ?? null).map((row, i) => ({
      id: rows[i]?.id,
      flow_type: row.flowType,
      burn_type: row.burnType,
      burn_review_reason: BurnReviewReasonSchema.nullable().parse(row.burnReviewReason),
    }));
  },
  validate_bridge_detection: (input) => validateBridgeDetection(DetectionInput.parse(input)),
  should_split: (input) =>
    shouldSplit(
      z.object({ message: MaybeText, code: MaybeNumber, httpStatus: MaybeNumber, transportFailure: Flag }).parse(input),
    ),
  fetch_logs: fetchCase,
  topic_array: (input) =>
    topicArray(z.array(z.object({ index: z.int().nonnegative(), value: z.string() })).parse(input)),
  sync_advance: (input) => syncAdvance(AdvanceInput.parse(input)),
  scan_window: (input) =>
    scanWindow(
      z
        .object({
          startBlock: z.number(),
          lastBlock: MaybeNumber,
          chainHead: z.number(),
          maxScanRange: z.number(),
        })
        .parse(input),
    ),
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
  sweep_saturated: (input) => sweepSaturated(z.number().parse(input)),
  null_price_backlog_class(input) {
    const { ageSec, amountUsd } = z.object({ ageSec: z.number(), amountUsd: MaybeNumber }).parse(input);
    return nullPriceBacklogClass(ageSec, amountUsd);
  },
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
  sync_state_upsert(input) {
    const { stored, value, mode } = z
      .object({ stored: MaybeNumber, value: z.number(), mode: z.enum(["replace", "monotonic-max"]) })
      .parse(input);
    return syncStateUpsert(stored, value, mode);
  },
  backfill_progress(input) {
    const { fromBlock, toBlock, chunkSize, maxChunks } = z
      .object({ fromBlock: z.number(), toBlock: z.number(), chunkSize: MaybeNumber, maxChunks: MaybeNumber })
      .parse(input);
    return backfillProgress(fromBlock, toBlock, chunkSize ?? LARGEST_CHUNK_BLOCKS, maxChunks ?? DEFAULT_CHUNKS);
  },
  backfill_auto_select: (input) =>
    backfillAutoSelect(listOf(z.object({ key: z.string(), symbol: Text, tier: Tier, lag: Count })).parse(input)),
  reclassify_group(input) {
    return reclassifyGroup(z.object({ mintTotal: Count, burnTotal: Count, flowType: FlowTypeInput }).parse(input));
  },
  reclassify_done: (input) => reclassifyDone(z.object({ forwardGroups: Count, reverseGroups: Count }).parse(input)),
  "flows:receipt": flowsReceipt,
};
