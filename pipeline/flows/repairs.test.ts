import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { flowId } from "../flow-figures.ts";
import { hourOf } from "../flow-hours.ts";
import type { LaneContext } from "../lane.ts";
import { mergeHistory } from "../publish/history-files.ts";
import { type FlowEventRow, type HourlyFlowRow, MINT_BURN_EVENTS, MINT_BURN_HOURLY } from "../schema/flows.ts";
import { SUPPLY_HISTORY } from "../schema/history.ts";
import type { HistoryDataset } from "../schema/history-dataset.ts";
import { historyRows } from "../store/day-rows.ts";
import { openDatabase } from "../store/duckdb.ts";
import { openStore, type Store } from "../store/store.ts";
import { DAY_SEC } from "../time.ts";
import { reclassifyRoundtrips } from "./reclassify.ts";
import { recountHours } from "./recount-hours.ts";
import { repairPrices } from "./repair-prices.ts";
import { type FlowsState, FlowsStateSchema } from "./state.ts";

const NOW_SEC = Date.UTC(2026, 10, 20, 12) / 1000;
const DAY = NOW_SEC - (NOW_SEC % DAY_SEC) - 5 * DAY_SEC;
const CHAIN = "ethereum";

let dataDir: string;
let store: Store | null;
let state: FlowsState;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-repairs-"));
  store = null;
  const cursor = { block: 100, hash: "0x1", timestamp: NOW_SEC, checkpoints: [], rangeLimit: null };
  const since = { block: 1, timestamp: DAY - 30 * DAY_SEC };
  state = FlowsStateSchema.parse({ chains: { [CHAIN]: { ...cursor, since, hoursThrough: hourOf(NOW_SEC) } } });
});
afterEach(async () => {
  await store?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function keep<Row>(dataset: HistoryDataset<Row>, rows: readonly Row[]): void {
  for (const [path, { text }] of mergeHistory(dataDir, dataset as never, rows as never)) {
    mkdirSync(dirname(join(dataDir, path)), { recursive: true });
    writeFileSync(join(dataDir, path), text);
  }
}

/** As a repair command sees the record, opened anew each time. */
async function context(): Promise<LaneContext> {
  await store?.close();
  store = await openStore(dataDir);
  const history = async (dataset: HistoryDataset<unknown>, sinceSec: number) =>
    historyRows(dataDir, dataset as never, sinceSec, () => openDatabase([dataDir]));
  return { nowSec: NOW_SEC, store: async () => store as Store, history } as unknown as LaneContext;
}

let nth = 0;
function event(more: Partial<FlowEventRow>): FlowEventRow {
  nth += 1;
  return {
    coinId: "a-test",
    chainId: CHAIN,
    blockNumber: nth,
    logIndex: nth,
    txHash: `0x${nth.toString(16).padStart(64, "0")}`,
    timestamp: DAY + 3600,
    direction: "mint",
    amountUnits: "50000000000",
    decimals: 6,
    counterparty: null,
    flowType: "standard",
    burnType: more.direction === "burn" ? "effective_burn" : null,
    burnReviewReason: null,
    priceUsed: 1,
    priceTimestamp: DAY,
    priceSource: "supply-history-daily",
    revision: 0,
    removed: false,
    ...more,
  };
}
const UNPRICED = { priceUsed: null, priceTimestamp: null, priceSource: null };
const dayPrice = (coinId: string, date: number, priceUsd: number | null) => ({
  coinId,
  date,
  circulatingUsd: 1e9,
  priceUsd,
});

/** Hours as the runs would have stored them. */
async function keepHours(): Promise<void> {
  const { hours } = await recountHours(await context(), state);
  keep(MINT_BURN_HOURLY, hours);
}
const volume = (hours: readonly HourlyFlowRow[], coinId: string) =>
  hours.find((hour) => hour.coinId === coinId)?.mintVolumeUsd;

describe("prices of the past", () => {
  it("come from the event's own day, never another one; USD that is there is not touched", async () => {
    const valued = event(UNPRICED);
    const dayBefore = event({ ...UNPRICED, timestamp: DAY - 3600 });
    const never = event({ ...UNPRICED, coinId: "b-test" });
    const noted = event({ coinId: "c-test", priceUsed: 0.97, priceTimestamp: null, priceSource: null });
    const whole = event({ coinId: "c-test" });
    keep(MINT_BURN_EVENTS, [valued, dayBefore, never, noted, whole]);
    keep(SUPPLY_HISTORY, [
      dayPrice("a-test", DAY, 0.5),
      dayPrice("a-test", DAY + DAY_SEC, 0.9),
      dayPrice("b-test", DAY, null),
      dayPrice("c-test", DAY, 2),
    ]);
    await keepHours();
    const { report, events, hours } = await repairPrices(await context(), state);
    const nothing = { updated: 0, valued: 0, audited: 0, stillUnpriced: 0, stillMissingAudit: 0 };
    expect(report).toEqual({
      totalUpdated: 2,
      rowsValued: 1,
      rowsAudited: 1,
      rowsStillUnpriced: 2,
      rowsStillMissingAudit: 2,
      coins: [
        { ...nothing, id: "a-test", updated: 1, valued: 1, stillUnpriced: 1, stillMissingAudit: 1 },
        { ...nothing, id: "b-test", stillUnpriced: 1, stillMissingAudit: 1 },
        { ...nothing, id: "c-test", updated: 1, audited: 1 },
      ],
    });
    const repaired = new Map(events.map((row) => [flowId(row), row]));
    expect(repaired.get(flowId(valued))).toEqual({
      ...valued,
      priceUsed: 0.5,
      priceTimestamp: DAY,
      priceSource: "backfill-supply-history-daily",
      revision: NOW_SEC,
    });
    expect(repaired.get(flowId(noted))).toMatchObject({ priceUsed: 0.97, priceSource: "backfill-derived-amount-usd" });
    // Only hours whose USD changed are made anew.
    expect(hours.map(({ coinId, revision }) => [coinId, revision])).toEqual([["a-test", NOW_SEC]]);
    expect(volume(hours, "a-test")).toBe(25_000);
    keep(MINT_BURN_EVENTS, events);
    keep(MINT_BURN_HOURLY, hours);
    expect((await repairPrices(await context(), state)).report).toMatchObject({
      totalUpdated: 0,
      rowsStillUnpriced: 2,
    });
    expect((await recountHours(await context(), state)).report.hoursRecalculated).toBe(0);
  });
});

describe("roundtrips of the past", () => {
  const pair = (mint: string, burn: string, more: Partial<FlowEventRow> = {}): FlowEventRow[] => {
    const first = event({ amountUnits: mint, ...more });
    return [first, event({ ...more, txHash: first.txHash, direction: "burn", amountUnits: burn })];
  };

  it("are joined where they match, released where they do not or have one side only, and their hours follow", async () => {
    const joined = pair("50000000000", "49750000000");
    const apart = pair("50000000000", "49700000000");
    const released = pair("50000000000", "20000000000", { coinId: "b-test", flowType: "atomic_roundtrip" });
    const half = event({ coinId: "c-test", flowType: "atomic_roundtrip" });
    const bridge = pair("50000000000", "50000000000", { coinId: "d-test", flowType: "bridge_transfer" });
    const old = pair("50000000000", "50000000000", { timestamp: DAY - 100 * DAY_SEC });
    keep(MINT_BURN_EVENTS, [...joined, ...apart, ...released, half, ...bridge, ...old]);
    await keepHours();
    const given = { sinceSec: NOW_SEC - 90 * DAY_SEC, coinId: null };
    const { report, events, hours } = await reclassifyRoundtrips(await context(), state, given);
    expect(report).toEqual({
      toRoundtrip: 2,
      toStandard: 3,
      updated: 5,
      hoursRecalculated: 3,
      batchSize: 1000,
      done: true,
    });
    const flowTypes = new Map(events.map((row) => [flowId(row), row.flowType]));
    for (const row of joined) expect(flowTypes.get(flowId(row))).toBe("atomic_roundtrip");
    for (const row of [...released, half]) expect(flowTypes.get(flowId(row))).toBe("standard");
    for (const row of [...apart, ...bridge, ...old]) expect(flowTypes.has(flowId(row))).toBe(false);
    expect(volume(hours, "a-test")).toBe(50_000);
    expect(volume(hours, "b-test")).toBe(50_000);
    keep(MINT_BURN_EVENTS, events);
    keep(MINT_BURN_HOURLY, hours);
    expect((await reclassifyRoundtrips(await context(), state, given)).report.updated).toBe(0);
    expect((await recountHours(await context(), state)).report.hoursRecalculated).toBe(0);
  });

  it("of one coin leave the others, and a full batch is not the end", async () => {
    keep(MINT_BURN_EVENTS, [
      ...Array.from({ length: 1001 }, () => pair("50000000000", "50000000000")).flat(),
      ...pair("50000000000", "50000000000", { coinId: "b-test" }),
    ]);
    await keepHours();
    const given = { sinceSec: NOW_SEC - 90 * DAY_SEC, coinId: "a-test" };
    const first = await reclassifyRoundtrips(await context(), state, given);
    expect(first.report).toMatchObject({ toRoundtrip: 2000, done: false });
    expect(first.events.some(({ coinId }) => coinId === "b-test")).toBe(false);
    keep(MINT_BURN_EVENTS, first.events);
    expect((await reclassifyRoundtrips(await context(), state, given)).report).toMatchObject({
      toRoundtrip: 2,
      done: true,
    });
  });
});
