/**
 * Supply as it lies in git: tokens and the price that makes them USD, in columns; every USD figure follows from these. The four windows
 * of a figure, which move together, are one text. Parts by chain, which are taken once a day, lie apart; what they were before is told by
 * steps from what they are.
 */

import { chainUnitSteps, chainUnitsAtSteps } from "../rounding.ts";
import type { CoinSupply, Supply, SupplyWindow } from "../schema/supply.ts";
import { byChain, usdOf } from "../supply-units.ts";
import { type Columns, putColumns, takeColumns } from "./pack-columns.ts";
import { eachValue, packRow, unpackRow } from "./pack-defaults.ts";
import { packTime, type Row, unpackTime } from "./pack-times.ts";

const FIGURES = ["usdPerUnit", "units"];
const UNKNOWN = "-";

interface Packed extends Row {
  coins: Row[];
  columns: Columns;
  /** Tokens by coin id and chain. */
  chains: Record<string, Record<string, string> | null>;
}

function windowText({ current, prevDay, prevWeek, prevMonth }: SupplyWindow): string {
  return [current, prevDay, prevWeek, prevMonth].map((value) => value ?? UNKNOWN).join(" ");
}

/** Throws TypeError for what `windowText` did not write. */
function windowOf(text: string): SupplyWindow {
  const [current, prevDay, prevWeek, prevMonth, more] = text
    .split(" ")
    .map((value) => (value === UNKNOWN ? null : Number(value)));
  if (
    current === undefined ||
    prevDay === undefined ||
    prevWeek === undefined ||
    prevMonth === undefined ||
    more !== undefined
  )
    throw new TypeError(`${JSON.stringify(text)} is not four figures`);
  return { current, prevDay, prevWeek, prevMonth };
}

/** A window of a chain: what it was before as steps from what it is, "+12" or "-3", where that says it. */
function chainText({ current, ...before }: SupplyWindow): string {
  const told = (value: number | null) => {
    if (value === null || !current) return value ?? UNKNOWN;
    const steps = chainUnitSteps(current, value);
    if (chainUnitsAtSteps(current, steps) !== value) return value;
    return steps < 0 ? `${steps}` : `+${steps}`;
  };
  return [current ?? UNKNOWN, ...[before.prevDay, before.prevWeek, before.prevMonth].map(told)].join(" ");
}

/** Throws TypeError for what `chainText` did not write. */
function chainWindowOf(text: string): SupplyWindow {
  const [first = "", ...more] = text.split(" ");
  const current = Number(first);
  const figures = more.map((told) =>
    /^[+-]\d+$/.test(told) ? String(chainUnitsAtSteps(current, Number(told))) : told,
  );
  return windowOf([first, ...figures].join(" "));
}

/** A coin whose supply is of this run. */
function ofThisRun(generatedAt: number): () => Row {
  return () => ({ carriedForward: false, reason: null, observedAt: generatedAt });
}

function packCoin(coin: CoinSupply, generatedAt: number): Row {
  const { usd, chains, chainUnits, units, ...rest } = coin;
  const row = units === null ? { ...rest, units, usd, chains } : { ...rest, units: windowText(units) };
  return packTime(packRow(row, ofThisRun(generatedAt)), "observedAt", generatedAt);
}

function unpackCoin(packed: Row, chainTexts: Record<string, string> | null, generatedAt: number): Row {
  const row = unpackRow(unpackTime(packed, "observedAt", generatedAt), ofThisRun(generatedAt));
  const units = typeof row.units === "string" ? windowOf(row.units) : null;
  const chainUnits = chainTexts && eachValue(chainTexts, chainWindowOf);
  const usdPerUnit = row.usdPerUnit as number | null;
  if (!units || !chainUnits || usdPerUnit === null) return { ...row, units, chainUnits };
  const usd = usdOf(units, usdPerUnit);
  return { ...row, units, chainUnits, usd, chains: byChain(chainUnits, (window) => usdOf(window, usdPerUnit)) };
}

export function packSupply(data: Supply, generatedAt: number): Packed {
  const { rows, columns } = takeColumns(
    data.coins.map((coin) => packCoin(coin, generatedAt)),
    FIGURES,
  );
  const chains = Object.fromEntries(
    data.coins.map(({ coinId, chainUnits }) => [coinId, chainUnits && eachValue(chainUnits, chainText)]),
  );
  return { ...data, coins: rows, columns, chains };
}

export function unpackSupply({ columns, chains, ...packed }: Packed, generatedAt: number): Row {
  const coins = putColumns(packed.coins, columns).map((row) =>
    unpackCoin(row, chains[row.coinId as string] ?? null, generatedAt),
  );
  return { ...packed, coins };
}
