/**
 * Grades of the safety score and what others read from it: shared by every lane and page that speaks of a grade.
 *
 * Safety methodology, sections 1 and 3. Lower bounds belong to the grade; no score is NR, which is neither safe nor risky.
 */
import { GRADE_BOUNDS } from "./safety-scale.ts";
import type { Grade } from "./schema/report-cards.ts";

/** A score that is a number, within 0 and 100. */
export function clampScore(score: number): number {
  return Math.min(100, Math.max(0, score));
}

export function scoreToGrade(score: number | null): Grade {
  if (score === null || Number.isNaN(score)) return "NR";
  const clamped = clampScore(score);
  return GRADE_BOUNDS.find(({ min }) => clamped >= min)?.grade ?? "F";
}

export const SAFE_FROM = 65;
export const RISKY_BELOW = 50;

/** Side a coin takes in a flight to quality: safe from B- up, risky below C-, everything between and NR on neither. */
export function ftqCohort(overallScore: number | null): "safe" | "risky" | "ignored" {
  if (overallScore === null || Number.isNaN(overallScore)) return "ignored";
  if (overallScore >= SAFE_FROM) return "safe";
  return overallScore < RISKY_BELOW ? "risky" : "ignored";
}
