/** Which of an exchange's markets speaks for a coin: the busiest fresh one in the wanted currency. Pricing methodology, 5.2. */
import type { Ticker } from "../sources/coingecko-tickers.ts";

type Market = Pick<Ticker, "target" | "exchange" | "last" | "volumeUsd" | "isStale">;

/** The market that speaks, or null. An unknown volume counts as 0, an unknown staleness as fresh; ties go to the first row. */
export function bestTicker<Row extends Market>(
  tickers: readonly Row[],
  target: string,
  exchange?: string | null,
): Row | null {
  const wanted = target.toUpperCase();
  let best: Row | null = null;
  for (const ticker of tickers) {
    if (ticker.target.toUpperCase() !== wanted || ticker.isStale === true) continue;
    if (exchange && ticker.exchange !== exchange) continue;
    if (!Number.isFinite(ticker.last) || ticker.last <= 0) continue;
    if (best === null || (ticker.volumeUsd ?? 0) > (best.volumeUsd ?? 0)) best = ticker;
  }
  return best;
}

/** Its last trade in `target`. */
export function pickBestTicker(tickers: readonly Market[], target: string, exchange?: string | null): number | null {
  return bestTicker(tickers, target, exchange)?.last ?? null;
}
