/** Medians and their kin; hand-written because the method fixes what happens at ties and with even counts. */

/** Middle value; for an even count the midpoint of the middle two. Null for an empty list. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? null) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/** First price, ascending, at which the summed weight reaches half the total; points without a positive price and weight do not count. */
export function weightedMedian(points: readonly { price: number; weight: number }[]): number | null {
  const usable = points
    .filter(
      (point) => Number.isFinite(point.price) && Number.isFinite(point.weight) && point.price > 0 && point.weight > 0,
    )
    .sort((a, b) => a.price - b.price);
  const half = usable.reduce((sum, point) => sum + point.weight, 0) / 2;
  let reached = 0;
  for (const point of usable) {
    reached += point.weight;
    if (reached >= half) return point.price;
  }
  return null;
}

/** Difference of two prices against their midpoint, basis points; infinite when the midpoint is not positive and finite. */
export function midDivergenceBps(a: number, b: number): number {
  const midpoint = (a + b) / 2;
  return midpoint > 0 && Number.isFinite(midpoint) ? (Math.abs(a - b) / midpoint) * 10_000 : Number.POSITIVE_INFINITY;
}
