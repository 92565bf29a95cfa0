import { expect, test } from "vitest";
import type { LaneContext } from "../lane.ts";
import type { Coin, Deployment } from "../schema/coin.ts";
import { blockAtTime } from "../sources/block-at-time.ts";
import { testCoin } from "../test-support/lane-context.ts";
import { backfillOnchain } from "./backfill-onchain.ts";

const DAY = 86_400;
const EIGHT = 8 * 3_600;
const ids = { defillama: null, coingecko: null, coinmarketcap: null, coinmarketcapSlug: null };
const deployed = (address: string, role: Deployment["role"] = "issued"): Deployment => ({
  chain: "eip155:1",
  address,
  decimals: 6,
  role,
});
const coin = (id: string, deployments: Deployment[], more: Partial<Coin> = {}) =>
  testCoin(id, { ids, deployments, ...more });
const TOKEN = coin("one-token", [deployed("0xaa"), deployed("0xbb", "unreleased")]);

/** A chain whose supply is a million a day, of which the holder has a tenth; prices by day. */
function context(
  prices: Record<number, number | null>,
  more: { oldState?: boolean; began?: number } = {},
): LaneContext {
  return {
    nowSec: 100 * DAY,
    nodes: () => ["rpc:eip155:1:0"],
    store: async () => ({
      query: async () =>
        Object.entries(prices).map(([day, price]) => ({
          coinId: "one-token",
          at: Number(day) * DAY + EIGHT - 60,
          price,
        })),
    }),
    collect: async (source: { id: string }, request: { atSec: number; block: { timestamp: number } }) => {
      if (source.id === blockAtTime.id) {
        const isThere = request.atSec >= (more.began ?? 0);
        return { ok: true, value: { block: isThere ? { number: 1n, timestamp: request.atSec } : null } };
      }
      const units = BigInt(Math.floor(request.block.timestamp / DAY)) * 10n ** 12n;
      const isKept = more.oldState !== false;
      return {
        ok: true,
        value: {
          tokens: [
            {
              address: "0xaa",
              totalSupply: isKept ? units.toString() : null,
              decimals: 6,
              balances: [{ holder: "0xbb", balance: isKept ? (units / 10n).toString() : null }],
            },
          ],
        },
      };
    },
  } as unknown as LaneContext;
}

test("a day's supply is the contract's total less its holders' at that day's block and price", async () => {
  const days = [10 * DAY, 11 * DAY, 12 * DAY];
  const known = new Map([["one-token", new Set([11 * DAY])]]);
  const { rows, failures } = await backfillOnchain(context({ 10: 2, 11: 2, 12: 1 }), [TOKEN], days, known);
  expect(failures).toEqual([]);
  expect(rows).toEqual([
    { date: 10 * DAY, coinId: "one-token", circulatingUsd: 18_000_000, priceUsd: 2 },
    { date: 12 * DAY, coinId: "one-token", circulatingUsd: 10_800_000, priceUsd: 1 },
  ]);
});

test.each([
  ["without a price on record", context({}), /no price/],
  ["before the chain began", context({ 10: 1 }, { began: 10 * DAY + EIGHT + 1 }), /began later/],
  ["from a node that keeps no past state", context({ 10: 1 }, { oldState: false }), /could not be read/],
])("a day %s is left out and said", async (_what, given, reason) => {
  const { rows, failures } = await backfillOnchain(given, [TOKEN], [10 * DAY], new Map());
  expect(rows).toEqual([]);
  expect(failures).toEqual([{ coinId: "one-token", reason: expect.stringMatching(reason) }]);
});

test("coins that a list or a market cap knows, or that stand on several contracts, are not read", async () => {
  const others = [
    coin("listed-coin", [deployed("0x1")], { ids: { ...ids, defillama: "1" } }),
    coin("capped-coin", [deployed("0x2")], { ids: { ...ids, coingecko: "capped" } }),
    coin("dead-coin", [deployed("0x3")], { status: { state: "dead", since: null } }),
  ];
  expect(await backfillOnchain(context({ 10: 1 }), others, [10 * DAY], new Map())).toEqual({ rows: [], failures: [] });
  const many = coin("many-coin", [deployed("0x4"), deployed("0x5")]);
  const { rows, failures } = await backfillOnchain(context({ 10: 1 }), [many], [10 * DAY], new Map());
  expect([rows, failures[0]?.reason]).toEqual([[], expect.stringMatching(/no single contract/)]);
});
