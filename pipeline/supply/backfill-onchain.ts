/**
 * Supply of past days of coins whose supply is read on chain, by the rule of the live lane: one contract, its own holders taken off, at
 * the price on record for that day. Pricing methodology, 19.3.
 *
 * A day whose block, total, holders or price cannot be read is left out and said: past state needs a node that keeps it.
 */
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

/** Price of a coin on a day: the last one on record at the daily run, none older than a day. */
async function priceAt(context: LaneContext, coinId: string, atSec: number): Promise<number | null> {
  const store = await context.store();
  const [row] = await store.query(
    `SELECT arg_max(priceUsd, observedRunAt) AS price FROM price_history
     WHERE coinId = $coinId AND observedRunAt BETWEEN $from AND $to AND priceUsd IS NOT NULL`,
    { coinId, from: atSec - DAY_SEC, to: atSec },
  );
  return (row?.price as number | null) ?? null;
}

async function supplyAt(
  context: LaneContext,
  coin: Coin,
  atSec: number,
): Promise<{ usd: number; price: number } | string> {
  const target = targetOf(coin, false, (chain) => context.nodes(chain).length > 0);
  const token = target?.tokens[0];
  if (!target || !token) return "no single contract that can be read";
  const price = await priceAt(context, coin.id, atSec);
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
  for (const coin of coins.filter(isSupplemental).filter(({ ids }) => ids.coingecko === null)) {
    for (const date of days.filter((day) => !known.get(coin.id)?.has(day))) {
      const found = await supplyAt(context, coin, date + DAILY_RUN_SEC);
      if (typeof found === "string") failures.push({ coinId: coin.id, reason: `${utcDay(date)}: ${found}` });
      else rows.push({ date, coinId: coin.id, circulatingUsd: roundUsd(found.usd), priceUsd: found.price });
    }
  }
  return { rows, failures };
}
