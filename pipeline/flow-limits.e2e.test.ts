import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { flowId, toEvent } from "./flow-figures.ts";
import type { LaneResult } from "./lane.ts";
import { type FlowEventRow, MINT_BURN_EVENTS } from "./schema/flows.ts";
import { type UnrulyChain, unrulyChain } from "./simulator/unruly-chain.ts";
import { benchRegistry, type LaneBench, laneBench } from "./test-support/lane-bench.ts";

const START_SEC = Date.UTC(2026, 10, 20) / 1000;
const HOUR = 3600;
const DAY = 86_400;
const COIN = "usdx-test";
const ADDRESS = "0x000000000000000000000000000000000000a006";
const REGISTRY = benchRegistry({ id: "eip155:1", slug: "unruly", name: "Unruly", blockTimeSec: 12 }, [
  { id: COIN, symbol: "USDX", contracts: [{ address: ADDRESS, decimals: 6, events: ["transfer"] }] },
]);
const PRICES = {
  asOf: START_SEC,
  data: { peggedAssets: [{ id: COIN, price: 0.998, priceUpdatedAt: START_SEC - 60 }], coins: [] },
};

let chain: UnrulyChain;
let bench: LaneBench;
let isPriced = true;

beforeEach(async () => {
  isPriced = true;
  const token = { coinId: COIN, address: ADDRESS, decimals: 6, isBridged: false };
  chain = unrulyChain({ seed: 1, tokens: [token], startSec: START_SEC, slug: "unruly", nodes: 2 });
  bench = laneBench(REGISTRY, chain.answers, (name) => (name === "stablecoins" && isPriced ? PRICES : null));
  chain.calm();
  chain.mine(400);
  await bench.run(chain.now());
});
afterEach(() => bench.close());

const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;

/** A stored event of this age; `tx` names its transaction. */
function event(ageSec: number, tx: number, more: Partial<FlowEventRow> = {}): FlowEventRow {
  return {
    coinId: COIN,
    chainId: "unruly",
    blockNumber: 1,
    logIndex: 0,
    txHash: hash(0xabc000000 + tx),
    timestamp: chain.now() - ageSec,
    direction: "mint",
    amountUnits: "50000000000",
    decimals: 6,
    counterparty: null,
    flowType: "standard",
    burnType: null,
    burnReviewReason: null,
    priceUsed: 1,
    priceTimestamp: START_SEC,
    priceSource: "supply-history-daily",
    revision: 0,
    removed: false,
    ...more,
  };
}
const UNPRICED = { priceUsed: null, priceTimestamp: null, priceSource: null };

function store(rows: FlowEventRow[]): void {
  const result: LaneResult = {
    status: "ok",
    reasons: [],
    snapshots: {},
    history: [{ dataset: MINT_BURN_EVENTS, rows }],
    state: {},
    counts: {},
  };
  bench.apply(result, false);
}

/** Both halves of a roundtrip that were stored apart. */
function halves(ageSec: number, tx: number, more: Partial<FlowEventRow> = {}): FlowEventRow[] {
  return [
    event(ageSec, tx, more),
    event(ageSec, tx, {
      logIndex: 1,
      direction: "burn",
      burnType: "effective_burn",
      amountUnits: "49800000000",
      ...more,
    }),
  ];
}

const sum = async (of: (row: FlowEventRow) => boolean) => (await bench.events()).filter(of).length;
const isOurs = ({ txHash }: FlowEventRow) => txHash.startsWith(hash(0xabc000000).slice(0, 60));

