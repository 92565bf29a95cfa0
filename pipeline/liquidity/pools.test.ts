import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadRegistry } from "../registry/registry.ts";
import type { DexLiquidityRow } from "../schema/liquidity.ts";
import type { CurvePool } from "../sources/curve.ts";
import type { DexPair } from "../sources/dexscreener.ts";
import type { YieldPool } from "../sources/llama-yields.ts";
import { HOME } from "../test-support/small-world.ts";
import { restingLiquidity } from "./coin-liquidity.ts";
import { dexPrice, restingDexPrice } from "./dex-price.ts";
import { feeBpsOf, fromCurve, fromDexScreener, fromLlama } from "./intake.ts";
import { mergePools } from "./merge-pools.ts";
import { isBlockedVenue, type Pool, TokenIndex } from "./pool.ts";
import { effectiveTvlUsd, pairQuality, poolStress, venueFactor } from "./pool-factors.ts";
import { stableswapPrice } from "./stableswap.ts";

const registry = loadRegistry(`${HOME}/data`);
const index = new TokenIndex(registry);
const NOW = 1_780_000_000;
const USDC = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";
const USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const FOREIGN = "0x00000000000000000000000000000000000000ff";

const llamaRow = (more: Partial<YieldPool>): YieldPool => ({
  pool: "uuid-1",
  project: "uniswap-v3",
  chain: "Ethereum",
  symbol: "USDC-USDT",
  tvlUsd: 10e6,
  apy: 3,
  apyBase: 2,
  apyReward: 1,
  apyMean30d: 3,
  volumeUsd1d: 2e6,
  volumeUsd7d: 14e6,
  daysKnown: 400,
  exposure: "multi",
  poolMeta: "0.01%",
  underlyingTokens: [USDC, USDT],
  ...more,
});

const curveRow = (more: Partial<CurvePool> = {}): CurvePool => ({
  address: "0x00000000000000000000000000000000000000aa",
  tvlUsd: 9e6,
  ownTvlUsd: 4e6,
  amplification: 1000,
  isMetaPool: false,
  isBroken: false,
  usesRateOracle: false,
  registryId: "main",
  createdAt: NOW - 100 * 86_400,
  coins: [
    { address: USDC, symbol: "USDC", decimals: 6, balance: 4.5e6, usdPrice: 1 },
    { address: USDT, symbol: "USDT", decimals: 6, balance: 4.5e6, usdPrice: 1 },
  ],
  ...more,
});

const pair = (more: Partial<DexPair> = {}): DexPair => ({
  chainId: "ethereum",
  dexId: "uniswap",
  pairAddress: "0x00000000000000000000000000000000000000bb",
  baseAddress: USDC,
  baseSymbol: "USDC",
  quoteAddress: USDT,
  quoteSymbol: "USDT",
  priceUsd: 0.999,
  priceNative: 0.998,
  liquidityUsd: 5e6,
  baseLiquidity: 2.5e6,
  quoteLiquidity: 2.5e6,
  volume24hUsd: 1e6,
  labels: ["v3"],
  createdAt: NOW - 10 * 86_400,
  ...more,
});
const fromPair = (one: DexPair, reference: number | null = 1) =>
  fromDexScreener([one], "eip155:1", index, () => reference, NOW);

