import { expect, test } from "vitest";
import type { Published } from "../lane.ts";
import type { DexPrices } from "../schema/liquidity.ts";
import { dexVoices, laneOf } from "./dex-voices.ts";

test("a venue speaks in its own lane or in its maker's, and one that the method does not know in none of them", () => {
  expect(
    ["uniswap-v3", "uniswap-v4", "curve-dex", "aerodrome-slipstream", "pancakeswap-amm-v3", "raydium-clmm"].map(laneOf),
  ).toEqual(["uniswap-v3", "uniswap-v4", "curve", "aerodrome", "pancakeswap", "raydium"]);
  expect(["uniswap-v2", "nobody", "pool-tvl-weighted"].map(laneOf)).toEqual([
    "uniswap-v2",
    "nobody",
    "pool-tvl-weighted",
  ]);
});

test("chains and versions of one venue are one voice: their median by TVL, their TVL together", () => {
  const row = (protocol: string, chain: string, priceUsd: number, tvlUsd: number) => ({
    protocol,
    family: "x",
    chain,
    priceUsd,
    tvlUsd,
  });
  const published = {
    asOf: 100,
    data: {
      prices: {
        a: {
          priceUsd: 1,
          totalTvlUsd: 9,
          pools: [],
          protocols: [row("curve-dex", "1", 0.99, 5), row("curve-dex", "10", 1.01, 3), row("uniswap-v3", "1", 1, 1)],
        },
      },
    },
  } as unknown as Published<DexPrices>;
  expect(dexVoices(published, 200).get("a")?.protocols).toEqual([
    { protocol: "curve", price: 0.99, tvlUsd: 8, updatedAt: 100 },
    { protocol: "uniswap-v3", price: 1, tvlUsd: 1, updatedAt: 100 },
  ]);
  expect(dexVoices(published, 100 + 35 * 60 + 1).size).toBe(0);
  expect(dexVoices(published, 99).size, "of the future").toBe(0);
});
