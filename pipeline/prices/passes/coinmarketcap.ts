/** Pass 2: CoinMarketCap's stablecoin category, asked once an hour, by its own page name first and by symbol where that is unique. */
import { z } from "zod";
import { coinmarketcapCategory } from "../../sources/coinmarketcap.ts";
import type { BoardRow } from "../price-board.ts";
import { failure, nothingDone, type Pass, untimely } from "./pass.ts";

const SOURCE = "coinmarketcap";
const PAUSE_SEC = 3_600;
const PAGE_SIZE = 300;

export const CmcStateSchema = z.object({ askedAt: z.int().nullable() });

/** `state` remembers over runs when the category was asked for. */
export function coinmarketcapPass(state: z.infer<typeof CmcStateSchema>): Pass {
  return {
    name: "coinmarketcap",
    async run(context, board) {
      const report = nothingDone();
      const unpriced = board.unpriced().filter((row) => row.coin.status.state === "active");
      if (unpriced.length === 0 || (state.askedAt !== null && context.nowSec - state.askedAt < PAUSE_SEC))
        return report;
      const answer = await context.collect(coinmarketcapCategory, {});
      if (answer.ok || answer.reason !== "disabled") state.askedAt = context.nowSec;
      if (!answer.ok) return { ...report, failures: failure("coinmarketcap", answer) };
      const { quotes, rowCount, numTokens } = answer.value;
      if (numTokens === null || numTokens > PAGE_SIZE || rowCount < numTokens) {
        const message = `CoinMarketCap's category has ${numTokens ?? "an unknown number of"} coins and the page ${rowCount}: a cut page says nothing`;
        return { ...report, failures: [{ code: "coinmarketcap-truncated", message }] };
      }
      const bySlug = new Map(quotes.map((quote) => [quote.key, quote]));
      const bySymbol = Map.groupBy(quotes, (quote) => quote.symbol.toUpperCase());
      const active = board.rows.filter((row) => row.coin.status.state === "active");
      const symbols = Map.groupBy(active, (row) => row.coin.symbol.toUpperCase());
      const quoteOf = ({ coin }: BoardRow) => {
        const slug = coin.ids.coinmarketcapSlug;
        if (slug !== null) return bySlug.get(slug);
        const symbol = coin.symbol.toUpperCase();
        const [found, ...more] = bySymbol.get(symbol) ?? [];
        return symbols.get(symbol)?.length === 1 && more.length === 0 ? found : undefined;
      };
      for (const row of unpriced) {
        const quote = quoteOf(row);
        if (!quote) continue;
        const late = untimely(SOURCE, quote.observedAt, context.nowSec);
        if (late !== null) {
          board.refuse(row, { source: SOURCE, price: quote.price, observedAt: quote.observedAt }, late);
          continue;
        }
        board.offer(row, {
          source: SOURCE,
          price: quote.price,
          confidence: "fallback",
          observedAt: quote.observedAt,
          observedAtMode: "upstream",
          mode: "fallback_enrichment",
        });
      }
      report.sources.push({ id: coinmarketcapCategory.id, observedAt: null });
      return report;
    },
  };
}
