/** Feeds of one subject each: depegs by episode, grades that changed, freezes, circuits, the daily digest and the weekly recap. Same shape as the feed of everything. */
import type { Digest } from "../lib/daily-history.ts";
import { endText, episodesOf } from "../lib/episodes.ts";
import { bps, compact, utcMinute } from "../lib/format.ts";
import { judgementHistory } from "../lib/judgement-history.ts";
import { absolute, coinPath } from "../lib/paths.ts";
import type { SiteRecord } from "../lib/record.ts";
import { circuitFeed } from "./circuit-events.ts";
import type { FeedEvent } from "./events.ts";

const MAX_ITEMS = 200;

function symbolOf(record: SiteRecord, coinId: string): string {
  return record.registry.coinById.get(coinId)?.symbol ?? coinId;
}

/** One item an episode; its end changes the text and not the address. */
function depegs(record: SiteRecord): FeedEvent[] {
  return episodesOf(record.snapshots["depeg-events"]?.data.events ?? []).map((episode) => {
    const title = `${episode.symbol} left its peg: ${bps(episode.peakDeviationBps)} bps at worst`;
    const end = episode.endedAt === null ? "still open" : `${endText(episode)} at ${utcMinute(episode.endedAt)}`;
    return {
      id: absolute(`/depegs/#episode-${episode.id.replace(/[^\w-]/g, "-")}`),
      at: episode.startedAt,
      title,
      text: `${title}. It began ${utcMinute(episode.startedAt)}; ${end}.`,
    };
  });
}

async function grades(record: SiteRecord): Promise<FeedEvent[]> {
  const { gradeChanges } = await judgementHistory(record);
  return gradeChanges.map((change) => {
    const title = `${symbolOf(record, change.coinId)}: grade ${change.prevGrade} to ${change.grade}`;
    return {
      id: absolute(`${coinPath(change.coinId)}#grade-${change.at}`),
      at: change.at,
      title,
      text: `${title}, score ${change.prevScore ?? "n/a"} to ${change.score ?? "n/a"}, in the run of ${utcMinute(change.at)}.`,
    };
  });
}

const WORDS = { blacklist: "froze", unblacklist: "released", destroy: "emptied" } as const;

function freezes(record: SiteRecord): FeedEvent[] {
  return (record.snapshots["freeze-events"]?.data.events ?? []).map((event) => {
    const amount =
      event.amount === null ? "an amount not known" : `${compact(Number(event.amount))} ${event.stablecoin}`;
    const chain = record.registry.chainById.get(event.chainId)?.name ?? event.chainId;
    const title = `${event.stablecoin} ${WORDS[event.eventType]} ${event.address.slice(0, 8)}…${event.address.slice(-6)}`;
    return {
      id: absolute(`/freezes/#${event.id.replace(/[^\w-]/g, "-")}`),
      at: event.timestamp,
      title,
      text: `${title} on ${chain}, ${amount}, at ${utcMinute(event.timestamp)}.`,
    };
  });
}

/** Digests of mornings, and of weeks where there are. */
function digests(record: SiteRecord): FeedEvent[] {
  const { digests: mornings, recaps } = record.history.daily;
  const item =
    (path: string) =>
    ({ day, at, title, sentences }: Pick<Digest, "day" | "at" | "title" | "sentences">) => ({
      id: absolute(`${path}${day}/`),
      at,
      title: `${day}: ${title}`,
      text: sentences.join(" "),
    });
  return [...mornings.map(item("/digest/")), ...recaps.map(item("/digest/week/"))];
}

export interface FeedSubject {
  name: string;
  title: string;
  description: string;
  events(record: SiteRecord): FeedEvent[] | Promise<FeedEvent[]>;
}

export const FEED_SUBJECTS: readonly FeedSubject[] = [
  {
    name: "depegs",
    title: "Plumbline depegs",
    description: "Stablecoins that left their peg, one item an episode",
    events: depegs,
  },
  { name: "grades", title: "Plumbline safety grades", description: "Safety grades that changed", events: grades },
  {
    name: "circuits",
    title: "Plumbline circuits",
    description: "Upstreams that were left alone after three failures in a row, and that answer again",
    events: circuitFeed,
  },
  {
    name: "freezes",
    title: "Plumbline freezes",
    description: "Addresses that issuers froze, released or emptied",
    events: freezes,
  },
  {
    name: "digest",
    title: "Plumbline daily digest",
    description:
      "The morning's facts in a few sentences and on Mondays the week's, made by a template from the data alone",
    events: digests,
  },
];

export async function subjectEvents(subject: FeedSubject, record: SiteRecord): Promise<FeedEvent[]> {
  const events = await subject.events(record);
  return events.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)).slice(0, MAX_ITEMS);
}
