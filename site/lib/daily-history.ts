/** Digests and changes by day, as the daily run wrote them. */
import type { DailyChange } from "../../pipeline/schema/daily-changes.ts";
import { type DigestFacts, DigestFactsSchema } from "../../pipeline/schema/digest.ts";
import type { EnvelopeHead } from "../../pipeline/schema/envelope.ts";
import { type WeeklyFacts, WeeklyFactsSchema } from "../../pipeline/schema/weekly-digest.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { DAY_SEC, utcDay } from "../../pipeline/time.ts";

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

export interface Recap {
  /** The Monday it ends with. */
  day: string;
  at: number;
  title: string;
  sentences: string[];
  facts: WeeklyFacts;
  methodologyVersion: string;
}

export interface DailyHistory {
  /** Newest first. */
  digests: Digest[];
  /** Weeks with five digests or more, newest first. */
  recaps: Recap[];
  /** By day, newest day first; a day without a change has an empty list. */
  changes: Map<string, DailyChange[]>;
}

export const NO_DAYS: DailyHistory = { digests: [], recaps: [], changes: new Map() };

/** State of a digest as an envelope says it: a source that it had to do without degrades it. */
export function stateOf({ facts }: Digest): Pick<EnvelopeHead, "status" | "reasons"> {
  const reasons = facts.degradedSources.map(({ source, reason }) => ({
    code: reason,
    message: `${source} could not be used that morning`,
  }));
  return { status: reasons.length > 0 ? "degraded" : "fresh", reasons };
}

export async function loadDaily(store: Store, nowSec: number): Promise<DailyHistory> {
  const digests = (await store.query(`SELECT * FROM daily_digest ORDER BY "date" DESC`)).map(
    (row): Digest => ({
      day: utcDay(row.date as number),
      at: row.at as number,
      since: row.since as number,
      title: row.title as string,
      sentences: (row.text as string).split("\n"),
      facts: DigestFactsSchema.parse(JSON.parse(row.facts as string)),
      methodologyVersion: row.methodologyVersion as string,
    }),
  );
  const recaps = (await store.query(`SELECT * FROM weekly_digest ORDER BY "date" DESC`)).map(
    (row): Recap => ({
      day: utcDay(row.date as number),
      at: row.at as number,
      title: row.title as string,
      sentences: (row.text as string).split("\n"),
      facts: WeeklyFactsSchema.parse(JSON.parse(row.facts as string)),
      methodologyVersion: row.methodologyVersion as string,
    }),
  );
  const rows = (await store.query(`SELECT * FROM daily_changes WHERE "date" >= $from`, {
    from: nowSec - CHANGE_DAYS * DAY_SEC,
  })) as unknown as DailyChange[];
  const byDay = Map.groupBy(rows, ({ date }) => utcDay(date));
  const recent = digests.filter(({ at }) => at >= nowSec - CHANGE_DAYS * DAY_SEC);
  return { digests, recaps, changes: new Map(recent.map(({ day }) => [day, byDay.get(day) ?? []])) };
}
