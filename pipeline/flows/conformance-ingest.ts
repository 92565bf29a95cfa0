/** From logs to rows: words, definitions, ranges, cursors. */
import { z } from "zod";
import { listOf, MaybeNumber, MaybeText } from "../conformance/input.ts";
import { flowId, scaleUnits } from "../flow-figures.ts";
import { FlowDirectionSchema, type FlowEvent } from "../schema/flows.ts";
import { fetchLogs, shouldSplit } from "../sources/split-range.ts";
import { absent, type ConformanceCases, Count, Flag, Text, Texts } from "./conformance-input.ts";
import { decodeAddress, readDataWord, readUnits } from "./decode.ts";
import { adapterKind, startBlockProvenance, topicArray } from "./event-definitions.ts";
import { parseLogs } from "./parse-logs.ts";
import { scanWindow, syncAdvance, syncStateUpsert } from "./sync-advance.ts";

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

export const ingestCases: ConformanceCases = {
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
  sync_state_upsert(input) {
    const { stored, value, mode } = z
      .object({ stored: MaybeNumber, value: z.number(), mode: z.enum(["replace", "monotonic-max"]) })
      .parse(input);
    return syncStateUpsert(stored, value, mode);
  },
};
