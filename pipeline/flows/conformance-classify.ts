/** Which rows are bridges and roundtrips. */
import { z } from "zod";
import { validateBridgeDetection } from "../bridge-detection.ts";
import { listOf, MaybeText, NumberOrNaN } from "../conformance/input.ts";
import { BurnReviewReasonSchema, FlowDirectionSchema } from "../schema/flows.ts";
import { classifyBridge } from "./classify-bridge.ts";
import { type ConformanceCases, Count, FlowTypeInput, Text, Texts } from "./conformance-input.ts";
import { detectRoundtrips, reclassifyDone, reclassifyGroup, sweepSaturated } from "./roundtrips.ts";

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

export const classifyCases: ConformanceCases = {
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
  sweep_saturated: (input) => sweepSaturated(z.number().parse(input)),
  reclassify_group(input) {
    return reclassifyGroup(z.object({ mintTotal: Count, burnTotal: Count, flowType: FlowTypeInput }).parse(input));
  },
  reclassify_done: (input) => reclassifyDone(z.object({ forwardGroups: Count, reverseGroups: Count }).parse(input)),
};
