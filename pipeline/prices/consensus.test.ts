import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { familyOf } from "../price-sources.ts";
import { median, midDivergenceBps } from "../statistics.ts";
import { type Candidate, computePriceConsensus } from "./consensus.ts";

const KEYS = ["coingecko", "defillama-list", "pyth", "binance", "kraken", "curve-onchain", "redstone", "jupiter"];

/** Prices on a grid around par, so that agreements, ties and chains all happen. */
const candidatesOf = (keys: readonly string[]): fc.Arbitrary<Candidate[]> =>
  fc.uniqueArray(
    fc.record({
      source: fc.constantFrom(...keys),
      price: fc.integer({ min: 980, max: 1020 }).map((thousandths) => thousandths / 1000),
      weight: fc.constantFrom(0.5, 1, 2, 3),
      observedAt: fc.option(fc.integer({ min: 1, max: 100 })),
      observedAtMode: fc.constantFrom("upstream", "local_fetch", "unknown", null),
    }),
    { selector: ({ source }) => source, minLength: 1 },
  );
const candidates = candidatesOf(KEYS);
const doubled = candidatesOf([
  "coingecko",
  "cg-ticker",
  "coingecko-mirror",
  "curve-onchain",
  "curve-oracle",
  "pyth",
  "kraken",
]);

/** Every subset in which all pairs agree and that no agreeing source can join. */
function bruteForceCliques(given: Candidate[], thresholdBps: number): Candidate[][] {
  const agree = (a: Candidate, b: Candidate) => midDivergenceBps(a.price, b.price) <= thresholdBps;
  const cliques: Candidate[][] = [];
  for (let mask = 1; mask < 1 << given.length; mask++) {
    const members = given.filter((_, index) => mask & (1 << index));
    const rest = given.filter((_, index) => !(mask & (1 << index)));
    const isClique = members.every((a) => members.every((b) => agree(a, b)));
    if (isClique && !rest.some((a) => members.every((b) => agree(a, b)))) cliques.push(members);
  }
  return cliques;
}

const weightOf = (members: Candidate[]) => members.reduce((sum, member) => sum + member.weight, 0);

