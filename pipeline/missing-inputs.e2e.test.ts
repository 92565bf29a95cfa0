/**
 * Every combination of datasets that a judging lane may miss: a real record's datasets, each of them there, too old, or gone.
 *
 * Gone is what a damaged file is to its reader, too (damaged-inputs.e2e.test.ts): so all combinations of malformed ones are in here.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lane, LaneContext, LaneResult } from "./lane.ts";
import { TIMETABLE } from "./lanes.ts";
import { readSnapshot } from "./publish/read-snapshot.ts";
import { SNAPSHOTS, type SnapshotName } from "./schema/datasets.ts";
import { DigestFactsSchema } from "./schema/digest.ts";
import { STRESS_STATE } from "./stress/stress-past.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";
import { DAY_SEC, startOfUtcDay } from "./time.ts";

let world: SmallWorld;
const found = new Map<SnapshotName, NonNullable<ReturnType<typeof readSnapshot>>>();
beforeAll(async () => {
  world = await smallWorld();
  for (const at of [START_SEC - HALF_HOUR_SEC, START_SEC]) await world.run(at);
  for (const name of Object.keys(SNAPSHOTS) as SnapshotName[]) {
    const snapshot = readSnapshot(world.dataDir, name);
    if (snapshot) found.set(name, snapshot);
  }
}, 120_000);
afterAll(() => world.close());

type State = "current" | "stale" | "gone";

interface Judge {
  /** Without these of now nothing is published, and one of them is named. */
  needs: readonly SnapshotName[];
  /** How a dataset is named where it is not by "<dataset>-"; null: its absence is told in the published data alone. */
  naming?: Partial<Record<SnapshotName, RegExp | null>>;
  /** Datasets of which only absence counts; an old one is used under its own time. */
  ageless?: readonly SnapshotName[];
}

const JUDGES: Readonly<Record<string, Judge>> = {
  pegs: {
    needs: ["stablecoins"],
    naming: { stablecoins: /^prices-not-current$/ },
    // Rates and quotes carry the time of each row; an old DEX price is refused row by row.
    ageless: ["price-quotes", "fx-rates", "supply", "dex-prices"],
  },
  safety: {
    needs: ["peg-summary", "depeg-events"],
    naming: { "peg-summary": /^pegs-/, "depeg-events": /^pegs-/ },
  },
  // The index amplifies: where it is not known, `stabilityIndex` is null and nothing is amplified.
  stress: {
    needs: ["stablecoins"],
    naming: { stablecoins: /^stablecoins-cache-unavailable$/, "stability-index": null },
  },
  stability: {
    needs: ["stablecoins", "depeg-events", "dews"],
    naming: {
      stablecoins: /^stablecoins-cache-unavailable$/,
      "depeg-events": /^depegs-unavailable$/,
      dews: /^dews-unavailable$/,
    },
  },
  chains: {
    needs: ["supply", "stablecoins"],
    naming: { stablecoins: /^supply-missing$/ },
    ageless: ["supply", "stablecoins"],
  },
  redemption: {
    needs: ["stablecoins"],
    naming: {
      stablecoins: /^stablecoins-not-current$/,
      "dex-liquidity": /^liquidity-stale$/,
      reserves: /^preload-warning$/,
      "depeg-events": /^preload-warning$/,
    },
    // Telemetry and events are judged row by row by their own time.
    ageless: ["reserves", "depeg-events"],
  },
  yields: { needs: [], naming: { "report-cards": /^safety-/ } },
};

function* statesOf(names: readonly SnapshotName[], states: readonly State[]): Generator<Map<SnapshotName, State>> {
  const [first, ...rest] = names;
  if (first === undefined) {
    yield new Map();
    return;
  }
  for (const others of statesOf(rest, states)) for (const state of states) yield new Map([...others, [first, state]]);
}

/** A run of a lane over the record's datasets in these states; every upstream is down, and history is empty. */
function context(states: ReadonlyMap<SnapshotName, State>): LaneContext {
  const { registry } = world;
  return {
    nowSec: START_SEC,
    registry,
    published(name: SnapshotName) {
      const state = states.get(name) ?? "gone";
      const snapshot = found.get(name);
      if (state === "gone" || !snapshot) return null;
      const at = state === "current" ? START_SEC : START_SEC - 3 * DAY_SEC;
      return { generatedAt: at, asOf: at, status: "fresh", data: snapshot.data };
    },
    state: (name: string) =>
      name === STRESS_STATE
        ? { bootstrapComplete: true, confidence: {}, day: startOfUtcDay(START_SEC), worst: {} }
        : null,
    history: async () => [],
    store: async () => ({ query: async () => [] }),
    collect: async () => ({ ok: false, reason: "unavailable", detail: "down" }),
    setting: () => null,
    log: () => {},
  } as unknown as LaneContext;
}

