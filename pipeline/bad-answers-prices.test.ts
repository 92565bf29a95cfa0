/** Every source of a price with its own bad answers: what comes of them, and what the circuit makes of it. */
import { describe, expect, test } from "vitest";
import { PRICE_SOURCES } from "./price-sources.ts";
import { pricesLane } from "./prices/lane.ts";
import { createBreakers } from "./sources/breaker.ts";
import { sources } from "./sources/index.ts";
import type { HttpRequest } from "./sources/source.ts";
import { type Answer, askLane, LAB_NOW, type LabRun, MALFORMED, RawText } from "./test-support/answer-lab.ts";
import { ANCHOR, anchorAnswer, PRICE_ROWS, type PriceRow } from "./test-support/price-answers.ts";

const NO_NUMBERS: readonly unknown[] = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "NaN", "1e999", null, [1], 1e9];

const FX_RATES = {
  mode: "live" as const,
  cachedStreak: 0,
  rates: {
    EUR: {
      usdPerUnit: 1.1,
      source: "test",
      cadence: "intraday" as const,
      observedAt: LAB_NOW,
      sourceDate: null,
      referenceType: "fresh" as const,
      freshness: "fresh" as const,
      carriedForward: false,
      refused: [],
    },
  },
  missing: [],
};
const SUPPLY = { coins: [], untracked: [], rowsRead: 0, rowsMalformed: 0, duplicates: [] };

/** A price run in which this row's upstreams answer by `body`. */
function priceRun(row: PriceRow, body: (request: HttpRequest) => unknown, breakers = createBreakers({})) {
  const anchor = anchorAnswer(row.upstreams);
  const answer: Answer = (upstream, request) =>
    row.upstreams.includes(upstream) ? body(request) : (row.beside?.(upstream, request) ?? anchor(upstream, request));
  return askLane(pricesLane, {
    coins: [ANCHOR, row.coin],
    answer,
    datasets: { "fx-rates": FX_RATES, supply: SUPPLY },
    breakers,
    ...(row.settings ? { settings: row.settings } : {}),
  });
}

/** What the run published of the tested coin. */
function outcome({ result }: LabRun, row: PriceRow) {
  const asset = result.snapshots.stablecoins?.data.peggedAssets.find(({ id }) => id === row.coin.id);
  if (!asset) throw new Error(`nothing was published: ${JSON.stringify(result.reasons)}`);
  const quotes = result.snapshots["price-quotes"]?.data.quotes[row.coin.id] ?? [];
  return { asset, quote: quotes.find(({ source }) => source === row.key) };
}

function expectNothing(run: LabRun, row: PriceRow): void {
  const { asset } = outcome(run, row);
  expect(asset.price).toBe(row.standing ?? null);
  if (row.standing === undefined) expect(asset.priceReason).toMatch(/./);
  expect(asset.agreeSources).not.toContain(row.key);
}

/** Failures in a row that the source's circuit counts; null where the method gates it by none. */
function failuresOf({ breakers }: LabRun, row: PriceRow): number | null {
  const circuit = sources.get(row.source)?.breaker;
  if (circuit === undefined) throw new Error(`${row.source} is no source`);
  return circuit === null ? null : (breakers.records()[circuit]?.consecutiveFailures ?? 0);
}

describe.each(PRICE_ROWS.map((row) => [row.source, row.key, row] as const))("%s as %s", (_id, _key, row) => {
  const isGated = sources.get(row.source)?.breaker !== null;
  const answering = (price: unknown, atSec = LAB_NOW) => priceRun(row, (request) => row.body(price, atSec, request));

  test("a good answer makes the price, or stands beside it", async () => {
    const run = await answering(0.999);
    const { asset, quote } = outcome(run, row);
    expect(quote).toMatchObject({ source: row.key, verdict: "agreed" });
    expect(asset.price).toBeGreaterThan(0.99);
    expect(failuresOf(run, row) ?? 0).toBe(0);
  });

  test.each(MALFORMED)("%s is refused by name and counts against the circuit", async (_what, body) => {
    const run = await priceRun(row, () => body);
    expectNothing(run, row);
    expect(run.report.filter(({ source }) => source === row.source)).toContainEqual(
      expect.objectContaining({ ok: false, reason: "changed", detail: expect.stringMatching(/./) }),
    );
    expect(run.result.reasons.length).toBeGreaterThan(0);
    if (isGated) expect(failuresOf(run, row)).toBeGreaterThan(0);
  });

  if (isGated)
    test("three of them leave the source alone for half an hour", async () => {
      const breakers = createBreakers({});
      for (let n = 0; n < 3; n++) await priceRun(row, () => new RawText("<html>"), breakers);
      const { report } = await priceRun(row, (request) => row.body(1, LAB_NOW, request), breakers);
      expect(report.filter(({ source }) => source === row.source)).toEqual([
        expect.objectContaining({ ok: false, reason: "breaker-open" }),
      ]);
      expect(breakers.transitions).toContainEqual({
        circuit: sources.get(row.source)?.breaker,
        event: "open",
        at: LAB_NOW,
      });
    });

  test.each(NO_NUMBERS.map((value) => [value]))("%j is no price", async (value) => {
    expectNothing(await answering(value), row);
  });

  if (row.empty !== null)
    test("an empty answer is no price, and success or failure as the method says", async () => {
      const run = await priceRun(row, () => row.empty?.body);
      expectNothing(run, row);
      if (isGated) expect(failuresOf(run, row) === 0).toBe(row.empty?.healthy);
    });

  if (row.sparse !== null)
    test("an answer about others is no price, and healthy where the method says so", async () => {
      const run = await priceRun(row, () => row.sparse?.body);
      expectNothing(run, row);
      if (isGated) expect(failuresOf(run, row) === 0).toBe(row.sparse?.healthy);
    });

  const maxAgeSec = row.maxAgeSec ?? PRICE_SOURCES[row.key]?.maxTrustedAgeSec ?? 0;
  if (row.timed)
    test.each([
      ["older than its limit", LAB_NOW - maxAgeSec - 1, /stale/],
      ["of the future", LAB_NOW + 601, /future/],
    ])("an answer %s is refused, and says so", async (_what, atSec, reason) => {
      const run = await answering(1, atSec);
      expectNothing(run, row);
      const { quote } = outcome(run, row);
      const said = [
        quote?.verdict === "rejected" ? quote.reason : "",
        ...run.result.reasons.map(({ message }) => message),
      ];
      expect(said.join("\n")).toMatch(reason);
    });

  if (row.timed)
    test("an answer as old as its limit stands", async () => {
      const { quote } = outcome(await answering(1, LAB_NOW - maxAgeSec), row);
      expect(quote).toMatchObject({ verdict: "agreed" });
    });
});
