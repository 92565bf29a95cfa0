/**
 * Coins for which no other source knows a pool: GeckoTerminal is asked for the largest of them, a few in a run. Safety methodology,
 * section 4.
 *
 * A coin that it has no pool of is left alone for a week, so that the next largest gets its turn; those that have pools are asked in
 * every run, as a row that comes and goes would read as money that does.
 */
import { z } from "zod";
import type { LaneContext } from "../lane.ts";
import type { Coin } from "../schema/coin.ts";
import type { Reason } from "../schema/envelope.ts";
import { geckoterminalPools } from "../sources/geckoterminal.ts";
import { NETWORK_NAMES } from "../sources/network-names.ts";
import { lowerHex } from "../sources/quotes.ts";
import { DAY_SEC } from "../time.ts";
import { tokenDeployments } from "../token-deployments.ts";
import { fromTerminal } from "./intake.ts";
import type { Pool } from "./pool.ts";

export const EMPTY_STATE = "liquidity-without-pools";
const MOST_REQUESTS = 10;
const ASK_AGAIN_SEC = 7 * DAY_SEC;

/** When a coin was found to have no pool, by coin. */
const EmptySchema = z.record(z.string(), z.int());

export interface LastResort {
  pools: Pool[];
  failure: Reason | null;
  /** State to keep, or null when nothing changed. */
  empty: Record<string, number> | null;
}

/** `coins` without a pool, largest first. */
export async function lastResort(
  context: LaneContext,
  coins: readonly Coin[],
  referenceUsd: (coin: Coin) => number | null,
): Promise<LastResort> {
  const { nowSec } = context;
  const before = EmptySchema.safeParse(context.state(EMPTY_STATE)).data ?? {};
  const empty = Object.fromEntries(Object.entries(before).filter(([, at]) => nowSec - at < ASK_AGAIN_SEC));
  const pools: Pool[] = [];
  let asked = 0;
  let failure: Reason | null = null;
  for (const coin of coins) {
    const token = tokenDeployments(coin).find(({ chain }) => NETWORK_NAMES.get(chain)?.geckoterminal);
    if (!token || coin.id in empty) continue;
    if (asked === MOST_REQUESTS) break;
    asked += 1;
    const [network, address] = [NETWORK_NAMES.get(token.chain)?.geckoterminal as string, lowerHex(token.address)];
    const answer = await context.collect(geckoterminalPools, { network, address });
    if (!answer.ok) {
      failure = { code: `geckoterminal-${answer.reason}`, message: answer.detail };
      break;
    }
    const own = fromTerminal(answer.value.pools, coin.id, token.chain, address, referenceUsd(coin), nowSec);
    pools.push(...own);
    if (own.length === 0) empty[coin.id] = nowSec;
  }
  const changed = JSON.stringify(empty) !== JSON.stringify(before);
  return { pools, failure, empty: changed ? empty : null };
}
