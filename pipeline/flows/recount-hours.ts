/** All stored hours made anew from all stored events, and those that differ corrected: the repair for whatever went unnoticed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LaneContext } from "../lane.ts";
import { roundUsd } from "../rounding.ts";
import type { HourlyFlow, HourlyFlowRow } from "../schema/flows.ts";
import { hourKey } from "./hours.ts";
import type { FlowsState } from "./state.ts";

export const HOURLY_SQL = readFileSync(join(import.meta.dirname, "hourly.sql"), "utf8");
/** Two orders of adding doubles may differ by this much; hours are stored in whole dollars from a thousand up. */
const SAME_USD = 1;

export async function recountHours(
  context: Pick<LaneContext, "store" | "nowSec">,
  state: FlowsState,
): Promise<{ report: { hoursCounted: number; hoursRecalculated: number; done: true }; hours: HourlyFlowRow[] }> {
  const store = await context.store();
  const made = (await store.query(HOURLY_SQL)) as unknown as HourlyFlow[];
  const stored = new Map(
    ((await store.query("SELECT * FROM mint_burn_hourly")) as unknown as HourlyFlowRow[]).map((row) => [
      hourKey(row),
      row,
    ]),
  );
  const revision = context.nowSec;
  const hours = made
    .filter(({ chainId, hourTs }) => hourTs < (state.chains[chainId]?.hoursThrough ?? 0))
    .map((hour) => ({
      ...hour,
      mintVolumeUsd: roundUsd(hour.mintVolumeUsd),
      burnVolumeUsd: roundUsd(hour.burnVolumeUsd),
    }))
    .flatMap((hour): HourlyFlowRow[] => {
      const known = stored.get(hourKey(hour));
      stored.delete(hourKey(hour));
      if (known === undefined) return [{ ...hour, revision: 0, removed: false }];
      const isSame =
        known.mintCount === hour.mintCount &&
        known.burnCount === hour.burnCount &&
        Math.abs(known.mintVolumeUsd - hour.mintVolumeUsd) <= SAME_USD &&
        Math.abs(known.burnVolumeUsd - hour.burnVolumeUsd) <= SAME_USD;
      return isSame ? [] : [{ ...hour, revision, removed: false }];
    });
  const nothing = { mintCount: 0, burnCount: 0, mintVolumeUsd: 0, burnVolumeUsd: 0 };
  const gone = [...stored.values()].map((row) => ({ ...row, ...nothing, revision, removed: true }));
  return {
    report: { hoursCounted: made.length, hoursRecalculated: hours.length + gone.length, done: true },
    hours: [...hours, ...gone],
  };
}
