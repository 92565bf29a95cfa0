/** When a grade or score is written down: at first sight, at once when the grade changes, and once a day when only the score does. */
import { z } from "zod";
import { UnixSecondsSchema } from "../schema/envelope.ts";
import type { GradeHistoryRow } from "../schema/judgement-history.ts";
import { type Grade, GradeSchema, type ReportCard } from "../schema/report-cards.ts";
import { startOfUtcDay } from "../time.ts";

export const GRADES_STATE = "grades";

/** Last row of every coin: grade, score, when. */
const StateSchema = z.record(z.string(), z.tuple([GradeSchema, z.int().nullable(), UnixSecondsSchema]));
export type LastGrades = z.infer<typeof StateSchema>;

export function readGrades(state: unknown): LastGrades {
  return StateSchema.safeParse(state).data ?? {};
}

export function gradeRows(
  cards: readonly Pick<ReportCard, "id" | "overallGrade" | "overallScore">[],
  last: LastGrades,
  nowSec: number,
  methodologyVersion: string,
): { rows: GradeHistoryRow[]; state: LastGrades } {
  const rows: GradeHistoryRow[] = [];
  const state: LastGrades = { ...last };
  for (const { id, overallGrade: grade, overallScore: score } of cards) {
    const before = last[id] as [Grade, number | null, number] | undefined;
    const isNewDay = before !== undefined && startOfUtcDay(nowSec) > startOfUtcDay(before[2]);
    const due = !before || grade !== before[0] || (score !== before[1] && isNewDay);
    if (!due || (before && before[2] >= nowSec)) continue;
    rows.push({
      at: nowSec,
      coinId: id,
      grade,
      score,
      prevGrade: before?.[0] ?? null,
      prevScore: before?.[1] ?? null,
      methodologyVersion,
    });
    state[id] = [grade, score, nowSec];
  }
  return { rows, state };
}
