import { describe, expect, test } from "vitest";
import type { LaneContext } from "../lane.ts";
import { usdc } from "../registry/tiny-registry.ts";
import type { Coin, Deployment } from "../schema/coin.ts";
import { zephyrLivestats } from "../sources/zephyr.ts";
import { mayBeRepaired, supplementalSupply } from "./supplemental.ts";

const NOW = 1_800_000_000;
const token = (chain: string, address: string, role: Deployment["role"] = "issued"): Deployment => ({
  chain,
  address,
  decimals: null,
  role,
});
const coin = (id: string, deployments: Deployment[], more: Partial<Coin> = {}): Coin => ({
  ...usdc,
  id,
  deployments,
  ids: { ...usdc.ids, defillama: null, coingecko: null },
  ...more,
});

/** Contracts by address: total and holders in base units of 6 decimals; an address that is not there answers nothing. */
function context(contracts: Record<string, { total: string; holders?: Record<string, string> }>): LaneContext {
  return {
    nowSec: NOW,
    registry: {
      chainById: new Map([
        ["eip155:1", { rpc: [{}] }],
        ["eip155:9", { rpc: [] }],
      ]),
    },
    published: () => null,
    collect: async (
      _source: unknown,
      request: { chain: string; tokens: { address: string; holders: string[] }[] },
    ) => ({
      ok: true,
      fetchedAt: NOW,
      value: {
        chain: request.chain,
        blockNumber: 1,
        blockTimestamp: NOW,
        tokens: request.tokens.map(({ address, holders }) => ({
          address,
          totalSupply: contracts[address]?.total ?? null,
          decimals: contracts[address] ? 6 : null,
          balances: holders.map((holder) => ({ holder, balance: contracts[address]?.holders?.[holder] ?? null })),
        })),
      },
    }),
  } as unknown as LaneContext;
}
const rowsOf = async (coins: Coin[], contracts: Parameters<typeof context>[0], caps = new Map<string, number>()) =>
  (await supplementalSupply(context(contracts), coins, [], caps, new Map())).rows;

describe("supply beside the list", () => {
  test("is the market cap where there is one, and asks no chain then", async () => {
    const capped = coin("paxg-paxos", [token("eip155:1", "0xaa")], {
      ids: { ...usdc.ids, defillama: null, coingecko: "pax-gold" },
    });
    const rows = await rowsOf([capped], {}, new Map([["pax-gold", 1.5e9]]));
    expect(rows.get("paxg-paxos")).toMatchObject({ supplySource: "coingecko-fallback", usd: { current: 1.5e9 } });
  });

  test("is the contract's total where one contract stands for all, less the holders that do not count", async () => {
    const one = coin("one-x", [token("eip155:1", "0xaa")]);
    const held = coin("held-x", [token("eip155:1", "0xbb"), token("eip155:1", "0xcc", "unreleased")]);
    const rows = await rowsOf([one, held], {
      "0xaa": { total: "5000000" },
      "0xbb": { total: "9000000", holders: { "0xcc": "2000000" } },
    });
    expect(rows.get("one-x")).toMatchObject({ supplySource: "onchain-total-supply", usd: { current: 5 } });
    expect(rows.get("held-x")).toMatchObject({ supplySource: "onchain-circulating-supply", usd: { current: 7 } });
  });

  test.each([
    ["two contracts", [token("eip155:1", "0xaa"), token("eip155:1", "0xbb")]],
    ["a chain that nobody reads", [token("eip155:9", "0xaa")]],
    ["a chain of another kind", [token("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "Mint")]],
    ["a total that cannot be read", [token("eip155:1", "0xdead")]],
    ["a holder that cannot be read", [token("eip155:1", "0xaa"), token("eip155:1", "0xcc", "reserves")]],
    ["no contract at all", []],
  ])("stays unknown with %s", async (_what, deployments) => {
    const contracts = { "0xaa": { total: "5000000" }, "0xbb": { total: "5000000" } };
    expect((await rowsOf([coin("x-x", deployments)], contracts)).size).toBe(0);
  });

  test("needs a price: the peg's own unit for a dollar, none for a NAV token", async () => {
    const nav = coin("nav-x", [token("eip155:1", "0xaa")], { navToken: true });
    expect((await rowsOf([nav], { "0xaa": { total: "5000000" } })).size).toBe(0);
  });

  test("a listed zero is repaired for the reviewed coins only", () => {
    const empty = { usd: { current: 0 } } as Parameters<typeof mayBeRepaired>[1];
    const full = { usd: { current: 7 } } as Parameters<typeof mayBeRepaired>[1];
    expect(mayBeRepaired(coin("xofm-mento", []), empty)).toBe(true);
    expect(mayBeRepaired(coin("xofm-mento", []), full)).toBe(false);
    expect(mayBeRepaired(coin("usdc-circle", []), empty)).toBe(false);
  });

  test("of Zephyr's private chain is what its scanner counts, a share at the same answer's price, and nothing where it counts none", async () => {
    const zephyr = (id: string, asset: "ZSD" | "ZYS", navToken: boolean) =>
      coin(id, [], {
        navToken,
        priceFeeds: [{ kind: "zephyr-scanner", asset, quotesPrice: asset === "ZYS", source: "test", doubt: null }],
      });
    const coins = [zephyr("zsd-zephyr", "ZSD", false), zephyr("zys-zephyr", "ZYS", true)];
    const answer = (value: unknown) => ({ ...context({}), collect: async () => value }) as unknown as LaneContext;
    const said = (body: object) => answer({ ok: true, fetchedAt: NOW, value: zephyrLivestats.parse(body, {}) });
    const supply = (given: LaneContext) => supplementalSupply(given, coins, [], new Map(), new Map());
    const { rows } = await supply(said({ zsd_circ: 400_000, zys_circ: 200_000, zys_price: 1.9 }));
    expect(rows.get("zsd-zephyr")).toMatchObject({
      supplySource: "onchain-circulating-supply",
      usd: { current: 400_000 },
    });
    expect(rows.get("zys-zephyr")?.usd.current).toBe(380_000);
    const none = await supply(said({ zsd_circ: 0, zys_circ: 200_000, zys_price: 0 }));
    expect([...none.rows]).toEqual([]);
    const silent = await supply(answer({ ok: false, reason: "unavailable", detail: "no answer" }));
    expect([...silent.rows]).toEqual([]);
    expect(silent.failures).toEqual([{ code: "zephyr-supply-unavailable", message: "zephyr: no answer" }]);
    expect(() => zephyrLivestats.parse({ zsd_circ: "many" }, {})).toThrow(
      expect.objectContaining({ code: "bad-shape" }),
    );
  });
});
