/** Supply as it lies in git: tokens and the price that makes them USD; every USD figure follows from these. */
import type { CoinSupply, Supply } from "../schema/supply.ts";
import { byChain, usdOf } from "../supply-units.ts";
import { packTime, type Row, unpackTime } from "./pack-times.ts";

function packCoin(coin: CoinSupply, generatedAt: number): Row {
  const { usd, chains, ...rest } = coin;
  return packTime(coin.units === null ? { ...rest, usd, chains } : rest, "observedAt", generatedAt);
}

function unpackCoin(packed: Row, generatedAt: number): Row {
  const row = unpackTime(packed, "observedAt", generatedAt);
  const { units, chainUnits, usdPerUnit } = row as Pick<CoinSupply, "units" | "chainUnits" | "usdPerUnit">;
  if (!units || !chainUnits || usdPerUnit === null) return row;
  return { ...row, usd: usdOf(units, usdPerUnit), chains: byChain(chainUnits, (window) => usdOf(window, usdPerUnit)) };
}

export function packSupply(data: Supply, generatedAt: number): Row {
  return { ...data, coins: data.coins.map((coin) => packCoin(coin, generatedAt)) };
}

export function unpackSupply(packed: Row & { coins: Row[] }, generatedAt: number): Row {
  return { ...packed, coins: packed.coins.map((row) => unpackCoin(row, generatedAt)) };
}
