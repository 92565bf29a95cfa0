/**
 * DefiLlama's list of all stablecoins, the largest answer of the simulated world and the one asked most often.
 *
 * As on the real wire: ids are text, amounts are USD at the CURRENT price (the Prev maps too), `price` is null for some
 * coins whose amounts then use the peg's rate, and Prev maps of a young coin are `{}`. Most coins rest between two runs, so
 * the text of a row is kept for as long as everything it is made of stays the same.
 */
import { simChain } from "../chains.ts";
import type { SimCoin } from "../coin.ts";
import { keyOf, noise, unit } from "../noise.ts";
import { round2, significant } from "../upstream.ts";
import type { World } from "../world.ts";

export const LLAMA_ID = "defillama";
const DAY_SEC = 86_400;
const PRICE_DIGITS = 9;
/** Coins the list holds that no registry tracks. */
const UNTRACKED_COINS = 5;
const UNTRACKED_FIRST_ID = 900_001;

export type ByPeg = Record<string, number>;

/** A coin at one of the four moments a row speaks of. */
interface Moment {
  field: "current" | "circulatingPrevDay" | "circulatingPrevWeek" | "circulatingPrevMonth";
  atSec: number;
  exists: boolean;
  units: number;
}

interface Row {
  /** All that the text depends on. */
  inputs: readonly number[];
  text: string;
  chainUsd: readonly [name: string, usd: number][];
}

export function listedCoins(world: World): SimCoin[] {
  return world.coins.filter((coin) => coin.ids.defillama);
}

function momentsOf(world: World, coin: SimCoin, nowSec: number): Moment[] {
  const at = (field: Moment["field"], daysAgo: number): Moment => {
    const atSec = nowSec - daysAgo * DAY_SEC;
    const exists = world.exists(coin.id, atSec);
    return { field, atSec, exists, units: world.circulatingUnits(coin.id, atSec) };
  };
  return [at("current", 0), at("circulatingPrevDay", 1), at("circulatingPrevWeek", 7), at("circulatingPrevMonth", 30)];
}

function makeRow(
  world: World,
  coin: SimCoin,
  price: number | null,
  usd: number,
  moments: readonly Moment[],
): Omit<Row, "inputs"> {
  const peg = coin.peg.type;
  const buckets = ({ exists, units }: Moment, shareRatio = 1) =>
    exists ? { [peg]: round2(units * shareRatio * usd) } : {};
  const chainCirculating: Record<string, Record<string, ByPeg>> = {};
  for (const moment of moments) {
    for (const { chain, shareRatio } of world.chainShares(coin.id, moment.atSec)) {
      const { name } = simChain(chain);
      const amounts = chainCirculating[name] ?? {};
      amounts[moment.field] = buckets(moment, shareRatio);
      chainCirculating[name] = amounts;
    }
  }
  const chainUsd = Object.entries(chainCirculating).map(
    ([name, { current }]) => [name, current?.[peg] ?? 0] as [string, number],
  );
  const total = (field: Moment["field"]) => buckets(moments.find((moment) => moment.field === field)!);
  const body = {
    id: coin.ids.defillama,
    name: coin.name,
    symbol: coin.symbol,
    gecko_id: coin.ids.coingecko ?? null,
    pegType: peg,
    priceSource: coin.ids.coingecko ? "defillama" : "coingecko",
    pegMechanism: coin.mechanism ?? "crypto-backed",
    circulating: total("current"),
    circulatingPrevDay: total("circulatingPrevDay"),
    circulatingPrevWeek: total("circulatingPrevWeek"),
    circulatingPrevMonth: total("circulatingPrevMonth"),
    chainCirculating,
    chains: chainUsd.toSorted((a, b) => b[1] - a[1]).map(([name]) => name),
    price,
    ...(coin.status.state === "dead" && coin.status.since ? { deadFrom: coin.status.since } : {}),
  };
  return { text: JSON.stringify(body), chainUsd };
}

const rowsOfWorlds = new WeakMap<World, Map<string, Row>>();

function rowOf(world: World, coin: SimCoin, nowSec: number): Row {
  const seen = world.venuePriceUsd(LLAMA_ID, coin.id, nowSec);
  const price = seen === null ? null : significant(seen, PRICE_DIGITS);
  const usd = price ?? world.pegReferenceUsd(coin.peg.currency, nowSec) ?? 1;
  const moments = momentsOf(world, coin, nowSec);
  const inputs = [price ?? -1, usd];
  for (const { atSec, exists, units } of moments) {
    inputs.push(exists ? units : -1, world.supplyChangedAt(coin.id, atSec));
  }
  const rows = rowsOfWorlds.get(world) ?? new Map<string, Row>();
  rowsOfWorlds.set(world, rows);
  const known = rows.get(coin.id);
  if (known?.inputs.every((input, i) => input === inputs[i])) return known;
  const row = { inputs, ...makeRow(world, coin, price, usd, moments) };
  rows.set(coin.id, row);
  return row;
}

function untrackedRow(seed: number, index: number, nowSec: number): string {
  const key = keyOf(`${seed}/untracked/${index}`);
  const today = Math.floor(nowSec / DAY_SEC) * DAY_SEC;
  const circulating = { peggedUSD: round2(2e6 * unit(key) * (1 + 0.05 * noise(key, today, 30 * DAY_SEC))) };
  const before = {
    circulatingPrevDay: circulating,
    circulatingPrevWeek: circulating,
    circulatingPrevMonth: circulating,
  };
  return JSON.stringify({
    id: String(UNTRACKED_FIRST_ID + index),
    name: `Untracked Dollar ${index + 1}`,
    symbol: `UNT${index + 1}`,
    gecko_id: null,
    pegType: "peggedUSD",
    priceSource: "coingecko",
    pegMechanism: "crypto-backed",
    circulating,
    ...before,
    chainCirculating: { Ethereum: { current: circulating, ...before } },
    chains: ["Ethereum"],
    price: index === 0 ? null : 1,
  });
}

/** The list as JSON text. */
export function listText(world: World, nowSec: number): string {
  const chainTotals = new Map<string, ByPeg>();
  const rows: string[] = [];
  for (const coin of listedCoins(world)) {
    if (!world.exists(coin.id, nowSec)) continue;
    const { text, chainUsd } = rowOf(world, coin, nowSec);
    rows.push(text);
    for (const [name, usd] of chainUsd) {
      const totals = chainTotals.get(name) ?? {};
      totals[coin.peg.type] = (totals[coin.peg.type] ?? 0) + usd;
      chainTotals.set(name, totals);
    }
  }
  for (let i = 0; i < UNTRACKED_COINS; i++) rows.push(untrackedRow(world.seed, i, nowSec));
  const chains = [...chainTotals].map(([name, totalCirculatingUSD]) => {
    return { gecko_id: null, totalCirculatingUSD, tokenSymbol: null, name };
  });
  return `{"peggedAssets":[${rows.join(",")}],"chains":${JSON.stringify(chains)}}`;
}
