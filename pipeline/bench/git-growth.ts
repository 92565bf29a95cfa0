/**
 * How fast the repository grows: real committed runs over the simulator, every half hour, packed as git packs them.
 *
 * Method: the real registry is committed, the record lives half the runs to fill its day files and delta chains, then is
 * packed and measured; it lives the other half, is packed and measured again. The difference is what that time costs, days'
 * Parquet seals and all commits and trees included, without what is paid once (registry, first full snapshots, backfilled
 * charts). A year is that difference times a year over that time. Whole days only, since a day's seal comes once a day.
 * The simulator's coins rest as real ones do: large ones change every five minutes, tiny ones once a day. Behind the record lie half a
 * year's sealed days, a line each, as in the middle of its first year: what lists them or holds them is as long as it will be then.
 * Eight days by default, of which the second four count: from the second week on figures are compared with a week ago too.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { canonicalLine } from "../publish/canonical-json.ts";
import { git } from "../publish/run-git.ts";
import { loadRegistry } from "../registry/registry.ts";
import { runOnce } from "../run.ts";
import { HISTORY_DATASETS } from "../schema/history.ts";
import { startSimulatorThread } from "../simulator/simulator-thread.ts";
import { openPath } from "../store/open-rows.ts";
import { historyFiles } from "../store/store.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import type { Benchmark, Measurement } from "./benchmark.ts";
import { growth, packedSizes, totalBytes } from "./packed-sizes.ts";

const CADENCE_SEC = 1800;
const RUNS_PER_DAY = DAY_SEC / CADENCE_SEC;
const LIMIT_MB_PER_YEAR = 200;
/** Promise 7 speaks of 400 coins; listed ones, since a coin without supply and price costs nothing. */
const COINS = 400;
const START_SEC = Date.UTC(2026, 9, 20, 8, 7) / 1000;
const MB = 1e6;

const SEALED_DAYS = 183;

/** Open days long over, each with one line of today's at its own time: the next daily run seals them. */
function growOld(dataDir: string): void {
  for (const dataset of HISTORY_DATASETS) {
    const { name, period, timeColumn } = dataset;
    const file = historyFiles(dataDir, name).jsonl.at(-1);
    if (period !== "day" || file === undefined) continue;
    const row = JSON.parse(readFileSync(file, "utf8").split("\n", 1)[0] as string);
    for (let day = 1; day <= SEALED_DAYS; day++) {
      const time = row[timeColumn] - (day + 40) * DAY_SEC;
      const text = `${canonicalLine({ ...row, [timeColumn]: time })}\n`;
      writeFileSync(join(dataDir, openPath(dataset, utcDay(time))), text);
    }
  }
}

export const gitGrowth: Benchmark = {
  name: "git-growth",
  about:
    "packed growth of a real repository at 30-minute cadence, per folder and per year (--runs N, 384 is eight days)",
  async run({ runs, log }) {
    if (runs % (2 * RUNS_PER_DAY) !== 0 || runs < 4 * RUNS_PER_DAY)
      throw new UsageError(
        `--runs ${runs} is not a multiple of ${2 * RUNS_PER_DAY}, or less than ${4 * RUNS_PER_DAY}`,
        {
          code: "bad-number",
          where: "--runs",
          hint: "half of the runs are measured, whole days, after a record of two days at least",
        },
      );
    const root = mkdtempSync(join(tmpdir(), "plumbline-growth-"));
    const dataDir = join(root, "data");
    mkdirSync(dataDir);
    cpSync(resolve(import.meta.dirname, "..", "..", "data", "registry"), join(dataDir, "registry"), {
      recursive: true,
    });
    await git(root, "init", "--quiet", "--initial-branch=main");
    await git(root, "config", "gc.auto", "0");
    await git(root, "add", "--all");
    await git(root, "commit", "--quiet", "--message", "registry");
    const whole = loadRegistry(dataDir);
    const registry = { ...whole, coins: whole.coins.filter((coin) => coin.ids.defillama !== null).slice(0, COINS) };
    const simulator = await startSimulatorThread({ seed: 1, coins: registry.coins, nowSec: START_SEC });
    try {
      const live = async (from: number, to: number) => {
        for (let run = from; run < to; run++) {
          const nowSec = START_SEC + run * CADENCE_SEC;
          await simulator.setNow(nowSec);
          await runOnce({
            dataDir,
            nowSec,
            seed: `bench-${run}`,
            overrides: simulator.overrides,
            registry,
            env: {},
            commit: true,
          });
          if ((run + 1) % RUNS_PER_DAY === 0) log(`git-growth: ${run + 1} of ${runs} runs`);
        }
      };
      await live(0, RUNS_PER_DAY);
      growOld(dataDir);
      await live(RUNS_PER_DAY, runs / 2);
      const before = await packedSizes(root);
      await live(runs / 2, runs);
      const after = await packedSizes(root);
      const parts = growth(before, after);
      const days = runs / 2 / RUNS_PER_DAY;
      const perYear = (bytes: number) => (bytes / days) * 365;
      const grown = totalBytes(after) - totalBytes(before);
      const sealed = parts.find(([group]) => group === "history, sealed Parquet")?.[1] ?? 0;
      const info = (what: string, bytes: number): Measurement => ({
        what: `  ${what}`,
        measured: perYear(bytes) / MB,
        unit: "MB/year",
        yardstick: null,
        from: `${((100 * bytes) / grown).toFixed(1)} % of the growth`,
        better: "less",
      });
      return [
        {
          what: `git growth, ${registry.coins.length} coins, ${days === 1 ? "one day" : `${days} days`} measured`,
          measured: perYear(grown) / MB,
          unit: "MB/year",
          yardstick: LIMIT_MB_PER_YEAR,
          from: "promise 7",
          better: "less",
        },
        info(`what grows with every run (${Math.round((grown - sealed) / (runs / 2))} bytes a run)`, grown - sealed),
        info(`what grows with every day (${Math.round(sealed / days)} bytes a day)`, sealed),
        ...parts.filter(([, bytes]) => bytes > grown / 1000).map(([group, bytes]) => info(group, bytes)),
      ];
    } finally {
      await simulator.close();
      rmSync(root, { recursive: true, force: true });
    }
  },
};
