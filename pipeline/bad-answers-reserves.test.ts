/** Every issuer's API a reserve is read from, with its own bad answers: what is stored then, and what the circuit makes of it. */
import { describe, expect, test } from "vitest";
import { ADAPTERS } from "./reserves/adapters/index.ts";
import { reservesLane } from "./reserves/lane.ts";
import type { AdapterKind, ReserveAdapter } from "./schema/reserve-adapter.ts";
import type { HttpRequest } from "./sources/source.ts";
import { askLane, LAB_NOW, MALFORMED, RawText } from "./test-support/answer-lab.ts";
import { testCoin } from "./test-support/lane-context.ts";

const DAY_SEC = 86_400;
const USDC = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";
const iso = (sec: number) => new Date(sec * 1000).toISOString();

interface Row {
  kind: AdapterKind;
  upstream: string;
  /** A whole answer in which this amount, out of a hundred, pays redemptions. */
  body(amount: unknown, atSec: number, request: HttpRequest): unknown;
  /** What it says can be redeemed of `amount`. */
  capacity(amount: number): number;
}

const ROWS: readonly Row[] = [
  {
    kind: "asymmetry",
    upstream: "asymmetry",
    body: (amount, at) => ({
      timestamp: at,
      usdaf: { total_bold_supply: amount, branch: { ysyBOLD: { coll_value: 100 } } },
    }),
    capacity: (amount) => amount,
  },
  {
    kind: "ethena",
    upstream: "ethena",
    body: (amount, at) => ({
      collateral: [
        { asset: "Liquid Cash", exchange: "Copper", timestamp: at, usdAmount: amount },
        { asset: "BTC", exchange: "Ceffu", timestamp: at, usdAmount: 100 },
      ],
      totalBackingAssetsInUsd: 100 + (typeof amount === "number" ? amount : 0),
    }),
    capacity: (amount) => amount,
  },
  {
    kind: "frax-balance-sheet",
    upstream: "frax",
    body: (amount, at) => ({
      asOfTimestamp: iso(at),
      totalAssets: 200,
      totalLiabilities: 100,
      assets: [
        { category: "reserve", chain: "ethereum", tokenAddress: USDC, tokenSymbol: "USDC", totalValueUsd: amount },
        { category: "reserve", chain: "ethereum", tokenAddress: "0x01", tokenSymbol: "USTB", totalValueUsd: 100 },
      ],
    }),
    capacity: (amount) => amount,
  },
  {
    kind: "jupusd",
    upstream: "jupusd",
    body: (amount, at, { path }) => {
      if (path === "/api/snapshots") return { snapshots: [{ timestamp: iso(at) }] };
      if (path === "/api/oracle") return { ripcord: false };
      const holding = (name: string, units: unknown) => ({
        name,
        amount: typeof units === "number" && Number.isInteger(units) && units >= 0 ? units * 1_000_000 : units,
        decimals: 6,
      });
      return { holdings: [holding("USDC", amount), holding("gold", 100)], totalSupply: 100_000_000 };
    },
    capacity: (amount) => amount,
  },
];

const usdc = testCoin("usdc-circle", {
  deployments: [{ chain: "eip155:1", address: USDC, decimals: 6, role: "issued" }],
});

async function read({ kind, upstream }: Row, body: (request: HttpRequest) => unknown) {
  const coin = testCoin("bad-coin", {
    reserveAdapter: { kind, displayUrl: null, source: "test" } as ReserveAdapter,
  });
  const run = await askLane(reservesLane, {
    coins: [usdc, coin],
    answer: (asked, request) => (asked === upstream ? body(request) : undefined),
  });
  const row = run.result.snapshots.reserves?.data.coins[coin.id];
  if (!row) throw new Error("no row");
  return { row, failures: run.breakers.records()[upstream]?.consecutiveFailures ?? 0 };
}

test("every adapter that reads an issuer's API alone is tried", () => {
  const fed = Object.values(ADAPTERS).filter(({ feeds = [] }) => feeds.length > 0);
  // The mix behind DAI and USDS is told beside what a chain says, and its absence costs the mix only.
  expect(
    fed
      .map(({ kind }) => kind)
      .filter((kind) => kind !== "sky-makercore")
      .sort(),
  ).toEqual(ROWS.map(({ kind }) => kind));
});

describe.each(ROWS.map((row) => [row.kind, row] as const))("%s", (_kind, row) => {
  const answering = (amount: unknown, atSec = LAB_NOW - 60) => read(row, (request) => row.body(amount, atSec, request));

  test("a good answer is stored, and a measured nothing as nothing", async () => {
    for (const amount of [40, 0]) {
      const { row: stored, failures } = await answering(amount);
      expect(stored).toMatchObject({ mode: "live", sync: { status: "ok" } });
      expect(stored.reading?.metadata.redemption?.capacityUsd).toBe(row.capacity(amount));
      expect(failures).toBe(0);
    }
  });

  test.each([
    ...MALFORMED,
    ["an empty list", []],
    ["an empty object", {}],
    ["a message", { error: "busy" }],
    ["HTML under a JSON name", new RawText("<html>")],
  ] as [string, unknown][])("%s is no reading and counts against the circuit", async (_what, body) => {
    const { row: stored, failures } = await read(row, () => body);
    expect(stored).toMatchObject({ mode: "unavailable", reading: null, sync: { status: "error" } });
    expect(stored.sync.lastError).toMatch(/./);
    expect(failures).toBeGreaterThan(0);
  });

  test.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY], ["many"], [null], [[1]], [{}]])(
    "%j is no amount",
    async (amount) => {
      const { row: stored } = await answering(amount);
      expect(stored).toMatchObject({ reading: null, sync: { status: "error" } });
    },
  );

  test("a silent upstream is no reading", async () => {
    const { row: stored } = await read(row, () => undefined);
    expect(stored).toMatchObject({ mode: "unavailable", reading: null });
  });

  test("an old answer does not score, and one of the future is refused", async () => {
    const old = await answering(40, LAB_NOW - 4 * DAY_SEC);
    expect(old.row.reading).toMatchObject({ syncStatus: "degraded" });
    expect(old.row.reading?.warnings.map(({ code }) => code)).toContain("source-stale");
    const ahead = await answering(40, LAB_NOW + 3_600);
    expect(ahead.row).toMatchObject({ reading: null, sync: { lastError: expect.stringMatching(/ahead/) } });
  });
});
