import { describe, expect, it } from "vitest";
import { isDue, TIMETABLE } from "./lanes.ts";
import type { LaneState } from "./schema/status.ts";

const at = (iso: string) => Date.parse(iso) / 1000;
const last = (iso: string, status: LaneState["status"] = "ok"): LaneState => ({
  lane: "x",
  intervalSec: 1800,
  status,
  reasons: [],
  lastRunId: "r",
  lastStartedAt: at(iso),
  lastPublishedAt: null,
  failuresInARow: 0,
});
const halfHourly = { everySec: 1800, offsetSec: 0 };
const daily = { everySec: 86_400, offsetSec: 8 * 3600 };

describe("a lane is due", () => {
  it("when it never ran", () => expect(isDue(halfHourly, undefined, at("2026-11-20T00:07:00Z"))).toBe(true));

  it("once in every slot, however late the schedule starts it", () => {
    expect(isDue(halfHourly, last("2026-11-20T00:07:00Z"), at("2026-11-20T00:29:59Z"))).toBe(false);
    expect(isDue(halfHourly, last("2026-11-20T00:29:00Z"), at("2026-11-20T00:31:00Z"))).toBe(true);
    expect(isDue(halfHourly, last("2026-11-20T00:07:00Z"), at("2026-11-21T00:07:00Z"))).toBe(true);
  });

  it("daily from 08:00 UTC on", () => {
    expect(isDue(daily, last("2026-11-19T08:05:00Z"), at("2026-11-20T07:59:59Z"))).toBe(false);
    expect(isDue(daily, last("2026-11-19T08:05:00Z"), at("2026-11-20T08:00:00Z"))).toBe(true);
  });

  it("again at once after an error, but not twice at one instant", () => {
    expect(isDue(halfHourly, last("2026-11-20T00:07:00Z", "error"), at("2026-11-20T00:08:00Z"))).toBe(true);
    expect(isDue(halfHourly, last("2026-11-20T00:07:00Z", "error"), at("2026-11-20T00:07:00Z"))).toBe(false);
    expect(isDue(halfHourly, last("2026-11-20T00:07:00Z", "degraded"), at("2026-11-20T00:08:00Z"))).toBe(false);
  });
});

/** Arrows against the order that are meant: token prices for metals and for supplies read on chain, safety scores for flight to quality, the last index for stress. */
const FROM_THE_RUN_BEFORE: Record<string, string[]> = {
  fx: ["stablecoins"],
  supply: ["stablecoins"],
  flows: ["report-cards"],
  stress: ["stability-index"],
};

describe("the timetable", () => {
  it("runs a lane only after the lanes whose datasets it reads, its own last one excepted", () => {
    expect(TIMETABLE.length).toBeGreaterThan(3);
    for (const [index, entry] of TIMETABLE.entries()) {
      const before = TIMETABLE.slice(0, index).flatMap((earlier) => earlier.publishes as string[]);
      const fromLater = entry.reads.filter(
        (name) => !before.includes(name) && !(entry.publishes as string[]).includes(name),
      );
      expect(fromLater, entry.name).toEqual(FROM_THE_RUN_BEFORE[entry.name] ?? []);
    }
  });

  it("loads every lane under its own name", async () => {
    for (const entry of TIMETABLE) expect((await entry.load()).name).toBe(entry.name);
  });
});
