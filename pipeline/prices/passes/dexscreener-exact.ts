/** Pass 4: DexScreener's pairs of a coin's exact addresses; no search by symbol. */
import { dexscreenerTokens } from "../../sources/dexscreener.ts";
import { NETWORK_NAMES } from "../../sources/network-names.ts";
import { inBatches, lowerHex } from "../../sources/quotes.ts";
import { tokenDeployments } from "../../token-deployments.ts";
import { pairPrices, upperMedian } from "../pair-prices.ts";
import type { BoardRow } from "../price-board.ts";
import { failure, nothingDone, type Pass } from "./pass.ts";

const MOST_REQUESTS = 10;
const ADDRESSES_PER_REQUEST = 30;

interface Target {
  row: BoardRow;
  network: string;
  address: string;
}

export const dexscreenerPass: Pass = {
  name: "dexscreener-exact",
  async run(context, board) {
    const report = nothingDone();
    const targets = board.unpriced().flatMap((row): Target[] =>
      tokenDeployments(row.coin).flatMap(({ chain, address }) => {
        const network = NETWORK_NAMES.get(chain)?.dexscreener;
        return network ? [{ row, network, address: lowerHex(address) }] : [];
      }),
    );
    // Batches keep the order of their first target: unpriced coins come largest first.
    const batches = [...Map.groupBy(targets, ({ network }) => network).values()]
      .flatMap((group) => inBatches(group, ADDRESSES_PER_REQUEST))
      .sort((a, b) => targets.indexOf(a[0] as Target) - targets.indexOf(b[0] as Target));
    const found = new Map<BoardRow, number[]>();
    for (const batch of batches.slice(0, MOST_REQUESTS)) {
      const chain = (batch[0] as Target).network;
      const answer = await context.collect(dexscreenerTokens, {
        chain,
        addresses: batch.map(({ address }) => address),
      });
      if (!answer.ok) {
        report.failures.push(...failure("dexscreener", answer));
        break;
      }
      report.sources.push({ id: dexscreenerTokens.id, observedAt: null });
      for (const { row, network, address } of batch) {
        const prices = pairPrices(answer.value.pairs, network, address, row.coin.symbol);
        if (prices.length > 0) found.set(row, [...(found.get(row) ?? []), ...prices]);
      }
    }
    for (const [row, prices] of found)
      board.offer(row, {
        source: "dexscreener-exact",
        price: upperMedian(prices),
        confidence: "fallback",
        observedAt: context.nowSec,
        observedAtMode: "local_fetch",
        mode: "fallback_enrichment",
      });
    if (batches.length > MOST_REQUESTS) {
      const message = `${batches.length - MOST_REQUESTS} DexScreener requests were left out: ${MOST_REQUESTS} a run`;
      report.failures.push({ code: "dexscreener-capped", message });
    }
    return { ...report, sources: report.sources.slice(0, 1) };
  },
};
