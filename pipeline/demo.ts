/**
 * The demo: the whole record, made in seconds from the embedded simulator, in a folder of its own.
 *
 * Time is simulated too. The world's last instant is fixed, so that the same seed gives the same bytes on any day; runs are a
 * day apart at first and four hours apart on the last one, each one a full run as on CI.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./errors.ts";
import { loadRegistry } from "./registry/registry.ts";
import { runOnce } from "./run.ts";
import { startSimulatorThread } from "./simulator/simulator-thread.ts";
import { DAY_SEC, isoSeconds, startOfUtcDay } from "./time.ts";

/** 2026-11-20T12:00:00Z: the simulated present. */
export const DEMO_END_SEC = Date.UTC(2026, 10, 20, 12) / 1000;

const DAILY_RUN_AFTER_MIDNIGHT_SEC = 8 * 3600 + 300;
const CLOSE_DAYS = 1;
const CLOSE_INTERVAL_SEC = 4 * 3600;
/** The last two runs stand half an hour apart, as on CI. */
const LAST_INTERVAL_SEC = 1800;
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
  requests: number;
  seconds: number;
}

/** Times of the demo's runs, ascending, unix seconds. */
export function demoTimes(days: number, endSec = DEMO_END_SEC): number[] {
  const closeFrom = endSec - CLOSE_DAYS * DAY_SEC;
  const firstDay = startOfUtcDay(endSec) - days * DAY_SEC;
  const times: number[] = [];
  for (let day = firstDay; day + DAILY_RUN_AFTER_MIDNIGHT_SEC < closeFrom; day += DAY_SEC)
    times.push(day + DAILY_RUN_AFTER_MIDNIGHT_SEC);
  for (let at = Math.max(closeFrom, firstDay); at < endSec; at += CLOSE_INTERVAL_SEC) times.push(at);
  return [...times, endSec - LAST_INTERVAL_SEC, endSec];
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

/** Makes the simulated record. `seconds` is wall time. */
export async function runDemo({ dataDir, homeDir, seed, days, log }: DemoOptions): Promise<DemoResult> {
  const startedMs = performance.now();
  prepareFolder(dataDir, homeDir);
  const registry = loadRegistry(dataDir);
  const times = demoTimes(days);
  const simulator = await startSimulatorThread({ seed, coins: registry.coins, nowSec: DEMO_END_SEC });
  let requests = 0;
  try {
    for (const [index, nowSec] of times.entries()) {
      await simulator.setNow(nowSec);
      const outcome = await runOnce({
        dataDir,
        nowSec,
        seed: `demo-${seed}`,
        overrides: simulator.overrides,
        registry,
      });
      requests += outcome.requests;
      const unwell =
        outcome.manifest?.lanes
          .filter((lane) => lane.status !== "ok")
          .map((lane) => `${lane.lane} ${lane.status}: ${lane.reasons[0]?.message}`) ?? [];
      log(`simulated run ${index + 1} of ${times.length}, ${isoSeconds(nowSec)}: ${unwell.join("; ") || "ok"}`);
    }
  } finally {
    await simulator.close();
  }
  return { runs: times.length, requests, seconds: (performance.now() - startedMs) / 1000 };
}
