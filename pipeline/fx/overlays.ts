/** Intraday rates laid over the daily ones: Open Exchange Rates at most every 55 minutes, Chainlink at every run. */
import { z } from "zod";
import type { LaneContext } from "../lane.ts";
import type { Reason, SourceUse } from "../schema/envelope.ts";
import { chainlinkFeeds } from "../sources/chainlink.ts";
import { openexchangerates } from "../sources/openexchangerates.ts";
import { OVERLAY_FEEDS } from "./feeds.ts";
import { FIAT_CURRENCIES } from "./fiat-rates.ts";
import type { RateOffer } from "./rate-rules.ts";

const OXR_PAUSE_SEC = 55 * 60;
/** What counts as fresh of an intraday rate. */
const OXR_MAX_AGE_SEC = 6 * 3600;

export const FxStateSchema = z.object({ openexchangeratesAskedAt: z.int().nullable() });
export type FxState = z.infer<typeof FxStateSchema>;

export interface Overlays {
  offers: RateOffer[];
  sources: SourceUse[];
  failures: Reason[];
  state: FxState;
}

/** The metered table's rates of an earlier run: until it is asked again they are newer than any daily rate. */
function heldRates(context: LaneContext, common: Pick<RateOffer, "cadence" | "sourceDate">): RateOffer[] {
  const held = Object.entries(context.published("fx-rates")?.data.rates ?? {});
  return held.flatMap(([currency, { source, usdPerUnit, observedAt }]) =>
    source === openexchangerates.id && observedAt !== null && context.nowSec - observedAt <= OXR_MAX_AGE_SEC
      ? [{ ...common, currency, usdPerUnit, source, observedAt }]
      : [],
  );
}

export async function collectOverlays(context: LaneContext): Promise<Overlays> {
  const { nowSec } = context;
  const last = FxStateSchema.safeParse(context.state("fx")).data?.openexchangeratesAskedAt ?? null;
  const found: Overlays = { offers: [], sources: [], failures: [], state: { openexchangeratesAskedAt: last } };
  const common = { cadence: "intraday" as const, sourceDate: null };

  if (last === null || nowSec - last >= OXR_PAUSE_SEC) {
    const oxr = await context.collect(openexchangerates, { symbols: FIAT_CURRENCIES });
    if (oxr.ok) {
      found.state = { openexchangeratesAskedAt: nowSec };
      const { observedAt, rates } = oxr.value;
      if (nowSec - observedAt > OXR_MAX_AGE_SEC) {
        const hours = Math.round((nowSec - observedAt) / 3600);
        const message = `Open Exchange Rates' table is ${hours} hours old: nothing intraday to lay over the daily rates`;
        found.failures.push({ code: "openexchangerates-stale", message });
      } else {
        for (const [currency, usdPerUnit] of Object.entries(rates))
          if (FIAT_CURRENCIES.includes(currency))
            found.offers.push({ ...common, currency, usdPerUnit, source: openexchangerates.id, observedAt });
        found.sources.push({ id: openexchangerates.id, observedAt });
      }
    } else if (oxr.reason !== "disabled")
      found.failures.push({ code: `openexchangerates-${oxr.reason}`, message: oxr.detail });
  } else found.offers.push(...heldRates(context, common));

  const chainlink = await context.collect(chainlinkFeeds, { feeds: OVERLAY_FEEDS });
  if (!chainlink.ok) {
    found.failures.push({ code: `chainlink-${chainlink.reason}`, message: chainlink.detail });
    return found;
  }
  for (const failure of chainlink.value.failures)
    found.failures.push({ code: "chainlink-unavailable", message: `${failure.chain}: ${failure.detail}` });
  let newest: number | null = null;
  for (const feed of OVERLAY_FEEDS) {
    const quote = chainlink.value.quotes.find((candidate) => candidate.key === `${feed.chain}:${feed.address}`);
    if (!quote || quote.observedAt === null || nowSec - quote.observedAt > feed.staleAfterSec) continue;
    newest = Math.max(newest ?? 0, quote.observedAt);
    found.offers.push({
      ...common,
      currency: feed.currency,
      usdPerUnit: quote.price,
      source: chainlinkFeeds.id,
      observedAt: quote.observedAt,
    });
  }
  if (newest !== null) found.sources.push({ id: chainlinkFeeds.id, observedAt: newest });
  return found;
}
