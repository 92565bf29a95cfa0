/** Passes 1 and 1b: DefiLlama's coins API by contract, the main one first, then the other tracked deployments. */
import type { LaneContext } from "../../lane.ts";
import type { Registry } from "../../registry/registry.ts";
import { defillamaCoins, type LlamaPrice } from "../../sources/defillama-coins.ts";
import { lowerHex } from "../../sources/quotes.ts";
import { tokenDeployments } from "../../token-deployments.ts";
import type { BoardRow, PriceBoard } from "../price-board.ts";
import { failure, nothingDone, type Pass, untimely } from "./pass.ts";

const SOURCE = "defillama-contract";
const MIN_CONFIDENCE = 0.8;
/** About eight requests of the length an address may have. */
const MOST_KEYS = 1_000;

function keysOf(row: BoardRow, registry: Registry): string[] {
  return tokenDeployments(row.coin).flatMap(({ chain, address }) => {
    const slug = registry.chainById.get(chain)?.slug;
    return slug === undefined ? [] : [lowerHex(`${slug}:${address}`)];
  });
}

/** Quotes that say the coin's symbol, and say it surely; freshest first. */
function usable(row: BoardRow, quotes: readonly LlamaPrice[]): LlamaPrice[] {
  return quotes
    .filter(({ symbol }) => symbol?.toLowerCase() === row.coin.symbol.toLowerCase())
    .filter(({ confidence }) => (confidence ?? 0) >= MIN_CONFIDENCE)
    .sort((a, b) => (b.observedAt ?? 0) - (a.observedAt ?? 0) || (a.key < b.key ? -1 : 1));
}

function pass(name: string, pick: (keys: string[]) => string[]): Pass {
  return {
    name,
    async run(context: LaneContext, board: PriceBoard) {
      const report = nothingDone();
      const asked = board.unpriced().map((row) => ({ row, keys: pick(keysOf(row, context.registry)) }));
      const keys = asked.flatMap((one) => one.keys).slice(0, MOST_KEYS);
      if (keys.length === 0) return report;
      const answer = await context.collect(defillamaCoins, { keys });
      if (!answer.ok) return { ...report, failures: failure("defillama-coins", answer) };
      const byKey = new Map(answer.value.quotes.map((quote) => [quote.key, quote]));
      for (const { row, keys: own } of asked) {
        const quotes = own.flatMap((key) => byKey.get(key) ?? []);
        for (const { price, observedAt } of usable(row, quotes)) {
          const late = untimely(SOURCE, observedAt, context.nowSec);
          if (late !== null) {
            board.refuse(row, { source: SOURCE, price, observedAt }, late);
            continue;
          }
          const common = {
            source: SOURCE,
            confidence: "single-source",
            observedAtMode: "upstream",
          } as const;
          if (board.offer(row, { ...common, price, observedAt, mode: "fallback_enrichment" }) === null) break;
        }
      }
      report.sources.push({ id: defillamaCoins.id, observedAt: null });
      return report;
    },
  };
}

export const canonicalContract = pass("canonical-contract", (keys) => keys.slice(0, 1));
export const otherContracts = pass("other-contracts", (keys) => keys.slice(1));
