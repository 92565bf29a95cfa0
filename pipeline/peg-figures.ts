/** Figures of the main dataset that follow from others in it: the lane computes them, packing leaves them out, verify checks them. */
import { roundBps, roundPrice, roundUsd } from "./rounding.ts";
import { pegTypeOf } from "./schema/coin.ts";
import type { FxRates } from "./schema/fx-rates.ts";
import type { PegSummary } from "./schema/peg-summary.ts";
import type { PeggedAsset, Stablecoins } from "./schema/stablecoins.ts";

type PegTotal = Stablecoins["totals"][number];

/** Signed distance of two published figures, tenths of a basis point, below peg negative. */
export function deviationBpsOf(priceUsd: number, pegReferenceUsd: number): number {
  return roundBps((priceUsd / pegReferenceUsd - 1) * 10_000);
}

/** Whole basis points, halves rounded up, as depegs are judged; null when price or reference is not a positive number. */
export function wholeDeviationBps(
  price: number | null | undefined,
  reference: number | null | undefined,
): number | null {
  if (!isPositive(price) || !isPositive(reference)) return null;
  const bps = Math.floor((price / reference - 1) * 10_000 + 0.5);
  return Number.isFinite(bps) ? bps : null;
}

export function isPositive(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

/** USD of a coin in circulation; null where its supply is not known. */
export function supplyUsd({ circulating, pegType }: Pick<PeggedAsset, "circulating" | "pegType">): number | null {
  return circulating?.[pegType] ?? null;
}

/** USD per unit by peg type, the dollar's included. */
export function ratesByPegType(fx: Pick<FxRates, "rates"> | null): Record<string, number> {
  const rates: Record<string, number> = { peggedUSD: 1 };
  for (const [currency, rate] of Object.entries(fx?.rates ?? {})) rates[pegTypeOf(currency)] = rate.usdPerUnit;
  return rates;
}

/** Pegs that too few coins have to speak for themselves, with the FX reference they are judged by; sorted by peg type. */
export function fallbackPegRates(
  rates: PegSummary["pegRates"],
  coins: readonly { pegType: string }[],
): PegSummary["summary"]["fallbackPegRates"] {
  const used = new Set(coins.map((coin) => coin.pegType));
  return rates
    .filter(({ pegType, source }) => source === "fallback" && used.has(pegType))
    .map(({ pegType, usdPerUnit }) => ({ pegType, usdPerUnit }))
    .sort((a, b) => (a.pegType < b.pegType ? -1 : 1));
}

/** Reference of a coin whose token is one unit of its peg currency, as published; null without a rate. */
export function unitReferenceUsd(pegType: string, rates: Record<string, number>): number | null {
  const rate = rates[pegType];
  return rate === undefined ? null : roundPrice(rate);
}

/**
 * Market cap by peg currency, largest first. The earlier totals add the same coins: a coin without an earlier figure counts
 * with today's, so that a gap in the data is not read as money coming in.
 */
export function pegTotals(assets: readonly PeggedAsset[], rates: Record<string, number>): PegTotal[] {
  const totals = new Map<string, PegTotal>();
  for (const asset of assets) {
    const usd = (byPeg: Record<string, number> | null) => byPeg?.[asset.pegType] ?? null;
    const now = usd(asset.circulating);
    if (now === null) continue;
    const pegCurrency = asset.pegCurrency;
    const known = totals.get(pegCurrency);
    const total = known ?? {
      pegCurrency,
      coins: 0,
      circulatingUsd: 0,
      prevDayUsd: 0,
      prevWeekUsd: 0,
      prevMonthUsd: 0,
      circulatingNative: null,
    };
    total.coins++;
    total.circulatingUsd += now;
    total.prevDayUsd += usd(asset.circulatingPrevDay) ?? now;
    total.prevWeekUsd += usd(asset.circulatingPrevWeek) ?? now;
    total.prevMonthUsd += usd(asset.circulatingPrevMonth) ?? now;
    totals.set(pegCurrency, total);
  }
  return [...totals.values()]
    .map((total) => {
      const rate = rates[pegTypeOf(total.pegCurrency)];
      return {
        ...total,
        circulatingUsd: roundUsd(total.circulatingUsd),
        prevDayUsd: roundUsd(total.prevDayUsd),
        prevWeekUsd: roundUsd(total.prevWeekUsd),
        prevMonthUsd: roundUsd(total.prevMonthUsd),
        circulatingNative: rate ? roundUsd(total.circulatingUsd / rate) : null,
      };
    })
    .sort((a, b) => b.circulatingUsd - a.circulatingUsd || (a.pegCurrency < b.pegCurrency ? -1 : 1));
}
