/**
 * The recap of a week, out of the digests of its mornings: Tuesday's to Monday's, five at least. Section 5 of the freezes, yields and
 * chains page. The first morning run of a Monday or later writes it, once; it reads stored facts alone, so the same digests give the
 * same recap whenever it is made.
 */
import type { LaneContext } from "../lane.ts";
import { DIGEST_DAYS, type DigestDay } from "../schema/digest.ts";
import { LEAST_MORNINGS, WEEKLY_DIGESTS, type WeeklyDigest } from "../schema/weekly-digest.ts";
import { DAY_SEC, startOfUtcDay, utcDay, utcWeekday } from "../time.ts";
import { METHODOLOGY_VERSION } from "../version.ts";
import { weeklyFacts } from "./recap-facts.ts";
import { recapSentences, recapTitle } from "./recap-text.ts";
import { storedFacts } from "./stored-facts.ts";

const WEEK_SEC = 7 * DAY_SEC;

/** Start of the Monday at or before a time. */
export function mondayOf(sec: number): number {
  return startOfUtcDay(sec) - ((utcWeekday(sec) + 6) % 7) * DAY_SEC;
}

/** The recap that is due in this run, or null with the reason; `today` is the digest that this run makes. */
export async function weeklyRecap(
  context: LaneContext,
  today: DigestDay,
): Promise<{ recap: WeeklyDigest | null; reason: string | null }> {
  const monday = mondayOf(today.date);
  const none = (reason: string) => ({ recap: null, reason });
  const written = await context.history(WEEKLY_DIGESTS, monday);
  if (written.some(({ date }) => date === monday)) return none("written before");
  const stored = await context.history(DIGEST_DAYS, monday - WEEK_SEC + DAY_SEC);
  const byDate = new Map([...stored, today].map((digest) => [digest.date, digest]));
  const mornings = [...byDate.values()]
    .filter(({ date }) => date > monday - WEEK_SEC && date <= monday)
    .sort((a, b) => a.date - b.date)
    .flatMap((digest) => {
      const facts = storedFacts(digest);
      return facts === null ? [] : [{ day: utcDay(digest.date), facts }];
    });
  if (mornings.length < LEAST_MORNINGS)
    return none(`${mornings.length} digests of the week to ${utcDay(monday)}, and a recap needs ${LEAST_MORNINGS}`);
  const facts = weeklyFacts(mornings);
  const recap = {
    date: monday,
    at: context.nowSec,
    title: recapTitle(facts),
    text: recapSentences(facts).join("\n"),
    facts: JSON.stringify(facts),
    methodologyVersion: METHODOLOGY_VERSION,
  };
  return { recap, reason: null };
}
