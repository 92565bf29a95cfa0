import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { roundChainUnits, roundPrice } from "../rounding.ts";
import type { PackedHeads } from "../schema/manifest.ts";
import { canonicalLine, isSameJson } from "./canonical-json.ts";
import { type Head, packHeads, unpackHeads } from "./heads.ts";
import { readStates, writeStates } from "./lane-state.ts";
import { putColumns, takeColumns } from "./pack-columns.ts";
import { packFx, unpackFx } from "./pack-fx.ts";
import { packDexPrices, unpackDexPrices } from "./pack-liquidity.ts";
import { packQuotes, unpackQuotes } from "./pack-quotes.ts";
import { joinSlow, splitSlow } from "./pack-slow.ts";
import { packSupply, unpackSupply } from "./pack-supply.ts";
import type { Row } from "./pack-times.ts";
import type { FileChanges } from "./staging.ts";

describe("two values are the same JSON", () => {
  it("exactly when their canonical text is the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(isSameJson(a, b)).toBe(canonicalLine(a) === canonicalLine(b));
        expect(isSameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true);
      }),
    );
    expect(isSameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(isSameJson({ a: null }, {})).toBe(false);
    expect(isSameJson([1], { 0: 1 })).toBe(false);
  });
});

describe("columns", () => {
  const figure = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null });
  const row = fc.record(
    {
      price: figure,
      units: fc.option(fc.string({ minLength: 1 }), { nil: null }),
      name: fc.string(),
    },
    { requiredKeys: ["name"] },
  );
  it("give every row back, those without the figure and those with null included", () => {
    const names = ["price", "units"];
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const taken = takeColumns(rows as Row[], names);
        expect(taken.rows.filter((left) => "price" in left)).toEqual([]);
        expect(putColumns(taken.rows, JSON.parse(JSON.stringify(taken.columns)))).toEqual(
          JSON.parse(JSON.stringify(rows)),
        );
      }),
    );
  });

  it("of other rows are refused", () => {
    expect(() => putColumns([{ a: 1 }], { price: [1, 2] })).toThrow(/2 figures for 1 rows/);
  });
});

describe("what seldom changes", () => {
  const cell = fc.jsonValue();
  const row = fc.record({ id: cell, name: cell, score: cell }, { requiredKeys: [] });
  const slow = { keys: ["pools"], fields: { coins: ["id", "name"] }, maps: ["quotes"] };
  const packed = fc.record({
    pools: cell,
    total: cell,
    coins: fc.array(row),
    quotes: fc.dictionary(fc.string(), cell),
  });
  it("lies apart and is put back in its place", () => {
    fc.assert(
      fc.property(packed, (data) => {
        const parts = splitSlow(data as unknown as Row, slow);
        expect(Object.keys(parts.fast).sort()).toEqual(["coins", "quotes", "total"]);
        expect((parts.fast.coins as Row[]).some((left) => "id" in left || "name" in left)).toBe(false);
        expect(isSameJson(joinSlow(parts.fast, parts.slow, slow), data)).toBe(true);
      }),
    );
  });

  it("of another snapshot is refused", () => {
    const fast = { coins: [{}], quotes: [1, 2] };
    expect(() => joinSlow(fast, { coins: [{}, {}], quotes: ["a", "b"] }, slow)).toThrow(/coins has 1 rows beside 2/);
    expect(() => joinSlow(fast, { coins: [{}], quotes: ["a"] }, slow)).toThrow(/quotes has 2 rows beside 1/);
  });
});

describe("DEX prices", () => {
  const price = fc.double({ min: 0.5, max: 2, noNaN: true });
  const source = fc.record({
    protocol: fc.string(),
    family: fc.string(),
    chain: fc.string(),
    priceUsd: price,
    tvlUsd: fc.nat(),
  });
  const sources = fc.array(source, { maxLength: 3 });
  const whole = fc.record({
    priceUsd: price,
    deviationBps: fc.option(fc.integer(), { nil: null }),
    totalTvlUsd: fc.nat(),
    poolCount: fc.nat({ max: 3 }),
    protocols: sources,
    pools: sources,
  });
  const single = source.map((venue) => ({
    priceUsd: venue.priceUsd,
    deviationBps: Math.round((venue.priceUsd - 1) * 10_000),
    totalTvlUsd: venue.tvlUsd,
    poolCount: 1,
    protocols: [venue],
    pools: [venue],
  }));
  it("are read back whole; of one that a single venue shows nothing is said twice", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(whole, single)), (prices) => {
        const packed = packDexPrices({ prices });
        expect(isSameJson(unpackDexPrices(JSON.parse(canonicalLine(packed))), { prices })).toBe(true);
      }),
    );
    const [one] = fc.sample(single, { seed: 1, numRuns: 1 });
    expect(Object.keys((packDexPrices({ prices: { a: one as never } }).prices as Row).a as Row)).toEqual(["protocols"]);
  });
});

