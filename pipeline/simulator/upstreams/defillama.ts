/**
 * DefiLlama's stablecoin API: the whole list with USD amounts, and the daily chart of everything or of one coin.
 *
 * As on the real wire: ids are text, amounts are USD at the CURRENT price (the Prev maps too), `price` is null for some
 * coins whose amounts then use the peg's rate, Prev maps of a young coin are `{}`, and chart dates are text.
 */
import { isEvm, simChain } from "../chains.ts";
import type { SimCoin } from "../coin.ts";
import { keyOf, noise, unit } from "../noise.ts";
import { ok, round2, type SimUpstream, significant } from "../upstream.ts";
import type { World } from "../world.ts";

const ID = "defillama";
const DAY_SEC = 86_400;
/** The chart reaches this far before the world's start. */
const CHART_LEAD_DAYS = 400;
/** Coins the list holds that no registry tracks. */
const UNTRACKED_COINS = 5;
const UNTRACKED_FIRST_ID = 900_001;
const PREVIOUS = [
  ["circulatingPrevDay", DAY_SEC],
  ["circulatingPrevWeek", 7 * DAY_SEC],
  ["circulatingPrevMonth", 30 * DAY_SEC],
] as const;

type ByPeg = Record<string, number>;
type Amounts = Record<string, ByPeg>;

function listed(world: World): SimCoin[] {
  return world.coins.filter((coin) => coin.ids.defillama);
}

/** USD per unit the list multiplies amounts with: its price, else the peg's rate. */
function multiplier(world: World, coin: SimCoin, price: number | null, nowSec: number): number {
  return price ?? world.pegReferenceUsd(coin.peg.currency, nowSec) ?? 1;
}

function assetRow(world: World, coin: SimCoin, nowSec: number, chainTotals: Map<string, ByPeg>): object | null {
  if (world.truePriceUsd(coin.id, nowSec) === null) return null;
  const peg = coin.peg.type;
  const seen = world.venuePriceUsd(ID, coin.id, nowSec);
  const price = seen === null ? null : significant(seen, 9);
  const usd = multiplier(world, coin, price, nowSec);
  const shares = world.chainShares(coin.id, nowSec);
  const unitsNow = world.circulatingUnits(coin.id, nowSec);
  const chainCirculating: Record<string, Amounts> = {};
  const sizes: [string, number][] = [];
  for (const { chain, shareRatio } of shares) {
    const { name } = simChain(chain);
    const current = round2(unitsNow * shareRatio * usd);
    chainCirculating[name] = { current: { [peg]: current } };
    sizes.push([name, current]);
    const totals = chainTotals.get(name) ?? {};
    totals[peg] = (totals[peg] ?? 0) + current;
    chainTotals.set(name, totals);
  }
  const row: Record<string, unknown> = {
    id: coin.ids.defillama,
    name: coin.name,
    symbol: coin.symbol,
    gecko_id: coin.ids.coingecko ?? null,
    pegType: peg,
    priceSource: coin.ids.coingecko ? "defillama" : "coingecko",
    pegMechanism: coin.mechanism ?? "crypto-backed",
    circulating: { [peg]: round2(unitsNow * usd) },
  };
  for (const [field, agoSec] of PREVIOUS) {
    const units = world.circulatingUnits(coin.id, nowSec - agoSec);
    const born = world.truePriceUsd(coin.id, nowSec - agoSec) !== null;
    row[field] = born ? { [peg]: round2(units * usd) } : {};
    for (const { chain, shareRatio } of world.chainShares(coin.id, nowSec - agoSec)) {
      const amounts = chainCirculating[simChain(chain).name];
      if (amounts) amounts[field] = born ? { [peg]: round2(units * shareRatio * usd) } : {};
    }
  }
  row.chainCirculating = chainCirculating;
  row.chains = sizes.sort((a, b) => b[1] - a[1]).map(([name]) => name);
  row.price = price;
  if (coin.status.state === "dead" && coin.status.since) row.deadFrom = coin.status.since;
  return row;
}

