import { describe, expect, it } from "vitest";
import type { LaneContext } from "../lane.ts";
import type { TerminalPool } from "../sources/geckoterminal.ts";
import { laneContext, testCoin } from "../test-support/lane-context.ts";
import { DAY_SEC } from "../time.ts";
import { fromTerminal } from "./intake.ts";
import { EMPTY_STATE, lastResort } from "./last-resort.ts";

const NOW = 1_795_000_000;
const ETHEREUM = "eip155:1";
const address = (n: number) => `0x${n.toString(16).padStart(40, "0")}`;
const OTHER = address(0xffff);
const coins = Array.from({ length: 14 }, (_, n) =>
  testCoin(`c${n}`, {
    deployments: [{ chain: ETHEREUM, address: address(n + 1), decimals: 18, role: "issued" }] as never,
  }),
);

const pool = (token: string, more: Partial<TerminalPool> = {}): TerminalPool => ({
  address: `${token.slice(0, -2)}aa`,
  dexId: "uniswap_v3",
  baseAddress: token,
  quoteAddress: OTHER,
  basePriceUsd: 0.999,
  quotePriceUsd: 2_500,
  reserveUsd: 400_000,
  name: "C / WETH 0.05%",
  volume24hUsd: 30_000,
  createdAt: NOW - 100 * DAY_SEC,
  ...more,
});

describe("GeckoTerminal's pools", () => {
  const token = address(1);
  const of = (more: Partial<TerminalPool>) => fromTerminal([pool(token, more)], "c0", ETHEREUM, token, 1, NOW);

  it("are the asked coin's alone, and show no price to consensus", () => {
    expect(of({})).toMatchObject([
      {
        source: "geckoterminal",
        protocol: "uniswap-v3",
        coinIds: ["c0"],
        tvlUsd: 400_000,
        volume24hUsd: 30_000,
        feeBps: 5,
        kind: "concentrated",
        symbol: "C-WETH",
        ageDays: 100,
        prices: {},
      },
    ]);
  });

  it("are left out where the coin is on neither side, far from its peg, without a price, or of no possible size", () => {
    for (const more of [
      { baseAddress: address(7) },
      { basePriceUsd: 0.4 },
      { basePriceUsd: 2.1 },
      { basePriceUsd: null },
      { reserveUsd: null },
      { reserveUsd: 0 },
      { reserveUsd: 9e10 },
      { dexId: "bunni" },
    ])
      expect(of(more), JSON.stringify(more)).toEqual([]);
    expect(of({ baseAddress: OTHER, basePriceUsd: 2_500, quoteAddress: token, quotePriceUsd: 1 })).toHaveLength(1);
  });
});

describe("the last resort", () => {
  async function run(answer: (token: string) => TerminalPool[] | null, state: unknown = null) {
    const asked: string[] = [];
    const context = laneContext({ nowSec: NOW, coins, datasets: {}, state: { [EMPTY_STATE]: state } });
    context.collect = (async (_source: unknown, request: { address: string }) => {
      asked.push(request.address);
      const pools = answer(request.address);
      return pools === null
        ? { ok: false, reason: "unavailable", detail: "429" }
        : { ok: true, value: { pools }, fetchedAt: NOW };
    }) as never as LaneContext["collect"];
    return { asked, ...(await lastResort(context, coins, () => 1)) };
  }

  it("asks for the ten largest, and for the same in the next run while they have pools", async () => {
    const first = await run((token) => [pool(token)]);
    expect(first.asked).toEqual(coins.slice(0, 10).map((_, n) => address(n + 1)));
    expect(first).toMatchObject({ failure: null, empty: null });
    expect(first.pools).toHaveLength(10);
  });

  it("lets a coin without a pool alone for a week, so that others get their turn", async () => {
    const first = await run((token) => (token === address(1) ? [] : [pool(token)]));
    expect(first.empty).toEqual({ c0: NOW });
    const second = await run((token) => [pool(token)], first.empty);
    expect(second.asked).not.toContain(address(1));
    expect(second.asked).toContain(address(11));
    const later = await run((token) => [pool(token)], { c0: NOW - 7 * DAY_SEC });
    expect(later.asked).toContain(address(1));
    expect(later.empty).toEqual({});
  });

  it("stops at the first failure and names it; a state that is damaged is none", async () => {
    const failing = await run((token) => (token === address(3) ? null : [pool(token)]), "torn");
    expect(failing.asked).toHaveLength(3);
    expect(failing.failure).toEqual({ code: "geckoterminal-unavailable", message: "429" });
    expect(failing.pools).toHaveLength(2);
  });
});
