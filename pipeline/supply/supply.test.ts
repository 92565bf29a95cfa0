import { describe, expect, it } from "vitest";
import type { Correction } from "../schema/correction.ts";
import type { CoinSupply } from "../schema/supply.ts";
import type { LlamaAsset } from "../sources/defillama.ts";
import { canonicalRows } from "./canonical-rows.ts";
import { findJumps, held, isCorroborated, isReleased, lastGood, toRemember } from "./jump-guard.ts";
import { listAge, listFingerprint, MAX_LIST_AGE_SEC } from "./list-age.ts";

function row(llamaId: string, more: Partial<LlamaAsset> = {}): LlamaAsset {
  return {
    llamaId,
    name: `Coin ${llamaId}`,
    symbol: `C${llamaId}`,
    geckoId: null,
    pegType: "peggedUSD",
    pegMechanism: "fiat-backed",
    priceUsd: 1,
    circulatingUsd: 100,
    prevDayUsd: 100,
    prevWeekUsd: null,
    prevMonthUsd: null,
    chains: {},
    chainsBefore: {},
    ...more,
  };
}
const ids: Record<string, string> = { "1": "one-one", "2": "one-one", "3": "three-three" };
const idOf = (llamaId: string) => ids[llamaId];

describe("rows that name one coin", () => {
  it.each([
    ["with supply over without", row("1", { circulatingUsd: null, chains: { A: 1, B: 1 } }), row("2"), "2"],
    ["with more chains", row("1", { chains: { A: 1 } }), row("2", { chains: { A: 1, B: 2 } }), "2"],
    ["with more history", row("1"), row("2", { prevWeekUsd: 90 }), "2"],
    ["with a price", row("1", { priceUsd: null }), row("2"), "2"],
    ["with the smaller id when nothing else differs", row("2"), row("1"), "1"],
  ])("keep the one %s, whatever their order", (_name, a, b, kept) => {
    for (const rows of [
      [a, b],
      [b, a],
    ]) {
      const result = canonicalRows(rows, idOf);
      expect(result.byCoin.get("one-one")?.llamaId).toBe(kept);
      expect(result.byCoin.size).toBe(1);
      expect(result.duplicates).toEqual([{ coinId: "one-one", kept, dropped: kept === "1" ? "2" : "1" }]);
    }
  });

  it("never add up, and rows nobody tracks are kept apart", () => {
    const result = canonicalRows([row("1"), row("2"), row("3"), row("9")], idOf);
    expect([...result.byCoin.values()].reduce((sum, each) => sum + (each.circulatingUsd ?? 0), 0)).toBe(200);
    expect(result.untracked.map((each) => each.llamaId)).toEqual(["9"]);
  });
});

describe("the age of a list", () => {
  it("is that of our first sight of it, and a new list is new", () => {
    const name = listFingerprint([row("1"), row("3")]);
    expect(listFingerprint([row("3"), row("1")])).toBe(name);
    expect(listFingerprint([row("1", { circulatingUsd: 101 }), row("3")])).not.toBe(name);
    const first = listAge({}, name, 1000);
    expect(first).toEqual({ ageSec: 0, seen: { [name]: 1000 } });
    expect(listAge(first.seen, name, 1000 + MAX_LIST_AGE_SEC + 1).ageSec).toBeGreaterThan(MAX_LIST_AGE_SEC);
  });

  it("is forgotten after a week", () => {
    expect(listAge({ abc: 0 }, "def", 8 * 86_400).seen).toEqual({ def: 8 * 86_400 });
  });
});

describe("the supply-jump guard", () => {
  const supply = (coinId: string, current: number | null): CoinSupply => ({
    coinId,
    supplySource: "defillama",
    reason: null,
    observedAt: 1000,
    carriedForward: false,
    usdPerUnit: null,
    units: null,
    chainUnits: null,
    chainsObservedAt: null,
    usd: { current, prevDay: null, prevWeek: null, prevMonth: null },
    chains: {},
  });
  const last = new Map([
    ["big-coin", 100e6],
    ["small-coin", 1e6],
  ]);

  it("holds a large coin that doubles or halves, and nothing else", () => {
    const jumps = (coinId: string, usd: number | null) => findJumps([supply(coinId, usd)], last).length;
    expect([jumps("big-coin", 201e6), jumps("big-coin", 49e6), jumps("big-coin", 0)]).toEqual([1, 1, 1]);
    expect([
      jumps("big-coin", 200e6),
      jumps("big-coin", 50e6),
      jumps("big-coin", null),
      jumps("small-coin", 9e6),
      jumps("new-coin", 9e9),
    ]).toEqual([0, 0, 0, 0, 0]);
    expect(jumps("small-coin", 11e6), "small before, large after").toBe(1);
  });

  it("remembers a large coin that has no supply any more, so that a gap releases nothing", () => {
    const rows = new Map([["big-coin", supply("big-coin", 100e6)]]);
    const known = lastGood(rows, {});
    expect(toRemember([supply("big-coin", null), supply("small-coin", null)], known)).toEqual({ "big-coin": 100e6 });
    const later = lastGood(new Map([["big-coin", supply("big-coin", null)]]), { "big-coin": 100e6 });
    const [jump] = findJumps([supply("big-coin", 900e6)], later);
    expect(held(jump as CoinSupply, supply("big-coin", null))).toMatchObject({
      usd: { current: null },
      reason: "supply-jump-unconfirmed",
      carriedForward: false,
    });
    expect(toRemember([supply("big-coin", 100e6)], later), "a coin that is back is remembered by its row").toEqual({});
  });

  it("is released by a second source that says the same, within a fifth", () => {
    const jump = supply("big-coin", 300e6);
    expect([241e6, 239e6, null].map((cap) => isCorroborated(jump, cap))).toEqual([true, false, false]);
    const own = { ...jump, supplySource: "coingecko-fallback" as const };
    expect(isCorroborated(own, 300e6), "nobody vouches for himself").toBe(false);
  });

  it("is released by a reviewed entry for that coin and day only", () => {
    const release: Correction = {
      id: "r",
      coinId: "big-coin",
      dataset: "supply",
      kind: "guard-release",
      what: "w",
      why: "y",
      who: "me",
      reportedAt: "2026-11-01",
      until: "2026-11-20",
      source: "s",
    };
    const day = (iso: string) => Date.parse(`${iso}T12:00:00Z`) / 1000;
    expect(isReleased("big-coin", [release], day("2026-11-20"))).toBe(true);
    expect(isReleased("big-coin", [release], day("2026-11-21"))).toBe(false);
    expect(isReleased("small-coin", [release], day("2026-11-20"))).toBe(false);
    expect(isReleased("big-coin", [{ ...release, kind: "upstream-error" }], day("2026-11-20"))).toBe(false);
  });
});