function untrackedRow(seed: number, index: number, nowSec: number): object {
  const key = keyOf(`${seed}/untracked/${index}`);
  const amount = round2(
    2e6 * unit(key) * (1 + 0.05 * noise(key, Math.floor(nowSec / DAY_SEC) * DAY_SEC, 30 * DAY_SEC)),
  );
  const circulating = { peggedUSD: amount };
  const amounts = {
    circulatingPrevDay: circulating,
    circulatingPrevWeek: circulating,
    circulatingPrevMonth: circulating,
  };
  return {
    id: String(UNTRACKED_FIRST_ID + index),
    name: `Untracked Dollar ${index + 1}`,
    symbol: `UNT${index + 1}`,
    gecko_id: null,
    pegType: "peggedUSD",
    priceSource: "coingecko",
    pegMechanism: "crypto-backed",
    circulating,
    ...amounts,
    chainCirculating: { Ethereum: { current: circulating, ...amounts } },
    chains: ["Ethereum"],
    price: index === 0 ? null : 1,
  };
}

function list(world: World, nowSec: number): object {
  const chainTotals = new Map<string, ByPeg>();
  const peggedAssets: object[] = [];
  for (const coin of listed(world)) {
    const row = assetRow(world, coin, nowSec, chainTotals);
    if (row) peggedAssets.push(row);
  }
  for (let i = 0; i < UNTRACKED_COINS; i++) peggedAssets.push(untrackedRow(world.seed, i, nowSec));
  const tokenless = { gecko_id: null, tokenSymbol: null };
  const chains = [...chainTotals].map(([name, totalCirculatingUSD]) => ({ ...tokenless, totalCirculatingUSD, name }));
  return { peggedAssets, chains };
}

/** Days never change, so each world keeps the text of the days it has once added up. */
const chartDays = new WeakMap<World, Map<string, string>>();

function chartPoint(world: World, coins: readonly SimCoin[], day: number): string {
  const [native, usd]: [ByPeg, ByPeg] = [{}, {}];
  for (const coin of coins) {
    const units = world.circulatingUnits(coin.id, day);
    if (units === 0) continue;
    const peg = coin.peg.type;
    const rate = world.truePriceUsd(coin.id, day) ?? 0;
    native[peg] = (native[peg] ?? 0) + units;
    usd[peg] = (usd[peg] ?? 0) + units * rate;
  }
  const zeros: ByPeg = {};
  for (const peg of Object.keys(native)) {
    native[peg] = round2(native[peg]!);
    usd[peg] = round2(usd[peg]!);
    zeros[peg] = 0;
  }
  return JSON.stringify({
    date: String(day),
    totalCirculating: native,
    totalUnreleased: zeros,
    totalCirculatingUSD: usd,
    totalMintedUSD: zeros,
    totalBridgedToUSD: zeros,
  });
}

/** The chart as JSON text: a megabyte that is mostly known already. */
function chart(world: World, llamaId: string | null, nowSec: number): string {
  const coins = listed(world).filter((coin) => llamaId === null || coin.ids.defillama === llamaId);
  const known = chartDays.get(world) ?? new Map<string, string>();
  chartDays.set(world, known);
  const points: string[] = [];
  const firstDay = Math.floor(world.epochSec / DAY_SEC - CHART_LEAD_DAYS) * DAY_SEC;
  for (let day = firstDay; day <= nowSec; day += DAY_SEC) {
    const key = `${llamaId ?? "all"}/${day}`;
    const point = known.get(key) ?? chartPoint(world, coins, day);
    known.set(key, point);
    points.push(point);
  }
  return `[${points.join(",")}]`;
}

/** Detail of one coin: amounts in native units, day by day, unlike the list. */
function detail(world: World, coin: SimCoin, nowSec: number): object {
  const peg = coin.peg.type;
  const points = [];
  const firstDay = Math.floor(world.epochSec / DAY_SEC - CHART_LEAD_DAYS) * DAY_SEC;
  for (let day = firstDay; day <= nowSec; day += DAY_SEC) {
    points.push({ date: day, circulating: { [peg]: world.circulatingUnits(coin.id, day) } });
  }
  return {
    id: coin.ids.defillama,
    name: coin.name,
    address: coin.deployments.find(({ chain }) => isEvm(chain))?.address ?? null,
    symbol: coin.symbol,
    gecko_id: coin.ids.coingecko ?? null,
    pegType: peg,
    pegMechanism: coin.mechanism,
    price: world.venuePriceUsd(ID, coin.id, nowSec),
    tokens: points,
  };
}

export const defillama: SimUpstream = {
  id: ID,
  answer({ path, query }, world, nowSec) {
    if (path === "/stablecoins") return ok(list(world, nowSec));
    if (path === "/stablecoincharts/all") return ok(chart(world, query.get("stablecoin"), nowSec));
    const coin = listed(world).find(({ ids }) => path === `/stablecoin/${ids.defillama}`);
    return coin ? ok(detail(world, coin, nowSec)) : null;
  },
};
