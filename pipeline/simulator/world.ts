/**
 * The simulated world: the truth about every coin, rate and incident as a pure function of (seed, time, coin).
 *
 * Nothing is stepped and nothing is remembered, so any moment can be asked in any order and gives the same doubles on any
 * machine. Upstreams see this truth through `venuePriceUsd`, each with its own small noise, lag and gaps.
 */
import { chainsOf, inheritedFrom, type SimCoin } from "./coin.ts";
import { createFxPath } from "./fx.ts";
import {
  defaultIncidents,
  type Incident,
  type IncidentScript,
  type ReserveTrouble,
  scheduleIncidents,
  type Truth,
  truthOf,
} from "./incidents.ts";
import { keyOf, noise, subKey, unit } from "./noise.ts";
import { createPricePath, levelOf, type PricePath } from "./price.ts";
import { createSupplyPath, SIZES_AT_SEC, type SizeTier, type SupplyPath } from "./supply.ts";

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
const BPS = 1 / 10_000;
const VENUE_NOISE_BPS: Record<SizeTier, number> = { large: 1, mid: 2, small: 5, tiny: 8 };
const MAX_VENUE_LAG_SEC = 120;
/** 18 decimals read as 6. */
const SWAPPED_DECIMALS = 1e12;
/** Aggregators have no price for this share of the small coins they list. */
const UNPRICED_SHARE = 0.15;
const AGGREGATORS = new Set(["coingecko", "defillama", "defillama-coins"]);
const METAL_OF_PEG: Record<string, string> = { GOLD: "XAU", SILVER: "XAG" };

export interface WorldOptions {
  seed: number;
  coins: readonly SimCoin[];
  /** Start of the world, unix seconds: incidents count from here. */
  epochSec: number;
  /** What goes wrong; left out, the demo's script. */
  incidents?: readonly IncidentScript[];
  /** Days before the world's start with which DefiLlama's chart of a single coin begins; left out, as many as that of all coins. */
  coinChartDays?: number;
}

export interface ChainShare {
  /** CAIP-2 chain id. */
  chain: string;
  /** Part of the coin's circulation on this chain, 0-1; all chains sum to 1. */
  shareRatio: number;
}

export interface World {
  seed: number;
  epochSec: number;
  coins: readonly SimCoin[];
  coinChartDays: number | null;
  /** Coins by market size, largest first. */
  coinsBySize: readonly SimCoin[];
  truth: Truth;
  /** Whether a coin has a market: launched, and not delisted. */
  exists(coinId: string, timeSec: number): boolean;
  /** USD per coin, or null where no market exists (delisted, not launched yet). */
  truePriceUsd(coinId: string, timeSec: number): number | null;
  /** USD per unit of what a coin is pegged to; null for pegs without a reference (VAR). */
  pegReferenceUsd(currency: string, timeSec: number): number | null;
  /** Coins in circulation; 0 for a coin that does not exist yet or any more. */
  circulatingUnits(coinId: string, timeSec: number): number;
  chainShares(coinId: string, timeSec: number): readonly ChainShare[];
  /** When circulation and its shares last changed, at or before `timeSec`. */
  supplyChangedAt(coinId: string, timeSec: number): number;
  /** USD per unit of a currency or per troy ounce of a metal (ISO codes); null without a market. */
  fxUsdPerUnit(code: string, timeSec: number): number | null;
  /** What an upstream shows for a coin: truth with its noise, lag, gaps and drift; null where it shows none. */
  venuePriceUsd(upstream: string, coinId: string, timeSec: number): number | null;
  /** When an upstream last refreshed a coin, unix seconds. */
  venueUpdatedAt(upstream: string, coinId: string, timeSec: number): number;
  /** An upstream's slightly different view of a rate. */
  venueFxUsdPerUnit(upstream: string, code: string, timeSec: number): number | null;
  /** What is wrong with a coin's reserves, or null. */
  reserveTrouble(coinId: string, timeSec: number): { trouble: ReserveTrouble; startSec: number } | null;
  /** The outage an upstream is in, or null. */
  outage(upstream: string, timeSec: number): (Incident & { kind: "outage" }) | null;
  /** The time whose values an upstream shows: now, or the start of a stale-feed incident. */
  shownTime(upstream: string, timeSec: number): number;
}

