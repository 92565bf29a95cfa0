/**
 * The rates of one run: the last published ones, replaced one by one by offers that are believed.
 *
 * An offer outside its bounds, over 20 % away from the last published rate, of a day to come or older than what is published is
 * refused and the old rate stays, with its old provenance; the refusal is published beside it.
 */
import { roundRate } from "../rounding.ts";
import type { FxRate } from "../schema/fx-rates.ts";
import {
  fxFreshness,
  fxRateRefusal,
  fxReferenceType,
  fxTimeRefusal,
  mayOverlay,
  type RateOffer,
} from "./rate-rules.ts";

interface Entry {
  offer: RateOffer;
  /** Taken from an answer of this run. */
  live: boolean;
}

export class RateBook {
  readonly #previous: Record<string, FxRate>;
  readonly #entries = new Map<string, Entry>();
  readonly #refused = new Map<string, FxRate["refused"]>();
  readonly #nowSec: number;

  constructor(previous: Record<string, FxRate>, nowSec: number) {
    this.#previous = previous;
    this.#nowSec = nowSec;
    for (const [currency, rate] of Object.entries(previous)) {
      const { usdPerUnit, source, cadence, observedAt, sourceDate } = rate;
      this.#entries.set(currency, {
        live: false,
        offer: { currency, usdPerUnit, source, cadence, observedAt, sourceDate },
      });
    }
  }

  /** Takes a reference rate. False when it is refused. */
  offer(offer: RateOffer): boolean {
    const previous = this.#previous[offer.currency];
    const reason =
      fxRateRefusal(offer.currency, offer.usdPerUnit, previous?.usdPerUnit) ??
      fxTimeRefusal(offer, previous ?? null, this.#nowSec);
    if (reason) this.#refuse(offer, reason);
    else this.#entries.set(offer.currency, { offer, live: true });
    return reason === null;
  }

  /** Lays an intraday rate over the current one, if it is near it. A fresh daily rate keeps its cadence and date. */
  overlay(offer: RateOffer): boolean {
    const current = this.#entries.get(offer.currency)?.offer ?? null;
    if (!mayOverlay(offer.usdPerUnit, current?.usdPerUnit ?? null)) {
      this.#refuse(offer, "far-from-current-rate");
      return false;
    }
    const untimely = fxTimeRefusal(offer, null, this.#nowSec);
    if (untimely !== null) {
      this.#refuse(offer, untimely);
      return false;
    }
    const freshDaily =
      current !== null &&
      current.cadence !== "intraday" &&
      fxFreshness(current.cadence, current.observedAt, current.sourceDate, this.#nowSec) === "fresh";
    return this.offer(freshDaily ? { ...offer, cadence: current.cadence, sourceDate: current.sourceDate } : offer);
  }

  #refuse(offer: RateOffer, reason: FxRate["refused"][number]["reason"]): void {
    const refused = this.#refused.get(offer.currency) ?? [];
    refused.push({ source: offer.source, usdPerUnit: offer.usdPerUnit, reason });
    this.#refused.set(offer.currency, refused);
  }

  isLive(currency: string): boolean {
    return this.#entries.get(currency)?.live ?? false;
  }

  isCadenceFresh(currency: string): boolean {
    const offer = this.#entries.get(currency)?.offer;
    return (
      offer !== undefined && fxFreshness(offer.cadence, offer.observedAt, offer.sourceDate, this.#nowSec) === "fresh"
    );
  }

  has(currency: string): boolean {
    return this.#entries.has(currency);
  }

  /** Everything there is, as it will be published. */
  rates(mode: "live" | "cached"): Record<string, FxRate> {
    const rates: Record<string, FxRate> = {};
    for (const [currency, { offer, live }] of this.#entries) {
      const { usdPerUnit, source, cadence, observedAt, sourceDate } = offer;
      rates[currency] = {
        usdPerUnit: roundRate(usdPerUnit),
        source,
        cadence,
        observedAt,
        sourceDate,
        referenceType: fxReferenceType(mode, cadence, observedAt, sourceDate, this.#nowSec),
        freshness: fxFreshness(cadence, observedAt, sourceDate, this.#nowSec),
        carriedForward: !live,
        refused: this.#refused.get(currency) ?? [],
      };
    }
    return rates;
  }
}
