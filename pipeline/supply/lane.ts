/**
 * Supply: how much of every coin circulates, in USD, in total and by chain.
 *
 * DefiLlama's list is the source. When it fails three times its circuit opens, and CoinGecko's market caps stand in until a
 * probe succeeds; a single failure keeps the last good snapshot. Coins the answer leaves out keep their last good supply for
 * two days, said so in their row.
 */
import type { Lane, LaneContext, LaneResult, SnapshotOut } from "../lane.ts";
import { roundUsd } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason } from "../schema/envelope.ts";
import type { CoinSupply, Supply, SupplyWindow } from "../schema/supply.ts";
import { coingeckoMarkets } from "../sources/coingecko.ts";
import { defillamaStablecoins, type LlamaAsset } from "../sources/defillama.ts";
import { DAY_SEC } from "../time.ts";
import { canonicalRows } from "./canonical-rows.ts";
import { listAge, listFingerprint, MAX_LIST_AGE_SEC, SeenListsSchema } from "./list-age.ts";

/** Guardrail 1 of the reference: a list with fewer valid assets is not the list. */
const MIN_VALID_ASSETS = 50;
const UNTRACKED_FLOOR_USD = 5_000_000;
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
    const window = {
      current: usd,
      prevDay: before?.prevDayUsd ?? null,
      prevWeek: before?.prevWeekUsd ?? null,
      prevMonth: before?.prevMonthUsd ?? null,
    };
    windows[chain] = rounded(window);
  }
  return windows;
}

function fromList(coin: Coin, row: LlamaAsset, nowSec: number): CoinSupply {
  const usd = {
    current: row.circulatingUsd,
    prevDay: row.prevDayUsd,
    prevWeek: row.prevWeekUsd,
    prevMonth: row.prevMonthUsd,
  };
  return {
    coinId: coin.id,
    supplySource: row.circulatingUsd === null ? null : "defillama",
    reason: row.circulatingUsd === null ? "listed-without-supply" : null,
    observedAt: row.circulatingUsd === null ? null : nowSec,
    carriedForward: false,
    listPriceUsd: row.priceUsd,
    usd: rounded(usd),
    chains: chainWindows(row),
  };
}

/** A coin without an answer: its last good supply while that is young, else null with the reason. */
function withoutAnswer(coin: Coin, last: CoinSupply | undefined, nowSec: number, reason: string): CoinSupply {
  const young = last?.observedAt != null && nowSec - last.observedAt <= CARRY_FORWARD_SEC;
  if (last && young && last.usd.current !== null) return { ...last, carriedForward: true, listPriceUsd: null };
  return {
    coinId: coin.id,
    supplySource: null,
    reason,
    observedAt: null,
    carriedForward: false,
    listPriceUsd: null,
    usd: UNKNOWN,
    chains: {},
  };
}

function noSupplyReason(coin: Coin): string {
  if (coin.status.state !== "active") return `coin-is-${coin.status.state}`;
  return coin.ids.defillama === null ? "no-supply-source-yet" : "not-in-list";
}

function snapshot(
  coins: CoinSupply[],
  nowSec: number,
  source: string,
  more: Omit<Supply, "coins">,
): SnapshotOut<"supply"> {
  return { asOf: nowSec, sources: [{ id: source, observedAt: nowSec }], data: { coins, ...more } };
}

