/** What was stored of blocks that are no more: taken back by a correction, never erased. */

import { hourOf } from "../flow-hours.ts";
import type { FlowEventRow } from "../schema/flows.ts";
import type { HourKey } from "./hours.ts";

export function takeBack(
  committed: readonly FlowEventRow[],
  chainId: string,
  aboveBlock: number,
  revision: number,
): { rows: FlowEventRow[]; hours: HourKey[] } {
  const lost = committed.filter((row) => row.chainId === chainId && row.blockNumber > aboveBlock);
  return {
    rows: lost.map((row) => ({ ...row, revision, removed: true })),
    hours: lost.map((row) => [row.coinId, row.chainId, hourOf(row.timestamp)]),
  };
}
