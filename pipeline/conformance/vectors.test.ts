/** The method's own cases through the modules of the project. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatConformance, runConformance, SHARED_VECTORS_DIR, VECTORS_DIR } from "./run.ts";

test("all cases of pricing.json pass", async () => {
  const report = await runConformance([join(VECTORS_DIR, "pricing.json")]);
  expect(report.failed, formatConformance(report)).toBe(0);
  expect(report.passed).toBe(172);
  expect(new Set(report.files[0]?.cases.map((result) => result.function)).size).toBe(41);
});

test("all cases of depegs-and-indices.json and the replays of wire.json pass", async () => {
  const report = await runConformance([join(VECTORS_DIR, "depegs-and-indices.json")]);
  expect(report.failed, formatConformance(report)).toBe(0);
  expect(report.passed).toBe(225);
  const wire = await runConformance([join(VECTORS_DIR, "wire.json")]);
  const replays = wire.files[0]?.cases.filter((result) => result.function === "depeg:replay") ?? [];
  expect(replays.map((result) => result.differences)).toEqual([[], []]);
});

test("all cases of redemption.json pass", async () => {
  const report = await runConformance([join(VECTORS_DIR, "redemption.json")]);
  expect(report.failed, formatConformance(report)).toBe(0);
  expect(report.passed).toBe(251);
  expect(report.extensions).toEqual({ passed: 2, failed: 0 });
});

test("all cases of safety-scores.json pass", async () => {
  const report = await runConformance([join(VECTORS_DIR, "safety-scores.json")]);
  expect(report.failed, formatConformance(report)).toBe(0);
  expect(report.passed).toBe(98);
  expect(new Set(report.files[0]?.cases.map((result) => result.function)).size).toBe(22);
});

test.skipIf(!existsSync(SHARED_VECTORS_DIR))(
  "all cases of wire.json pass (needs the recordings of ../shared, which are not copied)",
  async () => {
    const report = await runConformance([join(VECTORS_DIR, "wire.json")]);
    expect(report.files[0]?.cases.filter((result) => !result.passed && !result.extension)).toEqual([]);
    expect(report.passed).toBe(79);
    expect(report.extensions).toEqual({ passed: 1, failed: 0 });
  },
);

test("every case that came with the project and needs no recording passes", async () => {
  const files = ["flows", "redemption", "depegs-and-indices", "safety-scores"].map((name) =>
    join(VECTORS_DIR, `${name}.json`),
  );
  const report = await runConformance(files);
  expect(report.files.map((result) => result.problem)).toEqual(files.map(() => null));
  const failed = report.files.flatMap((result) => result.cases).filter((result) => !result.passed);
  expect(failed).toEqual([]);
  expect(report.passed).toBeGreaterThan(400);
});