describe("quotes", () => {
  const usd = fc.double({ min: 0.0001, max: 4000, noNaN: true });
  const price = fc.option(fc.oneof(usd, usd.map(roundPrice)), { nil: null });
  const row = fc.record({ source: fc.string(), priceUsd: price, observedAt: fc.constant(null) });
  it("are read back as they were, told by steps from the coin's price where that says it", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("a", "b", "c"), fc.array(row, { maxLength: 4 })),
        price,
        (quotes, main) => {
          const beside = {
            stablecoins: {
              peggedAssets: [
                { id: "a", price: main },
                { id: "b", price: 1 },
              ],
            },
          } as never;
          const packed = JSON.parse(canonicalLine(packQuotes({ quotes } as never, 1000, beside)));
          expect(isSameJson(unpackQuotes(packed, 1000, beside), { quotes })).toBe(true);
        },
      ),
    );
    const quotes = { a: [1.00012, 0.9998, null, 1.000_000_1].map((priceUsd) => ({ priceUsd, observedAt: null })) };
    const beside = { stablecoins: { peggedAssets: [{ id: "a", price: 1.0001 }] } } as never;
    const { columns } = packQuotes({ quotes } as never, 1000, beside);
    expect(columns).toEqual({ priceUsd: [2, -30, null, "1.0000001"] });
    expect(() => unpackQuotes(packQuotes({ quotes } as never, 1000, beside) as never, 1000, {})).toThrow(TypeError);
  });
});

describe("supplies", () => {
  const units = fc.option(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e12, noNaN: true })), { nil: null });
  const near = fc.double({ min: 0.9, max: 1.1, noNaN: true });
  const window = fc.tuple(units, near, near, units).map(([current, a, b, prevMonth]) => ({
    current,
    prevDay: current === null ? null : roundChainUnits(current * a),
    prevWeek: current === null ? null : roundChainUnits(current * b),
    prevMonth,
  }));
  const chainWindow = window.map((each) => ({ ...each, current: each.current && roundChainUnits(each.current) }));
  it("by chain are read back as they were, in rounded figures or not", () => {
    fc.assert(
      fc.property(
        window,
        fc.dictionary(fc.constantFrom("Ethereum", "Base"), fc.oneof(window, chainWindow)),
        (whole, chainUnits) => {
          const coin = {
            coinId: "a",
            units: whole,
            usdPerUnit: null,
            chainUnits,
            usd: whole,
            chains: {},
            observedAt: 1000,
          };
          const packed = JSON.parse(canonicalLine(packSupply({ coins: [coin] } as never, 1000)));
          const [back] = unpackSupply(packed, 1000).coins as Row[];
          expect(isSameJson(back?.chainUnits, chainUnits)).toBe(true);
        },
      ),
    );
    const chainUnits = { Base: { current: 12340, prevDay: 12350, prevWeek: 12310, prevMonth: 9 } };
    const coin = { coinId: "a", units: null, usdPerUnit: null, chainUnits };
    expect(packSupply({ coins: [coin] } as never, 1000).chains.a).toEqual({ Base: "12340 +1 -3 9" });
  });
});

