/** The small readers of numbers, times, nesting and currency tables, and what each source does with a bad value. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median } from "../statistics.ts";
import { bookPrice, quoteOfPair } from "./book.ts";
import { parseKlines, parseRounds } from "./csv.ts";
import { defillamaCharts, defillamaStablecoins } from "./defillama.ts";
import { usdPerUnit } from "./fx-units.ts";
import { goldApi } from "./gold-api.ts";
import { createDepthGuard, parseJson } from "./json.ts";
import { decimal, fromBaseUnits, positive, whole } from "./numbers.ts";
import { lowerHex } from "./quotes.ts";
import { epochSeconds, isUtcDay, retryAfterSeconds } from "./times.ts";

describe("numbers", () => {
  test.each([
    [1, 1],
    ["0.9998", 0.9998],
    [" 1.0 ", 1],
    ["1e-7", 1e-7],
    [0, null],
    [-1, null],
    ["-1", null],
    ["0x10", null],
    ["0b10", null],
    ["1.0 USD", null],
    ["", null],
    ["lots", null],
    ["NaN", null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    ["1e999", null],
    [null, null],
    [true, null],
    [[1], null],
  ])("%j as a price is %j", (value, price) => {
    expect(positive(value)).toBe(price);
  });

  test.each([
    ["0x", 0],
    ["0x8c2cbb", 9_186_491],
    ["12", 12],
    [12, 12],
    ["", null],
    [1.5, null],
    [-1, null],
    ["0x1fffffffffffffffff", null],
    [null, null],
  ])("%j as a whole number is %j", (value, number) => {
    expect(whole(value)).toBe(number);
  });

  test("base units are rounded once", () => {
    expect(fromBaseUnits("52009905314662", 6)).toBe(52009905.314662);
    expect(fromBaseUnits("1", 18)).toBe(1e-18);
    expect(fromBaseUnits("lots", 6)).toBeNull();
  });

  test("an even count has its midpoint as median, nothing has none", () => {
    expect(median([1.04, 0.98, 1.02, 1])).toBe(1.01);
    expect(median([])).toBeNull();
  });

  test("text of a decimal only", () => expect(decimal("1_000")).toBeNull());
});

describe("times", () => {
  test.each([
    [1_795_000_000, 1_795_000_000],
    ["1795000000", 1_795_000_000],
    [1_795_000_000_999, 1_795_000_000],
    ["1795000000999", 1_795_000_000],
    ["2024-03-13T11:10:41.270099Z", 1_710_328_241],
    ["2019-07-02T19:56:29+00:00", 1_562_097_389],
    ["2019-07-02T21:56:29+02:00", 1_562_097_389],
    ["2019-07-02 19:56:29", 1_562_097_389],
    ["2019-07-02", 1_562_025_600],
    ["soon", null],
    ["", null],
    [0, null],
    [-5, null],
    [Number.NaN, null],
    [null, null],
    [undefined, null],
  ])("%j is %j", (value, seconds) => {
    expect(epochSeconds(value)).toBe(seconds);
  });

  test("a day must exist", () => {
    expect([isUtcDay("2026-02-28"), isUtcDay("2026-02-30"), isUtcDay("2026-2-3")]).toEqual([true, false, false]);
  });

  test("Retry-After that is neither form is none", () => {
    expect(retryAfterSeconds("soon", null)).toBeNull();
    expect(retryAfterSeconds(null, null)).toBeNull();
    expect(retryAfterSeconds("Sat, 21 Nov 2026 00:00:00 GMT", "Sat, 21 Nov 2026 00:01:00 GMT")).toBe(0);
  });
});

describe("nesting", () => {
  const isShallow = (text: string, step = 7): boolean => {
    const guard = createDepthGuard(3);
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += step) {
      if (!guard(bytes.subarray(start, start + step))) return false;
    }
    return true;
  };

  test.each([
    ["[[[]]]", true],
    ["[[[[]]]]", false],
    ['{"a":{"b":{"c":{}}}}', false],
    ['["[[[[[[", "{{{{{{"]', true],
    ['["\\"[[[[", "\\\\", [[]]]', true],
    ['["\\\\", [[[[', false],
    ['["é[[[[["]', true],
  ])("%s", (text, expected) => {
    for (const step of [1, 2, 7, 100]) expect(isShallow(text, step)).toBe(expected);
  });

  test("is counted byte by byte, wherever an answer is cut into pieces", () => {
    const deepest = (text: string): number => {
      let [depth, most, inString] = [0, 0, false];
      for (let at = 0; at < text.length; at++) {
        const sign = text[at] as string;
        if (inString && sign === "\\") at += 1;
        else if (sign === '"') inString = !inString;
        else if (!inString && "[{".includes(sign)) most = Math.max(most, ++depth);
        else if (!inString && "]}".includes(sign)) depth -= 1;
      }
      return most;
    };
    const texts = fc.array(fc.constantFrom("[", "{", "]", "}", '"', "\\", "a", "é"), { maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 9 }), (signs, step) => {
        expect(isShallow(signs.join(""), step)).toBe(deepest(signs.join("")) <= 3);
      }),
      { numRuns: 2000 },
    );
  });

  test("text from a file is checked before it is parsed", () => {
    expect(() => parseJson("[".repeat(5_000_000), "a file")).toThrow(expect.objectContaining({ code: "too-deep" }));
  });
});

describe("currency tables", () => {
  test("a base other than USD goes over its own USD entry and appears itself", () => {
    expect(usdPerUnit("eur", { usd: 1.1, gbp: 0.88 }, {})).toEqual({ EUR: 1.1, GBP: 1.25, USD: 1 });
  });

  test("without a USD entry there is no value", () => expect(usdPerUnit("EUR", { GBP: 0.9 }, {})).toBeNull());

  test("values that are no positive numbers are absent", () => {
    const table = { EUR: 0.5, GBP: 0, CHF: -1, JPY: "150", SEK: null, NOK: Number.NaN };
    expect(usdPerUnit("USD", table, {})).toEqual({ EUR: 2 });
  });

  test("codes asked for count in any case", () => {
    expect(usdPerUnit("USD", { eur: 0.5, gbp: 1 }, { symbols: ["eur", "XXX"] })).toEqual({ EUR: 2 });
  });
});

describe("books", () => {
  test.each([
    ["0.999", "1.001", "0.5", 1],
    ["lots", "1.001", "0.998", 0.998],
    [null, null, "0.998", 0.998],
    ["0.0012", "13", "0.00000000", null],
    ["0.999", "1.001", undefined, 1],
    [null, null, null, null],
  ])("bid %j, ask %j, last %j gives %j", (bid, ask, last, price) => {
    expect(bookPrice(bid, ask, last)).toBe(price);
  });

  test.each([
    ["BTC-USDT", "USDT"],
    ["btc/usdt", "USDT"],
    ["USDC/USD:BTNL", "USD"],
    ["USDTUSD", null],
  ])("%s is quoted in %j", (pair, quote) => {
    expect(quoteOfPair(pair)).toBe(quote);
  });
});

test("hex keys are lower case, all other identifiers keep theirs", () => {
  expect(["base:0xAB", "0XAB", "solana:So1A", "coingecko:Odd"].map(lowerHex)).toEqual([
    "base:0xab",
    "0xab",
    "solana:So1A",
    "coingecko:Odd",
  ]);
});

describe("a bad value", () => {
  const row = { id: "1", name: "A", symbol: "A", circulating: { peggedUSD: 5 } };
  const list = (rows: unknown[]) => defillamaStablecoins.parse({ peggedAssets: rows }, {});

  test('{"circulating": "lots"} costs the row, and is counted', () => {
    const answer = list([row, { ...row, circulating: "lots" }, { ...row, circulating: { peggedUSD: "lots" } }]);
    expect(answer).toMatchObject({ assets: [{ llamaId: "1" }], dropped: 2 });
  });

  test("a list of nothing but malformed rows is another answer", () => {
    expect(() => list([{ ...row, circulating: "lots" }])).toThrow(/circulating: .*expected record/);
  });

  test.each([null, undefined, 0, -1, "1.0", Number.NaN])("a price of %j in the list is unknown", (price) => {
    expect(list([{ ...row, price }]).assets[0]?.priceUsd).toBeNull();
  });

  test("an empty list is empty, zero stays zero, nothing is unknown", () => {
    expect(list([])).toEqual({ assets: [], dropped: 0 });
    expect(list([{ ...row, circulating: { peggedUSD: 0 } }]).assets[0]?.circulatingUsd).toBe(0);
    expect(list([{ ...row, circulating: {} }]).assets[0]?.circulatingUsd).toBeNull();
  });

  test("a chart is whole or refused", () => {
    const chart = [{ date: "1511913600", totalCirculatingUSD: { peggedUSD: 1 } }, { date: "later" }];
    expect(() => defillamaCharts.parse(chart, {})).toThrow(expect.objectContaining({ code: "bad-shape" }));
  });

  test("a metal without a price has no quote, one with words for a price is refused", () => {
    expect(goldApi.parse({ symbol: "XAU", price: 0 }, {})).toEqual({ quotes: [] });
    expect(() => goldApi.parse({ symbol: "XAU", price: "lots" }, {})).toThrow(
      expect.objectContaining({ code: "bad-shape" }),
    );
  });
});

describe("price histories as CSV", () => {
  test("klines in microseconds are the same seconds", () => {
    const rest = "1,2,0.5,0.9121,10,0,1,1,1,1,0";
    expect(parseKlines(`1678543200000,${rest}\n1678543260000000,${rest}\n`).points).toEqual([
      { timestamp: 1_678_543_200, price: 0.9121 },
      { timestamp: 1_678_543_260, price: 0.9121 },
    ]);
  });

  test("rounds may have a header and blanks", () => {
    expect(parseRounds("index, time, answer\n1, 1626188933, 100010882\n").points).toEqual([
      { timestamp: 1_626_188_933, price: 1.00010882 },
    ]);
  });

  test("another file is refused", () => {
    expect(() => parseKlines("a,b\nc,d\n")).toThrow(expect.objectContaining({ code: "bad-shape" }));
  });
});
