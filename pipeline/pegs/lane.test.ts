import { describe, expect, it } from "vitest";
import type { LaneContext, LaneResult } from "../lane.ts";
import type { Coin } from "../schema/coin.ts";
import { SNAPSHOTS, type SnapshotName } from "../schema/datasets.ts";
import type { DepegEvent, PendingDepeg } from "../schema/depegs.ts";
import { DEPEG_EVENTS } from "../schema/history.ts";
import type { PeggedAsset } from "../schema/stablecoins.ts";
import { eventId } from "./depeg-events.ts";
import { pegsLane } from "./lane.ts";
import { keptState } from "./peg-past.ts";

const NOW = 1_800_000_000;
const HALF_HOUR = 1_800;

function coin(id: string, more: { currency?: string; navToken?: boolean; state?: string } = {}): Coin {
  const currency = more.currency ?? "USD";
  return {
    id,
    symbol: id.toUpperCase(),
    name: id,
    peg: { currency, type: `pegged${currency}`, referenceId: null },
    governance: null,
    navToken: more.navToken ?? false,
    commodityOunces: null,
    launchDate: null,
    status: { state: more.state ?? "active", since: null },
    ids: { defillama: "1", coingecko: `${id}-gecko`, coinmarketcap: null, coinmarketcapSlug: null },
  } as unknown as Coin;
}

function asset({ id, peg, status }: Coin, price: number | null, more: Partial<PeggedAsset> = {}): PeggedAsset {
  return {
    id,
    pegType: peg.type,
    pegCurrency: peg.currency,
    state: status.state,
    price,
    priceReason: price === null ? "no-fresh-quote" : null,
    priceSource: price === null ? "missing" : "binance+kraken",
    priceConfidence: price === null ? null : "high",
    priceObservedAt: NOW - 60,
    priceObservedAtMode: "local_fetch",
    priceUpdatedAt: NOW - 60,
    agreeSources: price === null ? [] : ["binance", "kraken"],
    circulating: { [peg.type]: 50e6 },
    ...more,
  } as PeggedAsset;
}

function openEvent(stablecoinId: string, pegType = "peggedUSD"): DepegEvent {
  const startedAt = NOW - 5 * HALF_HOUR;
  return {
    id: eventId(stablecoinId, startedAt, "live"),
    stablecoinId,
    symbol: stablecoinId.toUpperCase(),
    pegType,
    direction: "below",
    peakDeviationBps: -300,
    startedAt,
    endedAt: null,
    startPrice: 0.98,
    peakPrice: 0.97,
    recoveryPrice: null,
    pegReference: 1,
    source: "live",
    confirmationSources: null,
    pendingReason: null,
    endReason: null,
    episodeId: `${stablecoinId}-below-${startedAt}`,
  };
}

interface Given {
  coins: Coin[];
  assets: PeggedAsset[];
  open?: DepegEvent[];
  pending?: PendingDepeg[];
  /** Coins that had a price in the run before. */
  priced?: string[];
  pricesAt?: number;
  status?: "fresh" | "degraded";
  fx?: Record<string, { usdPerUnit: number; freshness: string }>;
  quotes?: Record<string, unknown[]>;
  /** Answers of the confirmers by source id. */
  confirmers?: Record<string, { key: string; priceUsd: number; observedAt: number | null }[]>;
}