describe("intake", () => {
  it("takes pools of exchanges and leaves lending, single sides, dead venues and impossible sizes out", () => {
    const of = (more: Partial<YieldPool>) => fromLlama([llamaRow(more)], registry, index);
    expect(of({})).toMatchObject([{ chain: "eip155:1", coinIds: ["usdc-circle", "usdt-tether"], feeBps: 1 }]);
    expect(of({})[0]?.organic).toBeCloseTo(2 / 3);
    for (const more of [
      { exposure: "single" },
      { project: "aave-v3" },
      { project: "bunni-v2" },
      { project: "retro" },
      { tvlUsd: 5e10 },
      { tvlUsd: null },
      { underlyingTokens: [FOREIGN, FOREIGN] },
    ])
      expect(of(more), JSON.stringify(more)).toEqual([]);
    expect([isBlockedVenue("Retro-CL"), isBlockedVenue("retrograde")]).toEqual([true, false]);
  });

  it("knows tokens by address, and by symbol only where no address is given", () => {
    const [byName] = fromLlama([llamaRow({ underlyingTokens: null })], registry, index);
    expect(byName?.coinIds).toEqual(["usdc-circle", "usdt-tether"]);
    const [counterfeit] = fromLlama([llamaRow({ underlyingTokens: [USDC, FOREIGN] })], registry, index);
    expect(counterfeit?.coinIds).toEqual(["usdc-circle"]);
  });

  it("reads fees out of texts that state one", () => {
    expect(["0.01%", "0.05%", "0.3%", "7 days unstaking", null, "120%"].map(feeBpsOf)).toEqual([
      1,
      5,
      30,
      null,
      null,
      null,
    ]);
  });

  it("counts only the own side of a Curve metapool and no broken pool", () => {
    const [meta] = fromCurve([curveRow({ isMetaPool: true })], "eip155:1", index, NOW);
    expect(meta).toMatchObject({ tvlUsd: 4e6, coinIds: ["usdc-circle"], prices: {} });
    expect(fromCurve([curveRow({ isBroken: true })], "eip155:1", index, NOW)).toEqual([]);
    expect(fromCurve([curveRow(), curveRow()], "eip155:1", index, NOW)).toHaveLength(1);
  });

  it("takes no price from a pool whose coins count at rates it does not tell", () => {
    expect(fromCurve([curveRow({ usesRateOracle: true })], "eip155:1", index, NOW)[0]?.prices).toEqual({});
    expect(fromCurve([curveRow({ registryId: "factory-crypto" })], "eip155:1", index, NOW)[0]).toMatchObject({
      kind: "volatile",
      prices: {},
    });
  });

  it("prices both sides of a pair and refuses a pair that is nowhere near its peg", () => {
    const [pool] = fromPair(pair());
    expect(pool?.prices["usdc-circle"]).toBe(0.999);
    expect(pool?.prices["usdt-tether"]).toBeCloseTo(0.999 / 0.998);
    expect(fromPair(pair({ priceUsd: 0.4 }))).toEqual([]);
    expect(fromPair(pair({ dexId: "bunni" }))).toEqual([]);
  });
});

