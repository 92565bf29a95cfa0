import { expect, test } from "vitest";
import { priceHistoryRows } from "./history-rows.ts";

const KEYFRAME = 1_800_000_000 - (1_800_000_000 % 86_400);
const shown = (id: string, price: number | null) => ({
  id,
  price,
  priceConfidence: price === null ? null : ("high" as const),
  deviationBps: 0,
});

test("only what changed is written between keyframes", () => {
  const before = [shown("a", 1), shown("b", 1), shown("c", 1), shown("d", null)];
  const now = [shown("a", 1), shown("b", 2), shown("c", null), shown("d", null), shown("e", 3), shown("f", null)];
  const rows = priceHistoryRows(now, before, KEYFRAME + 60, KEYFRAME + 120);
  expect(rows.map((row) => [row.coinId, row.priceUsd])).toEqual([
    ["b", 2],
    ["c", null],
    ["e", 3],
  ]);
});

test("a changed confidence is a change", () => {
  const now = [{ ...shown("a", 1), priceConfidence: "low" as const }];
  expect(priceHistoryRows(now, [shown("a", 1)], KEYFRAME + 60, KEYFRAME + 120).length).toBe(1);
});

test("the first run of a day writes all prices, however late it comes; gaps are not repeated", () => {
  const same = [shown("a", 1), shown("b", null)];
  expect(priceHistoryRows(same, same, KEYFRAME - 60, KEYFRAME).map((row) => row.coinId)).toEqual(["a"]);
  expect(priceHistoryRows(same, same, KEYFRAME - 60, KEYFRAME + 23 * 3600).length).toBe(1);
  expect(priceHistoryRows(same, same, KEYFRAME, KEYFRAME + 86_399)).toEqual([]);
  expect(priceHistoryRows(same, [], null, KEYFRAME + 60).length).toBe(1);
});
