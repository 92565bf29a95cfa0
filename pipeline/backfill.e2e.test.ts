import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  backfillFlows,
  backfillPrices,
  mergeShards,
  reclassifyCommand,
  recountCommand,
} from "./cli/backfill-command.ts";
import { flowFigures } from "./flow-coins.ts";
import { readSnapshot } from "./publish/read-snapshot.ts";
import type { HourlyFlow, StoredFlows } from "./schema/flows.ts";
import { blockAt } from "./simulator/chains.ts";
import { openStore } from "./store/store.ts";
import { HALF_HOUR_SEC, type SmallWorld, START_SEC, smallWorld } from "./test-support/small-world.ts";
import { treeOf } from "./test-support/tree.ts";
import { isoSeconds } from "./time.ts";
import { verifyData } from "./verify.ts";

const DAY = 86_400;
const NOW_SEC = START_SEC + 2 * HALF_HOUR_SEC;
const block = (sec: number) => blockAt("eip155:1", sec);
let world: SmallWorld;
/** The coin with the most events on record, and its contract's key. */
let busiest = { coinId: "", key: "" };

/** What a command prints. */
async function printed<Answer>(run: () => Promise<number>): Promise<Answer> {
  let text = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    text += String(part);
    return true;
  });
  try {
    expect(await run()).toBe(0);
  } finally {
    write.mockRestore();
  }
  return JSON.parse(text) as Answer;
}

function copyOf(name: string): string {
  const copy = join(world.root, name);
  cpSync(world.dataDir, copy, { recursive: true });
  return copy;
}

const flagsFor = (data: string) => ({
  data,
  upstreams: world.upstreamsFile,
  // After the last run: of two at one instant the later id counts as the newer.
  now: isoSeconds(NOW_SEC + 60),
  commit: false,
});

/** Bytes of the flows' history and state; manifests carry run ids. */
function flowsOf(data: string): Record<string, string> {
  const tree = treeOf(data);
  return Object.fromEntries(Object.entries(tree).filter(([path]) => /mint-burn|state\/flows/.test(path)));
}

beforeAll(async () => {
  world = await smallWorld({ coins: 80 });
  for (const at of [START_SEC, START_SEC + HALF_HOUR_SEC, NOW_SEC]) await world.run(at);
  const folder = join(world.dataDir, "history/mint-burn-events");
  const ids = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line).coinId as string);
  const [coinId = ""] = [...Map.groupBy(ids, (id) => id)].sort((a, b) => b[1].length - a[1].length)[0] ?? [];
  const address = world.registry.coins.find((coin) => coin.id === coinId)?.mintBurnContracts[0]?.address;
  busiest = { coinId, key: `ethereum-${address}` };
}, 60_000);

afterAll(() => world.close());

