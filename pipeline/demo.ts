/**
 * The demo: the whole record, made in seconds from the embedded simulator, in a folder of its own.
 *
 * Time is simulated too. The world's last instant is fixed, so that the same seed gives the same bytes on any day. The record begins as
 * an operator's would: a run now and then, the past by backfill, a run each morning, and at the end two half an hour apart. Every one
 * is a run as on CI; what goes wrong in the world goes wrong where they see it.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./errors.ts";
import type { LaneContext } from "./lane.ts";
import { TIMETABLE } from "./lanes.ts";
import { loadRegistry } from "./registry/registry.ts";
import { type Repaired, repairLane } from "./repair-lane.ts";
import { runOnce } from "./run.ts";
import { DEFAULT_WORLD_DAYS } from "./simulator/incidents.ts";
import { startSimulatorThread } from "./simulator/simulator-thread.ts";
import { DAY_SEC, isoSeconds, startOfUtcDay } from "./time.ts";

/** 2026-11-23T12:00:00Z: the simulated present, a Monday, so that there is a recap of the week. */
export const DEMO_END_SEC = Date.UTC(2026, 10, 23, 12) / 1000;

const MORNING_SEC = 8 * 3600 + 300;
/** The last mornings have a run each: five digests, Thursday's to Monday's, make a recap. */
const MORNINGS = 5;
/** Runs before them, from the first day on. */
const EARLY_RUNS = 2;
/** The last two runs stand half an hour apart, as on CI. */
const HALF_HOUR_SEC = 1800;
/** From the first of the daily runs to each of the backfills. */
const BACKFILL_AFTER_SEC = 300;
const MARKER = ".simulated";

export interface DemoOptions {
  dataDir: string;
  /** Where the registry is taken from. */
  homeDir: string;
  seed: number;
  days: number;
  log: (line: string) => void;
}

export interface DemoResult {
  runs: number;
  backfills: number;
  requests: number;
  seconds: number;
}

export interface DemoStep {
  /** Unix seconds. */
  atSec: number;
  does: "run" | "backfill supply" | "backfill flows";
  /** Lanes of a run; empty: whatever is due. */
  lanes: string[];
}

interface Repair {
  lane: string;
  work(context: LaneContext): Promise<Repaired>;
}

/** Chains are read on from where the last run ended, so many blocks a run: flows and freezes begin with the daily runs. */
const READ_BY_BLOCKS = ["flows", "freezes"];
const EARLY_LANES = TIMETABLE.map(({ name }) => name).filter((name) => !READ_BY_BLOCKS.includes(name));

/** What the demo does over `days` days, ascending. */
export function demoPlan(days: number, endSec = DEMO_END_SEC): DemoStep[] {
  const today = startOfUtcDay(endSec);
  const firstDay = today - days * DAY_SEC;
  const daily = Math.max(firstDay, today - (MORNINGS - 1) * DAY_SEC);
  const run = (atSec: number, lanes: string[] = []): DemoStep => ({ atSec, does: "run", lanes });
  const steps: DemoStep[] = [];
  const apart = Math.max(1, Math.floor((daily - firstDay) / DAY_SEC / EARLY_RUNS)) * DAY_SEC;
  for (let day = firstDay; day < daily && steps.length < EARLY_RUNS; day += apart)
    steps.push(run(day + MORNING_SEC, EARLY_LANES));
  for (let day = daily; day <= today; day += DAY_SEC) steps.push(run(day + MORNING_SEC));
  if (daily > firstDay)
    steps.push(
      { atSec: daily + MORNING_SEC + BACKFILL_AFTER_SEC, does: "backfill supply", lanes: [] },
      { atSec: daily + MORNING_SEC + 2 * BACKFILL_AFTER_SEC, does: "backfill flows", lanes: [] },
    );
  steps.push(run(endSec - HALF_HOUR_SEC), run(endSec));
  return steps.sort((a, b) => a.atSec - b.atSec);
}

