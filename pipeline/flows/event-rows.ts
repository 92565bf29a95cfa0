/** Events between their stored form and the one the pipeline works on. */
import { type FlowEvent, type FlowEventRow, FlowEventRowSchema } from "../schema/flows.ts";
import { scaleUnits } from "./decode.ts";

export function toRow(event: FlowEvent, decimals: number, revision = 0, removed = false): FlowEventRow {
  const { amount: _derived, ...stored } = event;
  return { ...stored, decimals, revision, removed };
}

export function toEvent(row: FlowEventRow): FlowEvent {
  const { decimals, revision: _revision, removed: _removed, ...stored } = row;
  return { ...stored, amount: scaleUnits(BigInt(row.amountUnits), decimals) };
}

/** USD of an event: what it was worth then; null without a price. */
export function amountUsdOf(event: Pick<FlowEvent, "amount" | "priceUsed">): number | null {
  return event.priceUsed === null ? null : event.amount * event.priceUsed;
}

const PUBLISHED = FlowEventRowSchema.omit({ revision: true, removed: true });

export function toPublished(event: FlowEvent, decimals: number) {
  return PUBLISHED.parse(toRow(event, decimals));
}
