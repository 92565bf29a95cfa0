/**
 * Simulated exchange rates and metals: real levels of one recorded day, then slow seeded paths through it.
 *
 * Rates move at most about 0.2 % a day, so a source that publishes once a business day never looks like a depeg; markets
 * rest over the weekend as the real ones do. Currencies tied to another one follow it.
 */
import fxMagnitudes from "./fx-magnitudes.json" with { type: "json" };
import { keyOf, noise } from "./noise.ts";

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
const WEEK_SEC = 7 * DAY_SEC;
/** 1970-01-01 was a Thursday: markets close on Friday 22:00, 46 hours into this week, and open 48 hours later. */
const WEEKLY_CLOSE_SEC = DAY_SEC + 22 * HOUR_SEC;
const WEEKEND_SEC = 48 * HOUR_SEC;
const ANCHOR_SEC = Date.UTC(2026, 8, 24) / 1000;

/** Currencies that follow another, and those that are tied to the dollar. */
const FOLLOWS: Record<string, string> = { CNH: "CNY", XOF: "EUR", XAF: "EUR", DKK: "EUR", BGN: "EUR", BAM: "EUR" };
const TIED_TO_USD = new Set(
  "USD AED SAR QAR BHD OMR JOD HKD BSD BBD BZD BMD PAB AWG ANG XCD LBP ERN DJF CUP".split(" "),
);
const METALS = new Set(["XAU", "XAG", "XPT", "XPD"]);

const UNITS_PER_USD: Record<string, number> = fxMagnitudes.unitsPerUsd;

/** Currencies and metals that have a rate, ISO codes. */
export const FX_CODES: readonly string[] = Object.keys(UNITS_PER_USD);

/** The last moment the market was open: weekends stand still. */
function marketTime(timeSec: number): number {
  const sinceClose = (((timeSec - WEEKLY_CLOSE_SEC) % WEEK_SEC) + WEEK_SEC) % WEEK_SEC;
  return sinceClose < WEEKEND_SEC ? timeSec - sinceClose : timeSec;
}

function wander(key: number, timeSec: number, scale: number): number {
  const slow = 0.03 * noise(key, timeSec, 180 * DAY_SEC) + 0.01 * noise(key ^ 1, timeSec, 40 * DAY_SEC);
  const quick = 0.003 * noise(key ^ 2, timeSec, 10 * DAY_SEC) + 0.0004 * noise(key ^ 3, timeSec, 7 * HOUR_SEC);
  return scale * (slow + quick);
}

export type FxPath = (code: string, timeSec: number) => number | null;

/** USD per unit (per troy ounce for metals) of one seed's world; null for a code without a market. */
export function createFxPath(seed: number): FxPath {
  const keys = new Map<string, number>();
  return (code, timeSec) => {
    if (code === "USD") return 1;
    const unitsPerUsd = UNITS_PER_USD[code];
    if (unitsPerUsd === undefined) return null;
    if (TIED_TO_USD.has(code)) return 1 / unitsPerUsd;
    let key = keys.get(code);
    if (key === undefined) {
      key = keyOf(`${seed}/fx/${FOLLOWS[code] ?? code}`);
      keys.set(code, key);
    }
    const scale = METALS.has(code) ? 1.8 : 1;
    const at = marketTime(timeSec);
    return (1 + wander(key, at, scale) - wander(key, ANCHOR_SEC, scale)) / unitsPerUsd;
  };
}