describe("a stable pool", () => {
  const balance = fc.double({ min: 1e3, max: 1e9, noNaN: true });
  it("trades at par when even, below when the coin piles up, and the other way round seen from the other side", () => {
    expect(stableswapPrice([1e6, 1e6, 1e6], 200, 0, 1)).toBeCloseTo(1, 12);
    fc.assert(
      fc.property(balance, balance, fc.integer({ min: 1, max: 5000 }), (x, y, a) => {
        const price = stableswapPrice([x, y], a, 0, 1) as number;
        const back = stableswapPrice([x, y], a, 1, 0) as number;
        expect(price * back).toBeCloseTo(1, 9);
        if (x > y * 1.000001) expect(price).toBeLessThanOrEqual(1);
        if (y > x * 1.000001) expect(price).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it("gives the price that a small trade along its own invariant gets", () => {
    // Curve's 3pool formula worked out by hand for balances 60/40 and A 100: dy/dx at the point, by bisection of the invariant.
    const [x, y, ann] = [60, 40, 200];
    const f = (a: number, b: number, d: number) => ann * (a + b) + d - ann * d - d ** 3 / (4 * a * b);
    const root = (g: (v: number) => number, low: number, high: number) => {
      for (let i = 0; i < 200; i++) {
        const middle = (low + high) / 2;
        if (g(low) * g(middle) <= 0) high = middle;
        else low = middle;
      }
      return (low + high) / 2;
    };
    const d = root((v) => f(x, y, v), 90, 110);
    const dx = 1e-4;
    const dy = y - root((v) => f(x + dx, v, d), 30, 50);
    expect(stableswapPrice([x, y], 100, 0, 1)).toBeCloseTo(dy / dx, 5);
  });

  it("has no price when it is empty or not understood", () => {
    expect(stableswapPrice([0, 1], 100, 0, 1)).toBeNull();
    expect(stableswapPrice([1, 1], 0, 0, 1)).toBeNull();
    expect(stableswapPrice([1], 100, 0, 1)).toBeNull();
    expect(stableswapPrice([1, 1], 100, 0, 0)).toBeNull();
  });
});

describe("merging", () => {
  const llama = fromLlama([llamaRow({ project: "curve-dex", poolMeta: null })], registry, index);
  const curve = fromCurve([curveRow()], "eip155:1", index, NOW);

  it("counts a pool of two sources once, with the balances of one and the volume of the other", () => {
    const merged = mergePools([llama, curve]);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({
      source: "llama-yields",
      alsoFrom: ["curve-api"],
      tvlUsd: 9e6,
      volume24hUsd: 2e6,
      amplification: 1000,
      balanceRatio: 1,
      address: "0x00000000000000000000000000000000000000aa",
    });
  });

  it("leaves pools apart that look alike but are two on one side", () => {
    const twin = fromCurve([curveRow(), curveRow({ address: FOREIGN })], "eip155:1", index, NOW);
    expect(mergePools([llama, twin])).toHaveLength(3);
  });

  it("keeps fee tiers apart", () => {
    const two = fromLlama([llamaRow({}), llamaRow({ pool: "uuid-2", poolMeta: "0.3%" })], registry, index);
    expect(mergePools([two, fromPair(pair())])).toHaveLength(3);
    const one = fromLlama([llamaRow({})], registry, index);
    expect(mergePools([one, fromPair(pair())])).toHaveLength(1);
  });
});

describe("what a pool is worth", () => {
  const pool = fromLlama([llamaRow({})], registry, index)[0] as Pool;
  const coinOf = (id: string) => registry.coinById.get(id);

  it("depends on the venue and its fee", () => {
    const of = (more: Partial<Pool>) => venueFactor({ ...pool, ...more });
    expect([1, 5, 30, null].map((feeBps) => of({ feeBps }))).toEqual([1.1, 0.85, 0.4, 0.3]);
    const curve = { protocol: "curve-dex", kind: "stable" } as const;
    expect([500, 499, null].map((amplification) => of({ ...curve, amplification }))).toEqual([1, 0.85, 0.85]);
    expect(of({ ...curve, kind: "volatile" })).toBe(0.5);
    expect(of({ protocol: "raydium-amm", kind: "volatile" })).toBe(0.4);
    expect(of({ protocol: "raydium-clmm", kind: "concentrated", feeBps: null })).toBe(0.85);
    expect(of({ protocol: "pancakeswap-amm-v3", kind: "concentrated", feeBps: 5 })).toBe(0.85);
    expect(of({ protocol: "aerodrome-v1", kind: "volatile" })).toBe(0.4);
    expect(of({ protocol: "phoenix", kind: "order-book" })).toBe(0.6);
    expect(of({ protocol: "somewhere", kind: "unknown" })).toBe(0.3);
  });

  it("is that of the best token beside the coin", () => {
    const beside = (symbol: string, coinId: string | null = null) =>
      pairQuality(
        { ...pool, tokens: [...pool.tokens.slice(0, 1), { coinId, address: null, symbol }] },
        "usdc-circle",
        coinOf,
      );
    expect([beside("USDT", "usdt-tether"), beside("WETH"), beside("WBTC"), beside("PEPE")]).toEqual([
      1, 0.65, 0.6, 0.3,
    ]);
  });

  it("falls with imbalance, never below nothing, and stress rises", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const at = (balanceRatio: number) => ({ ...pool, balanceRatio });
        expect(effectiveTvlUsd(at(low), 1)).toBeLessThanOrEqual(effectiveTvlUsd(at(high), 1));
        expect(poolStress(at(low), 1)).toBeGreaterThanOrEqual(poolStress(at(high), 1));
        expect(poolStress(at(low), 0)).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe("the DEX price", () => {
  const [pool] = fromPair(pair());
  const at = (tvlUsd: number, price: number, more: Partial<Pool> = {}): Pool => ({
    ...(pool as Pool),
    tvlUsd,
    prices: { "usdc-circle": price },
    ...more,
  });

  it("is the median by depth and leaves shallow pools out", () => {
    const price = dexPrice("usdc-circle", [at(49_999, 0.5), at(1e6, 0.99), at(3e6, 1), at(1e5, 1.2)]);
    expect(price).toMatchObject({ priceUsd: 1, poolCount: 3, totalTvlUsd: 4_100_000 });
    expect(price?.pools.length).toBe(3);
    expect(dexPrice("usdc-circle", [at(49_999, 1)])).toBeNull();
  });

  it("speaks once for each venue and chain", () => {
    const price = dexPrice("usdc-circle", [
      at(1e6, 1, { protocol: "uniswap-v3" }),
      at(1e6, 0.9, { protocol: "uniswap-v3" }),
      at(1e6, 0.98, { protocol: "curve-dex" }),
    ]);
    expect(price?.protocols.map(({ protocol, family }) => [protocol, family])).toEqual([
      ["uniswap-v3", "uniswap"],
      ["curve-dex", "curve"],
    ]);
  });

  it("rests within three basis points and not beyond", () => {
    const before = dexPrice("usdc-circle", [at(1e6, 1)]);
    const moved = (price: number) => dexPrice("usdc-circle", [at(1e6, price)]);
    if (!before) throw new Error("no price");
    expect(restingDexPrice(moved(1.0002) ?? before, before)).toBe(before);
    expect(restingDexPrice(moved(1.0004) ?? before, before)).not.toBe(before);
  });
});

describe("a liquidity row", () => {
  const row = (more: Partial<DexLiquidityRow> = {}): DexLiquidityRow =>
    ({
      liquidityScore: 60,
      poolCount: 3,
      coverageClass: "primary",
      totalTvlUsd: 1e6,
      avgPoolStress: 10,
      weightedBalanceRatio: 0.8,
      tvlChange7d: 1,
      score7dAgo: 60,
      dexPriceUsd: 1,
      ...more,
    }) as DexLiquidityRow;
  it("rests between renewals, always with the price of now", () => {
    expect(restingLiquidity(row({ liquidityScore: 62, dexPriceUsd: 0.98 }), row(), "hour")).toMatchObject({
      liquidityScore: 60,
      dexPriceUsd: 0.98,
    });
    for (const more of [
      { liquidityScore: 66 },
      { liquidityScore: null },
      { poolCount: 2 },
      { totalTvlUsd: 0.74e6 },
      { avgPoolStress: 26 },
      { weightedBalanceRatio: null },
    ] as Partial<DexLiquidityRow>[])
      expect(restingLiquidity(row(more), row(), "hour"), JSON.stringify(more)).toEqual(row(more));
  });
  it("between the hours is renewed only when a pool is left", () => {
    expect(restingLiquidity(row({ liquidityScore: 68, totalTvlUsd: 0.75e6 }), row(), "between").liquidityScore).toBe(
      60,
    );
    expect(restingLiquidity(row({ totalTvlUsd: 0.65e6 }), row(), "between").totalTvlUsd).toBe(0.65e6);
    expect(restingLiquidity(row({ liquidityScore: 49 }), row(), "between").liquidityScore).toBe(49);
  });
  it("compares itself with days before in a day's first run, and at once where depth moved", () => {
    const before = row({ tvlChange24h: 1, tvlChange7d: 4, score7dAgo: 58 });
    const later = (more: Partial<DexLiquidityRow>) =>
      row({ tvlChange24h: -2, tvlChange7d: 9, score7dAgo: 58, ...more });
    const changes = ({ tvlChange24h, tvlChange7d, score7dAgo }: DexLiquidityRow) => [
      tvlChange24h,
      tvlChange7d,
      score7dAgo,
    ];
    expect(changes(restingLiquidity(later({}), before, "hour"))).toEqual([1, 4, 58]);
    expect(changes(restingLiquidity(later({ liquidityScore: 49 }), before, "between"))).toEqual([1, 4, 58]);
    expect(changes(restingLiquidity(later({}), before, "day"))).toEqual([-2, 9, 58]);
    expect(changes(restingLiquidity(later({ totalTvlUsd: 0.6e6, tvlChange24h: -40 }), before, "between"))).toEqual([
      -40, 9, 58,
    ]);
    expect(changes(restingLiquidity(later({ score7dAgo: null }), before, "hour"))).toEqual([-2, 9, null]);
  });
  it("in a day's first run is renewed for a point of score or a tenth of depth", () => {
    expect(restingLiquidity(row({ liquidityScore: 61 }), row(), "day").liquidityScore).toBe(61);
    expect(restingLiquidity(row({ totalTvlUsd: 0.89e6 }), row(), "day").totalTvlUsd).toBe(0.89e6);
    expect(restingLiquidity(row({ totalTvlUsd: 0.95e6 }), row(), "day").totalTvlUsd).toBe(1e6);
  });
});
