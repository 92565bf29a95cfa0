/** Days of supply that the record lacks: from DefiLlama's charts, and from contracts where those are the source. */
import { backfillListed, knownDays } from "./daily/backfill-supply.ts";
import type { LaneContext } from "./lane.ts";
import type { Repaired } from "./repair-lane.ts";
import type { Coin } from "./schema/coin.ts";
import { SUPPLY_HISTORY } from "./schema/history.ts";
import { backfillOnchain } from "./supply/backfill-onchain.ts";
import { DAY_SEC, startOfUtcDay } from "./time.ts";

/** The `count` days before the running one, which belongs to its own run. */
export async function fillSupplyDays(context: LaneContext, coins: readonly Coin[], count: number): Promise<Repaired> {
  const toSec = startOfUtcDay(context.nowSec) - DAY_SEC;
  const fromSec = toSec - (count - 1) * DAY_SEC;
  const known = await knownDays(context);
  const listed = await backfillListed(context, coins, known, { fromSec, toSec });
  const days = Array.from({ length: count }, (_, n) => fromSec + n * DAY_SEC);
  const onchain = await backfillOnchain(context, coins, days, known);
  const rows = [...listed.rows, ...onchain.rows];
  return {
    answer: {
      ...listed.report,
      rows: rows.length,
      onchainRows: onchain.rows.length,
      failures: [...listed.report.failures, ...onchain.failures],
    },
    result: { history: [{ dataset: SUPPLY_HISTORY, rows }], counts: { backfilled: rows.length } },
  };
}
