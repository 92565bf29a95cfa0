/** Cases of `vectors/pricing.json` about single quotes: each goes through the parser that reads the live wire, then the lane's gate. */
import { z } from "zod";
import { AnyNumber, MaybeText, NumberOrNaN, parsedOrNull } from "../conformance/input.ts";
import { binanceTicker } from "../sources/binance.ts";
import { coinbaseTicker } from "../sources/coinbase.ts";
import { coingeckoTickers } from "../sources/coingecko-tickers.ts";
import { positive } from "../sources/numbers.ts";
import { pythPrice } from "../sources/pyth.ts";
import { redstonePrices } from "../sources/redstone.ts";
import type { Quote } from "../sources/source.ts";
import { pickBestTicker } from "./best-ticker.ts";
import { curveImpliedPrice } from "./curve-implied-price.ts";
import { sourceFreshness } from "./freshness.ts";
import { pythWeight, redstoneAdmitted } from "./oracle-rules.ts";

/** Markets of the method's date; the live mapping stands in each coin's file. */
const BINANCE_MARKETS: Readonly<Record<string, string>> = { USDTUSD: "USDT", USDCUSD: "USDC" };
/** A case gives one answer without saying what was asked for. */
const ANY_KEY = "00";

const TickersInput = z.object({ tickers: z.array(z.looseObject({})), target: z.string(), exchange: MaybeText });
const PayloadInput = z.object({ payload: z.unknown().optional() });
const PythInput = z.object({ feed: z.unknown().optional(), nowSec: NumberOrNaN });
const RedstoneInput = z.object({ entry: z.unknown().optional(), nowSec: NumberOrNaN });
const VenuesInput = z.object({ venueCount: NumberOrNaN, venueAgreementPct: NumberOrNaN });
const CurveInput = z.object({
  dyRaw: MaybeText,
  outputDecimals: NumberOrNaN,
  viaPriceUsd: AnyNumber.nullable().optional(),
});

/** The only quote of a one-quote answer, if there is one and the lane would let it in. */
function fresh<Row extends Quote>(source: string, rows: readonly Row[] | undefined, nowSec: number): Row | null {
  const quote = rows?.[0];
  return quote && sourceFreshness(source, quote.observedAt, null, nowSec).accepted ? quote : null;
}

export const conformance: Record<string, (input: unknown) => unknown> = {
  parseDecimalPrice(input) {
    const { text } = z.object({ text: z.unknown().optional() }).parse(input);
    return positive(text);
  },
  pickBestTicker(input) {
    const { tickers, target, exchange } = TickersInput.parse(input);
    const rows = tickers.map((row) => ({ base: "", target: "", market: { identifier: "" }, ...row }));
    const parsed = parsedOrNull(() => coingeckoTickers.parse({ tickers: rows }, {}));
    return pickBestTicker(parsed?.tickers ?? [], target, exchange);
  },
  parsePythFeed(input) {
    const { feed, nowSec } = PythInput.parse(input);
    const answer = parsedOrNull(() => pythPrice.parse({ parsed: [{ id: ANY_KEY, price: feed }] }, {}));
    const quote = fresh("pyth", answer?.quotes, nowSec);
    return quote && { price: quote.price, confidenceBps: quote.confidenceBps, publishTime: quote.observedAt };
  },
  pythWeight: (input) => pythWeight(z.object({ confidenceBps: AnyNumber.nullish() }).parse(input).confidenceBps),
  redstoneEntry(input) {
    const { entry, nowSec } = RedstoneInput.parse(input);
    const answer = parsedOrNull(() => redstonePrices.parse({ [ANY_KEY]: entry }, {}));
    const quote = fresh("redstone", answer?.quotes, nowSec);
    if (quote === null) return null;
    const { price, venues, agreementPct, observedAt } = quote;
    return { price, venueCount: venues, venueAgreementPct: agreementPct, timestamp: observedAt };
  },
  redstoneAdmitted(input) {
    const { venueCount, venueAgreementPct } = VenuesInput.parse(input);
    return redstoneAdmitted(venueCount, venueAgreementPct);
  },
  curveImpliedPrice(input) {
    const { dyRaw, outputDecimals, viaPriceUsd } = CurveInput.parse(input);
    return curveImpliedPrice(dyRaw, outputDecimals, viaPriceUsd);
  },
  parseBinanceTickers(input) {
    const { payload } = PayloadInput.parse(input);
    const answer = parsedOrNull(() => binanceTicker.parse(payload, { keys: Object.keys(BINANCE_MARKETS) }));
    return Object.fromEntries((answer?.quotes ?? []).map((quote) => [BINANCE_MARKETS[quote.key], quote.price]));
  },
  parseCoinbaseTicker(input) {
    const { payload } = PayloadInput.parse(input);
    const quote = parsedOrNull(() => coinbaseTicker.parse(payload, { keys: [`${ANY_KEY}-USD`] }))?.quotes[0];
    return quote ? { price: quote.price, observedAt: quote.observedAt } : null;
  },
};
