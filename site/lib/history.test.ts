import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME_DATA } from "../../pipeline/cli/options.ts";
import { mergeHistory } from "../../pipeline/publish/history-files.ts";
import { loadRegistry } from "../../pipeline/registry/registry.ts";
import { PRICE_HISTORY } from "../../pipeline/schema/history.ts";
import { loadHistory, type PricePoint } from "./history.ts";

const DAY = Date.UTC(2026, 10, 20) / 1000;
const HOUR = 3600;
let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-history-"));
  mkdirSync(join(dataDir, "history", "price-history"), { recursive: true });
  const row = (observedRunAt: number, coinId: string, priceUsd: number | null) => ({
    confidence: "high",
    coinId,
    deviationBps: 0,
    observedRunAt,
    priceUsd,
  });
  // No run between 07:00 and 19:00: a silence, though "resting" never changed.
  const rows = [
    row(DAY - 24 * HOUR, "delisted", 3),
    row(DAY - 24 * HOUR, "resting", 1),
    row(DAY - 24 * HOUR, "lively", 1),
    row(DAY, "resting", 1),
    row(DAY, "lively", 1),
    row(DAY, "lost", 5),
    row(DAY + HOUR, "lost", null),
    ...[6.5, 7, 19, 20].map((hours) => row(DAY + hours * HOUR, "lively", 1 + hours / 1000)),
  ];
  for (const [path, { text }] of mergeHistory(dataDir, PRICE_HISTORY, rows)) writeFileSync(join(dataDir, path), text);
});
afterAll(() => rmSync(dataDir, { recursive: true }));

test("a price that rests is drawn where a run was, one that was lost or is listed no more is not", async () => {
  const { prices } = await loadHistory(dataDir, DAY + 20 * HOUR, null, loadRegistry(HOME_DATA));
  const hours = (id: string) =>
    prices.get(id)?.["24h"].map(({ at, priceUsd }: PricePoint) => [(at - DAY) / HOUR, priceUsd]);
  expect(hours("resting")).toEqual([
    [0, 1],
    [6.5, 1],
    [19, 1],
  ]);
  expect(hours("lost")).toEqual([
    [0, 5],
    [1, null],
  ]);
  expect(hours("lively")?.length).toBe(5);
  expect(hours("delisted")).toEqual([]);
  expect(prices.get("delisted")?.all.at(-1)?.at).toBe(DAY - 24 * HOUR);
});
