import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LaneContext } from "../lane.ts";
import { laneContext, testCoin } from "../test-support/lane-context.ts";
import { DAY_SEC, startOfUtcDay } from "../time.ts";
import { chainCandidate, readVaultRates, vaultRead } from "./chain-rates.ts";
import { readRatePast, withTodaysRates } from "./yield-past.ts";

const NOW = startOfUtcDay(1_780_000_000) + 12 * 3600;
const ETHEREUM = "eip155:1";
const token = (digit: string, decimals: number | null, chain = ETHEREUM) =>
  [{ chain, address: `0x${digit.repeat(40)}`, decimals, role: null }] as never;
const feed = (parent: string, doubt: string | null = null) =>
  [{ kind: "erc4626-parent", parent, call: "convertToAssets", overridesPrice: false, source: "x", doubt }] as never;
const usd = testCoin("usd", { deployments: token("a", 6) });
const vault = testCoin("susd", { deployments: token("b", 18), priceFeeds: feed("usd"), navToken: true });
const byId = new Map([usd, vault].map((coin) => [coin.id, coin]));

describe("the question to a vault", () => {
  it("is what one share is worth, to the coin's own contract, as the registry has it", () => {
    expect(vaultRead(vault, byId)).toMatchObject({
      chain: ETHEREUM,
      assetDecimals: 6,
      read: { address: `0x${"b".repeat(40)}`, functionName: "convertToAssets", args: [10n ** 18n] },
    });
  });

  it("is not asked where a fact is not on file or in doubt", () => {
    for (const coin of [
      testCoin("x", { deployments: token("b", 18) }),
      testCoin("x", { deployments: token("b", null), priceFeeds: feed("usd") }),
      testCoin("x", { deployments: token("b", 18), priceFeeds: feed("ghost") }),
      testCoin("x", { deployments: token("b", 18), priceFeeds: feed("usd", "a shared ticker") }),
      testCoin("x", { deployments: token("b", 18, "eip155:10"), priceFeeds: feed("usd") }),
    ])
      expect(vaultRead(coin, byId)).toBeNull();
  });
});

describe("reading the vaults", () => {
  const read = (answer: object) => {
    const context = laneContext({ nowSec: NOW, coins: [usd, vault], datasets: {} });
    context.collect = (async () => answer) as never as LaneContext["collect"];
    return readVaultRates(context, [vault]);
  };
  const block = { number: 1n, timestamp: NOW - 30 };

  it("gives assets per share at the block's time", async () => {
    const { rates, failures } = await read({ ok: true, value: { block, results: [1_052_300n] } });
    expect([...rates]).toEqual([["susd", { at: NOW - 30, rate: 1.0523 }]]);
    expect(failures).toEqual([]);
  });

  it("is degraded by name when no vault could be read, whatever the reason", async () => {
    const codes = async (answer: object) => (await read(answer)).failures.map(({ code }) => code);
    expect(await codes({ ok: false, reason: "unavailable", detail: "down" })).toEqual([
      "vault-rates-unavailable",
      "vault-rates-none",
    ]);
    expect(await codes({ ok: true, value: { block, results: [null] } })).toEqual(["vault-rates-none"]);
    expect(await codes({ ok: true, value: { block, results: [10n ** 18n] } })).toEqual(["vault-rates-none"]);
    const old = { number: 1n, timestamp: NOW - 3_601 };
    expect(await codes({ ok: true, value: { block: old, results: [1_052_300n] } })).toEqual([
      "vault-rates-stale",
      "vault-rates-none",
    ]);
  });

  it("of no vault at all is no failure", async () => {
    expect((await readVaultRates(laneContext({ nowSec: NOW, coins: [usd], datasets: {} }), [usd])).failures).toEqual(
      [],
    );
  });
});

describe("the yield of a vault by its contract", () => {
  const at = (daysAgo: number, rate: number) => ({ at: NOW - daysAgo * DAY_SEC, rate });

  it("is the growth of seven days, compounded to a year", () => {
    const [candidate] = chainCandidate(at(0, 1.001), [at(7, 1), at(1, 1.0009)]);
    expect(candidate).toMatchObject({ tier: "chain-read", observedAt: NOW });
    expect(candidate?.apy).toBeCloseTo((1.001 ** (365.25 / 7) - 1) * 100, 9);
  });

  it("takes the day nearest to seven and reckons with the time that truly passed", () => {
    const [candidate] = chainCandidate(at(0, 1.002), [at(8.4, 0.9), at(6.8, 1)]);
    expect(candidate?.apy).toBeCloseTo((1.002 ** (365.25 / 6.8) - 1) * 100, 9);
  });

  it("is not known before a week is on record, which is not zero", () => {
    expect(chainCandidate(at(0, 1.001), [at(6.4, 1), at(8.6, 1)])).toEqual([]);
    expect(chainCandidate(undefined, [at(7, 1)])).toEqual([]);
  });
});

describe("the rates a lane remembers", () => {
  it("are one a day, of nine days and today, and read back as they were", () => {
    const rate = fc.double({ min: 0.5, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.array(rate, { minLength: 1, maxLength: 20 }), (rates) => {
        let state: Record<string, string[]> = {};
        for (const [day, each] of rates.entries()) {
          const when = NOW + day * DAY_SEC;
          const past = readRatePast({ days: {}, rates: state });
          const next = withTodaysRates(past, new Map([["a", { at: when, rate: each }]]), startOfUtcDay(when));
          expect(next).not.toBeNull();
          state = next ?? state;
          const again = readRatePast({ days: {}, rates: state });
          expect(again.get("a")?.at(-1)).toEqual({ at: when, rate: each });
          expect(again.get("a")?.length).toBeLessThanOrEqual(10);
          expect(withTodaysRates(again, new Map([["a", { at: when + 60, rate: 1 }]]), startOfUtcDay(when))).toBeNull();
        }
      }),
    );
  });
});