describe("heads", () => {
  const NOON_SEC = Date.UTC(2026, 10, 20, 12) / 1000;
  const head = (over: Partial<Head>): Head => ({
    schemaVersion: "1.0.0",
    runId: "20261120T120000Z-aaaaaa",
    generatedAt: NOON_SEC,
    asOf: NOON_SEC,
    status: "fresh",
    reasons: [],
    simulated: true,
    methodologyVersion: "1",
    sources: [{ id: "kraken:ticker", observedAt: NOON_SEC - 300 }],
    ...over,
  });

  it("are read back whole, and say what all share once", () => {
    const older = { runId: "20261120T080000Z-bbbbbb", generatedAt: NOON_SEC - 4 * 3600, asOf: NOON_SEC - 5 * 3600 };
    const reasons = [{ code: "no-pools", message: "none" }];
    const heads = { supply: head({}), chains: head({ status: "degraded", reasons }), reserves: head(older) };
    const packed = packHeads(heads);
    expect(unpackHeads(packed, "manifest.json")).toEqual(heads);
    expect(JSON.stringify(packed).match(/20261120T120000Z-aaaaaa/g)).toHaveLength(1);
    expect(packed.datasets.reserves).not.toHaveProperty("generatedAt");
  });

  it("that are damaged are named", () => {
    const { newest } = packHeads({ supply: head({}) });
    const damaged: PackedHeads[] = [
      { newest: {}, datasets: { supply: {} } },
      { newest, datasets: { "no-such": { sources: [] } } },
    ];
    for (const packed of damaged)
      expect(() => unpackHeads(packed, "manifest.json")).toThrow(expect.objectContaining({ where: "manifest.json" }));
  });
});

describe("states of lanes", () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "plumbline-states-"));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));
  const put = (states: Row) => {
    const files: FileChanges = new Map();
    writeStates(dataDir, states, files);
    for (const [path, content] of files) {
      mkdirSync(dirname(join(dataDir, path)), { recursive: true });
      if (content === null) rmSync(join(dataDir, path));
      else writeFileSync(join(dataDir, path), content);
    }
    return [...files.keys()].sort();
  };
  const large = { text: "x".repeat(7000) };

  it("lie together while they are small and alone once they are not, and none is lost on the way", () => {
    expect(readStates(dataDir)).toEqual({});
    expect(put({ fx: { askedAt: 1 }, grades: large })).toEqual(["state/grades.json", "state/shared.json"]);
    expect(put({ fx: { askedAt: 2 } })).toEqual(["state/shared.json"]);
    expect(readStates(dataDir)).toEqual({ fx: { askedAt: 2 }, grades: large });
    put({ grades: {}, fx: large });
    expect(readStates(dataDir)).toEqual({ grades: {}, fx: large });
    put({ fx: {} });
    expect(readStates(dataDir)).toEqual({ grades: {}, fx: {} });
  });

  it("that are large and change with every run are divided, and read whole", () => {
    const flows = { chains: { ethereum: 1 }, contracts: large, firstHours: {}, supplyCheck: {} };
    expect(put({ flows, fx: {} })).toEqual(["state/flows.json", "state/shared.json"]);
    const slow = readFileSync(join(dataDir, "state/flows.json"), "utf8");
    put({ flows: { ...flows, chains: { ethereum: 2 } } });
    expect(readFileSync(join(dataDir, "state/flows.json"), "utf8")).toBe(slow);
    expect(readStates(dataDir)).toEqual({ flows: { ...flows, chains: { ethereum: 2 } }, fx: {} });
  });

  it("that are damaged are named", () => {
    put({ grades: large });
    writeFileSync(join(dataDir, "state/grades.json"), "{");
    expect(() => readStates(dataDir)).toThrow(expect.objectContaining({ code: "state-damaged" }));
    put({ grades: large, fx: {} });
    for (const nothing of ["[]", "null", "7"]) {
      writeFileSync(join(dataDir, "state/shared.json"), nothing);
      expect(() => readStates(dataDir), nothing).toThrow(expect.objectContaining({ code: "state-damaged" }));
    }
  });
});

describe("FX rates", () => {
  it("of one table share its time, and one that has another keeps it", () => {
    const rate = (source: string, observedAt: number) => ({ source, observedAt, usdPerUnit: 1 });
    const data = { rates: { EUR: rate("a", 1), GBP: rate("a", 1), JPY: rate("a", 2), KRW: rate("b", 3) } } as never;
    const packed = JSON.parse(JSON.stringify(packFx(data)));
    expect(packed.rates.GBP).not.toHaveProperty("observedAt");
    expect(unpackFx(packed)).toEqual(data);
  });
});
