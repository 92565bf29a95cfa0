/** What central banks' series of money-market rates are read into; the sources of them share this shape and no more. */

export interface RateSeriesRequest {
  /** First UTC day wanted, "2026-08-17". */
  from: string;
}

export interface RateSeries {
  /** The producer's own name of the series. */
  series: string;
  /** Ascending; a day without a figure is absent. Rates are per cent a year, negative ones included. */
  points: { date: string; ratePct: number }[];
}

/** Ascending by day; of a day that stands twice the later line holds. */
export function rateSeries(series: string, points: readonly (readonly [date: string, ratePct: number])[]): RateSeries {
  const byDay = new Map(points);
  const sorted = [...byDay].sort(([a], [b]) => (a < b ? -1 : 1));
  return { series, points: sorted.map(([date, ratePct]) => ({ date, ratePct })) };
}
