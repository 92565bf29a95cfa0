/** History of the judging lanes as their pages need it: the index by day and run, grades that changed, depegs of ninety days. */
import { openStore } from "../../pipeline/store/store.ts";
import type { SiteRecord } from "./record.ts";

const DAY = 86_400;
const HEATMAP_DAYS = 90;
const MAX_ROWS = 300;

export interface GradeChange {
  at: number;
  coinId: string;
  grade: string;
  score: number | null;
  prevGrade: string | null;
  prevScore: number | null;
}

export interface JudgementHistory {
  /** Ascending; a day is the mean of its samples. */
  stabilityDays: { at: number; value: number }[];
  /** Of the last 30 days, ascending. */
  stabilitySamples: { at: number; value: number }[];
  /** Newest first; first grades are not among them. */
  gradeChanges: GradeChange[];
}

const EMPTY: JudgementHistory = { stabilityDays: [], stabilitySamples: [], gradeChanges: [] };

async function load({ dataDir, newestAsOf }: SiteRecord): Promise<JudgementHistory> {
  if (newestAsOf === null) return EMPTY;
  const store = await openStore(dataDir, 1);
  const points = async (sql: string, bind: Record<string, number> = {}) =>
    (await store.query(sql, bind)).map((row) => ({ at: Number(row.at), value: Number(row.value) }));
  try {
    return {
      stabilityDays: await points('SELECT "date" AS "at", score AS value FROM stability_index ORDER BY 1'),
      stabilitySamples: await points(
        `SELECT "at", score AS value FROM stability_samples WHERE "at" >= $from ORDER BY 1`,
        {
          from: newestAsOf - 30 * DAY,
        },
      ),
      gradeChanges: (
        await store.query(
          `SELECT * FROM safety_score_history WHERE prevGrade IS NOT NULL AND prevGrade <> grade
           ORDER BY "at" DESC, coinId LIMIT ${MAX_ROWS}`,
        )
      ).map((row) => ({
        at: Number(row.at),
        coinId: String(row.coinId),
        grade: String(row.grade),
        score: row.score === null ? null : Number(row.score),
        prevGrade: row.prevGrade === null ? null : String(row.prevGrade),
        prevScore: row.prevScore === null ? null : Number(row.prevScore),
      })),
    };
  } finally {
    store.close();
  }
}

let loading: Promise<JudgementHistory> | undefined;

export function judgementHistory(record: SiteRecord): Promise<JudgementHistory> {
  loading ??= load(record);
  return loading;
}

export { HEATMAP_DAYS };
