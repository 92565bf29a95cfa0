/** One coin's supply row: from the list, from a market cap, or without an answer; null always with the reason. */
import { roundUsd } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { CoinSupply, SupplyWindow } from "../schema/supply.ts";
import type { LlamaAsset } from "../sources/defillama.ts";
import { DAY_SEC } from "../time.ts";

/** A coin that the answer leaves out keeps its last good supply this long. */
const CARRY_FORWARD_SEC = 2 * DAY_SEC;

const UNKNOWN: SupplyWindow = { current: null, prevDay: null, prevWeek: null, prevMonth: null };

function rounded(window: SupplyWindow): SupplyWindow {
  const round = (value: number | null) => (value === null ? null : roundUsd(value));
  return {
    current: round(window.current),
    prevDay: round(window.prevDay),
    prevWeek: round(window.prevWeek),
    prevMonth: round(window.prevMonth),
  };
}

function chainWindows(row: LlamaAsset): CoinSupply["chains"] {
  const windows: CoinSupply["chains"] = {};
  for (const [chain, usd] of Object.entries(row.chains)) {
    const before = row.chainsBefore[chain];
    windows[chain] = rounded({
      current: usd,
      prevDay: before?.prevDayUsd ?? null,
      prevWeek: before?.prevWeekUsd ?? null,
      prevMonth: before?.prevMonthUsd ?? null,
    });
  }
  return windows;
}

export function fromList(coin: Coin, row: LlamaAsset, nowSec: number): CoinSupply {
  const isKnown = row.circulatingUsd !== null;
  return {
    coinId: coin.id,
    supplySource: isKnown ? "defillama" : null,
    reason: isKnown ? null : "listed-without-supply",
    observedAt: isKnown ? nowSec : null,
    carriedForward: false,
    listPriceUsd: row.priceUsd,
    usd: rounded({
      current: row.circulatingUsd,
      prevDay: row.prevDayUsd,
      prevWeek: row.prevWeekUsd,
      prevMonth: row.prevMonthUsd,
    }),
    chains: chainWindows(row),
  };
}

/** A market cap says nothing of chains nor of earlier days. */
export function fromMarketCap(coin: Coin, marketCapUsd: number, nowSec: number): CoinSupply {
  return {
    coinId: coin.id,
    supplySource: "coingecko-fallback",
    reason: null,
    observedAt: nowSec,
    carriedForward: false,
    listPriceUsd: null,
    usd: { ...UNKNOWN, current: roundUsd(marketCapUsd) },
    chains: {},
  };
}

function noSupplyReason(coin: Coin): string {
  if (coin.status.state !== "active") return `coin-is-${coin.status.state}`;
  return coin.ids.defillama === null ? "no-supply-source-yet" : "not-in-list";
}

/** The last good supply while that is young, else null with the reason. */
export function withoutAnswer(coin: Coin, last: CoinSupply | undefined, nowSec: number): CoinSupply {
  const isYoung = last?.observedAt != null && nowSec - last.observedAt <= CARRY_FORWARD_SEC;
  if (last && isYoung && last.usd.current !== null) return { ...last, carriedForward: true, listPriceUsd: null };
  return {
    coinId: coin.id,
    supplySource: null,
    reason: noSupplyReason(coin),
    observedAt: null,
    carriedForward: false,
    listPriceUsd: null,
    usd: UNKNOWN,
    chains: {},
  };
}
