/** Pass 3: Jupiter's prices of Solana mints; they fill a missing price, or stand beside a thin one they agree with. */
import { jupiterPrice } from "../../sources/jupiter.ts";
import { solanaSlot } from "../../sources/solana-slot.ts";
import { feedOf } from "../../sources/venue.ts";
import { type BoardRow, largestFirst } from "../price-board.ts";
import { jupiterDecision } from "./jupiter-decision.ts";
import { failure, nothingDone, type Pass } from "./pass.ts";

/** Priced coins that a second opinion is asked for, the largest first. */
const MOST_AUGMENTED = 25;
const THIN_DEPTH = 2;

function isThin({ chosen }: BoardRow): boolean {
  return chosen.consensusSources.length <= THIN_DEPTH || chosen.priceConfidence !== "high";
}

export const jupiterPass: Pass = {
  name: "jupiter",
  async run(context, board) {
    const report = nothingDone();
    const onSolana = board.rows.filter((row) => feedOf(row.coin, "jupiter") !== null);
    const missing = onSolana.filter((row) => row.chosen.price === null);
    const thin = onSolana.filter((row) => row.chosen.price !== null && isThin(row)).sort(largestFirst);
    const rows = [...missing, ...thin.slice(0, MOST_AUGMENTED)];
    if (rows.length === 0) {
      context.nothingToAsk(jupiterPrice);
      return report;
    }
    const byMint = Map.groupBy(rows, (row) => feedOf(row.coin, "jupiter")?.mint as string);
    const answer = await context.collect(jupiterPrice, { keys: [...byMint.keys()].sort() });
    if (!answer.ok) return { ...report, failures: failure("jupiter", answer) };
    const slot = await context.collect(solanaSlot, {});
    if (!slot.ok) report.failures.push(...failure("solana-slot", slot));
    report.sources.push({ id: jupiterPrice.id, observedAt: null });
    for (const quote of answer.value.quotes)
      for (const row of byMint.get(quote.key) ?? []) {
        const facts = { priceUsd: quote.priceUsd, liquidityUsd: quote.liquidityUsd, blockId: quote.blockId };
        const { price } = row.chosen;
        const decision = jupiterDecision(facts, slot.ok ? slot.value.slot : null, price, row.context, board.references);
        if (decision.action === "fill")
          board.offer(row, {
            source: "jupiter",
            price: decision.price,
            confidence: "fallback",
            observedAt: context.nowSec,
            observedAtMode: "local_fetch",
            mode: "fallback_enrichment",
          });
        if (decision.action === "none" && price === null)
          board.refuse(row, { source: "jupiter", price: quote.price, observedAt: null }, decision.reason);
        if (decision.action === "append")
          row.chosen = {
            ...row.chosen,
            consensusSources: [...new Set([...row.chosen.consensusSources, "jupiter"])].sort(),
          };
      }
    return report;
  },
};
