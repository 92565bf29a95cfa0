import { expect, test } from "vitest";
import type { SiteRecord } from "../lib/record.ts";
import { circuitEvents, circuitFeed } from "./circuit-events.ts";

const record = (openCircuits: number, ...runs: [at: number, events: [string, "open" | "close"][]][]) =>
  ({
    snapshots: { status: { data: { openCircuits } } },
    runs: runs.map(([at, events]) => ({
      runId: `run-${at}`,
      circuitEvents: events.map(([circuit, event]) => ({ circuit, event, at })),
    })),
  }) as unknown as SiteRecord;

test("transitions are told newest first, with how many were open after each", () => {
  const lived = record(
    2,
    [1, [["a", "open"]]],
    [2, []],
    [
      3,
      [
        ["b", "open"],
        ["c", "open"],
      ],
    ],
    [4, [["a", "close"]]],
  );
  expect(
    circuitEvents(lived).map(({ circuit, event, openAfter, turnsHealth }) => [circuit, event, openAfter, turnsHealth]),
  ).toEqual([
    ["a", "close", 2, true],
    ["c", "open", 3, true],
    ["b", "open", 2, false],
    ["a", "open", 1, false],
  ]);
});

test("the feed names what turned the record's health, and every item has an address of its own", () => {
  const lived = record(
    2,
    [1, [["a", "open"]]],
    [
      3,
      [
        ["b", "open"],
        ["c", "open"],
      ],
    ],
    [4, [["a", "close"]]],
  );
  const feed = circuitFeed(lived);
  expect(feed[0]).toMatchObject({
    title: "Circuit a closed again",
    text: expect.stringContaining("no longer degrade"),
  });
  expect(feed[1]).toMatchObject({ title: "Circuit c opened", text: expect.stringContaining("counts as degraded") });
  expect(new Set(feed.map(({ id }) => id)).size).toBe(4);
});

test("quiet runs tell nothing", () => expect(circuitFeed(record(0, [1, []], [2, []]))).toEqual([]));