async function run(given: Given): Promise<LaneResult & { asked: string[] }> {
  const { coins, assets, open = [], pending = [], status = "fresh", pricesAt = NOW } = given;
  const asked: string[] = [];
  const snapshots: Partial<Record<SnapshotName, unknown>> = {
    stablecoins: { peggedAssets: assets },
    supply: {},
    "fx-rates": { rates: given.fx ?? {} },
    "price-quotes": { quotes: given.quotes ?? {} },
    "dex-prices": { prices: {} },
  };
  const state: Record<string, unknown> = {
    ...keptState({
      ranAt: NOW - HALF_HOUR,
      open,
      pending,
      priced: given.priced ?? coins.map(({ id }) => id),
      firstSeenAt: {},
    }),
    "peg-intervals": {},
  };
  const context = {
    nowSec: NOW,
    registry: { coins, coinById: new Map(coins.map((each) => [each.id, each])) },
    published: (name: SnapshotName) =>
      snapshots[name] ? { generatedAt: pricesAt, asOf: pricesAt, status, data: snapshots[name] } : null,
    state: (name: string) => state[name] ?? null,
    collect: async ({ id }: { id: string }, { keys }: { keys: string[] }) => {
      asked.push(`${id} ${keys.join(",")}`);
      const quotes = given.confirmers?.[id];
      return quotes
        ? { ok: true, value: { quotes }, fetchedAt: NOW }
        : { ok: false, reason: "unavailable", detail: "down" };
    },
  } as unknown as LaneContext;
  return { ...(await pegsLane.run(context)), asked };
}

const calm = ["a-a", "b-b", "c-c", "d-d", "e-e", "f-f", "g-g", "h-h", "i-i", "j-j"].map((id) => coin(id));
const calmAssets = calm.map((each) => asset(each, 1));
const events = (result: LaneResult) => result.snapshots["depeg-events"]?.data;

describe("coins that were not seen", () => {
  const lost = [
    { id: "gone-gone", coins: [], assets: [], reason: "untracked" },
    { id: "dead-dead", coins: [coin("dead-dead", { state: "dead" })], assets: [], reason: "untracked" },
    { id: "nav-nav", coins: [coin("nav-nav", { navToken: true })], assets: [], reason: "ineligible" },
    { id: "soon-soon", coins: [coin("soon-soon", { state: "pre-launch" })], assets: [], reason: "ineligible" },
    {
      id: "bad-bad",
      coins: [coin("bad-bad")],
      assets: [asset(coin("bad-bad"), null, { priceReason: "severe_downside_requires_corroboration" })],
      reason: "validation-failed",
    },
    { id: "mute-mute", coins: [coin("mute-mute")], assets: [asset(coin("mute-mute"), null)], reason: "no-price" },
    {
      id: "tiny-tiny",
      coins: [coin("tiny-tiny")],
      assets: [asset(coin("tiny-tiny"), 0.97, { circulating: { peggedUSD: 999_999 } })],
      reason: "below-supply-floor",
    },
    {
      id: "size-size",
      coins: [coin("size-size")],
      assets: [asset(coin("size-size"), 0.97, { circulating: null })],
      reason: "not-processed",
    },
  ];

  it.each(lost)("lose their event as $reason ($id)", async ({ id, coins, assets, reason }) => {
    const result = await run({
      coins: [...calm, ...coins],
      assets: [...calmAssets, ...assets],
      priced: calm.map((each) => each.id),
      open: [openEvent(id)],
    });
    expect(result.status).toBe("ok");
    expect(result.history[0]?.rows).toMatchObject([
      { stablecoinId: id, endReason: reason, recoveryPrice: null, endedAt: NOW },
    ]);
    expect(events(result)?.orphanCleanup).toBe("done");
  });

  it("keep it while fewer than 90 % of the coins have a price, and nothing recovers then", async () => {
    const assets = calmAssets.map((each, index) => (index < 2 ? asset(calm[index] as Coin, null) : each));
    const result = await run({ coins: calm, assets, open: [openEvent("a-a"), openEvent("c-c")] });
    expect(result.history[0]?.rows).toEqual([]);
    expect(events(result)?.events.map((event) => event.stablecoinId)).toEqual(["a-a", "c-c"]);
    expect(events(result)).toMatchObject({
      orphanCleanup: "skipped-degraded-coverage",
      keptOpen: [openEvent("a-a").id],
    });
    expect(result).toMatchObject({ status: "degraded", reasons: [{ code: "orphan-cleanup-skipped" }] });
  });

  it("keep it while the price or supply lane is not ok; a coin that is seen back at its peg still recovers", async () => {
    const result = await run({
      coins: calm,
      assets: [asset(calm[0] as Coin, null), ...calmAssets.slice(1)],
      open: [openEvent("a-a"), openEvent("c-c")],
      status: "degraded",
    });
    expect(result.history[0]?.rows).toMatchObject([{ stablecoinId: "c-c", endReason: "recovered", recoveryPrice: 1 }]);
    expect(events(result)?.keptOpen).toEqual([openEvent("a-a").id]);
  });

  const references: { name: string; fx: NonNullable<Given["fx"]> }[] = [
    { name: "missing", fx: {} },
    { name: "stale", fx: { EUR: { usdPerUnit: 1.08, freshness: "stale" } } },
  ];
  it.each(references)("keep it when the reference of their own peg is $name", async ({ fx }) => {
    const euro = coin("euro-euro", { currency: "EUR" });
    const result = await run({
      coins: [...calm, euro],
      assets: [...calmAssets, asset(euro, 1.2)],
      open: [openEvent("euro-euro", "peggedEUR"), openEvent("gone-gone")],
      fx,
    });
    expect(result.history[0]?.rows).toMatchObject([{ stablecoinId: "gone-gone", endReason: "untracked" }]);
    expect(events(result)?.keptOpen).toEqual([openEvent("euro-euro").id]);
    const row = result.snapshots["peg-summary"]?.data.coins.find((each) => each.id === "euro-euro");
    expect(row).toMatchObject({ currentDeviationBps: null, deviationReason: "no-reference-rate" });
  });
});

