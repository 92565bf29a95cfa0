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
  const plain = { rows, hours, takenBack, healed: 0, backlogRecent: 0, swept: 0, saturated: false };
  if (!isWell) return plain;

  const kept = committed.filter((row) => !takenBack.has(flowId(row)));
  const healed = healPrices(kept, await eventPrices(context, nowSec), nowSec);
  const healedIds = new Set(healed.rows.map(flowId));
  const unhealed = kept.filter((row) => !healedIds.has(flowId(row)));
  const swept = state.sweepUntil > nowSec ? await sweepRoundtrips(context, unhealed) : null;
  return {
    ...plain,
    rows: [...rows, ...healed.rows, ...(swept?.rows ?? [])],
    hours: [...hours, ...healed.hours, ...(swept?.hours ?? [])],
    healed: healed.rows.length,
    backlogRecent: healed.backlogRecent,
    swept: swept?.rows.length ?? 0,
    saturated: swept?.saturated ?? false,
  };
}
