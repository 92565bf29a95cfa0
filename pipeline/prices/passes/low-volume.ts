/** Pass 5: CoinGecko's price of listed coins that trade so little that it is days old; never believed beyond this run. */
import { coingeckoSimplePrice } from "../../sources/coingecko.ts";
import { feedOf } from "../../sources/venue.ts";
import { failure, nothingDone, type Pass, untimely } from "./pass.ts";

const SOURCE = "coingecko-low-volume";

export const lowVolumePass: Pass = {
  name: "coingecko-low-volume",
  async run(context, board) {
    const report = nothingDone();
    const rows = board.unpriced().filter((row) => feedOf(row.coin, "coingecko-low-volume") !== null);
    if (rows.length === 0) return report;
    const byKey = Map.groupBy(rows, (row) => feedOf(row.coin, "coingecko-low-volume")?.coingeckoId as string);
    const answer = await context.collect(coingeckoSimplePrice, { keys: [...byKey.keys()].sort() });
    if (!answer.ok) return { ...report, failures: failure("coingecko-low-volume", answer) };
    for (const { key, price, observedAt } of answer.value.quotes) {
      const late = untimely(SOURCE, observedAt, context.nowSec);
      for (const row of byKey.get(key) ?? []) {
        if (late !== null) board.refuse(row, { source: SOURCE, price, observedAt }, late);
        else
          board.offer(row, {
            source: SOURCE,
            price,
            confidence: "fallback",
            observedAt,
            observedAtMode: "upstream",
            mode: "fallback_enrichment",
          });
      }
    }
    report.sources.push({ id: coingeckoSimplePrice.id, observedAt: null });
    return report;
  },
};
