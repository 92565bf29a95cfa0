/**
 * Supply as it lies in git: tokens and the price that makes them USD, in columns; every USD figure follows from these. Parts by chain,
 * which are taken once a day, lie apart.
 */
import type { CoinSupply, Supply } from "../schema/supply.ts";
import { byChain, usdOf } from "../supply-units.ts";
import { type Columns, putColumns, takeColumns } from "./pack-columns.ts";
import { packTime, type Row, unpackTime } from "./pack-times.ts";

const WINDOWS = ["current", "prevDay", "prevWeek", "prevMonth"];
const FIGURES = [["usdPerUnit"], ...WINDOWS.map((window) => ["units", window])];

interface Packed extends Row {
  coins: Row[];
  columns: Columns;
  /** `chainUnits` by coin id. */
  chains: Record<string, CoinSupply["chainUnits"]>;
}

function packCoin(coin: CoinSupply, generatedAt: number): Row {
  const { usd, chains, chainUnits, ...rest } = coin;
  return packTime(coin.units === null ? { ...rest, usd, chains } : rest, "observedAt", generatedAt);
}

function unpackCoin(packed: Row, generatedAt: number): Row {
  const row = unpackTime(packed, "observedAt", generatedAt);
  const { units, chainUnits, usdPerUnit } = row as Pick<CoinSupply, "units" | "chainUnits" | "usdPerUnit">;
  if (!units || !chainUnits || usdPerUnit === null) return row;
  return { ...row, usd: usdOf(units, usdPerUnit), chains: byChain(chainUnits, (window) => usdOf(window, usdPerUnit)) };
}

export function packSupply(data: Supply, generatedAt: number): Packed {
  const { rows, columns } = takeColumns(
    data.coins.map((coin) => packCoin(coin, generatedAt)),
    FIGURES,
  );
  const chains = Object.fromEntries(data.coins.map(({ coinId, chainUnits }) => [coinId, chainUnits]));
  return { ...data, coins: rows, columns, chains };
}

export function unpackSupply({ columns, chains, ...packed }: Packed, generatedAt: number): Row {
  const coins = putColumns(packed.coins, columns).map((row) =>
    unpackCoin({ ...row, chainUnits: chains[row.coinId as string] }, generatedAt),
  );
  return { ...packed, coins };
}