interface Entry {
  coin: SimCoin;
  supply: SupplyPath;
  price: PricePath;
  /** Market exists within [fromSec, toSec). */
  fromSec: number;
  toSec: number;
  chains: { chain: string; key: number; weight: number }[];
  drifts: (Incident & { kind: "drifting-venue" })[];
  lies: (Incident & { kind: "lying-venue" })[];
}

/** Times at which a coin appears, dies or leaves, out of its dates; delisted and not yet launched coins have no market. */
function lifeOf({ status, launchDate }: SimCoin): { fromSec: number; toSec: number; deadFromSec: number | null } {
  const at = (date: string | null | undefined, unknown: number) => (date ? Date.parse(date) / 1000 : unknown);
  const always = Number.NEGATIVE_INFINITY;
  const never = Number.POSITIVE_INFINITY;
  const gone = status.state === "delisted" || status.state === "pre-launch";
  return {
    fromSec: at(launchDate, always),
    toSec: gone ? at(status.state === "delisted" ? status.since : null, always) : never,
    deadFromSec: status.state === "dead" ? at(status.since, always) : null,
  };
}

export function createWorld({ seed, coins, epochSec, incidents: script, coinChartDays }: WorldOptions): World {
  const fx = createFxPath(seed);
  const pegReferenceUsd = (currency: string, timeSec: number) => fx(METAL_OF_PEG[currency] ?? currency, timeSec);
  const referenceOf = (coin: SimCoin) => {
    const ounces = METAL_OF_PEG[coin.peg.currency] ? (coin.commodityOunces ?? 1) : 1;
    return (timeSec: number) => (pegReferenceUsd(coin.peg.currency, timeSec) ?? 1) * ounces;
  };
  const supplies = new Map(
    coins.map((coin) => {
      const unitUsd = referenceOf(coin)(SIZES_AT_SEC) * levelOf(seed, coin, SIZES_AT_SEC);
      return [coin.id, createSupplyPath(seed, coin, unitUsd, lifeOf(coin).deadFromSec)] as const;
    }),
  );
  const sizeOf = (coin: SimCoin) => supplies.get(coin.id)?.baseUsd ?? 0;
  const coinsBySize = [...coins].sort((a, b) => sizeOf(b) - sizeOf(a) || (a.id < b.id ? -1 : 1));
  const incidents = scheduleIncidents(script ?? defaultIncidents(coinsBySize), epochSec);
  const ofKind = <Kind extends Incident["kind"]>(kind: Kind) =>
    incidents.filter((incident): incident is Extract<Incident, { kind: Kind }> => incident.kind === kind);
  const [depegs, outages, stale, drifts, reserves] = [
    ofKind("depeg"),
    ofKind("outage"),
    ofKind("stale-feed"),
    ofKind("drifting-venue"),
    ofKind("reserve"),
  ];

  const lies = ofKind("lying-venue");

  const entries = new Map<string, Entry>();
  for (const coin of coins) {
    const supply = supplies.get(coin.id)!;
    const { fromSec, toSec, deadFromSec } = lifeOf(coin);
    const price = createPricePath({
      seed,
      coin,
      tier: supply.tier,
      referenceUsd: referenceOf(coin),
      deadFromSec,
      depegs: depegs.filter((depeg) => depeg.coin === coin.id),
    });
    const chains = chainsOf(coin).map((chain) => {
      const key = keyOf(`${seed}/share/${coin.id}/${chain}`);
      return { chain, key, weight: 0.002 + unit(key) ** 4 + (chain === "eip155:1" ? 0.8 : 0) };
    });
    entries.set(coin.id, {
      coin,
      supply,
      price,
      fromSec,
      toSec,
      chains,
      drifts: drifts.filter((d) => d.coin === coin.id),
      lies: lies.filter((lie) => lie.coin === coin.id),
    });
  }
  // Where anybody may redeem, the coin is worth what it is redeemed for: par, or its parent.
  const redeemed = (coin: SimCoin, seen: readonly string[] = []): PricePath | null => {
    const inherited = inheritedFrom(coin);
    if (!inherited || seen.includes(coin.id)) return null;
    if (inherited.parent === null)
      return { changedAt: (timeSec) => timeSec, usd: (timeSec) => referenceOf(coin)(timeSec) };
    const parent = entries.get(inherited.parent);
    if (!parent) return null;
    const path = redeemed(parent.coin, [...seen, coin.id]) ?? parent.price;
    return { changedAt: path.changedAt, usd: (timeSec) => path.usd(timeSec) * (1 - inherited.feeRatio) };
  };
  for (const [id, path] of coins.map((coin) => [coin.id, redeemed(coin)] as const))
    if (path) (entries.get(id) as Entry).price = path;
  const entryOf = (coinId: string): Entry => {
    const entry = entries.get(coinId);
    if (!entry) throw new RangeError(`the simulated world has no coin ${coinId}`);
    return entry;
  };
  const isThere = (entry: Entry, timeSec: number) => timeSec >= entry.fromSec && timeSec < entry.toSec;
  const within = (incident: Incident, timeSec: number) => timeSec >= incident.startSec && timeSec < incident.endSec;

  return {
    seed,
    epochSec,
    coins,
    coinChartDays: coinChartDays ?? null,
    coinsBySize,
    truth: truthOf(incidents),
    pegReferenceUsd,
    fxUsdPerUnit: fx,
    exists: (coinId, timeSec) => isThere(entryOf(coinId), timeSec),
    supplyChangedAt: (coinId, timeSec) => entryOf(coinId).supply.changedAt(timeSec),
    truePriceUsd(coinId, timeSec) {
      const entry = entryOf(coinId);
      return isThere(entry, timeSec) ? entry.price.usd(timeSec) : null;
    },
    circulatingUnits(coinId, timeSec) {
      const entry = entryOf(coinId);
      return isThere(entry, timeSec) ? entry.supply.units(timeSec) : 0;
    },
    chainShares(coinId, timeSec) {
      const { chains, supply } = entryOf(coinId);
      const at = supply.changedAt(timeSec);
      let total = 0;
      const weights = chains.map(({ key, weight }) => {
        const now = weight * (1 + 0.15 * noise(subKey(key, 1), at, 60 * DAY_SEC));
        total += now;
        return now;
      });
      return chains.map(({ chain }, i) => ({ chain, shareRatio: weights[i]! / total }));
    },
    venuePriceUsd(upstream, coinId, timeSec) {
      const entry = entryOf(coinId);
      if (!isThere(entry, timeSec)) return null;
      const { supply, price } = entry;
      const key = keyOf(`${seed}/${upstream}/${coinId}`);
      const mayBeUnpriced = AGGREGATORS.has(upstream) && (supply.tier === "small" || supply.tier === "tiny");
      if (mayBeUnpriced && unit(key, 1) < UNPRICED_SHARE) return null;
      const seenAt = timeSec - (key % MAX_VENUE_LAG_SEC);
      let usd = price.usd(seenAt);
      usd *= 1 + VENUE_NOISE_BPS[supply.tier] * BPS * noise(key, price.changedAt(seenAt), 3 * HOUR_SEC);
      for (const drift of entry.drifts) {
        if (drift.upstream !== upstream || !within(drift, timeSec)) continue;
        const hours = (timeSec - drift.startSec) / HOUR_SEC;
        usd *= 1 + BPS * Math.min(drift.maxBps, drift.bpsPerHour * hours);
      }
      for (const one of entry.lies)
        if (one.upstream === upstream && within(one, timeSec))
          usd = one.lie === "par" ? referenceOf(entry.coin)(timeSec) : usd * SWAPPED_DECIMALS;
      return usd;
    },
    venueUpdatedAt(upstream, coinId, timeSec) {
      return timeSec - 15 - (keyOf(`${seed}/${upstream}/updated/${coinId}`) % 240);
    },
    venueFxUsdPerUnit(upstream, code, timeSec) {
      const usd = fx(code, timeSec);
      if (usd === null || code === "USD") return usd;
      return usd * (1 + BPS * noise(keyOf(`${seed}/${upstream}/${code}`), timeSec, 2 * DAY_SEC));
    },
    reserveTrouble: (coinId, timeSec) => reserves.find((r) => r.coin === coinId && within(r, timeSec)) ?? null,
    outage: (upstream, timeSec) => outages.find((o) => o.upstream === upstream && within(o, timeSec)) ?? null,
    shownTime: (upstream, timeSec) =>
      stale.find((s) => s.upstream === upstream && within(s, timeSec))?.startSec ?? timeSec,
  };
}
