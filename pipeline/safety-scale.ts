/** The numbers of the safety method that a reader's browser needs too: bounds of the grades, weights of the dimensions. */

/** Lower bounds, inclusive, best first. */
export const GRADE_BOUNDS = [
  { grade: "A+", min: 87 },
  { grade: "A", min: 83 },
  { grade: "A-", min: 80 },
  { grade: "B+", min: 75 },
  { grade: "B", min: 70 },
  { grade: "B-", min: 65 },
  { grade: "C+", min: 60 },
  { grade: "C", min: 55 },
  { grade: "C-", min: 50 },
  { grade: "D", min: 40 },
  { grade: "F", min: 0 },
] as const;

/** Hundredths of the base score; the peg multiplies instead. */
export const DIMENSION_WEIGHTS = {
  pegStability: 0,
  liquidity: 30,
  resilience: 20,
  decentralization: 15,
  dependencyRisk: 25,
} as const;
