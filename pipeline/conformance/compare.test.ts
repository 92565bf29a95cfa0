import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare } from "./compare.ts";
import { withSpecialNumbers } from "./special-numbers.ts";

const holds = (actual: unknown, expected: unknown, tolerance?: number) =>
  compare(actual, expected, tolerance).length === 0;

/** Expected value, results that meet it, results that do not. */
const TABLE: [expected: unknown, good: unknown[], bad: unknown[]][] = [
  [1, [1, 1 + 5e-10], [1.00001, "1", true, null, undefined, [1], Number.NaN]],
  [0, [0, -0], [1e-12, null, false, ""]],
  [-0, [0], [1]],
  [1e12, [1e12 + 100], [1e12 + 10_000]],
  ["a", ["a"], ["A", "", null, ["a"]]],
  [true, [true], [false, 1, "true", null]],
  [null, [null, undefined], [0, false, "", Number.NaN, {}, []]],
  [{ a: null }, [{}, { a: null }, { a: undefined, b: 1 }], [{ a: 0 }, null, [], "x"]],
  [{ a: { b: 1 } }, [{ a: { b: 1, c: 2 }, d: 3 }], [{ a: {} }, { a: null }, { a: [1] }, {}]],
  [{}, [{}, { a: 1 }], [null, undefined, [], "text", 0]],
  [{ length: 2 }, [{ length: 2 }], [[1, 2], "ab"]],
  [[1, 2], [[1, 2]], [[2, 1], [1], [1, 2, 3], { 0: 1, 1: 2 }, "12", null]],
  [[], [[]], [[1], {}, null]],
  [
    [{ a: 1 }, null],
    [
      [{ a: 1, b: 2 }, null],
      [{ a: 1 }, undefined],
    ],
    [[{ a: 1 }], [{ a: 2 }, null]],
  ],
  [{ $approx: 1, $tol: 0.1 }, [1, 1.09, 0.91], [1.11, 0.89, "1", null, Number.NaN]],
  [{ $approx: 1 }, [1 + 1e-10], [1 + 1e-8]],
  [{ $gt: 1 }, [1.1, Number.POSITIVE_INFINITY], [1, 0, "2", null, undefined, Number.NaN]],
  [{ $gte: 1 }, [1, 2], [0.999, null, "1"]],
  [{ $lt: 1 }, [0, -5], [1, 2, null, undefined]],
  [{ $lte: 1 }, [1, 0], [1.001, null]],
  [{ $gte: 1, $lt: 2 }, [1, 1.5], [0, 2]],
  [{ $in: [1, "a", null] }, [1, "a", null, undefined], [2, "b", false]],
  [{ $in: [{ a: 1 }] }, [{ a: 1, b: 2 }], [{ a: 2 }]],
  [{ $in: [] }, [], [1, null]],
  [{ $contains: "b" }, ["abc", ["a", "b"]], ["ac", ["ab"], { b: 1 }, null, 5]],
  [{ $contains: 1 }, [[0, 1]], ["1", [], [2]]],
  [{ $contains: { id: 1 } }, [[{ id: 2 }, { id: 1, x: 0 }]], [[{ id: 2 }], { id: 1 }, []]],
  [{ $not: 1 }, [2, null, undefined, "1"], [1]],
  [{ $not: null }, [0, "", []], [null, undefined]],
  [{ $not: { $gt: 5 } }, [5, null], [6]],
  [{ $length: 2 }, ["ab", "😀b", [0, 0], { a: 1, b: 2 }], ["a", [], { a: 1, b: undefined }, null, 2]],
  [{ $length: { $gt: 1 } }, [[1, 2], "ab"], [[1], null]],
  [{ $all: [{ $gt: 1 }, { $lt: 3 }] }, [2], [1, 3, null]],
  [{ $all: [{ $length: 2 }, { $contains: { a: 1 } }] }, [[{ a: 1 }, 0]], [[{ a: 1 }], [0, 0]]],
  [{ a: { $not: { $in: [1, 2] } } }, [{ a: 3 }, {}], [{ a: 1 }]],
  [{ $gtt: 1 }, [{ $gtt: 1 }], [5, {}, null]],
  [{ $tol: 1 }, [], [1, null, 0]],
  [{ rates: { $myro: 2 } }, [{ rates: { $myro: 2 } }], [{ rates: {} }]],
];

describe("the comparison", () => {
  test.each(TABLE)("%j is met by what it should be and by nothing else", (expected, good, bad) => {
    for (const actual of good) expect(compare(actual, expected)).toEqual([]);
    for (const actual of bad) expect(compare(actual, expected), `wrongly met by ${String(actual)}`).not.toEqual([]);
    expect(good.length + bad.length).toBeGreaterThan(0);
  });

  test("an absolute tolerance replaces the relative one, everywhere in the case", () => {
    expect(holds({ a: [1.05] }, { a: [1] }, 0.1)).toBe(true);
    expect(holds({ a: [1.2] }, { a: [1] }, 0.1)).toBe(false);
    expect(holds(1e12 + 100, 1e12, 1)).toBe(false);
    expect(holds([1.05], { $contains: 1 }, 0.1)).toBe(true);
    expect(holds(1.05, { $approx: 1, $tol: 0.01 }, 0.1)).toBe(false);
  });

  test("every difference has its path", () => {
    const paths = compare({ a: [{ b: 1 }, { b: 2 }], c: 3 }, { a: [{ b: 1 }, { b: 9 }], c: 4, d: 5 }).map(
      ({ path }) => path,
    );
    expect(paths).toEqual(["$.a[1].b", "$.c", "$.d"]);
  });

  test("a comparator that always said yes would be caught: a changed leaf is always a difference", () => {
    const scalar = fc.oneof(fc.integer(), fc.string(), fc.boolean());
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((key) => !/^[$_]/.test(key)),
          scalar,
        ),
        (value) => {
          expect(holds(value, value)).toBe(true);
          for (const key of Object.keys(value)) {
            expect(holds({ ...value, [key]: ["changed"] }, value)).toBe(false);
            const { [key]: _gone, ...rest } = value;
            expect(holds(rest, value)).toBe(false);
            expect(holds(value, rest)).toBe(true);
          }
        },
      ),
    );
  });

  test("what JSON can say equals itself", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(compare(plain, plain)).toEqual([]);
      }),
    );
  });
});

describe("special numbers in inputs", () => {
  test("are written as $num or as words, at any depth", () => {
    const given = { a: { $num: "NaN" }, b: ["Infinity", { c: "-Infinity" }], d: "nan", e: { $num: "NaN", f: 1 } };
    expect(withSpecialNumbers(given)).toEqual({
      a: Number.NaN,
      b: [Number.POSITIVE_INFINITY, { c: Number.NEGATIVE_INFINITY }],
      d: "nan",
      e: { $num: Number.NaN, f: 1 },
    });
  });
});
