/** A repair of the flows: what `work` changes in the lane's state stands beside the rows it gives. */
import type { LaneContext } from "../lane.ts";
import type { Repaired } from "../repair-lane.ts";
import { type FlowEventRow, type HourlyFlowRow, MINT_BURN_EVENTS, MINT_BURN_HOURLY } from "../schema/flows.ts";
import { type FlowsState, readFlowsState, STATE_NAME } from "./state.ts";

export type FlowsWork = (
  context: LaneContext,
  state: FlowsState,
) => Promise<{ answer: object; events: FlowEventRow[]; hours: HourlyFlowRow[] } | { answer: object }>;

export async function repairedFlows(context: LaneContext, work: FlowsWork): Promise<Repaired> {
  const { state } = readFlowsState(context.state(STATE_NAME));
  const done = await work(context, state);
  if (!("events" in done)) return done;
  const history = [
    { dataset: MINT_BURN_EVENTS, rows: done.events },
    { dataset: MINT_BURN_HOURLY, rows: done.hours },
  ];
  const counts = { repaired: done.events.length };
  return { answer: done.answer, result: { history, state: { [STATE_NAME]: state }, counts } };
}
