/** `plumbline backfill supply`: days of supply that the record lacks, from DefiLlama's charts and from contracts, published like a run. */
import { backfillListed, knownDays } from "../daily/backfill-supply.ts";
import { SUPPLY_HISTORY } from "../schema/history.ts";
import { backfillOnchain } from "../supply/backfill-onchain.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { parseCount } from "./options.ts";
import { checkCoin, type RepairFlags, repair } from "./repair.ts";

const DEFAULT_DAYS = 365;
const MOST_DAYS = 3_650;

export async function backfillSupply(flags: RepairFlags & { coin?: string; days?: string }): Promise<number> {
  const count = flags.days === undefined ? DEFAULT_DAYS : parseCount("--days", flags.days, 1, MOST_DAYS);
  return repair(flags, "daily", async (context) => {
    const { coins } = context.registry;
    checkCoin(context.registry, flags.coin);
    const asked = flags.coin === undefined ? coins : coins.filter(({ id }) => id === flags.coin);
    // The running day belongs to its own run.
    const toSec = startOfUtcDay(context.nowSec) - DAY_SEC;
    const fromSec = toSec - (count - 1) * DAY_SEC;
    const known = await knownDays(context);
    const listed = await backfillListed(context, asked, known, { fromSec, toSec });
    const days = Array.from({ length: count }, (_, n) => fromSec + n * DAY_SEC);
    const onchain = await backfillOnchain(context, asked, days, known);
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
  });
}
