/** The sweep over the stored events of the last week: halves of roundtrips that came apart are joined. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hourOf } from "../flow-hours.ts";
import type { LaneContext } from "../lane.ts";
import type { FlowEventRow } from "../schema/flows.ts";
import { DAY_SEC } from "../time.ts";
import type { HourKey } from "./hours.ts";
import { SWEEP_DAYS, SWEEP_GROUPS, sweepSaturated } from "./roundtrips.ts";

const SQL = readFileSync(join(import.meta.dirname, "sweep.sql"), "utf8");

export async function sweepRoundtrips(
  context: Pick<LaneContext, "store" | "nowSec">,
  committed: readonly FlowEventRow[],
): Promise<{ rows: FlowEventRow[]; hours: HourKey[]; saturated: boolean }> {
  const store = await context.store();
  const groups = await store.query(SQL, {
    since: BigInt(context.nowSec - SWEEP_DAYS * DAY_SEC),
    limit: BigInt(SWEEP_GROUPS),
  });
  const keys = new Set(groups.map(({ coinId, chainId, txHash }) => `${coinId}|${chainId}|${txHash}`));
  const rows = committed
    .filter((row) => row.flowType === "standard" && keys.has(`${row.coinId}|${row.chainId}|${row.txHash}`))
    .map((row): FlowEventRow => ({ ...row, flowType: "atomic_roundtrip", revision: context.nowSec }));
  const hours = rows.map((row): HourKey => [row.coinId, row.chainId, hourOf(row.timestamp)]);
  return { rows, hours, saturated: sweepSaturated(groups.length) };
}