/** An empty folder, or one that an earlier demo made: anything else is somebody's work. */
function prepareFolder(dataDir: string, homeDir: string): void {
  const isOurs = existsSync(join(dataDir, MARKER));
  if (existsSync(dataDir) && !isOurs && readdirSync(dataDir).length > 0)
    throw new UsageError("the demo's folder holds something that is not a demo", {
      code: "folder-in-use",
      where: dataDir,
      hint: "give an empty folder with --data DIR",
    });
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(join(dataDir, MARKER), { recursive: true });
  cpSync(join(homeDir, "registry"), join(dataDir, "registry"), { recursive: true });
}

/** Days back to `fromSec`, as `plumbline backfill supply` and `backfill flows` bring them in. */
const BACKFILLS = {
  "backfill supply": (fromSec: number): Repair => ({
    lane: "daily",
    async work(context) {
      const { fillSupplyDays } = await import("./supply-days.ts");
      const count = (startOfUtcDay(context.nowSec) - fromSec) / DAY_SEC;
      return fillSupplyDays(context, context.registry.coins, count);
    },
  }),
  "backfill flows": (fromSec: number): Repair => ({
    lane: "flows",
    async work(context) {
      const { fillSince } = await import("./flows/fill-since.ts");
      const { repairedFlows } = await import("./flows/repaired.ts");
      return repairedFlows(context, async (_context, state) => {
        const { events, hours, ...answer } = await fillSince(context, state, fromSec);
        return { answer: { ...answer, rows: events.length }, events, hours };
      });
    },
  }),
};

/** Makes the simulated record. `seconds` is wall time. */
export async function runDemo({ dataDir, homeDir, seed, days, log }: DemoOptions): Promise<DemoResult> {
  const startedMs = performance.now();
  prepareFolder(dataDir, homeDir);
  const registry = loadRegistry(dataDir);
  const steps = demoPlan(days);
  const fromSec = startOfUtcDay(DEMO_END_SEC) - days * DAY_SEC;
  const starting = startSimulatorThread({
    seed,
    coins: registry.coins,
    nowSec: DEMO_END_SEC,
    // No more of each coin's chart than the backfill takes.
    coinChartDays: Math.max(1, days - DEFAULT_WORLD_DAYS + 1),
  });
  // What a run loads on first use is loaded while the world is made.
  await Promise.all([import("./run-lanes.ts"), import("./publish/apply.ts"), ...TIMETABLE.map((lane) => lane.load())]);
  const simulator = await starting;
  const result = { runs: 0, backfills: 0, requests: 0 };
  try {
    for (const [index, { atSec: nowSec, does, lanes }] of steps.entries()) {
      await simulator.setNow(nowSec);
      let rows = 0;
      const repair = does === "run" ? null : BACKFILLS[does](fromSec);
      const outcome = await runOnce({
        dataDir,
        nowSec,
        seed: `demo-${seed}`,
        overrides: simulator.overrides,
        registry,
        lanes,
        ...(repair === null
          ? {}
          : {
              repair: repairLane(repair.lane, repair.work, (answer) => {
                rows = (answer as { rows: number }).rows;
              }),
            }),
      });
      result[repair === null ? "runs" : "backfills"] += 1;
      result.requests += outcome.requests;
      const unwell =
        outcome.manifest?.lanes
          .filter((lane) => lane.status !== "ok")
          .map((lane) => `${lane.lane} ${lane.status}: ${lane.reasons[0]?.message}`) ?? [];
      const said = repair === null ? unwell.join("; ") || "ok" : `${rows} rows`;
      log(`simulated ${does} ${index + 1} of ${steps.length}, ${isoSeconds(nowSec)}: ${said}`);
    }
  } finally {
    await simulator.close();
  }
  return { ...result, seconds: (performance.now() - startedMs) / 1000 };
}
