import { describe, expect, it } from "vitest";
import { csvCell, csvText } from "./csv.ts";

describe("CSV", () => {
  it("quotes commas, quotes and line breaks", () => {
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
    expect(csvCell("a\nb")).toBe('"a\nb"');
  });

  it("disarms text that a spreadsheet would run", () => {
    for (const text of ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1"])
      expect(csvCell(text).replace(/^"/, "").startsWith("'")).toBe(true);
    expect(csvCell('=HYPERLINK("http://x")')).toBe(`"'=HYPERLINK(""http://x"")"`);
  });

  it("leaves numbers alone, also negative ones; unknown is empty", () => {
    expect([csvCell(-0.9), csvCell(null), csvCell(Number.NaN), csvCell(true)]).toEqual(["-0.9", "", "", "true"]);
  });

  it("a comment cannot break out of its line", () => {
    expect(csvText({ columns: ["a"], rows: [[1]] }, ["x\r\ny"])).toBe("# x y\r\na\r\n1\r\n");
  });
});
