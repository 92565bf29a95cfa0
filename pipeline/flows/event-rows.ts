/** Events between their stored form and the one the pipeline works on. */
import { type FlowEvent, type FlowEventRow, FlowEventRowSchema } from "../schema/flows.ts";

export function toRow(event: FlowEvent, decimals: number, revision = 0, removed = false): FlowEventRow {
  const { amount: _derived, ...stored } = event;
  return { ...stored, decimals, revision, removed };
}

const PUBLISHED = FlowEventRowSchema.omit({ revision: true, removed: true });

export function toPublished(event: FlowEvent, decimals: number) {
  return PUBLISHED.parse(toRow(event, decimals));
}
