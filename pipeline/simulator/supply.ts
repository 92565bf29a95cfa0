/**
 * How much of each coin exists at any time: a slow seeded path through a real (or plausible) figure, in steps as issuers
 * mint and burn.
 *
 * Big issuers move in chunks every hour or so; small coins rest for a day or three. A path may be asked at any time in any
 * order. The figure stands at a fixed anchor day, so that neither the run's clock nor another coin changes it.
 */
import type { SimCoin } from "./coin.ts";
import magnitudes from "./magnitudes.json" with { type: "json" };
import { keyOf, noise, normal, restedAt, subKey, unit } from "./noise.ts";

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
const YEAR_SEC = 365 * DAY_SEC;
/** Day of the figures in magnitudes.json: every path goes through its figure here. */
export const SIZES_AT_SEC = Date.UTC(2026, 7, 22) / 1000;

/** Spread of the sizes of coins without a known figure: most are far below the mean. */
const SIZE_SIGMA = 1.9;
const MAX_OVER_MEAN = 6;
/** What is left of a dead coin. */
const DEAD_SHARE = 0.02;

const KNOWN_USD: Record<string, number> = { ...magnitudes.estimatesUsd, ...magnitudes.coinsUsd };
const MEAN_USD: Record<string, number> = magnitudes.otherMeanUsdByPeg;

export type SizeTier = "large" | "mid" | "small" | "tiny";

export interface SupplyPath {
  baseUsd: number;
  tier: SizeTier;
  /** Time of the last mint or burn at or before `timeSec`. */
  changedAt(timeSec: number): number;
  units(timeSec: number): number;
}

const REST_SEC: Record<SizeTier, number> = { large: HOUR_SEC, mid: 6 * HOUR_SEC, small: DAY_SEC, tiny: 3 * DAY_SEC };
const SLOW_SWING: Record<SizeTier, number> = { large: 0.03, mid: 0.1, small: 0.2, tiny: 0.2 };
const QUICK_SWING: Record<SizeTier, number> = { large: 0.012, mid: 0.03, small: 0.05, tiny: 0.04 };

/** Market size in USD on the day of the figures. */
function startingUsd(coin: SimCoin, key: number): number {
  const known = KNOWN_USD[coin.ids.defillama ?? `coingecko:${coin.ids.coingecko}`];
  if (known !== undefined) return known;
  const mean = MEAN_USD[coin.peg.currency] ?? magnitudes.fallbackMeanUsd;
  const median = mean * Math.exp(-(SIZE_SIGMA ** 2) / 2);
  return Math.min(MAX_OVER_MEAN * mean, median * Math.exp(SIZE_SIGMA * normal(subKey(key, 1))));
}

function tierOf(usd: number): SizeTier {
  if (usd >= 1e9) return "large";
  if (usd >= 5e7) return "mid";
  return usd >= 1e6 ? "small" : "tiny";
}

/** `unitUsd` is what one unit is worth on that day; `deadFromSec` is when the coin died, or null. */
export function createSupplyPath(seed: number, coin: SimCoin, unitUsd: number, deadFromSec: number | null): SupplyPath {
  const key = keyOf(`${seed}/supply/${coin.id}`);
  const baseUsd = startingUsd(coin, key);
  const tier = tierOf(baseUsd);
  const baseUnits = baseUsd / unitUsd;
  const growthPerYear = -0.08 + 0.3 * unit(subKey(key, 2));
  const chunk = 10 ** (Math.floor(Math.log10(baseUnits)) - (tier === "large" || tier === "mid" ? 4 : 3));
  const [slowKey, quickKey] = [subKey(key, 3), subKey(key, 4)];
  const level = (timeSec: number) =>
    (growthPerYear * (timeSec - SIZES_AT_SEC)) / YEAR_SEC +
    SLOW_SWING[tier] * noise(slowKey, timeSec, 120 * DAY_SEC) +
    QUICK_SWING[tier] * noise(quickKey, timeSec, 20 * DAY_SEC);
  const anchorLevel = level(SIZES_AT_SEC);
  const restSec = REST_SEC[tier];
  const changedAt = (timeSec: number) => restedAt(key, timeSec, restSec);
  return {
    baseUsd,
    tier,
    changedAt,
    units(timeSec) {
      const at = changedAt(timeSec);
      const alive = deadFromSec !== null && timeSec >= deadFromSec ? DEAD_SHARE : 1;
      return Math.round((alive * baseUnits * Math.exp(level(at) - anchorLevel)) / chunk) * chunk;
    },
  };
}