describe("consensus", () => {
  test("the winner is a maximal clique of the greatest size and, among those, weight", () => {
    fc.assert(
      fc.property(candidates, (given) => {
        const result = computePriceConsensus(given, 1);
        const cliques = bruteForceCliques(given, 50);
        const size = Math.max(...cliques.map((members) => members.length));
        if (size < 2) {
          expect(result?.confidence).toBe(given.length === 1 ? "single-source" : "low");
          expect(result?.agreeSources).toEqual([result?.selectedSource]);
          expect(given.find(({ source }) => source === result?.source)?.price).toBe(result?.price);
          return;
        }
        const largest = cliques.filter((members) => members.length === size);
        const weight = Math.max(...largest.map(weightOf));
        const best = largest.filter((members) => weightOf(members) === weight);
        const labels = best.map((members) =>
          members
            .map(({ source }) => source)
            .sort()
            .join("+"),
        );
        expect(labels).toContain(result?.source);
        expect(result?.confidence).toBe("high");
        const members = best[labels.indexOf(result?.source ?? "")] ?? [];
        expect(result?.price).toBe(median(members.map(({ price }) => price)));
        expect(result?.agreeSources).toContain(result?.selectedSource);
      }),
    );
  });

  test("where families are counted, none that agree is outnumbered by others, and one alone is never high", () => {
    const families = (members: readonly string[]) => new Set(members.map(familyOf)).size;
    fc.assert(
      fc.property(doubled, (given) => {
        const result = computePriceConsensus(given, 1, 50, "fixed", { independentFamilies: true });
        const most = Math.max(...bruteForceCliques(given, 50).map((members) => families(members.map((m) => m.source))));
        expect(families(result?.agreeSources ?? [])).toBe(most);
        expect(result?.confidence === "high").toBe(most >= 2);
      }),
    );
  });

  test("and where no family speaks twice, counting them changes nothing", () => {
    fc.assert(
      fc.property(candidates, (given) => {
        const counted = computePriceConsensus(given, 1, 50, "fixed", { independentFamilies: true });
        expect(counted).toEqual(computePriceConsensus(given, 1));
      }),
    );
  });

  test("the order of the sources does not matter, nor does it when they are asked twice", () => {
    fc.assert(
      fc.property(
        candidates.chain((given) =>
          fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
        ),
        ([given, shuffled]) => {
          const result = computePriceConsensus(given, 1);
          expect(computePriceConsensus(shuffled, 1)).toEqual(result);
          expect(computePriceConsensus([...given, ...given], 1)).toEqual(result);
        },
      ),
    );
  });

  test("agreeing and disagreeing sources are all sources, once each", () => {
    fc.assert(
      fc.property(candidates, (given) => {
        const result = computePriceConsensus(given, 1);
        const told = [...(result?.agreeSources ?? []), ...(result?.disagreeSources ?? [])].sort();
        expect(told).toEqual(given.map(({ source }) => source).sort());
        expect(Object.keys(result?.allPrices ?? {}).sort()).toEqual(told);
      }),
    );
  });

  test("a chain of near neighbours is no cluster", () => {
    const chain = [1, 1.004, 1.008].map((price, index) => ({ source: KEYS[index] as string, price, weight: 1 }));
    expect(computePriceConsensus(chain, 1)?.agreeSources.length).toBe(2);
  });

  test("no usable price, no result", () => {
    expect(computePriceConsensus([], 1)).toBeNull();
    const unusable = [0, -1, Number.NaN, Number.POSITIVE_INFINITY];
    expect(
      computePriceConsensus(
        unusable.map((price) => ({ source: "pyth", price, weight: 1 })),
        1,
      ),
    ).toBeNull();
  });

  test("NAV mode widens the threshold only where it applies: a missing reference alone does not loosen a fixed peg", () => {
    const pair = [
      { source: "coingecko", price: 1.1, weight: 2 },
      { source: "pyth", price: 1.12, weight: 2 },
    ];
    expect(computePriceConsensus(pair, null)?.confidence).toBe("high");
    expect(computePriceConsensus(pair, 0)?.confidence).toBe("high");
    expect(computePriceConsensus(pair, null, 50, "fixed")?.confidence).toBe("low");
    expect(computePriceConsensus(pair, 1, 50, "nav")?.confidence).toBe("high");
  });

  test("without agreement the stronger tier speaks, then the one nearer to the reference, then weight, then key", () => {
    const alone = (sources: [string, number, number][]) =>
      computePriceConsensus(
        sources.map(([source, price, weight]) => ({ source, price, weight })),
        1,
      )?.selectedSource;
    expect(
      alone([
        ["coingecko", 1, 9],
        ["kraken", 0.9, 1],
      ]),
    ).toBe("kraken");
    expect(
      alone([
        ["binance", 1.1, 9],
        ["kraken", 0.95, 1],
      ]),
    ).toBe("kraken");
    expect(
      alone([
        ["binance", 1.5, 1],
        ["kraken", 0.5, 2],
      ]),
    ).toBe("kraken");
    expect(
      alone([
        ["kraken", 1.5, 2],
        ["binance", 0.5, 2],
      ]),
    ).toBe("binance");
  });

  test("quotes under one key become one voice: median price, largest weight, oldest time, unknown mode if they differ", () => {
    const quotes: Candidate[] = [
      { source: "pyth", price: 1, weight: 1, observedAt: 30, observedAtMode: "upstream" },
      { source: "pyth", price: 1.002, weight: 2, observedAt: 20, observedAtMode: "local_fetch" },
    ];
    expect(computePriceConsensus(quotes, 1)).toMatchObject({
      confidence: "single-source",
      price: 1.001,
      observedAt: 20,
      observedAtMode: "unknown",
    });
  });

  test("the time of a cluster is its oldest, or unknown when one member states none; its mode is the weakest", () => {
    const member = (source: string, observedAt: number | null, observedAtMode: Candidate["observedAtMode"]) => ({
      source,
      price: 1,
      weight: 1,
      observedAt,
      observedAtMode,
    });
    const pair = [member("pyth", 30, "upstream"), member("kraken", 20, "local_fetch")];
    expect(computePriceConsensus(pair, 1)).toMatchObject({ observedAt: 20, observedAtMode: "local_fetch" });
    expect(computePriceConsensus([...pair, member("binance", null, "unknown")], 1)).toMatchObject({
      observedAt: null,
      observedAtMode: "unknown",
    });
  });

  test("family collapse, when asked for, leaves one voice per producer", () => {
    const pair = [
      { source: "coingecko", price: 1.0002, weight: 2 },
      { source: "cg-ticker", price: 0.9999, weight: 2 },
    ];
    expect(computePriceConsensus(pair, 1)?.confidence).toBe("high");
    const collapsed = computePriceConsensus(pair, 1, 50, undefined, { familyCollapse: true });
    expect(collapsed).toMatchObject({ confidence: "single-source", source: "cg-ticker" });
  });
});
