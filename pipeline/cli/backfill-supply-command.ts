/** `plumbline backfill supply`: days of supply that the record lacks, from DefiLlama's charts and from contracts, published like a run. */
import { randomBytes } from "node:crypto";
import { backfillListed, knownDays } from "../daily/backfill-supply.ts";
import { UsageError } from "../errors.ts";
import type { LaneResult } from "../lane.ts";
import { readUpstreamOverrides } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import { SUPPLY_HISTORY } from "../schema/history.ts";
import { backfillOnchain } from "../supply/backfill-onchain.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import type { RepairFlags } from "./backfill-command.ts";
import { parseCount, runClock } from "./options.ts";

const DEFAULT_DAYS = 365;
const MOST_DAYS = 3_650;

export async function backfillSupply(flags: RepairFlags & { coin?: string; days?: string }): Promise<number> {
  const count = flags.days === undefined ? DEFAULT_DAYS : parseCount("--days", flags.days, 1, MOST_DAYS);
  let answer: object = {};
  let trouble: unknown = null;
  const outcome = await runOnce({
    dataDir: flags.data,
    nowSec: runClock(flags.now),
    seed: randomBytes(8).toString("hex"),
    env: process.env,
    commit: flags.commit ?? true,
    push: flags.push ?? false,
    ...(flags.upstreams === undefined ? {} : { overrides: readUpstreamOverrides(flags.upstreams) }),
    repair: {
      name: "daily",
      async run(context): Promise<LaneResult> {
        const nothing: LaneResult = { status: "ok", reasons: [], snapshots: {}, history: [], state: {}, counts: {} };
        try {
          const { coins } = context.registry;
          const asked = flags.coin === undefined ? coins : coins.filter(({ id }) => id === flags.coin);
          if (asked.length === 0)
            throw new UsageError(`there is no coin ${JSON.stringify(flags.coin)}`, {
              code: "bad-argument",
              where: "--coin",
              hint: "ids are the names of the files in data/registry/coins",
            });
          // The running day belongs to its own run.
          const toSec = startOfUtcDay(context.nowSec) - DAY_SEC;
          const fromSec = toSec - (count - 1) * DAY_SEC;
          const listed = await backfillListed(context, asked, { fromSec, toSec });
          const days = Array.from({ length: count }, (_, n) => fromSec + n * DAY_SEC);
          const onchain = await backfillOnchain(context, asked, days, await knownDays(context));
          const rows = [...listed.rows, ...onchain.rows];
          answer = {
            ...listed.report,
            rows: rows.length,
            onchainRows: onchain.rows.length,
            failures: [...listed.report.failures, ...onchain.failures],
          };
          return { ...nothing, history: [{ dataset: SUPPLY_HISTORY, rows }], counts: { backfilled: rows.length } };
        } catch (error) {
          trouble = error;
          return nothing;
        }
      },
    },
  });
  if (trouble !== null) throw trouble;
  process.stdout.write(`${JSON.stringify({ runId: outcome.runId, ...answer }, null, 2)}\n`);
  return 0;
}
