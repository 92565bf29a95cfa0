/**
 * What each coin is truly worth at any time: its peg's reference times a small seeded deviation, times any depeg.
 *
 * Big coins move a basis point or two every five minutes; small ones keep one price for hours, as they do in life, and wander
 * further. NAV tokens grow, dead coins are worth next to nothing, floating ones drift around their own level.
 */
import type { SimCoin } from "./coin.ts";
import { depegFactor, type Incident } from "./incidents.ts";
import { keyOf, noise, normal, restedAt, subKey, unit } from "./noise.ts";
import type { SizeTier } from "./supply.ts";

const MINUTE_SEC = 60;
const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
const YEAR_SEC = 365 * DAY_SEC;
const BPS = 1 / 10_000;
/** NAV tokens start their growth here. */
const NAV_START_SEC = Date.UTC(2025, 0, 1) / 1000;

const SWING_BPS: Record<SizeTier, number> = { large: 4, mid: 9, small: 22, tiny: 35 };
const REST_SEC: Record<SizeTier, number> = {
  large: 5 * MINUTE_SEC,
  mid: HOUR_SEC,
  small: 6 * HOUR_SEC,
  tiny: 24 * HOUR_SEC,
};
/** Coins of another currency than USD move with their rate, so they rest no longer than this. */
const FOREIGN_REST_SEC = 4 * HOUR_SEC;

export interface PricePath {
  /** Time of the last change of price at or before `timeSec`. */
  changedAt(timeSec: number): number;
  usd(timeSec: number): number;
}

interface PriceInput {
  seed: number;
  coin: SimCoin;
  tier: SizeTier;
  /** USD per unit the coin is pegged to, with ounces applied. */
  referenceUsd(timeSec: number): number;
  deadFromSec: number | null;
  depegs: readonly (Incident & { kind: "depeg" })[];
}

/** What one unit of the coin is worth in its reference before any deviation: 1, a NAV, or a floating level. */
export function levelOf(seed: number, coin: SimCoin, timeSec: number): number {
  const key = keyOf(`${seed}/level/${coin.id}`);
  if (coin.navToken) {
    const ratePerYear = 0.03 + 0.06 * unit(key, 1);
    return 1 + 0.15 * unit(key, 2) + (ratePerYear * (timeSec - NAV_START_SEC)) / YEAR_SEC;
  }
  if (coin.peg.currency === "VAR") {
    return Math.exp(0.4 * normal(key)) * (1 + 0.03 * noise(key, timeSec, 30 * DAY_SEC));
  }
  return 1;
}

export function createPricePath({ seed, coin, tier, referenceUsd, deadFromSec, depegs }: PriceInput): PricePath {
  const key = keyOf(`${seed}/price/${coin.id}`);
  const restSec = coin.peg.currency === "USD" ? REST_SEC[tier] : Math.min(REST_SEC[tier], FOREIGN_REST_SEC);
  const swing = SWING_BPS[tier] * BPS;
  const biasRatio = -0.3 * swing * unit(key, 7);
  const deadRatio = 0.001 + 0.03 * unit(key, 8) ** 2;
  const [slowKey, quickKey] = [subKey(key, 1), subKey(key, 2)];
  const changedAt = (timeSec: number) => restedAt(key, timeSec, restSec);
  return {
    changedAt,
    usd(timeSec) {
      const at = changedAt(timeSec);
      const deviation =
        biasRatio + swing * (0.6 * noise(slowKey, at, 40 * HOUR_SEC) + 0.4 * noise(quickKey, at, 5 * HOUR_SEC));
      let usd = referenceUsd(at) * levelOf(seed, coin, at) * (1 + deviation);
      if (deadFromSec !== null && timeSec >= deadFromSec) usd *= deadRatio;
      for (const depeg of depegs) usd *= depegFactor(depeg, timeSec);
      return usd;
    },
  };
}