describe("without prices of this run", () => {
  it("nothing is decided and the last good snapshots stay", async () => {
    const result = await run({ coins: calm, assets: calmAssets, open: [openEvent("a-a")], pricesAt: NOW - HALF_HOUR });
    expect(result).toMatchObject({
      status: "degraded",
      reasons: [{ code: "prices-not-current" }],
      snapshots: {},
      withheld: ["depeg-events", "depeg-pending", "peg-summary"],
      state: {},
    });
  });
});

describe("a large coin off its peg", () => {
  const large = coin("big-big");
  const offPeg = (more: Partial<PeggedAsset> = {}) => asset(large, 0.98, { circulating: { peggedUSD: 2e9 }, ...more });
  const waiting: PendingDepeg = {
    stablecoinId: "big-big",
    symbol: "BIG-BIG",
    pegType: "peggedUSD",
    direction: "below",
    reason: "large-cap",
    pegReference: 1,
    firstSeenAt: NOW - HALF_HOUR,
    firstSeenBps: -150,
    firstPrice: 0.985,
    lastSeenAt: NOW - HALF_HOUR,
    lastSeenBps: -150,
    lastSeenPrice: 0.985,
    peakSeenBps: -150,
    peakPrice: 0.985,
  };
  const given = (more: Partial<Given>): Given => ({
    coins: [...calm, large],
    assets: [...calmAssets, offPeg()],
    ...more,
  });

  it("waits in the run that first sees it, and nobody is asked", async () => {
    const result = await run(given({}));
    expect(result.snapshots["depeg-pending"]?.data.pending).toMatchObject([
      { stablecoinId: "big-big", firstSeenAt: NOW },
    ]);
    expect(events(result)?.events).toEqual([]);
    expect(result.asked).toEqual([]);
  });

  it("is confirmed by the exchange's own price in the next one", async () => {
    const quotes = { "big-big": [{ source: "binance", priceUsd: 0.979, verdict: "disagreed" }] };
    const result = await run(given({ pending: [waiting], quotes }));
    expect(events(result)?.events).toMatchObject([
      {
        startedAt: NOW - HALF_HOUR,
        startPrice: 0.985,
        peakDeviationBps: -210,
        pendingReason: "large-cap",
        confirmationSources: "cex:binance",
      },
    ]);
    expect(result.snapshots["depeg-pending"]?.data.pending).toEqual([]);
  });

  it("or by the aggregator that had no say, if its answer is fresh", async () => {
    const answer = (observedAt: number | null) => ({
      "coingecko:confirm": [{ key: "big-big-gecko", priceUsd: 0.981, observedAt }],
    });
    const fresh = await run(given({ pending: [waiting], confirmers: answer(NOW - 1_800) }));
    expect(fresh.asked).toEqual(["coingecko:confirm big-big-gecko"]);
    expect(events(fresh)?.events).toMatchObject([{ confirmationSources: "coingecko-confirm", peakDeviationBps: -200 }]);
    for (const observedAt of [NOW - 1_801, NOW + 301, null]) {
      const late = await run(given({ pending: [waiting], confirmers: answer(observedAt) }));
      expect(events(late)?.events).toEqual([]);
      expect(late.snapshots["depeg-pending"]?.data.pending).toHaveLength(1);
    }
  });

  it("asks DefiLlama where CoinGecko already spoke, and keeps waiting when nobody answers", async () => {
    const agreeSources = ["coingecko", "kraken", "pyth"];
    const result = await run(given({ pending: [waiting], assets: [...calmAssets, offPeg({ agreeSources })] }));
    expect(result.asked).toEqual(["defillama-coins:confirm coingecko:big-big-gecko"]);
    expect(result.snapshots["depeg-pending"]?.data.pending).toMatchObject([
      { firstSeenAt: NOW - HALF_HOUR, lastSeenAt: NOW },
    ]);
  });
});

