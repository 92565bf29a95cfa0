/**
 * The timetable: every lane, how often it runs, what it reads and publishes, in the order of a run. Reads like a crontab.
 *
 * A lane is due once in every slot of `everySec` counted from `offsetSec` after midnight UTC (1970-01-01), so a late or
 * skipped CI schedule changes nothing but the age. A lane whose last try ended in error is due at once.
 */
import type { Lane } from "./lane.ts";
import type { SnapshotName } from "./schema/datasets.ts";
import type { LaneState } from "./schema/status.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type HistoryName =
  | "price-history"
  | "supply-history"
  | "stablecoin-charts"
  | "daily-changes"
  | "daily-digest"
  | "weekly-digest"
  | "redemption-history"
  | "mint-burn-events"
  | "mint-burn-hourly";

export interface TimetableEntry {
  name: string;
  everySec: number;
  offsetSec: number;
  reads: SnapshotName[];
  publishes: (SnapshotName | HistoryName)[];
  /** Closed UTC days are sealed to Parquet when this lane runs. */
  seals: boolean;
  load(): Promise<Lane>;
}

export const TIMETABLE: readonly TimetableEntry[] = [
  {
    name: "fx",
    everySec: 30 * MINUTE,
    offsetSec: 0,
    reads: ["fx-rates", "stablecoins"],
    publishes: ["fx-rates"],
    seals: false,
    load: async () => (await import("./fx/lane.ts")).fxLane,
  },
  {
    name: "supply",
    everySec: 30 * MINUTE,
    offsetSec: 0,
    reads: ["fx-rates", "supply", "stablecoins"],
    publishes: ["supply"],
    seals: false,
    load: async () => (await import("./supply/lane.ts")).supplyLane,
  },
  {
    name: "liquidity",
    everySec: 30 * MINUTE,
    offsetSec: 0,
    reads: ["fx-rates", "supply", "dex-liquidity", "dex-prices"],
    publishes: ["dex-liquidity", "dex-prices"],
    seals: false,
    load: async () => (await import("./liquidity/lane.ts")).liquidityLane,
  },
  {
    name: "prices",
    everySec: 30 * MINUTE,
    offsetSec: 0,
    reads: ["fx-rates", "supply", "stablecoins", "price-quotes", "dex-prices"],
    publishes: ["stablecoins", "price-quotes", "price-history"],
    seals: false,
    load: async () => (await import("./prices/lane.ts")).pricesLane,
  },
  {
    name: "pegs",
    everySec: 30 * MINUTE,
    offsetSec: 0,
    reads: ["stablecoins", "price-quotes", "fx-rates", "supply", "dex-prices", "depeg-events", "depeg-pending"],
    publishes: ["depeg-events", "depeg-pending", "peg-summary"],
    seals: false,
    load: async () => (await import("./pegs/lane.ts")).pegsLane,
  },
  {
    name: "flows",
    everySec: 30 * MINUTE,
    offsetSec: 0,
    reads: ["stablecoins", "supply", "report-cards"],
    publishes: ["mint-burn-flows", "mint-burn-events", "mint-burn-hourly"],
    seals: false,
    load: async () => (await import("./flows/lane.ts")).flowsLane,
  },
  {
    name: "reserves",
    everySec: 4 * HOUR,
    offsetSec: 11 * MINUTE,
    reads: ["stablecoins", "reserves"],
    publishes: ["reserves"],
    seals: false,
    load: async () => (await import("./reserves/lane.ts")).reservesLane,
  },
  {
    name: "redemption",
    everySec: 4 * HOUR,
    offsetSec: 11 * MINUTE,
    reads: ["stablecoins", "reserves", "dex-liquidity", "depeg-events", "redemption-backstops"],
    publishes: ["redemption-backstops", "redemption-history"],
    seals: false,
    load: async () => (await import("./redemption/lane.ts")).redemptionLane,
  },
  {
    name: "safety",
    everySec: HOUR,
    offsetSec: 0,
    reads: ["peg-summary", "depeg-events", "dex-liquidity", "supply", "reserves", "redemption-backstops"],
    publishes: ["report-cards"],
    seals: false,
    load: async () => (await import("./safety/lane.ts")).safetyLane,
  },
  {
    name: "yields",
    everySec: HOUR,
    offsetSec: 0,
    reads: ["stablecoins", "report-cards", "yield-rankings"],
    publishes: ["yield-rankings"],
    seals: false,
    load: async () => (await import("./yields/lane.ts")).yieldsLane,
  },
  {
    name: "freezes",
    everySec: 6 * HOUR,
    offsetSec: 3 * MINUTE,
    reads: ["stablecoins", "freeze-events"],
    publishes: ["freeze-events"],
    seals: false,
    load: async () => (await import("./freezes/lane.ts")).freezesLane,
  },
  {
    name: "stress",
    everySec: 30 * MINUTE,
    offsetSec: 0,
    reads: [
      "stablecoins",
      "dex-liquidity",
      "dex-prices",
      "fx-rates",
      "freeze-events",
      "mint-burn-flows",
      "stability-index",
      "dews",
    ],
    publishes: ["dews"],
    seals: false,
    load: async () => (await import("./stress/lane.ts")).stressLane,
  },
  {
    name: "stability",
    everySec: 30 * MINUTE,
    offsetSec: 0,
    reads: ["stablecoins", "depeg-events", "dews"],
    publishes: ["stability-index"],
    seals: false,
    load: async () => (await import("./stability/lane.ts")).stabilityLane,
  },
  {
    name: "chains",
    everySec: HOUR,
    offsetSec: 0,
    reads: ["supply", "stablecoins", "report-cards", "chains"],
    publishes: ["chains"],
    seals: false,
    load: async () => (await import("./chains/lane.ts")).chainsLane,
  },
  {
    name: "discovery",
    everySec: DAY,
    offsetSec: 8 * HOUR,
    reads: ["supply", "discovery-candidates"],
    publishes: ["discovery-candidates"],
    seals: false,
    load: async () => (await import("./discovery/lane.ts")).discoveryLane,
  },
  {
    name: "daily",
    everySec: DAY,
    offsetSec: 8 * HOUR,
    reads: [
      ...(["stablecoins", "depeg-events", "stability-index", "mint-burn-flows", "dews", "report-cards"] as const),
      ...(["freeze-events", "yield-rankings", "dex-liquidity"] as const),
    ],
    publishes: ["supply-history", "stablecoin-charts", "daily-changes", "daily-digest", "weekly-digest"],
    seals: true,
    load: async () => (await import("./daily/lane.ts")).dailyLane,
  },
];

/** How often a dataset is made anew. */
export function everySecOf(dataset: SnapshotName): number {
  const entry = TIMETABLE.find(({ publishes }) => publishes.includes(dataset));
  if (entry === undefined) throw new Error(`no lane on the timetable publishes ${dataset}`);
  return entry.everySec;
}

/** Whether a lane should run at `nowSec`, given what status says of its last try. */
export function isDue(
  entry: Pick<TimetableEntry, "everySec" | "offsetSec">,
  last: LaneState | undefined,
  nowSec: number,
): boolean {
  if (!last) return true;
  const slot = (sec: number) => Math.floor((sec - entry.offsetSec) / entry.everySec);
  return slot(nowSec) > slot(last.lastStartedAt) || (last.status === "error" && nowSec > last.lastStartedAt);
}
