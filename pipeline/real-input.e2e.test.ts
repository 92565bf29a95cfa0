import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CURRENCY_BOUNDS } from "./peg-bounds.ts";
import { readSnapshot } from "./publish/read-snapshot.ts";
import { roundRate } from "./rounding.ts";
import { runOnce } from "./run.ts";
import { openStore } from "./store/store.ts";
import { recording } from "./test-support/shared.ts";
import { HOME } from "./test-support/small-world.ts";
import { type StaticServer, startStaticServer } from "./test-support/static-server.ts";
import { verifyData } from "./verify.ts";

let root: string;
let dataDir: string;
let server: StaticServer;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "plumbline-real-"));
  dataDir = join(root, "data");
  mkdirSync(dataDir);
  cpSync(join(HOME, "data", "registry"), join(dataDir, "registry"), { recursive: true });
  server = await startStaticServer();
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

function runAt(iso: string, lane: string, upstream: string) {
  const overrides = { simulated: false, upstreams: { [upstream]: server.url }, rpc: {} };
  return runOnce({ dataDir, nowSec: Date.parse(iso) / 1000, seed: "real", overrides, lanes: [lane], env: {} });
}

const CURRENCY_FILE = "/currencies/usd.min.json";
const FIATS = Object.keys(CURRENCY_BOUNDS).filter((code) => !["USD", "GOLD", "SILVER"].includes(code));

describe("the real files of the fawazahmed0 mirror", () => {
  it("from its npm package, served from loopback, make the FX rates", async () => {
    const folder = dirname(createRequire(import.meta.url).resolve("@fawazahmed0/currency-api/package.json"));
    const text = readFileSync(join(folder, "v1", "currencies", "usd.json"), "utf8");
    const body = JSON.parse(text) as { date: string; usd: Record<string, number> };
    server.serve({ [CURRENCY_FILE]: text });
    const outcome = await runAt(`${body.date}T12:00:00Z`, "fx", "fawazahmed0-jsdelivr");
    const fx = readSnapshot(dataDir, "fx-rates");
    expect(fx?.simulated).toBe(false);
    expect(fx?.data.mode).toBe("live");
    expect(Object.keys(fx?.data.rates ?? {}).sort()).toEqual([...FIATS].sort());
    for (const code of FIATS) {
      const rate = fx?.data.rates[code];
      expect(rate?.usdPerUnit, code).toBe(roundRate(1 / (body.usd[code.toLowerCase()] as number)));
      expect(rate, code).toMatchObject({
        source: "fawazahmed0:usd",
        cadence: "calendar-daily",
        sourceDate: body.date,
        freshness: "fresh",
      });
    }
    expect(fx?.data.missing.map(({ currency }) => currency)).toEqual(expect.arrayContaining(["GOLD", "SILVER"]));
    expect(outcome.manifest?.lanes[0]?.status, "Frankfurter and the metals were not reachable").toBe("degraded");
  });

  const recorded = recording("fawazahmed0-currency-api");
  it.skipIf(recorded === null)(
    "day after day: the key set varies and every recorded day gives all rates it holds",
    async () => {
      const days = readdirSync(recorded as string)
        .filter((name) => /^\d{4}\.\d+\.\d+\.usd\.json$/.test(name))
        .map(
          (name) =>
            JSON.parse(readFileSync(join(recorded as string, name), "utf8")) as {
              date: string;
              usd: Record<string, number>;
            },
        )
        .sort((a, b) => (a.date < b.date ? -1 : 1));
      expect(days.length).toBeGreaterThan(8);
      const keySets = new Set<number>();
      for (const day of days) {
        keySets.add(Object.keys(day.usd).length);
        server.serve({ [CURRENCY_FILE]: JSON.stringify(day) });
        await runAt(`${day.date}T23:00:00Z`, "fx", "fawazahmed0-jsdelivr");
        const fx = readSnapshot(dataDir, "fx-rates");
        const given = FIATS.filter((code) => day.usd[code.toLowerCase()] !== undefined);
        expect(given.length).toBeGreaterThan(20);
        for (const code of given) {
          const rate = fx?.data.rates[code];
          const refused = rate?.refused.length ?? 0;
          expect(rate?.sourceDate === day.date || refused > 0, `${code} on ${day.date}`).toBe(true);
        }
        expect(fx?.data.rates.EUR?.sourceDate).toBe(day.date);
      }
      expect(keySets.size, "the quirk: the key set varies by day").toBeGreaterThan(1);
      expect((await verifyData(dataDir)).problems).toEqual([]);
    },
  );
});

describe("the whole recorded body of stablecoincharts/all", () => {
  const file = recording("defillama/stablecoincharts-all.full.json");
  it.skipIf(file === null)(
    "goes through the supply history into Parquet, every day and every dollar of it",
    async () => {
      const text = readFileSync(file as string, "utf8");
      const points = JSON.parse(text) as { date: string; totalCirculatingUSD?: Record<string, number> }[];
      expect(points.length).toBe(3091);
      const last = Number(points.at(-1)?.date);
      const nowSec = last + 86_400 + 9 * 3600;
      server.serve({ "/stablecoincharts/all": text });
      await runAt(new Date(nowSec * 1000).toISOString().replace(".000Z", "Z"), "daily", "defillama");

      const store = await openStore(dataDir);
      const [row] = await store.query(
        "SELECT count(DISTINCT date) AS days, CAST(sum(CAST(circulatingUsd AS DECIMAL(38, 2))) AS DOUBLE) AS usd FROM stablecoin_charts",
      );
      store.close();
      const expected = points.reduce(
        (sum, point) => sum + Object.values(point.totalCirculatingUSD ?? {}).reduce((total, usd) => total + usd, 0),
        0,
      );
      expect(row?.days).toBe(new Set(points.map((point) => Math.floor(Number(point.date) / 86_400))).size);
      expect(Math.abs((row?.usd as number) / expected - 1)).toBeLessThan(1e-6);

      const folder = join(dataDir, "history", "stablecoin-charts");
      const sealed = readdirSync(folder).filter((name) => name.endsWith(".parquet"));
      expect(sealed).toContain("2017.parquet");
      expect(sealed.length).toBeGreaterThan(7);
      // A second reader, not DuckDB, sees the same rows.
      const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(folder, "2020.parquet")) });
      expect(new Set(rows.map((each) => each.date)).size).toBe(366);
      expect((await verifyData(dataDir)).problems).toEqual([]);
    },
  );
});
