/** `plumbline backfill supply`: days of supply that the record lacks, from DefiLlama's charts and from contracts, published like a run. */
import { fillSupplyDays } from "../supply-days.ts";
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
    return fillSupplyDays(context, asked, count);
  });
}