describe("a backfill", () => {
  const range = { from: String(block(START_SEC - 4 * DAY)), to: undefined };

  it("fills one contract in chunks and says where to go on", async () => {
    const data = copyOf("one");
    const first = await printed<{
      done: boolean;
      nextFromBlock: number;
      chunksProcessed: number;
      rowsInserted: number;
    }>(() =>
      backfillFlows({ ...flagsFor(data), config: busiest.key, from: range.from, chunk: "5000", maxChunks: "2" }),
    );
    expect(first).toMatchObject({ configKey: busiest.key, selectionMode: "explicit", done: false, chunksProcessed: 2 });
    expect(first.nextFromBlock).toBe(Number(range.from) + 10_000);
    expect(first.rowsInserted).toBeGreaterThan(10);
    const second = await printed<{ done: boolean; nextFromBlock: null }>(() =>
      backfillFlows({ ...flagsFor(data), config: busiest.key, from: String(first.nextFromBlock), chunk: "50000" }),
    );
    expect(second).toMatchObject({ done: true, nextFromBlock: null });
    const again = await printed<{ rowsInserted: number; rowsIgnored: number; rowsReclassified: number }>(() =>
      backfillFlows({ ...flagsFor(data), config: busiest.key, from: range.from, chunk: "50000" }),
    );
    expect(again).toMatchObject({ rowsInserted: 0, rowsReclassified: 0 });
    expect(again.rowsIgnored).toBeGreaterThan(10);
    expect((await verifyData(data)).problems).toEqual([]);
  });

  it("chooses a critical contract by itself, and names an unknown one", async () => {
    const data = copyOf("auto");
    const chosen = await printed(() => backfillFlows({ ...flagsFor(data), chunk: "10", maxChunks: "1" }));
    expect(chosen).toMatchObject({ selectionMode: "auto", selectionReason: "critical-first-most-behind", done: false });
    await expect(backfillFlows({ ...flagsFor(data), config: "ethereum-0x00" })).rejects.toThrow(/no contract/);
  });

  it("gives the same bytes from one shard and from three, merged in any order", async () => {
    const trees: Record<string, string>[] = [];
    for (const count of [1, 3]) {
      const data = copyOf(`shards-${count}`);
      const out = join(world.root, `out-${count}`);
      const plan = await printed<{ jobs: number; shards: string[] }>(() =>
        backfillFlows({ ...flagsFor(data), from: range.from, chunk: "4000", plan: String(count) }),
      );
      expect(plan.jobs).toBeGreaterThan(3);
      expect(plan.shards).toHaveLength(count);
      const before = treeOf(data);
      for (const shard of [...plan.shards].reverse())
        await printed(() => backfillFlows({ ...flagsFor(data), from: range.from, chunk: "4000", shard, out }));
      expect(treeOf(data)).toEqual(before);
      const merged = await printed<{ rowsInserted: number }>(() => mergeShards({ ...flagsFor(data), from: out }));
      expect(merged.rowsInserted).toBeGreaterThan(100);
      trees.push(flowsOf(data));
      expect((await verifyData(data)).problems).toEqual([]);
    }
    expect(Object.keys(trees[0] ?? {}).length).toBeGreaterThan(5);
    expect(trees[1]).toEqual(trees[0]);
  });

  it("that lost a shard leaves only that shard's ranges behind", async () => {
    const data = copyOf("lost");
    const out = join(world.root, "out-lost");
    mkdirSync(out);
    for (const shard of ["1/3", "3/3"])
      await printed(() => backfillFlows({ ...flagsFor(data), from: range.from, chunk: "4000", shard, out }));
    expect(readdirSync(out)).toHaveLength(2);
    await printed(() => mergeShards({ ...flagsFor(data), from: out }));
    const rest = join(world.root, "out-rest");
    await printed(() => backfillFlows({ ...flagsFor(data), from: range.from, chunk: "4000", shard: "2/3", out: rest }));
    await printed(() => mergeShards({ ...flagsFor(data), from: rest }));
    const whole = flowsOf(join(world.root, "shards-1"));
    const repaired = flowsOf(data);
    const events = (tree: Record<string, string>) =>
      Object.fromEntries(Object.entries(tree).filter(([path]) => path.includes("mint-burn-events")));
    expect(events(repaired)).toEqual(events(whole));
  });

  it("leaves the lane's status alone and is read by the next run", async () => {
    const data = join(world.root, "shards-1");
    const status = JSON.parse(readFileSync(join(data, "snapshots/status.json"), "utf8"));
    const before = JSON.parse(readFileSync(join(world.dataDir, "snapshots/status.json"), "utf8"));
    const flows = (file: typeof status) =>
      file.data.lanes.find((lane: { lane: string }) => lane.lane === "flows").lastRunId;
    expect(flows(status)).toBe(flows(before));
    const outcome = await world.run(NOW_SEC + HALF_HOUR_SEC, { dataDir: data });
    expect(outcome.manifest?.lanes.find(({ lane }) => lane === "flows")?.status).toBe("ok");
    const whole = readSnapshot(data, "mint-burn-flows");
    const coin = whole?.data.coins.find(({ stablecoinId }) => stablecoinId === busiest.coinId);
    expect(coin?.coverage.historyStartAt).toBeLessThan(START_SEC - 3 * DAY);
    const store = await openStore(data);
    const hours = (await store.query("SELECT * FROM mint_burn_hourly")) as unknown as HourlyFlow[];
    store.close();
    const figures = flowFigures(whole?.data as StoredFlows, hours, whole?.asOf ?? 0).get(busiest.coinId);
    expect(figures?.baselineDataDays).toBeGreaterThanOrEqual(4);
  });
});

describe("repairs", () => {
  it("say what they found where nothing is wrong, and change nothing", async () => {
    const data = copyOf("repairs");
    const before = flowsOf(data);
    expect(await printed(() => reclassifyCommand(flagsFor(data)))).toMatchObject({
      toRoundtrip: 0,
      toStandard: 0,
      updated: 0,
      hoursRecalculated: 0,
      batchSize: 1000,
      done: true,
    });
    const prices = await printed<{ totalUpdated: number; rowsStillUnpriced: number; coins: unknown[] }>(() =>
      backfillPrices(flagsFor(data)),
    );
    expect(prices.totalUpdated).toBe(0);
    const recount = await printed<{ hoursCounted: number; hoursRecalculated: number }>(() =>
      recountCommand(flagsFor(data)),
    );
    expect(recount.hoursCounted).toBeGreaterThan(20);
    expect(recount.hoursRecalculated).toBe(0);
    expect(flowsOf(data)).toEqual(before);
  });
});
