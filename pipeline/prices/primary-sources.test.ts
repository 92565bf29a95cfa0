import { describe, expect, test } from "vitest";
import { buildPrimarySources, type DexAggregate, type ProtocolQuote } from "./primary-sources.ts";

const NOW = 1_800_000_000;
const quote = (source: string, price = 1) => ({ source, price, weight: 1, observedAt: NOW });
const lane = (protocol: string, more: Partial<ProtocolQuote> = {}): ProtocolQuote => ({
  protocol,
  price: 1,
  tvlUsd: 50_000,
  updatedAt: NOW,
  ...more,
});
const aggregate: DexAggregate = { price: 1, totalTvlUsd: 1_000_000, updatedAt: NOW };
const build = (quotes: string[], lanes: ProtocolQuote[], row: DexAggregate | null = null) => {
  const { candidates, excluded } = buildPrimarySources(
    quotes.map((source) => quote(source)),
    lanes,
    row,
    NOW,
  );
  return {
    keys: candidates.map(({ source }) => source),
    reasons: Object.fromEntries(excluded.map(({ source, reason }) => [source, reason])),
  };
};

describe("protocol lanes", () => {
  test("two vouch for each other, one of them twice does not", () => {
    expect(build(["coingecko"], [lane("curve"), lane("fluid", { price: 5 })]).keys).toEqual([
      "coingecko",
      "curve-dex",
      "fluid-dex",
    ]);
    expect(build(["coingecko"], [lane("curve"), lane("curve")]).keys).toEqual(["coingecko"]);
  });

  test("a lone one needs a hard source within 50 bps, or nobody else", () => {
    expect(build([], [lane("curve")]).keys).toEqual(["curve-dex"]);
    expect(build(["kraken"], [lane("curve", { price: 1.004 })]).keys).toEqual(["kraken", "curve-dex"]);
    expect(build(["kraken"], [lane("curve", { price: 1.006 })]).reasons).toEqual({
      "curve-dex": "lacked_corroboration",
    });
    expect(build(["coingecko"], [lane("curve")]).reasons).toEqual({ "curve-dex": "lacked_corroboration" });
  });

  test("are refused one by one, each with its reason", () => {
    const lanes = [
      lane("nobody"),
      lane("fluid", { tvlUsd: 49_999 }),
      lane("curve", { updatedAt: NOW - 2_101 }),
      lane("balancer", { price: 0 }),
      lane("orca", { updatedAt: null }),
    ];
    expect(build(["kraken"], lanes).reasons).toEqual({
      "nobody-dex": "missing_registry_mapping",
      "fluid-dex": "below_tvl_threshold",
      "curve-dex": "stale_observed_at",
      "balancer-dex": "invalid_price",
      "orca-dex": "missing_observed_at",
    });
  });

  test("a lane without a time of its own takes the row's", () => {
    const { candidates } = buildPrimarySources(
      [quote("kraken")],
      [lane("curve", { updatedAt: 0 })],
      { ...aggregate, updatedAt: NOW - 5 },
      NOW,
    );
    expect(candidates[1]).toMatchObject({ source: "curve-dex", observedAt: NOW - 5, weight: 3 });
  });
});

describe("the aggregate", () => {
  test("speaks only where no lane does", () => {
    expect(build(["coingecko"], [lane("curve")], aggregate).keys).toEqual(["coingecko", "dex-promoted"]);
    expect(build(["kraken"], [lane("curve")], aggregate).keys).toEqual(["kraken", "curve-dex"]);
  });

  test("must be young, large and not another view of Binance", () => {
    const refused = (row: Partial<DexAggregate>) =>
      build(["kraken"], [], { ...aggregate, ...row }).reasons["dex-promoted"];
    expect(refused({})).toBeUndefined();
    expect(refused({ totalTvlUsd: 999_999 })).toBe("below_tvl_threshold");
    expect(refused({ updatedAt: NOW - 2_099 })).toBeUndefined();
    expect(refused({ updatedAt: NOW - 2_100 })).toBe("stale_observed_at");
    expect(refused({ updatedAt: NOW + 1 })).toBe("future_observed_at");
    expect(refused({ updatedAt: null })).toBe("missing_observed_at");
    expect(refused({ price: -1 })).toBe("invalid_price");
    expect(build(["binance"], [lane("binance")], aggregate).reasons["dex-promoted"]).toBe("binance_overlap");
    expect(build(["kraken"], [lane("binance")], aggregate).keys).toEqual(["kraken", "dex-promoted"]);
  });
});

test("direct quotes pass the freshness gate first", () => {
  const quotes = [
    quote("kraken"),
    quote("nobody"),
    { ...quote("pyth"), observedAt: NOW - 301 },
    quote("coingecko", Number.NaN),
  ];
  const { candidates } = buildPrimarySources(quotes, [], null, NOW);
  expect(candidates.map(({ source }) => source)).toEqual(["kraken"]);
});
