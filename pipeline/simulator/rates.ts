/** Simulated three-month money-market rates, per cent a year: slow seeded paths around the levels of 2026. */
import { keyOf, noise } from "./noise.ts";
import { isoDay } from "./upstream.ts";

const DAY_SEC = 86_400;
const LEVELS_PCT = { USD: 3.7, EUR: 1.95 } as const;
const SWING_PCT = 0.4;

export interface RatePoint {
  day: string;
  /** Null on a holiday, which some series list without a figure. */
  ratePct: number | null;
}

/** New Year and Christmas, when neither market trades. */
function isHoliday(day: string): boolean {
  return ["01-01", "12-25"].includes(day.slice(5));
}

/** Business days from `fromDay` to the last one whose figure is out at `nowSec`. */
export function ratePoints(
  currency: keyof typeof LEVELS_PCT,
  seed: number,
  fromDay: string,
  nowSec: number,
  publishedAfterSec: number,
): RatePoint[] {
  const key = keyOf(`${seed}/rate/${currency}`);
  const points: RatePoint[] = [];
  const from = Date.parse(fromDay) / 1000;
  for (let at = from; at + publishedAfterSec <= nowSec; at += DAY_SEC) {
    const weekday = new Date(at * 1000).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    const day = isoDay(at);
    const ratePct = LEVELS_PCT[currency] + SWING_PCT * noise(key, at, 180 * DAY_SEC);
    points.push({ day, ratePct: isHoliday(day) ? null : ratePct });
  }
  return points;
}
