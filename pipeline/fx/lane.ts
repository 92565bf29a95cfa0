/**
 * FX: what a unit of every peg currency is worth in USD, and how far that may be believed.
 *
 * Daily reference sets first, metals, then intraday overlays; a rate nobody gives or that is refused stays as it was, with
 * its own old time. When no daily set answered and the previous one is past its cadence, the run counts as cached.
 */
import type { Lane } from "../lane.ts";
import { fxRateBounds } from "../peg-bounds.ts";
import type { Reason } from "../schema/envelope.ts";
import type { FxRates } from "../schema/fx-rates.ts";
import { collectFiatOffers, FIAT_CURRENCIES } from "./fiat-rates.ts";
import { collectMetals } from "./metal-rates.ts";
import { collectOverlays } from "./overlays.ts";
import { RateBook } from "./rate-book.ts";

/** Cached runs in a row after which the lane says degraded (repository of the reference). */
const CACHED_STREAK_THAT_DEGRADES = 4;

function missingRates(currencies: readonly string[], rates: FxRates["rates"]): FxRates["missing"] {
  return currencies
    .filter((currency) => currency !== "USD" && currency !== "VAR" && rates[currency] === undefined)
    .map((currency) => ({
      currency,
      reason: fxRateBounds(currency) ? "no-source-gave-it" : "no-bounds-in-the-method",
    }));
}

export const fxLane: Lane = {
  name: "fx",
  async run(context) {
    const { nowSec, registry } = context;
    const previous = context.published("fx-rates")?.data;
    const book = new RateBook(previous?.rates ?? {}, nowSec);

    const fiat = await collectFiatOffers(context);
    for (const offer of fiat.offers) book.offer(offer);
    const metals = await collectMetals(context, (offer) => book.offer(offer));
    const overlays = await collectOverlays(context);
    for (const offer of overlays.offers) book.overlay(offer);

    const fullSet = FIAT_CURRENCIES.every((currency) => book.isLive(currency));
    const carried = FIAT_CURRENCIES.every((currency) => book.isCadenceFresh(currency));
    const mode = fiat.answered || fullSet || carried ? "live" : "cached";
    const rates = book.rates(mode);
    const cachedStreak = mode === "cached" ? (previous?.cachedStreak ?? 0) + 1 : 0;
    const pegs = [
      ...new Set(registry.coins.filter((coin) => coin.status.state === "active").map((coin) => coin.peg.currency)),
    ].sort();
    const data: FxRates = { mode, cachedStreak, rates, missing: missingRates(pegs, rates) };

    const reasons: Reason[] = [...fiat.failures, ...metals.failures, ...overlays.failures];
    const refused = Object.entries(rates).flatMap(([currency, rate]) =>
      rate.refused.map((refusal) => `${currency} ${refusal.usdPerUnit} (${refusal.reason}, ${refusal.source})`),
    );
    if (refused.length > 0) reasons.push({ code: "rates-refused", message: `refused: ${refused.join("; ")}` });
    const counts = {
      rates: Object.keys(rates).length,
      carriedForward: Object.values(rates).filter((rate) => rate.carriedForward).length,
    };
    if (counts.rates === 0)
      return {
        status: "error",
        reasons: [{ code: "no-rates", message: "no source gave any rate and none was published before" }, ...reasons],
        snapshots: {},
        withheld: ["fx-rates"],
        history: [],
        state: { fx: overlays.state },
        counts,
      };
    if (mode === "cached")
      reasons.unshift({
        code: "cached-rates",
        message: `no daily set answered; the previous rates stand for the ${cachedStreak}. time`,
      });
    const degraded = cachedStreak >= CACHED_STREAK_THAT_DEGRADES || reasons.length > 0;
    return {
      status: degraded ? "degraded" : "ok",
      reasons,
      snapshots: {
        "fx-rates": { asOf: nowSec, sources: [...fiat.sources, ...metals.sources, ...overlays.sources], data },
      },
      history: [],
      state: { fx: overlays.state },
      counts,
    };
  },
};
