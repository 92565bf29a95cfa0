/**
 * Coins for tests: a few of every sort by hand, and as many plain ones as a test asks for.
 *
 * They are not in the registry, so a test of the simulator does not change when the registry does.
 */
import type { SimCoin, SimDeployment } from "./coin.ts";

function address(index: number): string {
  return `0x${index.toString(16).padStart(40, "0")}`;
}

function issued(chain: string, index: number, decimals: number | null = 6): SimDeployment {
  return { chain, address: address(index), decimals, role: "issued" };
}

function usdCoin(id: string, symbol: string, index: number, llamaId: string | null = String(index)): SimCoin {
  return {
    id,
    symbol,
    name: `${symbol} of ${id}`,
    peg: { currency: "USD", type: "peggedUSD" },
    mechanism: "fiat-backed",
    ids: { defillama: llamaId, coingecko: id },
    status: { state: "active" },
    deployments: [issued("eip155:1", index), issued("eip155:8453", index)],
  };
}

const SPECIAL: readonly SimCoin[] = [
  {
    ...usdCoin("usdt-tether", "USDT", 1),
    ids: { defillama: "1", coingecko: "tether" },
    priceFeeds: [
      { kind: "pyth", feedId: "2b89b9dc8fdf9f34709a5b106b472f0f39bb6ca9ce04b0fd7f2e971688e2e53b" },
      { kind: "redstone", symbol: "USDT" },
      { kind: "curve-pool", chain: "eip155:1", address: address(0xc0ffee), outputIndex: 1, outputDecimals: 6 },
    ],
  },
  {
    ...usdCoin("usdc-circle", "USDC", 2),
    priceFeeds: [{ kind: "jupiter", mint: "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v" }],
    deployments: [
      issued("eip155:1", 2),
      issued("eip155:42161", 2, 18),
      { chain: "eip155:1", address: address(0xbeef), decimals: null, role: "unreleased" },
    ],
  },
  { ...usdCoin("eurc-circle", "EURC", 50), peg: { currency: "EUR", type: "peggedEUR" } },
  { ...usdCoin("krwq-krwq", "KRWQ", 428), peg: { currency: "KRW", type: "peggedKRW" } },
  { ...usdCoin("brz-transfero", "BRZ", 79), peg: { currency: "BRL", type: "peggedREAL" } },
  { ...usdCoin("rai-reflexer", "RAI", 9_010), peg: { currency: "VAR", type: "peggedVAR" } },
  {
    ...usdCoin("kau-kinesis", "KAU", 9_011, null),
    peg: { currency: "GOLD", type: "peggedGOLD" },
    commodityOunces: 0.0321507,
  },
  { ...usdCoin("usdy-ondo", "USDY", 129), navToken: true },
  { ...usdCoin("ustc-terra", "USTC", 3), status: { state: "dead", since: "2022-05-09" } },
  { ...usdCoin("gone-gone", "GONE", 9_012), status: { state: "delisted", since: "2025-01-01" } },
  { ...usdCoin("young-young", "YOUNG", 9_013), launchDate: "2026-11-15" },
];

/** The special coins, filled up with plain dollar coins to `count`. */
export function testCoins(count = 60): SimCoin[] {
  const plain = Array.from({ length: Math.max(0, count - SPECIAL.length) }, (_, i) =>
    usdCoin(`plain${i}-issuer`, `PL${i}`, 1_000 + i),
  );
  return [...SPECIAL, ...plain];
}

/** A Friday evening; the time at which tests look at a world. */
export const TEST_NOW_SEC = Date.UTC(2026, 10, 20, 20) / 1000;
