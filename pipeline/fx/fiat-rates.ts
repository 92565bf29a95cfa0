/**
 * Fiat rates of one run: the European Central Bank first, the daily mirrors for what it lacks, a third voice when both fail.
 *
 * Order and shapes: pricing methodology, section 18. Every rate offered here still has to be believed by the rate book.
 */
import type { LaneContext } from "../lane.ts";
import type { Reason, SourceUse } from "../schema/envelope.ts";
import type { FxCadence } from "../schema/fx-rates.ts";
import { exchangerateApi } from "../sources/exchangerate-api.ts";
import { fawazahmed0Jsdelivr, fawazahmed0Pages } from "../sources/fawazahmed0.ts";
import { frankfurterLatest } from "../sources/frankfurter.ts";
import { businessFixingAt, calendarDayEnd, chooseSecondaryFx, type RateOffer } from "./rate-rules.ts";

/** Currencies the European Central Bank fixes and we need. */
export const ECB_CURRENCIES: readonly string[] = [
  "EUR",
  "GBP",
  "CHF",
  "BRL",
  "JPY",
  "IDR",
  "SGD",
  "TRY",
  "AUD",
  "ZAR",
  "CAD",
  "CNY",
  "PHP",
  "MXN",
  "MYR",
  "KRW",
];
/** Currencies only the mirrors have. */
export const MIRROR_CURRENCIES: readonly string[] = ["CNH", "RUB", "UAH", "ARS", "KGS", "NGN", "XOF", "VND"];
export const FIAT_CURRENCIES: readonly string[] = [...ECB_CURRENCIES, ...MIRROR_CURRENCIES];

export interface FiatOffers {
  offers: RateOffer[];
  sources: SourceUse[];
  failures: Reason[];
  /** Some source answered with a daily set. */
  answered: boolean;
}

interface Table {
  id: string;
  rates: Record<string, number>;
  cadence: FxCadence;
  observedAt: number;
  date: string;
}

function addTable(found: FiatOffers, table: Table, currencies: readonly string[]): void {
  for (const currency of currencies) {
    const usdPerUnit = table.rates[currency];
    if (usdPerUnit === undefined) continue;
    const { id: source, cadence, observedAt, date } = table;
    found.offers.push({ currency, usdPerUnit, source, cadence, observedAt, sourceDate: date });
  }
  found.sources.push({ id: table.id, observedAt: table.observedAt });
}

/** The later of the two mirrors' files, as one table; null when neither answered. */
async function mirrorTable(context: LaneContext, failures: Reason[]): Promise<Table | null> {
  const jsdelivr = await context.collect(fawazahmed0Jsdelivr, {});
  const pages = await context.collect(fawazahmed0Pages, {});
  const chosen = chooseSecondaryFx(jsdelivr.ok ? jsdelivr.value : null, pages.ok ? pages.value : null);
  if (chosen === null) {
    failures.push({ code: "fawazahmed0-failed", message: !jsdelivr.ok ? jsdelivr.detail : "neither mirror answered" });
    return null;
  }
  const [answer, id] = chosen === "jsdelivr" ? [jsdelivr, fawazahmed0Jsdelivr.id] : [pages, fawazahmed0Pages.id];
  if (!answer.ok) return null;
  const { date, rates } = answer.value;
  return { id, rates, cadence: "calendar-daily", observedAt: calendarDayEnd(date, context.nowSec), date };
}

/** What the daily sources offer, best first per currency is decided by order: an offer for a currency comes from one source only. */
export async function collectFiatOffers(context: LaneContext): Promise<FiatOffers> {
  const found: FiatOffers = { offers: [], sources: [], failures: [], answered: false };
  const frankfurter = await context.collect(frankfurterLatest, { symbols: ECB_CURRENCIES });
  if (frankfurter.ok) {
    const { date, rates } = frankfurter.value;
    addTable(
      found,
      {
        id: frankfurterLatest.id,
        rates,
        cadence: "business-daily",
        observedAt: businessFixingAt(date, context.nowSec),
        date,
      },
      ECB_CURRENCIES,
    );
  } else found.failures.push({ code: `frankfurter-${frankfurter.reason}`, message: frankfurter.detail });

  const mirror = await mirrorTable(context, found.failures);
  if (mirror) {
    const offered = new Set(found.offers.map((offer) => offer.currency));
    addTable(
      found,
      mirror,
      frankfurter.ok ? MIRROR_CURRENCIES : FIAT_CURRENCIES.filter((currency) => !offered.has(currency)),
    );
  }
  if (!frankfurter.ok && !mirror) {
    const third = await context.collect(exchangerateApi, { symbols: FIAT_CURRENCIES });
    if (third.ok) {
      const { date, rates, observedAt } = third.value;
      addTable(found, { id: exchangerateApi.id, rates, cadence: "calendar-daily", observedAt, date }, FIAT_CURRENCIES);
    } else found.failures.push({ code: `exchangerate-api-${third.reason}`, message: third.detail });
  }
  found.answered = found.offers.length > 0;
  return found;
}
