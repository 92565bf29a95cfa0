/**
 * CoinGecko's public API: simple prices, markets (its full supply view), tickers and the list of coins.
 *
 * As on the real wire: answer keys are alphabetical and not in the order asked, unknown ids are absent, more than 250 ids
 * are cut off, and `last_updated` is ISO in markets but unix seconds in simple prices.
 */
import type { SimCoin } from "../coin.ts";
import { listOf, ok, round2, type SimRequest, type SimUpstream, significant } from "../upstream.ts";
import type { World } from "../world.ts";

const ID = "coingecko";
const DAY_SEC = 86_400;
const MAX_IDS = 250;
const PRICE_DIGITS = 6;
const DEFAULT_PAGE_SIZE = 100;

const indexes = new WeakMap<World, Map<string, SimCoin>>();

function indexOf(world: World): Map<string, SimCoin> {
  const known = indexes.get(world);
  if (known) return known;
  const index = new Map<string, SimCoin>();
  for (const coin of world.coins) if (coin.ids.coingecko) index.set(coin.ids.coingecko, coin);
  indexes.set(world, index);
  return index;
}

/** Units of a quote currency per USD, e.g. for vs_currencies=usd,eur; null for one that is not offered. */
function unitsPerUsd(world: World, currency: string, nowSec: number): number | null {
  const usd = world.fxUsdPerUnit(currency.toUpperCase(), nowSec);
  return usd === null ? null : 1 / usd;
}

function simplePrice({ query }: SimRequest, world: World, nowSec: number): object {
  const index = indexOf(world);
  const quotes = listOf(query, "vs_currencies").map(
    (vs) => [vs.toLowerCase(), unitsPerUsd(world, vs, nowSec)] as const,
  );
  const withTime = query.get("include_last_updated_at") === "true";
  const withCap = query.get("include_market_cap") === "true";
  const answer: Record<string, Record<string, number>> = {};
  for (const id of listOf(query, "ids").slice(0, MAX_IDS).sort()) {
    const coin = index.get(id);
    const usd = coin ? world.venuePriceUsd(ID, coin.id, nowSec) : null;
    if (!coin || usd === null) continue;
    const row: Record<string, number> = {};
    for (const [vs, units] of quotes) {
      if (units === null) continue;
      row[vs] = significant(usd * units, PRICE_DIGITS);
      if (withCap) row[`${vs}_market_cap`] = round2(world.circulatingUnits(coin.id, nowSec) * usd * units);
    }
    if (withTime) row.last_updated_at = world.venueUpdatedAt(ID, coin.id, nowSec);
    answer[id] = row;
  }
  return answer;
}

function marketRow(world: World, id: string, coin: SimCoin, rank: number, nowSec: number): object {
  const usd = world.venuePriceUsd(ID, coin.id, nowSec);
  const price = usd === null ? null : significant(usd, PRICE_DIGITS);
  const before = world.venuePriceUsd(ID, coin.id, nowSec - DAY_SEC) ?? usd;
  const change = usd === null || before === null ? null : usd - before;
  const supply = world.circulatingUnits(coin.id, nowSec);
  const cap = usd === null ? null : round2(supply * usd);
  return {
    id,
    symbol: coin.symbol.toLowerCase(),
    name: coin.name,
    image: `https://coin-images.coingecko.com/coins/images/${rank}/large/${id}.png`,
    current_price: price,
    market_cap: cap,
    market_cap_rank: rank,
    fully_diluted_valuation: cap,
    total_volume: cap === null ? null : round2(cap * 0.05),
    high_24h: price === null || change === null ? null : significant(Math.max(price, price - change), PRICE_DIGITS),
    low_24h: price === null || change === null ? null : significant(Math.min(price, price - change), PRICE_DIGITS),
    price_change_24h: change,
    price_change_percentage_24h: change === null || !before ? null : significant((change / before) * 100, 5),
    circulating_supply: supply,
    total_supply: supply,
    max_supply: null,
    roi: null,
    last_updated: new Date(world.venueUpdatedAt(ID, coin.id, nowSec) * 1000).toISOString(),
  };
}

function markets({ query }: SimRequest, world: World, nowSec: number): object[] {
  const index = indexOf(world);
  const asked = query.has("ids") ? new Set(listOf(query, "ids")) : null;
  const size = Math.min(MAX_IDS, Number(query.get("per_page") ?? DEFAULT_PAGE_SIZE));
  const first = (Math.max(1, Number(query.get("page") ?? 1)) - 1) * size;
  return world.coinsBySize
    .map((coin, i) => ({ coin, rank: i + 1, id: coin.ids.coingecko ?? "" }))
    .filter(({ coin, id }) => index.get(id) === coin && (asked === null || asked.has(id)))
    .filter(({ coin }) => world.truePriceUsd(coin.id, nowSec) !== null)
    .slice(first, first + size)
    .map(({ coin, rank, id }) => marketRow(world, id, coin, rank, nowSec));
}

/** One market of a coin, on the exchange asked for; real answers hold up to a hundred. */
function tickers({ path, query }: SimRequest, world: World, nowSec: number): object | null {
  const id = /^\/coins\/([^/]+)\/tickers$/.exec(path)?.[1];
  const coin = id === undefined ? undefined : indexOf(world).get(id);
  if (!coin) return null;
  const usd = world.venuePriceUsd(ID, coin.id, nowSec);
  const at = new Date(world.venueUpdatedAt(ID, coin.id, nowSec) * 1000).toISOString();
  const markets = usd === null ? [] : listOf(query, "exchange_ids");
  const rows = markets.map((identifier) => ({
    base: coin.symbol.toUpperCase(),
    target: "USD",
    market: { name: identifier, identifier, has_trading_incentive: false },
    last: significant(usd as number, PRICE_DIGITS),
    volume: 1_000,
    converted_last: { usd },
    converted_volume: { usd: round2(1_000 * (usd as number)) },
    trust_score: "green",
    bid_ask_spread_percentage: 0.1,
    timestamp: at,
    last_traded_at: at,
    last_fetch_at: at,
    is_anomaly: false,
    is_stale: false,
    coin_id: id,
  }));
  return { name: coin.name, tickers: rows };
}

function coinList(world: World): object[] {
  const rows = [...indexOf(world)].map(([id, coin]) => ({ id, symbol: coin.symbol.toLowerCase(), name: coin.name }));
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

export const coingecko: SimUpstream = {
  id: ID,
  answer(request, world, nowSec) {
    if (request.path === "/ping") return ok({ gecko_says: "(V3) To the Moon!" });
    if (request.path === "/simple/price") {
      if (request.query.has("vs_currencies")) return ok(simplePrice(request, world, nowSec));
      return { status: 422, body: { error: "Missing parameter vs_currencies" } };
    }
    if (request.path === "/coins/markets") return ok(markets(request, world, nowSec));
    if (request.path === "/coins/list") return ok(coinList(world));
    const found = tickers(request, world, nowSec);
    return found === null ? null : ok(found);
  },
};