describe("a damaged state", () => {
  it("is named, not guessed at", async () => {
    const broken = { ...openEvent("a-a"), direction: "sideways" } as unknown as DepegEvent;
    await expect(run({ coins: calm, assets: calmAssets, open: [broken] })).rejects.toThrow(
      /state of the pegs lane is damaged at open\.0\.direction/,
    );
  });
});

describe("a peg currency without a rate", () => {
  const franc = coin("xofx", { currency: "XOF" });
  const cheap = asset(franc, 0.0016);

  it("measures nobody: a coin of it has no deviation, with the reason, and no depeg begins", async () => {
    const { snapshots, status } = await run({ coins: [franc], assets: [cheap], fx: {} });
    expect(status).toBe("ok");
    expect(snapshots["depeg-events"]?.data.events).toEqual([]);
    expect(snapshots["depeg-pending"]?.data.pending).toEqual([]);
    const [row] = snapshots["peg-summary"]?.data.coins ?? [];
    expect(row).toMatchObject({ currentDeviationBps: null, deviationReason: expect.stringMatching(/./) });
  });

  it("counts an old rate as none, and leaves an open depeg of it open", async () => {
    const open = [openEvent("xofx", "peggedXOF")];
    const { snapshots } = await run({
      coins: [franc],
      assets: [cheap],
      open,
      fx: { XOF: { usdPerUnit: 0.0016, freshness: "stale" } },
    });
    expect(snapshots["depeg-events"]?.data.events).toEqual(open);
    expect(snapshots["depeg-events"]?.data.keptOpen).toEqual([open[0]?.id]);
  });
});

describe("a published depeg", () => {
  it("never ends before it started, in the snapshot and in the history", () => {
    const event = { ...openEvent("a"), endReason: "recovered", recoveryPrice: 1 };
    const shape = SNAPSHOTS["depeg-events"].schema.shape.events.element;
    expect(shape.safeParse({ ...event, endedAt: event.startedAt }).success).toBe(true);
    expect(shape.safeParse({ ...event, endedAt: event.startedAt - 1 }).error?.issues[0]?.message).toBe(
      "is before it started",
    );
    expect(DEPEG_EVENTS.row.safeParse({ ...event, endedAt: event.startedAt - 1 }).success).toBe(false);
  });
});
