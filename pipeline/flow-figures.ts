/** Small arithmetic of flows that the lane and the readers of its record share. */
import type { FlowEvent, FlowEventRow } from "./schema/flows.ts";

const EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** Base units to token units, rounded once. `text`: the units in decimal, where the caller has them. */
export function scaleUnits(units: bigint, decimals: number, text?: string): number {
  if (units <= EXACT && units >= -EXACT && decimals <= 22) return Number(units) / 10 ** decimals;
  return Number(`${text ?? units}e-${decimals}`);
}

/** Names an event for ever. */
export function flowId(event: Pick<FlowEvent, "chainId" | "txHash" | "logIndex">): string {
  return `${event.chainId}-${event.txHash}-${event.logIndex}`;
}

/** Whether an event is economic flow. */
export function isCounted(event: Pick<FlowEvent, "direction" | "flowType" | "burnType">): boolean {
  return event.flowType === "standard" && (event.direction === "mint" || event.burnType === "effective_burn");
}

/** USD of an event: what it was worth then; null without a price. */
export function amountUsdOf(event: Pick<FlowEvent, "amount" | "priceUsed">): number | null {
  return event.priceUsed === null ? null : event.amount * event.priceUsed;
}

export function toEvent(row: FlowEventRow): FlowEvent {
  const { decimals, revision: _revision, removed: _removed, ...stored } = row;
  return { ...stored, amount: scaleUnits(BigInt(row.amountUnits), decimals) };
}

/** Share of minting in a flow, -100 all burned to 100 all minted; null without flow. */
export function literalMintingPressure(mintVolumeUsd: number, burnVolumeUsd: number): number | null {
  const total = mintVolumeUsd + burnVolumeUsd;
  if (!(total > 0)) return null;
  return Math.max(-100, Math.min(100, ((mintVolumeUsd - burnVolumeUsd) / total) * 100));
}
