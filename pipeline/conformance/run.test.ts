import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FUNCTIONS } from "./registry.ts";
import { formatConformance, runConformance } from "./run.ts";

const dir = mkdtempSync(join(tmpdir(), "plumbline-conformance-"));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(dir, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const good = {
  name: "USD",
  function: "staticPriceBounds",
  input: { key: "USD" },
  expected: [0.01, 1.19],
  basis: "seed",
};
const wrong = { ...good, name: "wrong", expected: [0.01, 1.2] };

test("a file may be a list or hold its cases under vectors", async () => {
  const report = await runConformance([file("list.json", [good]), file("object.json", { vectors: [good] })]);
  expect(report).toMatchObject({ passed: 2, failed: 0, ok: true });
});

test("a wrong expectation fails with the path of the difference", async () => {
  const report = await runConformance([file("wrong.json", [good, wrong])]);
  expect(report).toMatchObject({ passed: 1, failed: 1, ok: false });
  expect(report.files[0]?.cases[1]?.differences).toEqual([{ path: "$[1]", problem: "expected 1.2, got 1.19" }]);
  expect(formatConformance(report)).toContain("FAIL staticPriceBounds: 1 of 2");
});

test("an unknown function fails and is named", async () => {
  const report = await runConformance([file("unknown.json", [{ ...good, function: "staticPriceBonds" }])]);
  expect(report).toMatchObject({ passed: 0, failed: 1, ok: false });
  expect(formatConformance(report)).toContain("unknown function staticPriceBonds");
});

test("a function that throws fails its case and no other", async () => {
  const report = await runConformance([file("throws.json", [{ ...good, input: { key: 5 } }, good])]);
  expect(report).toMatchObject({ passed: 1, failed: 1 });
  expect(report.files[0]?.cases[0]?.differences[0]?.problem).toContain("threw");
});

test("an extension is counted apart and never a failure", async () => {
  const report = await runConformance([file("extension.json", [good, { ...wrong, extension: true }])]);
  expect(report).toMatchObject({ passed: 1, failed: 0, extensions: { passed: 0, failed: 1 }, ok: true });
  expect(formatConformance(report)).toContain("extensions, outside the method: 0 of 1 passed");
});

test.each([
  ["no such file", join(dir, "absent.json"), "cannot be read (ENOENT)"],
  ["no JSON", file("html.json", "<html>"), "is no JSON"],
  ["no list", file("number.json", 5), "neither a list of cases"],
  ["no cases", file("empty.json", []), "holds no cases"],
  ["no vectors", file("novectors.json", { vectors: [] }), "holds no cases"],
  [
    "a case without a function",
    file("nofunction.json", [good, { name: "x", input: 1, expected: 1 }]),
    "case 2, function",
  ],
  ["a case without expectation", file("noexpected.json", [{ ...good, expected: undefined }]), "case 1, expected"],
])("a file with %s fails as a whole and leaves the others running", async (_what, path, problem) => {
  const report = await runConformance([path, file("good.json", [good])]);
  expect(report).toMatchObject({ passed: 1, failed: 0, ok: false });
  expect(report.files[0]?.problem).toContain(problem);
  expect(formatConformance(report)).toContain("1 file could not be run");
});

test("no files at all is not ok", async () => {
  expect(await runConformance([])).toMatchObject({ passed: 0, failed: 0, ok: false });
});

test("functions may be asynchronous and learn the folder of the case file", async () => {
  const functions = new Map([["where", async (_input: unknown, context: { dir: string }) => context.dir]]);
  const cases = [{ name: "dir", function: "where", input: null, expected: dir }];
  expect(await runConformance([file("where.json", cases)], functions)).toMatchObject({ passed: 1, ok: true });
});

test("many functions are registered", () => {
  expect(FUNCTIONS.size).toBeGreaterThan(60);
});