/** Names of what was told to be missing. */
function told(result: LaneResult): string[] {
  const failures = result.snapshots.dews?.data.sourceFailures ?? [];
  return [...result.reasons.map(({ code }) => code), ...failures.map(({ reason }) => reason)];
}

describe.each(Object.entries(JUDGES))("the %s lane", (name, { needs, naming = {}, ageless = [] }) => {
  const entry = TIMETABLE.find((each) => each.name === name);
  const own: readonly string[] = entry?.publishes ?? [];
  const inputs = (entry?.reads ?? []).filter((dataset) => !own.includes(dataset));
  const pattern = (dataset: SnapshotName) => {
    const own = naming[dataset];
    return own === undefined ? new RegExp(`^${dataset}-`) : own;
  };

  async function every(states: readonly State[]): Promise<number> {
    const lane = (await entry?.load()) as Lane;
    let combinations = 0;
    for (const given of statesOf(inputs, states)) {
      combinations += 1;
      const result = await lane.run(context(given));
      const lacks = (dataset: SnapshotName) =>
        given.get(dataset) === "gone" || (given.get(dataset) === "stale" && !ageless.includes(dataset));
      const where = `${name}: ${[...given].map(([dataset, state]) => `${dataset} ${state}`).join(", ")}`;
      const names = told(result);
      if (needs.some(lacks)) {
        expect(result.snapshots, where).toEqual({});
        expect(result.history, where).toEqual([]);
        expect(result.status, where).not.toBe("ok");
        const needed = needs.filter(lacks).flatMap((dataset) => pattern(dataset) ?? []);
        expect(
          names.some((code) => needed.some((each) => each.test(code))),
          `${where}: ${names}`,
        ).toBe(true);
        continue;
      }
      for (const dataset of inputs.filter(lacks)) {
        const wanted = pattern(dataset);
        if (wanted === null) continue;
        expect(
          names.filter((code) => wanted.test(code)),
          `${where}: ${names}`,
        ).not.toEqual([]);
      }
      for (const [dataset, out] of Object.entries(result.snapshots)) {
        const shape = SNAPSHOTS[dataset as SnapshotName].schema.safeParse(out.data);
        expect(shape.error?.issues[0], where).toBeUndefined();
      }
    }
    return combinations;
  }

  it("names what is gone, in every combination, and publishes what it promised or nothing", async () => {
    expect(inputs.length).toBeGreaterThan(1);
    expect(await every(["current", "gone"])).toBe(2 ** inputs.length);
  }, 120_000);

  it("names what is too old beside what is gone", async () => {
    expect(await every(inputs.length > 5 ? ["stale", "gone"] : ["current", "stale", "gone"])).toBeGreaterThan(3);
  }, 120_000);
});

describe("the daily lane", () => {
  const entry = TIMETABLE.find(({ name }) => name === "daily");
  const inputs = entry?.reads ?? [];
  const others = inputs.filter((dataset) => dataset !== "stablecoins");

  it("makes a digest of what is there, in every combination, and names what is not; without prices it makes none", async () => {
    const lane = (await entry?.load()) as Lane;
    for (const given of statesOf(inputs, ["current", "gone"])) {
      const { history, status } = await lane.run(context(given));
      const [digest] = history.find(({ dataset }) => dataset.name === "daily-digest")?.rows ?? [];
      if (given.get("stablecoins") === "gone") {
        expect(digest).toBeUndefined();
        expect(status).toBe("degraded");
        continue;
      }
      const facts = DigestFactsSchema.parse(JSON.parse(String(digest?.facts)));
      const named = facts.degradedSources.map(({ reason }) => reason).sort();
      expect(named).toEqual(
        others
          .filter((dataset) => given.get(dataset) === "gone")
          .map((dataset) => `${dataset}-missing`)
          .sort(),
      );
      expect(digest?.text).not.toMatch(/NaN|null|undefined|Infinity/);
    }
  }, 120_000);
});
