/**
 * Coins of other currencies by their own currency: CoinGecko's native quote times the FX reference. Pricing methodology, section 14.
 *
 * Fills what has no price, and replaces a weak price it is far from. Never cached.
 */
import type { LaneContext } from "../lane.ts";
import { countDepegAuthoritative, expandSourceKeys, PRICE_SOURCES } from "../price-sources.ts";
import { coingeckoNativePrice } from "../sources/coingecko.ts";
import { midDivergenceBps } from "../statistics.ts";
import { failure, nothingDone, type PassReport, untimely } from "./passes/pass.ts";
import type { BoardRow, PriceBoard } from "./price-board.ts";
import { pegClassOf, pegReferenceUsd, referenceTypeOf } from "./validation.ts";

const REPLACE_BEYOND_BPS = 75;
const SOURCE = "coingecko-native-implied";
/** A stale FX rate would pass its own error on as the coin's. */
const TRUSTED: readonly string[] = ["fresh", "static"];

/** A price that a native quote may not replace. */
export function isStrong({ chosen }: Pick<BoardRow, "chosen">): boolean {
  const keys = expandSourceKeys(chosen.agreeSources);
  const vouching = countDepegAuthoritative(keys);
  if (keys.length > 0 && keys.every((key) => PRICE_SOURCES[key]?.softGuardrailExempt)) return true;
  if (keys.length === 1 && vouching === 1 && chosen.priceObservedAtMode === "upstream") return true;
  return chosen.priceConfidence === "high" && vouching >= 2;
}

export async function nativeQuotes(context: LaneContext, board: PriceBoard): Promise<PassReport> {
  const report = nothingDone();
  const rows = board.rows.filter(
    (row) =>
      pegClassOf(row.context) === "fiat_fx" &&
      row.coin.ids.coingecko !== null &&
      TRUSTED.includes(referenceTypeOf(row.context, board.references)) &&
      !isStrong(row),
  );
  if (rows.length === 0) return report;
  const pairs = rows.map((row) => ({
    key: row.coin.ids.coingecko as string,
    vs: row.coin.peg.currency.toLowerCase(),
  }));
  const answer = await context.collect(coingeckoNativePrice, { pairs });
  if (!answer.ok) return { ...report, failures: failure("coingecko-native", answer) };
  const quotes = new Map(answer.value.quotes.map((quote) => [`${quote.key}/${quote.quote}`, quote]));
  for (const row of rows) {
    const quote = quotes.get(`${row.coin.ids.coingecko}/${row.coin.peg.currency}`);
    const reference = pegReferenceUsd(row.context, board.references);
    if (!quote || reference === null) continue;
    const price = quote.price * reference;
    const late = untimely(SOURCE, quote.observedAt, context.nowSec);
    if (late !== null) {
      board.refuse(row, { source: SOURCE, price, observedAt: quote.observedAt }, late);
      continue;
    }
    const current = row.chosen.price;
    if (current !== null && Math.round(midDivergenceBps(price, current)) <= REPLACE_BEYOND_BPS) continue;
    board.offer(row, {
      source: SOURCE,
      price,
      confidence: "single-source",
      observedAt: quote.observedAt,
      observedAtMode: "upstream",
      mode: "fallback_enrichment",
    });
  }
  report.sources.push({ id: coingeckoNativePrice.id, observedAt: null });
  return report;
}
