/** What a run corrects of the record: rows of replaced blocks taken back, missing prices healed, halves of roundtrips joined. */
import { flowId } from "../flow-figures.ts";
import type { LaneContext } from "../lane.ts";
import { type FlowEventRow, MINT_BURN_EVENTS } from "../schema/flows.ts";
import { DAY_SEC } from "../time.ts";
import type { ChainRead } from "./chain-desk.ts";
import { eventPrices } from "./event-prices.ts";
import { healPrices } from "./heal.ts";
import type { HourKey } from "./hours.ts";
import { SWEEP_DAYS } from "./roundtrips.ts";
import type { FlowsState } from "./state.ts";
import { sweepRoundtrips } from "./sweep.ts";
import { takeBack } from "./take-back.ts";

/** Days of stored events that a rewritten chain may reach back to. */
const TAKE_BACK_DAYS = 30;

export interface Corrections {
  rows: FlowEventRow[];
  hours: HourKey[];
  takenBack: Set<string>;
  healed: number;
  backlogRecent: number;
  backlogHistorical: number;
  swept: number;
  saturated: boolean;
}

/** `isWell`: healing and the sweep are left out of a run that ends in error. */
export async function correctRecord(
  context: LaneContext,
  state: FlowsState,
  committed: readonly FlowEventRow[],
  reads: readonly { run: { chainId: string }; read: ChainRead }[],
  isWell: boolean,
): Promise<Corrections> {
  const { nowSec } = context;
  const rows: FlowEventRow[] = [];
  const hours: HourKey[] = [];
  const takenBack = new Set<string>();
  for (const { run, read } of reads) {
    if (read.scan === null || read.scan.rolledBackTo === null) continue;
    const past = await context.history(MINT_BURN_EVENTS, nowSec - TAKE_BACK_DAYS * DAY_SEC);
    const lost = takeBack(past, run.chainId, read.scan.rolledBackTo, nowSec);
    rows.push(...lost.rows);
    hours.push(...lost.hours);
    for (const row of lost.rows) takenBack.add(flowId(row));
  }
  if (reads.some(({ read }) => read.caughtUp)) state.sweepUntil = nowSec + SWEEP_DAYS * DAY_SEC;
  const plain = {
    rows,
    hours,
    takenBack,
    healed: 0,
    backlogRecent: 0,
    backlogHistorical: 0,
    swept: 0,
    saturated: false,
  };
  if (!isWell) return plain;

  const kept = committed.filter((row) => !takenBack.has(flowId(row)));
  const healed = healPrices(kept, await eventPrices(context, nowSec), nowSec);
  // A row may be healed and joined in one run: halves of a roundtrip are never left behind for want of a price.
  const healedById = new Map(healed.rows.map((row) => [flowId(row), row]));
  const current = kept.map((row) => healedById.get(flowId(row)) ?? row);
  const swept = state.sweepUntil > nowSec ? await sweepRoundtrips(context, current) : null;
  const sweptIds = new Set(swept?.rows.map(flowId));
  return {
    ...plain,
    rows: [...rows, ...healed.rows.filter((row) => !sweptIds.has(flowId(row))), ...(swept?.rows ?? [])],
    hours: [...hours, ...healed.hours, ...(swept?.hours ?? [])],
    healed: healed.rows.length,
    backlogRecent: healed.backlogRecent,
    backlogHistorical: healed.backlogHistorical,
    swept: swept?.rows.length ?? 0,
    saturated: swept?.saturated ?? false,
  };
}