describe("prices that were missing", () => {
  it("are healed 500 a run, of the last 48 hours only, oldest first, from the price known now", async () => {
    const young = Array.from({ length: 620 }, (_, i) => event(60 + i * 60, i, UNPRICED));
    const edge = event(48 * HOUR, 900, UNPRICED);
    const old = [event(48 * HOUR + 1, 901, UNPRICED), event(30 * DAY, 902, UNPRICED)];
    store([...young, edge, ...old]);
    const first = await bench.run(chain.now());
    expect(first.counts).toMatchObject({ nullPricesHealed: 500, nullPriceBacklogRecent: 621 });
    const healed = (await bench.events()).filter(({ priceSource }) => priceSource === "price_cache_heal");
    expect(healed).toHaveLength(500);
    expect(healed[0]).toMatchObject({ priceUsed: 0.998, priceTimestamp: START_SEC - 60 });
    expect(healed.map(flowId)).toContain(flowId(edge));
    const youngest = young[0] as FlowEventRow;
    expect(healed.map(flowId)).not.toContain(flowId(youngest));
    const second = await bench.run(chain.now());
    expect(second.counts).toMatchObject({ nullPricesHealed: 121, nullPriceBacklogRecent: 121 });
    expect(second.counts.nullPriceBacklogHistorical).toBeGreaterThan(0);
    expect((await bench.run(chain.now())).counts.nullPricesHealed).toBe(0);
    const left = (await bench.events()).filter(({ priceUsed }) => priceUsed === null);
    expect(left.map(flowId).sort()).toEqual(old.map(flowId).sort());
  });

  it("stay missing while nobody knows the price: unknown is not zero, and hours follow once it is known", async () => {
    isPriced = false;
    store([event(5 * HOUR, 1, UNPRICED)]);
    expect((await bench.run(chain.now())).counts).toMatchObject({ nullPricesHealed: 0, nullPriceBacklogRecent: 1 });
    isPriced = true;
    await bench.run(chain.now());
    const [row] = (await bench.events()).filter(isOurs);
    expect(row && toEvent(row)).toMatchObject({ priceUsed: 0.998, amount: 50_000 });
  });
});

describe("halves of roundtrips that were stored apart", () => {
  it("are joined 200 groups a run, of the last seven days, oldest first", async () => {
    const groups = Array.from({ length: 230 }, (_, i) => halves(HOUR + i * 600, i)).flat();
    const old = halves(7 * DAY + 60, 900);
    const apart = halves(DAY, 901).map((row, i) => (i === 1 ? { ...row, amountUnits: "40000000000" } : row));
    store([...groups, ...old, ...apart]);
    // Nobody lagged: halves cannot have come apart, and nothing is looked for.
    expect((await bench.run(chain.now())).counts.roundtripsSwept).toBe(0);
    bench.changeState((state) => {
      state.sweepUntil = chain.now() + DAY;
    });
    const first = await bench.run(chain.now());
    expect(first.counts).toMatchObject({ roundtripsSwept: 400, roundtripsBacklogSaturated: 1 });
    const youngest = groups.slice(0, 60).map(flowId);
    const joined = (await bench.events()).filter(({ flowType }) => flowType === "atomic_roundtrip").map(flowId);
    expect(joined.filter((id) => youngest.includes(id))).toEqual([]);
    const second = await bench.run(chain.now());
    expect(second.counts).toMatchObject({ roundtripsSwept: 60, roundtripsBacklogSaturated: 0 });
    expect(await sum((row) => isOurs(row) && row.flowType === "standard")).toBe(4);
    expect((await bench.run(chain.now())).counts.roundtripsSwept).toBe(0);
  });

  it("are joined whole, also where one half gets its price in the same run", async () => {
    const [mint, burn] = halves(3 * HOUR, 1) as [FlowEventRow, FlowEventRow];
    store([mint, { ...burn, ...UNPRICED }]);
    bench.changeState((state) => {
      state.sweepUntil = chain.now() + DAY;
    });
    const result = await bench.run(chain.now());
    expect(result.counts).toMatchObject({ roundtripsSwept: 2, nullPricesHealed: 1 });
    const rows = (await bench.events()).filter(isOurs);
    expect(rows.map(({ flowType, priceUsed }) => [flowType, priceUsed === null])).toEqual([
      ["atomic_roundtrip", false],
      ["atomic_roundtrip", false],
    ]);
  });
});
