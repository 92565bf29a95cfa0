/** Small helpers of the charts: escaped text, short numbers for paths, and points that can be drawn. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** One decimal at most; paths are most of a chart's bytes. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export interface Point {
  /** Unix seconds. */
  at: number;
  /** Null or not finite: a gap. */
  value: number | null;
}

/** Pieces without gaps: a missing value or a silence longer than `maxGapSec` ends a piece. Points must ascend in time. */
export function pieces(points: readonly Point[], maxGapSec: number): { at: number; value: number }[][] {
  const out: { at: number; value: number }[][] = [];
  let current: { at: number; value: number }[] = [];
  const close = () => {
    if (current.length > 0) out.push(current);
    current = [];
  };
  for (const { at, value } of points) {
    if (!Number.isFinite(at) || value === null || !Number.isFinite(value)) {
      close();
      continue;
    }
    const last = current.at(-1);
    if (last && at - last.at > maxGapSec) close();
    current.push({ at, value });
  }
  close();
  return out;
}

/** The silence that counts as a gap: three times the usual distance, and never less than an hour. */
export function usualGapSec(points: readonly Point[]): number {
  const steps = points
    .slice(1)
    .map((point, index) => point.at - (points[index]?.at ?? point.at))
    .filter((step) => step > 0)
    .sort((a, b) => a - b);
  return Math.max(3600, 3 * (steps[Math.floor(steps.length / 2)] ?? 0));
}
