import { describe, expect, test } from "vitest";
import { PRICE_SOURCES } from "../price-sources.ts";
import { usdc } from "../registry/tiny-registry.ts";
import type { Coin } from "../schema/coin.ts";
import type { PriceFeed } from "../schema/price-feed.ts";
import { type BoardRow, PriceBoard } from "./price-board.ts";
import { overrideByRedemption, REDEEM_SOURCE } from "./redemption-prices.ts";

const NOW = 1_800_000_000;
const provenance = { source: "a test", doubt: null };
const inherits = (parent: string, feeRatio: number | null = null, mayFollowSingleSource = false): PriceFeed => ({
  kind: "redeem-parent",
  parent,
  basis: "inherit",
  feeRatio,
  contract: null,
  mayFollowSingleSource,
  ...provenance,
});
const coin = (id: string, feed: PriceFeed | null, more: Partial<Coin> = {}): Coin => ({
  ...usdc,
  id,
  priceFeeds: feed ? [feed] : [],
  ...more,
});
type Quotes = Record<string, number>;

function board(
  rows: [Coin, Quotes][],
  references = { rates: { peggedUSD: 1, peggedCAD: 0.7 }, type: "fresh" as const },
) {
  const given = rows.map(([one, quotes]) => ({
    coin: one,
    raw: Object.entries(quotes).map(([source, price]) => ({
      source,
      price,
      weight: PRICE_SOURCES[source]?.weight ?? 0,
      observedAt: NOW,
    })),
    dex: null,
    previous: undefined,
    previousTrustedPrice: null,
    circulatingUsd: 1e6,
    supplyIsCurrent: true,
  }));
  return new PriceBoard(given, references, NOW);
}
const prices = (on: PriceBoard) =>
  Object.fromEntries(on.rows.map(({ coin: { id }, chosen }: BoardRow) => [id, [chosen.price, chosen.priceSource]]));
const STRONG = { binance: 0.998, kraken: 0.998 };

describe("a redemption price", () => {
  test("is the parent's, less the fee, through a chain of wrappers, and names itself", () => {
    const on = board([
      [coin("child-x", inherits("wrap-x")), { "defillama-list": 1.02 }],
      [coin("wrap-x", inherits("base-x", 0.01)), {}],
      [coin("base-x", null), STRONG],
    ]);
    expect(overrideByRedemption(on, new Map())).toEqual({ applied: 2, moved: ["child-x"] });
    expect(prices(on)).toMatchObject({ "wrap-x": [0.98802, REDEEM_SOURCE], "child-x": [0.98802, REDEEM_SOURCE] });
    const child = on.row("child-x")?.chosen;
    expect(child).toMatchObject({
      priceConfidence: "high",
      consensusSources: [REDEEM_SOURCE],
      agreeSources: [REDEEM_SOURCE],
    });
    expect(child?.quotes).toContainEqual(
      expect.objectContaining({ source: "defillama-list", verdict: "disagreed", priceUsd: 1.02 }),
    );
  });

  test.each([
    ["a low parent", { coingecko: 1, "defillama-list": 0.9 }],
    ["a single soft source", { coingecko: 1 }],
    ["search results that agree", { jupiter: 1, coinmarketcap: 1 }],
    ["no parent price", {}],
  ])("is not made from %s", (_what, quotes) => {
    const on = board([
      [coin("wrap-x", inherits("base-x")), { "defillama-list": 0.97 }],
      [coin("base-x", null), quotes],
    ]);
    expect(overrideByRedemption(on, new Map()).applied).toBe(0);
    expect(prices(on)["wrap-x"]).toEqual([0.97, "defillama-list"]);
  });

  test("of a scoped child follows a single replay-safe source of its parent by name", () => {
    const on = board([
      [coin("m-m0", inherits("wm-m0", null, true)), {}],
      [coin("wm-m0", null), { coingecko: 0.999 }],
    ]);
    expect(overrideByRedemption(on, new Map()).applied).toBe(1);
    expect(on.row("m-m0")?.chosen).toMatchObject({
      price: 0.999,
      priceSource: "coingecko",
      priceConfidence: "single-source",
    });
  });

  test("at par needs supply, and for other currencies a reference that may be believed", () => {
    const par = (currency: string): PriceFeed => ({ kind: "redeem-par", currency, ...provenance });
    const cad = { peg: { currency: "CAD", type: "peggedCAD", referenceId: null } } as const;
    const rows: [Coin, Quotes][] = [
      [coin("usdq-x", par("USD")), {}],
      [coin("cadd-x", par("CAD"), cad), {}],
    ];
    const fresh = board(rows);
    overrideByRedemption(fresh, new Map());
    expect(prices(fresh)).toEqual({ "usdq-x": [1, REDEEM_SOURCE], "cadd-x": [0.7, REDEEM_SOURCE] });
    const stale = board(rows, { rates: { peggedUSD: 1, peggedCAD: 0.7 }, type: "stale" as never });
    overrideByRedemption(stale, new Map());
    expect(prices(stale)["cadd-x"]).toEqual([null, "missing"]);
    const empty = board(rows);
    for (const row of empty.rows) row.circulatingUsd = null;
    expect(overrideByRedemption(empty, new Map()).applied).toBe(0);
    const unseen = board(rows);
    for (const row of unseen.rows) row.supplyIsCurrent = false;
    expect(overrideByRedemption(unseen, new Map()).applied).toBe(0);
  });

  test("of a contract is its conversion times the parent; without a conversion the market stands", () => {
    const vault: PriceFeed = {
      kind: "erc4626-parent",
      parent: "base-x",
      overridesPrice: true,
      call: "convertToAssets",
      ...provenance,
    };
    const rows: [Coin, Quotes][] = [
      [coin("vault-x", vault, { navToken: true }), { coingecko: 1.05 }],
      [coin("base-x", null), STRONG],
    ];
    const on = board(rows);
    overrideByRedemption(on, new Map([["vault-x", { ratio: 1.1, observedAt: NOW - 12 }]]));
    expect(prices(on)["vault-x"]).toEqual([1.0978, REDEEM_SOURCE]);
    const without = board(rows);
    expect(overrideByRedemption(without, new Map()).applied).toBe(0);
  });

  test("beyond what its peg may be worth is refused and stays on the row with the reason", () => {
    const on = board([
      [coin("wrap-x", inherits("base-x")), { "defillama-list": 1 }],
      [coin("base-x", null, { navToken: true }), { binance: 1.3, kraken: 1.3 }],
    ]);
    expect(overrideByRedemption(on, new Map()).applied).toBe(0);
    expect(on.row("wrap-x")?.chosen).toMatchObject({ price: 1, priceSource: "defillama-list" });
    expect(on.row("wrap-x")?.chosen.quotes).toContainEqual(
      expect.objectContaining({ source: REDEEM_SOURCE, verdict: "rejected", reason: "reference_upper_bound_exceeded" }),
    );
  });
});
