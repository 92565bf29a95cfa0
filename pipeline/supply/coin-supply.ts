/** One coin's supply row: from the list, from a market cap, or without an answer; null always with the reason. */
import { resting, roundPrice, roundUsd } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { CoinSupply, SupplyWindow } from "../schema/supply.ts";
import type { LlamaAsset } from "../sources/defillama.ts";
import { byChain, chainUnitsOf, roundedUsd, unitsOf, usdOf } from "../supply-units.ts";
import { DAY_SEC } from "../time.ts";
import type { OnchainSupply } from "./onchain-supply.ts";

/** A coin that the answer leaves out keeps its last good supply this long. */
const CARRY_FORWARD_SEC = 2 * DAY_SEC;

const UNKNOWN: SupplyWindow = { current: null, prevDay: null, prevWeek: null, prevMonth: null };

function chainWindows(row: LlamaAsset): Record<string, SupplyWindow> {
  const windows: Record<string, SupplyWindow> = {};
  for (const [chain, usd] of Object.entries(row.chains)) {
    const before = row.chainsBefore[chain];
    windows[chain] = {
      current: usd,
      prevDay: before?.prevDayUsd ?? null,
      prevWeek: before?.prevWeekUsd ?? null,
      prevMonth: before?.prevMonthUsd ?? null,
    };
  }
  return windows;
}

type Amounts = Pick<CoinSupply, "usdPerUnit" | "units" | "chainUnits" | "chainsObservedAt" | "usd" | "chains">;

/** Parts by chain are taken this often: they move little, and there are thousands of them. */
const CHAINS_EVERY_SEC = DAY_SEC;

/** USD amounts follow the list's price in steps of this share, so that a day of small moves rewrites nothing. */
const PRICE_STEP_SHARE = 0.001;

/** Last time's price while the list's is within a step of it. */
function steppedPrice(priceUsd: number, last: number | null | undefined): number {
  return last && Math.abs(priceUsd - last) <= PRICE_STEP_SHARE * last ? last : roundPrice(priceUsd);
}

/** USD of a coin whose list price is unknown: last time's, all of them, while none has moved by a step. */
function restingUsd(usd: SupplyWindow, last: CoinSupply | undefined): SupplyWindow {
  if (!last || last.units !== null) return usd;
  const keys = ["current", "prevDay", "prevWeek", "prevMonth"] as const;
  const rests = keys.every((key) => {
    const [now, before] = [usd[key], last.usd[key]];
    return now === before || (now !== null && before !== null && Math.abs(now - before) <= PRICE_STEP_SHARE * before);
  });
  return rests ? last.usd : usd;
}

/** Tokens now and a day ago rest within a hundredth of a per cent, tokens a week and a month ago within a twentieth. */
const UNITS_REST_WITHIN_SHARE: Readonly<Record<keyof SupplyWindow, number>> = {
  current: 0.000_1,
  prevDay: 0.000_1,
  prevWeek: 0.000_5,
  prevMonth: 0.000_5,
};

function restingUnits(now: SupplyWindow, last: SupplyWindow | null | undefined): SupplyWindow {
  const rest = (key: keyof SupplyWindow) => resting(now[key], last?.[key], UNITS_REST_WITHIN_SHARE[key]);
  return {
    current: rest("current"),
    prevDay: rest("prevDay"),
    prevWeek: rest("prevWeek"),
    prevMonth: rest("prevMonth"),
  };
}

function isSameSlot(chainsObservedAt: number | null | undefined, nowSec: number): boolean {
  const slot = (sec: number) => Math.floor(sec / CHAINS_EVERY_SEC);
  return chainsObservedAt != null && slot(chainsObservedAt) === slot(nowSec);
}

/** Tokens follow from the list's own price; without one the list's USD stand alone. */
function amounts(row: LlamaAsset, last: CoinSupply | undefined, nowSec: number): Amounts {
  const listed: SupplyWindow = {
    current: row.circulatingUsd,
    prevDay: row.prevDayUsd,
    prevWeek: row.prevWeekUsd,
    prevMonth: row.prevMonthUsd,
  };
  const price = row.priceUsd;
  const inTokens = price !== null;
  const keptChains =
    last && isSameSlot(last.chainsObservedAt, nowSec) && (last.chainUnits !== null) === inTokens ? last : null;
  const chainsObservedAt = keptChains?.chainsObservedAt ?? nowSec;
  if (!inTokens) {
    const chains = keptChains?.chains ?? byChain(chainWindows(row), roundedUsd);
    const usd = restingUsd(roundedUsd(listed), last);
    return { usdPerUnit: null, units: null, chainUnits: null, chainsObservedAt, usd, chains };
  }
  const usdPerUnit = steppedPrice(price, last?.usdPerUnit);
  const units = restingUnits(unitsOf(listed, price), last?.units);
  const chainUnits = keptChains?.chainUnits ?? byChain(chainWindows(row), (window) => chainUnitsOf(window, price));
  const chains = byChain(chainUnits, (window) => usdOf(window, usdPerUnit));
  return { usdPerUnit, units, chainUnits, chainsObservedAt, usd: usdOf(units, usdPerUnit), chains };
}