export const supplyLane: Lane = {
  name: "supply",
  async run(context) {
    const { registry, nowSec } = context;
    const state = context.state("supply");
    const seenBefore = SeenListsSchema.safeParse(state).data ?? {};
    const last = new Map((context.published("supply")?.data.coins ?? []).map((coin) => [coin.coinId, coin]));
    const answer = await context.collect(defillamaStablecoins, {});
    if (!answer.ok) {
      const reason: Reason = { code: `defillama-${answer.reason}`, message: answer.detail };
      if (!context.circuitOpen(defillamaStablecoins)) return failed(reason, seenBefore);
      return coingeckoSupply(context, last, reason, seenBefore);
    }
    const rows = answer.value.assets;
    const { ageSec, seen } = listAge(seenBefore, listFingerprint(rows), nowSec);
    if (ageSec > MAX_LIST_AGE_SEC)
      return failed(
        {
          code: "list-stale",
          message: `DefiLlama's list is one we first saw ${Math.round(ageSec / 3600)} hours ago; the last good snapshot stays`,
        },
        seen,
      );
    if (rows.length < MIN_VALID_ASSETS)
      return failed(
        {
          code: "list-too-short",
          message: `DefiLlama's list has ${rows.length} valid assets and needs ${MIN_VALID_ASSETS}; ${answer.value.dropped} rows were malformed`,
        },
        seen,
      );

    const { byCoin, duplicates, untracked } = canonicalRows(rows, (llamaId) => registry.coinByLlamaId.get(llamaId)?.id);
    const coins = registry.coins.map((coin) => {
      const row = byCoin.get(coin.id);
      return row ? fromList(coin, row, nowSec) : withoutAnswer(coin, last.get(coin.id), nowSec, noSupplyReason(coin));
    });
    const notices: Reason[] =
      answer.value.dropped > 0
        ? [{ code: "rows-dropped", message: `${answer.value.dropped} malformed rows of DefiLlama's list were dropped` }]
        : [];
    return {
      status: notices.length > 0 ? "degraded" : "ok",
      reasons: notices,
      snapshots: {
        supply: snapshot(coins, nowSec, defillamaStablecoins.id, {
          untracked: untracked
            .filter((row) => (row.circulatingUsd ?? 0) > UNTRACKED_FLOOR_USD)
            .map((row) => ({
              llamaId: row.llamaId,
              symbol: row.symbol,
              name: row.name,
              circulatingUsd: roundUsd(row.circulatingUsd ?? 0),
            }))
            .sort((a, b) => b.circulatingUsd - a.circulatingUsd),
          rowsRead: rows.length + answer.value.dropped,
          rowsMalformed: answer.value.dropped,
          duplicates,
        }),
      },
      history: [],
      state: { supply: seen },
      counts: {
        coinsWithSupply: coins.filter((coin) => coin.usd.current !== null).length,
        untracked: untracked.length,
      },
    };
  },
};

function failed(reason: Reason, seen: Record<string, number>): LaneResult {
  return {
    status: "error",
    reasons: [reason],
    snapshots: {},
    withheld: ["supply"],
    history: [],
    state: { supply: seen },
    counts: {},
  };
}

/** Supply of every coin from CoinGecko's market caps while DefiLlama's circuit is open. Chains and earlier days are unknown there. */
async function coingeckoSupply(
  context: LaneContext,
  last: Map<string, CoinSupply>,
  cause: Reason,
  seen: Record<string, number>,
): Promise<LaneResult> {
  const { registry, nowSec } = context;
  const keys = registry.coins
    .filter((coin) => coin.status.state === "active")
    .flatMap((coin) => coin.ids.coingecko ?? []);
  const answer = await context.collect(coingeckoMarkets, { keys: [...new Set(keys)].sort(), vs: "usd" });
  if (!answer.ok)
    return failed(
      { code: `coingecko-${answer.reason}`, message: `${cause.message}; and CoinGecko: ${answer.detail}` },
      seen,
    );
  const caps = new Map(
    answer.value.quotes.flatMap((row) =>
      row.marketCap !== null && row.marketCap > 0 ? [[row.key, row.marketCap] as const] : [],
    ),
  );
  const coins = registry.coins.map((coin): CoinSupply => {
    const cap = coin.ids.coingecko === null ? undefined : caps.get(coin.ids.coingecko);
    if (cap === undefined) return withoutAnswer(coin, last.get(coin.id), nowSec, noSupplyReason(coin));
    return {
      coinId: coin.id,
      supplySource: "coingecko-fallback",
      reason: null,
      observedAt: nowSec,
      carriedForward: false,
      listPriceUsd: null,
      usd: { ...UNKNOWN, current: roundUsd(cap) },
      chains: {},
    };
  });
  return {
    status: "degraded",
    reasons: [{ code: "coingecko-fallback", message: `supply is CoinGecko's market caps: ${cause.message}` }],
    snapshots: {
      supply: snapshot(coins, nowSec, coingeckoMarkets.id, {
        untracked: [],
        rowsRead: caps.size,
        rowsMalformed: 0,
        duplicates: [],
      }),
    },
    history: [],
    state: { supply: seen },
    counts: { coinsWithSupply: coins.filter((coin) => coin.usd.current !== null).length, untracked: 0 },
  };
}
