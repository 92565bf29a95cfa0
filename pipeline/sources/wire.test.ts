import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { conformance as breakerConformance } from "./breaker.ts";
import { conformance as wireConformance } from "./wire.ts";

const SHARED = fileURLToPath(new URL("../../../shared/", import.meta.url));
const CaseSchema = z.object({
  name: z.string(),
  function: z.string(),
  input: z.unknown().optional(),
  expected: z.unknown().optional(),
  tolerance: z.number().optional(),
});
const MATCHERS = ["$all", "$approx", "$contains", "$gt", "$gte", "$in", "$length", "$lt", "$lte", "$not"];

/** The comparison of the conformance page, for these tests alone; the real runner is the command `conformance`. */
function holds(expected: unknown, got: unknown, tolerance?: number): boolean {
  if (expected === null) return got === null || got === undefined;
  if (typeof expected === "number") {
    return typeof got === "number" && Math.abs(got - expected) <= (tolerance ?? 1e-9 * Math.abs(expected));
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(got) &&
      got.length === expected.length &&
      expected.every((value, i) => holds(value, got[i], tolerance))
    );
  }
  if (typeof expected !== "object") return got === expected;
  const given = expected as Record<string, unknown>;
  if (Object.keys(given).some((key) => MATCHERS.includes(key))) return matches(given, got);
  if (typeof got !== "object" || got === null) return false;
  return Object.entries(given).every(([key, value]) => holds(value, (got as Record<string, unknown>)[key], tolerance));
}

function matches(matcher: Record<string, unknown>, got: unknown): boolean {
  if ("$all" in matcher) return (matcher.$all as unknown[]).every((one) => holds(one, got));
  if ("$not" in matcher) return !holds(matcher.$not, got);
  if ("$contains" in matcher) {
    if (typeof got === "string") return got.includes(String(matcher.$contains));
    return Array.isArray(got) && got.some((item) => holds(matcher.$contains, item));
  }
  if ("$length" in matcher) return Object.keys(got as object).length === matcher.$length;
  if ("$gt" in matcher) return Number(got) > Number(matcher.$gt);
  throw new Error(`unknown matcher ${JSON.stringify(matcher)}`);
}

function cases(file: string, functions: (name: string) => boolean): z.infer<typeof CaseSchema>[] {
  const path = resolve(SHARED, file);
  if (!existsSync(path)) return [];
  return z
    .array(CaseSchema)
    .parse(JSON.parse(readFileSync(path, "utf8")))
    .filter((one) => functions(one.function));
}

const WIRE = "methodology/vectors/wire.json";
const wireCases = cases(WIRE, (name) => name.startsWith("parse:"));
const circuitCases = cases("methodology/vectors/pricing.json", (name) => name.startsWith("circuit"));

describe.skipIf(wireCases.length === 0)("the published cases (skipped where ../shared is absent)", () => {
  test.each(wireCases)("$function: $name", async (one) => {
    const run = wireConformance[one.function];
    const got = await run?.(one.input, { dir: dirname(resolve(SHARED, WIRE)) });
    expect(holds(one.expected, got, one.tolerance), JSON.stringify(got)?.slice(0, 600)).toBe(true);
  });

  test.each(circuitCases)("$function: $name", (one) => {
    const got = breakerConformance[one.function]?.(one.input);
    expect(holds(one.expected, got), JSON.stringify(got)).toBe(true);
  });
});
