/** Roundtrips of the past: standard groups that match are joined, joined groups that do not are released, a batch each way a call. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LaneContext } from "../lane.ts";
import type { FlowEventRow, FlowType, HourlyFlowRow } from "../schema/flows.ts";
import { rebuildHours } from "./rebuild-hours.ts";
import { RECLASSIFY_GROUPS, reclassifyDone } from "./roundtrips.ts";
import type { FlowsState } from "./state.ts";

const SQL = readFileSync(join(import.meta.dirname, "reclassify.sql"), "utf8");

export interface Reclassified {
  toRoundtrip: number;
  toStandard: number;
  updated: number;
  hoursRecalculated: number;
  batchSize: number;
  done: boolean;
}

async function pass(
  context: LaneContext,
  from: FlowType,
  to: FlowType,
  given: { sinceSec: number; coinId: string | null },
): Promise<{ groups: number; rows: FlowEventRow[] }> {
  const store = await context.store();
  const groups = await store.query(SQL, {
    flowType: from,
    since: given.sinceSec,
    coin: given.coinId ?? "",
    limit: RECLASSIFY_GROUPS,
  });
  const keys = new Set(groups.map(({ coinId, chainId, txHash }) => `${coinId}|${chainId}|${txHash}`));
  if (keys.size === 0) return { groups: 0, rows: [] };
  const rows = (await store.query(
    `SELECT * REPLACE (CAST(amountUnits AS VARCHAR) AS amountUnits) FROM mint_burn_events
     WHERE flowType = $flowType AND timestamp >= $since`,
    { flowType: from, since: given.sinceSec },
  )) as unknown as FlowEventRow[];
  return {
    groups: groups.length,
    rows: rows
      .filter(({ coinId, chainId, txHash }) => keys.has(`${coinId}|${chainId}|${txHash}`))
      .map((row) => ({ ...row, flowType: to, revision: context.nowSec })),
  };
}

export async function reclassifyRoundtrips(
  context: LaneContext,
  state: FlowsState,
  given: { sinceSec: number; coinId: string | null },
): Promise<{ report: Reclassified; events: FlowEventRow[]; hours: HourlyFlowRow[] }> {
  const forward = await pass(context, "standard", "atomic_roundtrip", given);
  const reverse = await pass(context, "atomic_roundtrip", "standard", given);
  const events = [...forward.rows, ...reverse.rows];
  const hours = await rebuildHours(context, state, events);
  return {
    report: {
      toRoundtrip: forward.rows.length,
      toStandard: reverse.rows.length,
      updated: events.length,
      hoursRecalculated: hours.length,
      batchSize: RECLASSIFY_GROUPS,
      done: reclassifyDone({ forwardGroups: forward.groups, reverseGroups: reverse.groups }),
    },
    events,
    hours,
  };
}
