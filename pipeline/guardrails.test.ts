import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HOME } from "./test-support/small-world.ts";

const text = readFileSync(join(HOME, "docs", "guardrails.md"), "utf8");
const rows = text.split("\n").filter((line) => /^\| (P?\d+) \|/.test(line));
const numbers = rows.map((row) => row.split("|")[1]?.trim() ?? "");

describe("docs/guardrails.md", () => {
  test("has every number of the reference once, 34 excepted, which the reference does not use", () => {
    const reference = Array.from({ length: 45 }, (_, index) => String(index + 1)).filter((number) => number !== "34");
    expect(numbers.filter((number) => !number.startsWith("P"))).toEqual(reference);
  });

  test.each(rows.map((row, index) => [numbers[index], row] as const))(
    "rule %s names files that are there",
    (_n, row) => {
      const paths = [...row.matchAll(/`([^`]+\/[^`]+\.\w+)`/g)].map((match) => match[1] as string);
      expect(paths.length).toBeGreaterThan(0);
      expect(paths.filter((path) => !existsSync(join(HOME, path)))).toEqual([]);
      const shown = row.split("|")[4] ?? "";
      expect(/\.test\.ts/.test(shown) || /does not apply/.test(shown)).toBe(true);
    },
  );
});
