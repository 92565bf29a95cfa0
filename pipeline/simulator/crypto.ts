/** Prices of ether and bitcoin in the simulated world, and of the tokens that stand for them. */
import { keyOf, noise, restedAt } from "./noise.ts";

const DAY_SEC = 86_400;
const RESTS_SEC = 300;
const BASE_USD = { ETH: 3_200, BTC: 96_000 } as const;

export type CryptoAsset = keyof typeof BASE_USD;

export function cryptoUsd(seed: number, asset: CryptoAsset, timeSec: number): number {
  const key = keyOf(`${seed}/crypto/${asset}`);
  return BASE_USD[asset] * (1 + 0.08 * noise(key, restedAt(key, timeSec, RESTS_SEC), 9 * DAY_SEC));
}

/** Token to what it stands for and how much of it. */
export const CRYPTO_TOKENS: Readonly<Record<string, { symbol: string; asset: CryptoAsset; per: number }>> = {
  "ethereum:0x7f39c581f595b53c5cb19bd0b3f8da6c935e2ca0": { symbol: "wstETH", asset: "ETH", per: 1.24 },
  "ethereum:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2": { symbol: "WETH", asset: "ETH", per: 1 },
  "ethereum:0xae78736cd615f374d3085123a210448e74fc6393": { symbol: "rETH", asset: "ETH", per: 1.15 },
  "ethereum:0xae7ab96520de3a18e5e111b5eaab095312d7fe84": { symbol: "stETH", asset: "ETH", per: 1 },
  "ethereum:0x2260fac5e5542a773aa44fbcfedf7c193bc2c599": { symbol: "WBTC", asset: "BTC", per: 1 },
};
