import fc from "fast-check";
import { expect, test } from "vitest";
import type { LlamaAsset } from "../sources/defillama.ts";
import { flatChains } from "./chain-flatline.ts";

const NOW = 1_800_000_000;

/** A market in which chain "A" has so many large parts, and "B" and "C" parts of which a share moved since yesterday. */
function market(parts: number, moving: number, here: { day?: number; month?: number } = {}): LlamaAsset[] {
  return Array.from({ length: parts }, (_, n) => {
    const usd = 5e6 + n;
    const then = (day: number) => ({ prevDayUsd: usd - day, prevWeekUsd: usd - day, prevMonthUsd: usd - 2 * day });
    const moved = n < moving * parts ? 1_000 : 0;
    const own = {
      prevDayUsd: usd - (here.day ?? 0),
      prevWeekUsd: usd - (here.day ?? 0),
      prevMonthUsd: usd - (here.month ?? 7),
    };
    return {
      chains: { A: usd, B: usd, C: usd },
      chainsBefore: { A: own, B: then(moved), C: then(moved) },
    } as unknown as LlamaAsset;
  });
}

test("a chain that stands still while the others move is named, and keeps its date while it stands", () => {
  const first = flatChains(market(12, 0.8), {}, NOW);
  expect(first).toEqual({ A: NOW });
  expect(flatChains(market(12, 0.8), first, NOW + 1_800)).toEqual(first);
  expect(flatChains(market(12, 0), first, NOW + 1_800), "a calm day does not release it").toEqual(first);
  expect(flatChains(market(12, 0.8, { month: 0 }), first, NOW + 40 * 86_400), "nor does time").toEqual(first);
  expect(flatChains(market(12, 0.8, { day: 1_000 }), first, NOW + 1_800), "a moved part does").toEqual({});
});

test("a calm market, a chain of few parts and one that nobody uses are left alone", () => {
  expect(flatChains(market(12, 0.2), {}, NOW)).toEqual({});
  expect(flatChains(market(2, 1), {}, NOW)).toEqual({});
  expect(flatChains(market(12, 0.8, { month: 0 }), {}, NOW)).toEqual({});
  expect(flatChains([], {}, NOW)).toEqual({});
});

test("one part that moved is enough for a chain not to be named, whatever the market", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 30 }), fc.double({ min: 0, max: 1, noNaN: true }), (parts, moving) => {
      const assets = market(parts, moving);
      const [first] = assets as [LlamaAsset];
      first.chains.A = (first.chains.A as number) + 500;
      expect(flatChains(assets, {}, NOW)).not.toHaveProperty("A");
    }),
  );
});
