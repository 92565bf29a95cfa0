/** What DexScreener's pairs say a token is worth: the listed USD price where it is the base, through the pair where it is the quote. */
import type { DexPair } from "../sources/dexscreener.ts";

const MIN_LIQUIDITY_USD = 50_000;

function sameSymbol(a: string | null, b: string): boolean {
  return a !== null && a.toLowerCase() === b.toLowerCase();
}

/** USD prices of one token over its pairs that are deep enough and name it as we do. */
export function pairPrices(pairs: readonly DexPair[], network: string, address: string, symbol: string): number[] {
  return pairs.flatMap((pair) => {
    if (pair.chainId !== network || !((pair.liquidityUsd ?? 0) >= MIN_LIQUIDITY_USD)) return [];
    if (pair.baseAddress === address && sameSymbol(pair.baseSymbol, symbol)) return [pair.priceUsd];
    if (pair.quoteAddress !== address || !sameSymbol(pair.quoteSymbol, symbol) || pair.priceNative === null) return [];
    return [pair.priceUsd / pair.priceNative];
  });
}

/** The middle one, the upper of the two where their number is even. */
export function upperMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
