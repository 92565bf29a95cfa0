import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { PriceQuote } from "../../pipeline/schema/price-quotes.ts";
import { smallWorld } from "../../pipeline/test-support/small-world.ts";
import { type QuoteVersion, quoteSeries, quoteVersions } from "./quote-history.ts";

const quote = (source: string, priceUsd: number | null, more: Partial<PriceQuote> = {}): PriceQuote => ({
  source,
  priceUsd,
  observedAt: null,
  observedAtMode: null,
  weight: 1,
  verdict: "agreed",
  reason: null,
  ...more,
});

test("points stand where a source changed its price, its verdict, or fell silent", () => {
  const versions: QuoteVersion[] = [
    { asOf: 1, quotes: { a: [quote("x", 1), quote("y", 1, { weight: 3 })] } },
    { asOf: 2, quotes: { a: [quote("x", 1), quote("y", 1, { verdict: "disagreed", weight: 3 })] } },
    { asOf: 3, quotes: { a: [quote("x", 0.9)], b: [quote("x", 2)] } },
    { asOf: 4, quotes: {} },
  ];
  expect(quoteSeries(versions, "a")).toEqual([
    {
      source: "y",
      points: [
        { at: 1, priceUsd: 1, verdict: "agreed" },
        { at: 2, priceUsd: 1, verdict: "disagreed" },
        { at: 3, priceUsd: null, verdict: null },
      ],
    },
    {
      source: "x",
      points: [
        { at: 1, priceUsd: 1, verdict: "agreed" },
        { at: 3, priceUsd: 0.9, verdict: "agreed" },
        { at: 4, priceUsd: null, verdict: null },
      ],
    },
  ]);
  expect(quoteSeries(versions, "nobody")).toEqual([]);
});

const folder = mkdtempSync(join(tmpdir(), "plumbline-quotes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("versions come from git, and from the disk alone where there is no git", async () => {
  const world = await smallWorld({ coins: 60 });
  try {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: world.dataDir });
    const { readSnapshot } = await import("../../pipeline/publish/read-snapshot.ts");
    git("init", "-q");
    const times = [0, 1, 2].map((n) => Date.UTC(2026, 10, 20, 8) / 1000 + n * 1_800);
    for (const at of times) {
      await world.run(at, { lanes: ["fx", "supply", "prices"] });
      git("add", "-A");
      git("commit", "-qm", `run ${at}`);
    }
    const versions = await quoteVersions(world.dataDir, null);
    expect(versions.map(({ asOf }) => asOf)).toEqual(times);
    const now = readSnapshot(world.dataDir, "price-quotes");
    expect(versions.at(-1)?.quotes).toEqual(now?.data.quotes);
    mkdirSync(join(folder, "snapshots"));
    writeFileSync(join(folder, "snapshots", "price-quotes.json"), "not read");
    const current = { asOf: 5, quotes: {} };
    expect(await quoteVersions(folder, current)).toEqual([current]);
  } finally {
    await world.close();
  }
});
