/** `plumbline backfill pegs`: depegs of past days from the price history; `--dry-run` replays a window and writes nothing. */
import { randomBytes } from "node:crypto";
import { UsageError } from "../errors.ts";
import { type BackfillReport, backfillPegs } from "../pegs/backfill.ts";
import { readUpstreamOverrides } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import type { RepairFlags } from "./backfill-command.ts";
import { parseCount, runClock } from "./options.ts";

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
  let report: BackfillReport | null = null;
  let trouble: unknown = null;
  const outcome = await runOnce({
    dataDir: flags.data,
    nowSec,
    seed: randomBytes(8).toString("hex"),
    env: process.env,
    dryRun,
    commit: flags.commit ?? true,
    push: flags.push ?? false,
    ...(flags.upstreams === undefined ? {} : { overrides: readUpstreamOverrides(flags.upstreams) }),
    repair: {
      name: "pegs",
      async run(context) {
        const coinId = flags.coin ?? null;
        if (coinId !== null && !context.registry.coinById.has(coinId))
          trouble = new UsageError(`there is no coin ${JSON.stringify(coinId)}`, {
            code: "unknown-coin",
            where: "--coin",
            hint: "coins are files below data/registry/coins",
          });
        try {
          const done = await backfillPegs(context, { fromSec, toSec, contextDays, coinId, dryRun });
          report = done.report;
          if (trouble === null) return done.result;
        } catch (error) {
          trouble = error;
        }
        return { status: "ok", reasons: [], snapshots: {}, history: [], state: {}, counts: {} };
      },
    },
  });
  if (trouble !== null) throw trouble;
  const answer = { runId: outcome.runId, from: flags.from, to: utcDay(toSec - DAY_SEC), contextDays, dryRun };
  process.stdout.write(`${JSON.stringify({ ...answer, ...(report as BackfillReport | null) }, null, 2)}\n`);
  return 0;
}
