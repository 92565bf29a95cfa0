/**
 * Supply of past days of coins whose supply is read on chain, by the rule of the live lane: one contract, its own holders taken off, at
 * the price on record for that day. Pricing methodology, 19.3.
 *
 * A day whose block, total, holders or price cannot be read is left out and said: past state needs a node that keeps it.
 */
import { listValue } from "@duckdb/node-api";
import type { LaneContext } from "../lane.ts";
import { roundUsd } from "../rounding.ts";
import type { Coin } from "../schema/coin.ts";
import type { SupplyHistoryRow } from "../schema/history.ts";
import { blockAtTime } from "../sources/block-at-time.ts";
import { erc20Supply } from "../sources/erc20-supply.ts";
import { DAY_SEC, utcDay } from "../time.ts";
import { isPlausibleUsd } from "./coin-supply.ts";
import { onchainSupply } from "./onchain-supply.ts";
import { amounts, isSupplemental, targetOf } from "./supplemental.ts";

/** The daily run looks at supplies at eight. */
const DAILY_RUN_SEC = 8 * 3600;

type PriceAt = (coinId: string, atSec: number) => number | null;

/** Price of a coin at a time: the last one on record, none older than a day. All of them are read at once. */
async function pricesOf(context: LaneContext, coinIds: readonly string[], days: readonly number[]): Promise<PriceAt> {
  const store = await context.store();
  const rows = await store.query(
    `SELECT coinId, observedRunAt AS at, priceUsd AS price FROM price_history
     WHERE list_contains($coinIds, coinId) AND observedRunAt BETWEEN $from AND $to AND priceUsd IS NOT NULL
     ORDER BY observedRunAt`,
    {
      coinIds: listValue([...coinIds]),
      from: Math.min(...days) + DAILY_RUN_SEC - DAY_SEC,
      to: Math.max(...days) + DAILY_RUN_SEC,
    },
  );
  const byCoin = Map.groupBy(rows as { coinId: string; at: number; price: number }[], ({ coinId }) => coinId);
  return (coinId, atSec) =>
    byCoin.get(coinId)?.findLast(({ at }) => at >= atSec - DAY_SEC && at <= atSec)?.price ?? null;
}

async function supplyAt(
  context: LaneContext,
  coin: Coin,
  atSec: number,
  priceAt: PriceAt,
): Promise<{ usd: number; price: number } | string> {
  const target = targetOf(coin, false, (chain) => context.nodes(chain).length > 0);
  const token = target?.tokens[0];
  if (!target || !token) return "no single contract that can be read";
  const price = priceAt(coin.id, atSec);
  if (price === null) return "no price on record for that day";
  const found = await context.collect(blockAtTime, { chain: token.chain, atSec });
  if (!found.ok) return found.detail;
  if (found.value.block === null) return "the chain began later";
  const holders = target.holders.map(({ address }) => address);
  const answer = await context.collect(erc20Supply, {
    chain: token.chain,
    tokens: [{ address: token.address, holders }],
    block: found.value.block,
  });
  if (!answer.ok) return answer.detail;
  const { supply, balances } = amounts(answer.value.tokens[0]);
  const amount = onchainSupply([{ supply, supported: true }], price, balances);
  return amount && isPlausibleUsd(amount.supplyUsd)
    ? { usd: amount.supplyUsd, price }
    : "its contract or a holder could not be read";
}

/** Rows of the days in `days` that `known` does not hold; days are starts of UTC days. */
export async function backfillOnchain(
  context: LaneContext,
  coins: readonly Coin[],
  days: readonly number[],
  known: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<{ rows: SupplyHistoryRow[]; failures: { coinId: string; reason: string }[] }> {
  const rows: SupplyHistoryRow[] = [];
  const failures: { coinId: string; reason: string }[] = [];
  const asked = coins.filter(isSupplemental).filter(({ ids }) => ids.coingecko === null);
  const missing = asked.map((coin) => ({ coin, days: days.filter((day) => !known.get(coin.id)?.has(day)) }));
  if (missing.every((each) => each.days.length === 0)) return { rows, failures };
  const priceAt = await pricesOf(
    context,
    asked.map(({ id }) => id),
    missing.flatMap((each) => each.days),
  );
  for (const each of missing) {
    for (const date of each.days) {
      const found = await supplyAt(context, each.coin, date + DAILY_RUN_SEC, priceAt);
      if (typeof found === "string") failures.push({ coinId: each.coin.id, reason: `${utcDay(date)}: ${found}` });
      else rows.push({ date, coinId: each.coin.id, circulatingUsd: roundUsd(found.usd), priceUsd: found.price });
    }
  }
  return { rows, failures };
}
