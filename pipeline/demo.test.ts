import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEMO_END_SEC, demoPlan } from "./demo.ts";
import { loadRegistry } from "./registry/registry.ts";
import { LEAST_MORNINGS } from "./schema/weekly-digest.ts";
import { DEFAULT_WORLD_DAYS } from "./simulator/incidents.ts";
import { createWorld } from "./simulator/world.ts";
import { HOME } from "./test-support/small-world.ts";
import { DAY_SEC, startOfUtcDay, utcWeekday } from "./time.ts";

const runsOf = (days: number) => demoPlan(days).filter(({ does }) => does === "run");
const today = startOfUtcDay(DEMO_END_SEC);

describe("what the demo does", () => {
  it.each([1, 3, 4, 5, 35, 400])(
    "over %i days begins with the first, ends half an hour after its last run but one",
    (days) => {
      const steps = demoPlan(days);
      const times = steps.map(({ atSec }) => atSec);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(startOfUtcDay(times[0] as number)).toBe(today - days * DAY_SEC);
      expect(times.slice(-2)).toEqual([DEMO_END_SEC - 1800, DEMO_END_SEC]);
      expect(runsOf(days).length).toBeLessThanOrEqual(12);
      // Flows are filled in from a run that has begun to read them.
      const fill = steps.findIndex(({ does }) => does === "backfill flows");
      if (fill >= 0)
        expect(steps.slice(0, fill).some(({ does, lanes }) => does === "run" && lanes.length === 0)).toBe(true);
    },
  );

  it("leaves as many mornings of the last week as a recap needs, the last of them a Monday's", () => {
    expect(utcWeekday(today)).toBe(1);
    const week = runsOf(35).filter(({ atSec }) => atSec > today - 6 * DAY_SEC && atSec < DEMO_END_SEC - 1800);
    expect(new Set(week.map(({ atSec }) => startOfUtcDay(atSec))).size).toBeGreaterThanOrEqual(LEAST_MORNINGS);
  });

  it("has a run within everything that goes wrong in its world, and one after every depeg but the one that goes on", () => {
    const coins = loadRegistry(join(HOME, "data")).coins;
    const { truth } = createWorld({ seed: 1, coins, epochSec: DEMO_END_SEC - DEFAULT_WORLD_DAYS * DAY_SEC });
    const times = runsOf(DEFAULT_WORLD_DAYS).map(({ atSec }) => atSec);
    for (const { kind, startSec, endSec } of truth.incidents)
      expect(
        times.some((at) => at >= startSec && at < endSec),
        `${kind} from ${startSec}`,
      ).toBe(true);
    const [open, over] = [false, true].map((isOver) =>
      truth.depegs.filter(({ endSec }) => times.some((at) => at >= endSec) === isOver),
    );
    expect([open?.length, over?.length]).toEqual([1, 3]);
  });
});
