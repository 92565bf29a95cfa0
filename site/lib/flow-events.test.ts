import fc from "fast-check";
import { type AsyncBuffer, asyncBufferFromFile } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amountUsdOf, flowId, toEvent } from "../../pipeline/flow-figures.ts";
import {
  EVERY_EVENT,
  type EventQuery,
  isAskedFor,
  parseEventQuery,
  queriedColumns,
} from "../../pipeline/flow-query.ts";
import type { FlowEventRow } from "../../pipeline/schema/flows.ts";
import { eventRow, type ManyEvents, manyEvents } from "../test-support/many-events.ts";
import { type EventsFile, findEvents, openEvents } from "./event-client.ts";
import { conditionOf, EVENT_FEEDS, loadFeeds, makeEventTable, writeEventFiles } from "./flow-events.ts";

const COIN = "usdc-circle";
const EVENTS = 20_000;
const PROVISIONAL = 7;
const ABOUT = { runId: "20261120T080000Z-abcdef", asOf: 1_795_161_600, simulated: true };

let many: ManyEvents;
let file: EventsFile;
let size = 0;
let fetched = 0;

/** Rows as the API orders them, with what it says of them. */
function truth(query: EventQuery): { id: string; amount: number; amountUsd: number | null }[] {
  return [...many.rows, ...provisional()]
    .map((row) => {
      const event = toEvent(row);
      return { ...event, id: flowId(event), amountUsd: amountUsdOf(event) };
    })
    .sort((a, b) => b.timestamp - a.timestamp || b.blockNumber - a.blockNumber || (b.id > a.id ? 1 : -1))
    .filter((event) => isAskedFor(query, event));
}

function provisional(): FlowEventRow[] {
  return Array.from({ length: PROVISIONAL }, (_, i) => eventRow(COIN, EVENTS + i));
}

beforeAll(async () => {
  many = await manyEvents(COIN, EVENTS);
  // One that is final by now stands in an old list of provisional ones: it is there once.
  const rows = [...provisional(), many.rows.at(-1) as FlowEventRow];
  await makeEventTable(
    many.store,
    rows.map(({ revision: _, removed: __, ...event }) => event),
  );
  const paths = await writeEventFiles(many.store, [COIN, "none-test"], many.folder, ABOUT);
  const whole = await asyncBufferFromFile(paths.get(COIN) as string);
  size = whole.byteLength;
  const counting: AsyncBuffer = {
    byteLength: whole.byteLength,
    slice(start, end) {
      fetched += (end ?? size) - start;
      return whole.slice(start, end);
    },
  };
  file = await openEvents(counting);
});
afterAll(() => many?.remove());

const queries = fc.record({
  direction: fc.constantFrom(null, "mint" as const, "burn" as const),
  chain: fc.constantFrom(null, "ethereum", "arbitrum"),
  burnType: fc.constantFrom(null, null, "effective_burn" as const, "bridge_burn" as const, "review_required" as const),
  scope: fc.constantFrom("all" as const, "counted" as const),
  minAmount: fc.constantFrom(0, 0, 1000, 250_000.5, 5_000_000, 99_000_000),
  limit: fc.integer({ min: 1, max: 120 }),
  offset: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: EVENTS + 50 })),
});

describe("a coin's events", () => {
  it("are answered from Parquet as from the rows themselves, whatever is asked", async () => {
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const expected = truth(query);
        const found = await findEvents(file, query);
        expect(found.total).toBe(expected.length);
        const { offset, limit } = query;
        expect(found.events.map(({ id, amount, amountUsd }) => ({ id, amount, amountUsd }))).toEqual(
          expected.slice(offset, offset + limit).map(({ id, amount, amountUsd }) => ({ id, amount, amountUsd })),
        );
      }),
      { numRuns: 25 },
    );
  });

  it("are read by ranges: a page costs a small part of the file", async () => {
    fetched = 0;
    const { events } = await findEvents(file, EVERY_EVENT);
    expect(events).toHaveLength(50);
    expect(events[0]).toMatchObject({ provisional: true, flowType: expect.any(String) });
    expect(size).toBeGreaterThan(500_000);
    expect(fetched).toBeLessThan(size / 3);
  });

  it("are counted in SQL as in the reader's browser", async () => {
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const [row] = await many.store.query(`SELECT count(*) AS n FROM flow_events WHERE ${conditionOf(query)}`);
        expect(row?.n).toBe(truth(query).length);
      }),
      { numRuns: 40 },
    );
  });

  it("stand in the feeds of the common questions: the newest, and how many there are", async () => {
    const registry = { chains: [], coinById: new Map() } as never;
    const feeds = (await loadFeeds(many.store, registry)).get(COIN);
    for (const [name, query] of Object.entries(EVENT_FEEDS)) {
      const expected = truth(query);
      const feed = feeds?.[name as keyof typeof EVENT_FEEDS];
      expect(feed?.total, name).toBe(expected.length);
      expect(
        feed?.events.map(({ id }) => id),
        name,
      ).toEqual(expected.slice(0, query.limit).map(({ id }) => id));
      expect(feed?.events.length, name).toBeGreaterThan(0);
    }
  });

  it("say in the file of which run they are, and that they are simulated", () => {
    const told = new Map(file.metadata.key_value_metadata?.map(({ key, value }) => [key, value]));
    expect(told.get("simulated")).toBe("true");
    expect(told.get("runId")).toBe(ABOUT.runId);
    expect(told.get("asOf")).toBe(String(ABOUT.asOf));
  });

  it("of a coin without any are a file without rows", async () => {
    const none = await openEvents(await asyncBufferFromFile(`${many.folder}/none-test.parquet`));
    expect(await findEvents(none, { ...EVERY_EVENT, scope: "counted" })).toEqual({ events: [], total: 0 });
  });
});

describe("a query in an address", () => {
  const parse = (text: string) => parseEventQuery(new URLSearchParams(text), ["ethereum", "arbitrum"]);

  it("has the reference's names and defaults", () => {
    expect(parse("")).toEqual({ ok: true, query: EVERY_EVENT });
    expect(
      parse("direction=burn&burnType=bridge_burn&chain=arbitrum&scope=all&minAmount=1e6&limit=500&offset=7"),
    ).toEqual({
      ok: true,
      query: {
        direction: "burn",
        burnType: "bridge_burn",
        chain: "arbitrum",
        scope: "all",
        minAmount: 1_000_000,
        limit: 500,
        offset: 7,
      },
    });
  });

  it.each([
    "direction=up",
    "limit=0",
    "limit=501",
    "offset=-1",
    "scope=some",
    "chain=tron",
    "minAmount=much",
    "minAmount=-1",
  ])("is refused with words where it makes no sense: %s", (text) => {
    const parsed = parse(text);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? "" : parsed.problem).toContain(text.split("=")[0]);
  });

  it("names the columns it looks at, and no other decides", () => {
    fc.assert(
      fc.property(queries, fc.integer({ min: 0, max: 5000 }), (query, i) => {
        const event = toEvent(eventRow(COIN, i));
        const whole = { ...event, amountUsd: amountUsdOf(event) };
        const seen = Object.fromEntries(queriedColumns(query).map((name) => [name, whole[name]]));
        expect(isAskedFor(query, seen as never)).toBe(isAskedFor(query, whole));
      }),
    );
  });
});
