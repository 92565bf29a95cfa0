/** The curves of the early-warning score: from a measured quantity to 0-100. Depeg methodology, section 11. */
export type Curve = readonly (readonly [x: number, y: number])[];

/** Straight lines between the points, flat outside; NaN gives 0, so that what is not known does not alarm. */
export function piecewiseLinear(x: number, points: Curve): number {
  const [first, last] = [points[0], points.at(-1)];
  if (Number.isNaN(x) || !first || !last) return 0;
  if (x <= first[0]) return first[1];
  for (const [index, [toX, toY]] of points.entries()) {
    const from = points[index - 1];
    if (from && x <= toX) return from[1] + ((x - from[0]) / (toX - from[0])) * (toY - from[1]);
  }
  return last[1];
}

/** Per cent of supply gone within a day and within a week. */
export const DAY_CONTRACTION: Curve = [
  [0, 0],
  [1, 15],
  [3, 40],
  [5, 65],
  [10, 85],
  [20, 100],
];
export const WEEK_CONTRACTION: Curve = [
  [0, 0],
  [3, 15],
  [7, 40],
  [15, 70],
  [30, 100],
];
/** Per cent of the liquidity score and of its TVL lost within a week. */
export const SCORE_LOSS: Curve = [
  [0, 0],
  [5, 15],
  [15, 40],
  [30, 70],
  [50, 100],
];
export const TVL_LOSS: Curve = [
  [0, 0],
  [10, 15],
  [25, 40],
  [50, 70],
  [75, 100],
];
/** Basis points between price, peg and DEX. */
export const DIVERGENCE: Curve = [
  [0, 0],
  [25, 10],
  [50, 25],
  [75, 50],
  [100, 75],
  [200, 90],
  [500, 100],
];
/** Freezes within a day, and how that compares with the week. */
export const FREEZE_COUNT: Curve = [
  [0, 0],
  [2, 10],
  [5, 30],
  [10, 55],
  [20, 80],
  [50, 100],
];
export const FREEZE_SPIKE: Curve = [
  [0, 0.5],
  [1, 0.7],
  [3, 1],
  [5, 1.2],
  [10, 1.5],
];
/** Burns against their daily baseline, and against mints. */
export const BURN_RATIO: Curve = [
  [0, 0],
  [1, 5],
  [2, 25],
  [3, 50],
  [5, 75],
  [10, 100],
];
export const BURN_TO_MINT: Curve = [
  [0, 0],
  [1, 5],
  [2, 20],
  [3, 40],
  [5, 65],
  [10, 100],
];
