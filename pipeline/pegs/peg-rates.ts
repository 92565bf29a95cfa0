/**
 * What each peg currency is worth in USD by the coins themselves and by the FX references, and whether that may open or close
 * a depeg. Depeg methodology, section 1.
 *
 * Three coins of a peg outvote the FX reference; fewer do not, and without a reference they may not judge themselves.
 */
import { CURRENCY_BOUNDS, currencyCode, METALS, normalizePegTypeFromCurrency } from "../peg-bounds.ts";
import { isPositive } from "../peg-figures.ts";
import { PEG_CURRENCIES } from "../schema/coin.ts";
import { median } from "../statistics.ts";

export type PegRateSource = "median" | "fallback";

export interface PegRates {
  /** USD per unit by peg type, per troy ounce for metals. */
  rates: Record<string, number>;
  sources: Record<string, PegRateSource>;
  /** Coins whose prices made the group. */
  counts: Record<string, number>;
}

export interface RatedAsset {
  id: string;
  pegType: string | null;
  price: number | null;
  /** USD by bucket. */
  circulating: Readonly<Record<string, number | null>> | null;
}

const MIN_CIRCULATING_USD = 1_000_000;
const MIN_CONTRIBUTORS = 3;
/** A token of gold with a price of its own making. */
const LEFT_OUT: readonly string[] = ["dgld-gold-token-sa"];
/** A dollar median outside is a sign of bad prices, not of another dollar. */
const USD_MEDIAN_RANGE = [0.99, 1.01] as const;
const USD = "peggedUSD";
const REAL = "peggedREAL";
const REAL_ALIAS = "peggedBRL";

const NO_FIAT: readonly string[] = ["USD", "VAR", "OTHER", ...METALS];
const FIAT = new Set([...PEG_CURRENCIES, ...Object.keys(CURRENCY_BOUNDS)].filter((code) => !NO_FIAT.includes(code)));

function canonical(pegType: string): string {
  return pegType === REAL_ALIAS ? REAL : pegType;
}

/** USD in circulation over all buckets; buckets without a finite amount do not count. */
export function circulatingUsd(circulating: RatedAsset["circulating"]): number {
  return Object.values(circulating ?? {}).reduce<number>(
    (sum, usd) => sum + (typeof usd === "number" && Number.isFinite(usd) ? usd : 0),
    0,
  );
}

function isMetal(pegType: string): boolean {
  return METALS.includes(currencyCode(pegType));
}

function unitPrices(
  assets: readonly RatedAsset[],
  ouncesOf: (id: string) => number | null | undefined,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const { id, pegType, price, circulating } of assets) {
    if (!pegType || !isPositive(price) || LEFT_OUT.includes(id)) continue;
    if (circulatingUsd(circulating) < MIN_CIRCULATING_USD) continue;
    const ounces = isMetal(pegType) ? ouncesOf(id) : null;
    const key = canonical(pegType);
    groups.set(key, [...(groups.get(key) ?? []), isPositive(ounces) ? price / ounces : price]);
  }
  return groups;
}

/** `fxFallback` is USD per unit by peg type; `ouncesOf` the troy ounces of a metal token. */
export function derivePegRates(
  assets: readonly RatedAsset[],
  ouncesOf: (id: string) => number | null | undefined,
  fxFallback: Readonly<Record<string, number | null | undefined>>,
): PegRates {
  const fallbacks = new Map<string, number>();
  for (const [pegType, rate] of Object.entries(fxFallback))
    if (isPositive(rate)) fallbacks.set(canonical(pegType), rate);
  const result: PegRates = { rates: {}, sources: {}, counts: {} };
  const set = (pegType: string, rate: number, source: PegRateSource, count: number) => {
    for (const key of pegType === REAL ? [REAL, REAL_ALIAS] : [pegType]) {
      result.rates[key] = rate;
      result.sources[key] = source;
      result.counts[key] = count;
    }
  };
  for (const [pegType, prices] of unitPrices(assets, ouncesOf)) {
    const fallback = fallbacks.get(pegType);
    if (fallback !== undefined && prices.length < MIN_CONTRIBUTORS) set(pegType, fallback, "fallback", prices.length);
    else set(pegType, believableMedian(pegType, median(prices) as number), "median", prices.length);
  }
  for (const [pegType, rate] of fallbacks) if (!(pegType in result.rates)) set(pegType, rate, "fallback", 0);
  if (!(USD in result.rates)) set(USD, 1, "median", 0);
  return result;
}

function believableMedian(pegType: string, rate: number): number {
  return pegType === USD && (rate < USD_MEDIAN_RANGE[0] || rate > USD_MEDIAN_RANGE[1]) ? 1 : rate;
}

/** USD value of one token at par; 1 where no type or no rate is known. */
export function pegReference(
  pegType: string | null | undefined,
  rates: Readonly<Record<string, number | null | undefined>>,
  commodityOunces: number | null | undefined,
): number {
  if (!pegType) return 1;
  const alias = pegType === REAL ? REAL_ALIAS : pegType === REAL_ALIAS ? REAL : pegType;
  const rate = [rates[pegType], rates[alias]].find(isPositive);
  if (rate === undefined) return 1;
  return isMetal(pegType) && isPositive(commodityOunces) ? rate * commodityOunces : rate;
}

/** Whether a reference of this making may open or close depegs: thin medians of a fiat currency may not. */
export function referenceMayDriveDepegs(
  pegCurrency: string | null | undefined,
  pegType: string | null | undefined,
  source: string | null | undefined,
  contributors: number,
): boolean {
  const currency = currencyCode(pegCurrency || normalizePegTypeFromCurrency(pegType) || "");
  if (!FIAT.has(currency)) return true;
  return source === "fallback" || source === "fx" || (source === "median" && contributors >= MIN_CONTRIBUTORS);
}
