/**
 * A second look at weak soft prices: what GeckoTerminal's pools say, as one more candidate. Pricing methodology, section 13.
 *
 * One median a protocol, weighed by reserve, then one over the protocols. The requests of a run are counted, not timed: at the
 * service's 30 a minute these are what fits into the time the method allows, and a replay asks the same.
 */
import type { LaneContext } from "../lane.ts";
import { countDepegAuthoritative, PRICE_SOURCES } from "../price-sources.ts";
import { geckoterminalPools, type TerminalPool } from "../sources/geckoterminal.ts";
import { NETWORK_NAMES } from "../sources/network-names.ts";
import { lowerHex } from "../sources/quotes.ts";
import { weightedMedian } from "../statistics.ts";
import { tokenDeployments } from "../token-deployments.ts";
import { failure, nothingDone, type PassReport } from "./passes/pass.ts";
import { type BoardRow, largestFirst, type PriceBoard } from "./price-board.ts";

const MIN_RESERVE_USD = 10_000;
const MOST_REQUESTS = 30;

function isEligible({ chosen, candidates }: BoardRow): boolean {
  if (chosen.priceConfidence !== "single-source" && chosen.priceConfidence !== "low") return false;
  const keys = candidates.map(({ source }) => source);
  return keys.some((key) => PRICE_SOURCES[key]?.gtProbeEligible) && countDepegAuthoritative(keys) === 0;
}

/** USD of the token over its pools, or null where none is deep enough. */
export function terminalPrice(pools: readonly TerminalPool[], address: string): number | null {
  const priced = pools.flatMap((pool) => {
    const price =
      pool.baseAddress === address ? pool.basePriceUsd : pool.quoteAddress === address ? pool.quotePriceUsd : null;
    const weight = pool.reserveUsd ?? 0;
    return price === null || weight < MIN_RESERVE_USD ? [] : [{ protocol: pool.dexId ?? pool.address, price, weight }];
  });
  const protocols = [...Map.groupBy(priced, ({ protocol }) => protocol).values()].map((group) => ({
    price: weightedMedian(group) as number,
    weight: group.reduce((sum, { weight }) => sum + weight, 0),
  }));
  return protocols.length === 0 ? null : weightedMedian(protocols);
}

export async function crossCheck(context: LaneContext, board: PriceBoard): Promise<PassReport & { asked: number }> {
  const report = nothingDone();
  let asked = 0;
  for (const row of board.rows.filter(isEligible).sort(largestFirst)) {
    const token = tokenDeployments(row.coin).find(({ chain }) => NETWORK_NAMES.get(chain)?.geckoterminal);
    if (!token) continue;
    if (asked === MOST_REQUESTS) break;
    asked++;
    const [network, address] = [NETWORK_NAMES.get(token.chain)?.geckoterminal as string, lowerHex(token.address)];
    const answer = await context.collect(geckoterminalPools, { network, address });
    if (!answer.ok) {
      report.failures.push(...failure("geckoterminal", answer));
      break;
    }
    const price = terminalPrice(answer.value.pools, address);
    if (price === null) continue;
    const weight = PRICE_SOURCES.geckoterminal?.weight ?? 0;
    row.raw.push({ source: "geckoterminal", price, weight, observedAt: context.nowSec, observedAtMode: "local_fetch" });
    board.settle(row);
  }
  if (asked > 0) report.sources.push({ id: geckoterminalPools.id, observedAt: null });
  else context.nothingToAsk(geckoterminalPools);
  return { ...report, asked };
}
