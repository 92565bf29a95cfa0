/** Digests and changes by day, as the daily run wrote them. */
import type { DailyChange } from "../../pipeline/schema/daily-changes.ts";
import { type DigestFacts, DigestFactsSchema } from "../../pipeline/schema/digest.ts";
import type { Store } from "../../pipeline/store/store.ts";

const DAY = 86_400;
/** Changes of older days stand in the history files only. */
const CHANGE_DAYS = 90;

export interface Digest {
  /** "2026-11-20" */
  day: string;
  /** Run that wrote it, and the instant after which it calls things new. */
  at: number;
  since: number;
  title: string;
  sentences: string[];
  facts: DigestFacts;
  methodologyVersion: string;
}

export interface DailyHistory {
  /** Newest first. */
  digests: Digest[];
  /** By day, newest day first; a day without a change has an empty list. */
  changes: Map<string, DailyChange[]>;
}

export const NO_DAYS: DailyHistory = { digests: [], changes: new Map() };

export function dayText(unixSec: number): string {
  return new Date(unixSec * 1000).toISOString().slice(0, 10);
}

export async function loadDaily(store: Store, nowSec: number): Promise<DailyHistory> {
  const digests = (await store.query(`SELECT * FROM daily_digest ORDER BY "date" DESC`)).map(
    (row): Digest => ({
      day: dayText(row.date as number),
      at: row.at as number,
      since: row.since as number,
      title: row.title as string,
      sentences: (row.text as string).split("\n"),
      facts: DigestFactsSchema.parse(JSON.parse(row.facts as string)),
      methodologyVersion: row.methodologyVersion as string,
    }),
  );
  const rows = (await store.query(`SELECT * FROM daily_changes WHERE "date" >= $from`, {
    from: nowSec - CHANGE_DAYS * DAY,
  })) as unknown as DailyChange[];
  const byDay = Map.groupBy(rows, ({ date }) => dayText(date));
  const recent = digests.filter(({ at }) => at >= nowSec - CHANGE_DAYS * DAY);
  return { digests, changes: new Map(recent.map(({ day }) => [day, byDay.get(day) ?? []])) };
}
