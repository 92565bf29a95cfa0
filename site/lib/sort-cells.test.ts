import { describe, expect, it } from "vitest";
import { cellNumber, compareCells } from "./sort-cells.ts";

describe("order of table cells", () => {
  it("reads signs, thousands, units, ages and shares", () => {
    expect(["−0.9", "+1,240", "$76.0bn", "−$1.5k", "3 min", "2 h", "n/a", "1.00004"].map(cellNumber)).toEqual([
      -0.9,
      1240,
      76e9,
      -1500,
      180,
      7200,
      null,
      1.00004,
    ]);
  });

  it("unknown stands last in both directions", () => {
    for (const sign of [1, -1] as const) {
      const sorted = ["n/a", "1.0", "−2.0"].sort((a, b) => compareCells(a, b, "number", sign));
      expect(sorted.at(-1)).toBe("n/a");
    }
  });

  it("three of three comes before two of three and two of two", () => {
    expect(["2/3", "3/3", "2/2"].sort((a, b) => compareCells(a, b, "number", -1))).toEqual(["3/3", "2/2", "2/3"]);
  });
});
