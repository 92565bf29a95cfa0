/** Events between their stored form and the one the pipeline works on. */
import { type FlowEvent, type FlowEventRow, FlowEventRowSchema } from "../schema/flows.ts";

export function toRow(event: FlowEvent, decimals: number, revision = 0, removed = false): FlowEventRow {
  // Field by field, in the order of the history's lines: a hundred thousand of them are written at once.
  return {
    amountUnits: event.amountUnits,
    blockNumber: event.blockNumber,
    burnReviewReason: event.burnReviewReason,
    burnType: event.burnType,
    chainId: event.chainId,
    coinId: event.coinId,
    counterparty: event.counterparty,
    decimals,
    direction: event.direction,
    flowType: event.flowType,
    logIndex: event.logIndex,
    priceSource: event.priceSource,
    priceTimestamp: event.priceTimestamp,
    priceUsed: event.priceUsed,
    removed,
    revision,
    timestamp: event.timestamp,
    txHash: event.txHash,
  };
}

const PUBLISHED = FlowEventRowSchema.omit({ revision: true, removed: true });

export function toPublished(event: FlowEvent, decimals: number) {
  return PUBLISHED.parse(toRow(event, decimals));
}
