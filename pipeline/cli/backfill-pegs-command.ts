/** `plumbline backfill pegs`: depegs of past days from the price history; `--dry-run` replays a window and writes nothing. */
import { UsageError } from "../errors.ts";
import { backfillPegs } from "../pegs/backfill.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import { parseCount, runClock } from "./options.ts";
import { checkCoin, type RepairFlags, repair } from "./repair.ts";

export interface BackfillPegsFlags extends RepairFlags {
  from?: string;
  to?: string;
  coin?: string;
  contextDays?: string;
  dryRun?: boolean;
}

const CONTEXT_DAYS = 3;

/** Start of a UTC day, unix seconds. */
function dayStart(flag: string, text: string): number {
  const sec = Date.parse(`${text}T00:00:00Z`) / 1000;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(sec) && utcDay(sec) === text) return sec;
  throw new UsageError(`${flag} ${JSON.stringify(text)} is not a day`, {
    code: "bad-day",
    where: flag,
    hint: "give a UTC day as YYYY-MM-DD",
  });
}

export async function backfillPegsCommand(flags: BackfillPegsFlags): Promise<number> {
  const nowSec = runClock(flags.now);
  if (flags.from === undefined)
    throw new UsageError("the first day of the window is missing", {
      code: "bad-argument",
      where: "--from",
      hint: "for example `plumbline backfill pegs --from 2026-11-01 --to 2026-11-20 --dry-run`",
    });
  const fromSec = dayStart("--from", flags.from);
  const toSec = dayStart("--to", flags.to ?? utcDay(nowSec)) + DAY_SEC;
  if (toSec <= fromSec)
    throw new UsageError("the window ends before it starts", {
      code: "bad-window",
      where: `${flags.from} to ${flags.to}`,
      hint: "give --from a day that is not after --to",
    });
  const contextDays =
    flags.contextDays === undefined ? CONTEXT_DAYS : parseCount("--context-days", flags.contextDays, 0, 3_650);
  const dryRun = flags.dryRun ?? false;
  const window = { from: flags.from, to: utcDay(toSec - DAY_SEC), contextDays, dryRun };
  return repair(
    flags,
    "pegs",
    async (context) => {
      checkCoin(context.registry, flags.coin);
      const { report, result } = await backfillPegs(context, {
        fromSec,
        toSec,
        contextDays,
        coinId: flags.coin ?? null,
        dryRun,
      });
      return { answer: { ...window, ...report }, result };
    },
    dryRun,
  );
}