/** Many times all stablecoins together: no supply of one coin. */
const MAX_SUPPLY_USD = 10_000_000_000_000;

/** Whether an amount can be what a coin has in circulation. */
export function isPlausibleUsd(usd: number): boolean {
  return Number.isFinite(usd) && usd >= 0 && usd <= MAX_SUPPLY_USD;
}

/** An earlier amount that cannot be is one that is not known. */
function plausiblePast(row: LlamaAsset): LlamaAsset {
  const known = (usd: number | null) => (usd !== null && isPlausibleUsd(usd) ? usd : null);
  const [prevDayUsd, prevWeekUsd, prevMonthUsd] = [
    known(row.prevDayUsd),
    known(row.prevWeekUsd),
    known(row.prevMonthUsd),
  ];
  return { ...row, prevDayUsd, prevWeekUsd, prevMonthUsd };
}

export function fromList(coin: Coin, given: LlamaAsset, last: CoinSupply | undefined, nowSec: number): CoinSupply {
  if (given.circulatingUsd !== null && !isPlausibleUsd(given.circulatingUsd))
    return { ...withoutAnswer(coin, last, nowSec), reason: "supply-out-of-bounds" };
  const row = plausiblePast(given);
  if (row.circulatingUsd === null) {
    const kept = withoutAnswer(coin, last, nowSec);
    return kept.usd.current === null ? { ...kept, reason: "listed-without-supply" } : kept;
  }
  return {
    coinId: coin.id,
    supplySource: "defillama",
    reason: null,
    observedAt: nowSec,
    carriedForward: false,
    ...amounts(row, last, nowSec),
  };
}

/** USD alone, of today alone: nothing of chains nor of earlier days. */
function inUsd(
  coin: Coin,
  supplySource: NonNullable<CoinSupply["supplySource"]>,
  usd: number,
  nowSec: number,
  last: CoinSupply | undefined,
): CoinSupply {
  return {
    coinId: coin.id,
    supplySource,
    reason: null,
    observedAt: nowSec,
    carriedForward: false,
    usdPerUnit: null,
    units: null,
    chainUnits: null,
    chainsObservedAt: null,
    usd: restingUsd({ ...UNKNOWN, current: roundUsd(usd) }, last),
    chains: {},
  };
}

export function fromMarketCap(coin: Coin, marketCapUsd: number, nowSec: number, last?: CoinSupply): CoinSupply {
  return inUsd(coin, "coingecko-fallback", marketCapUsd, nowSec, last);
}

export function fromChain(
  coin: Coin,
  { supplyUsd, supplySource }: OnchainSupply,
  nowSec: number,
  last?: CoinSupply,
): CoinSupply {
  return inUsd(coin, supplySource, supplyUsd, nowSec, last);
}

function noSupplyReason(coin: Coin): string {
  if (coin.status.state !== "active") return `coin-is-${coin.status.state}`;
  return coin.ids.defillama === null ? "no-supply-source-yet" : "not-in-list";
}

/** The last good supply while that is young, else null with the reason. */
export function withoutAnswer(coin: Coin, last: CoinSupply | undefined, nowSec: number): CoinSupply {
  const isYoung = last?.observedAt != null && nowSec - last.observedAt <= CARRY_FORWARD_SEC;
  if (last && isYoung && last.usd.current !== null) return { ...last, carriedForward: true };
  return { ...unknownSupply(coin.id), reason: noSupplyReason(coin) };
}

/** A row that knows nothing; the caller says why. */
export function unknownSupply(coinId: string): CoinSupply {
  return {
    coinId,
    supplySource: null,
    reason: null,
    observedAt: null,
    carriedForward: false,
    usdPerUnit: null,
    units: null,
    chainUnits: null,
    chainsObservedAt: null,
    usd: UNKNOWN,
    chains: {},
  };
}
