/** The events as one feed, ready to be written as Atom or JSON Feed; the same record gives the same bytes. */
import { Feed } from "feed";
import { absolute } from "../lib/paths.ts";
import type { SiteRecord } from "../lib/record.ts";
import { type FeedEvent, feedEvents } from "./events.ts";
import { type FeedSubject, subjectEvents } from "./judgement-events.ts";

interface Head {
  name: string;
  title: string;
  description: string;
}

export function eventFeed(record: SiteRecord): Feed {
  const description =
    "Coins that left their peg or lost their price, lanes whose state changed, circuits that opened or closed";
  return feedOf(record, { name: "events", title: "Plumbline events", description }, feedEvents(record));
}

export async function subjectFeed(record: SiteRecord, subject: FeedSubject): Promise<Feed> {
  return feedOf(record, subject, await subjectEvents(subject, record));
}

function feedOf(record: SiteRecord, { name, title, description }: Head, events: readonly FeedEvent[]): Feed {
  const prefix = record.simulated ? "SIMULATED: " : "";
  const feed = new Feed({
    title: prefix + title,
    description,
    id: absolute("/"),
    link: absolute("/"),
    language: "en",
    favicon: absolute("/favicon.svg"),
    copyright: "CC BY 4.0, Plumbline",
    updated: new Date((record.newestAsOf ?? 0) * 1000),
    generator: "Plumbline",
    feedLinks: { atom: absolute(`/feeds/${name}.atom`), json: absolute(`/feeds/${name}.json`) },
    author: { name: "Plumbline", link: absolute("/") },
  });
  for (const event of events) {
    const date = new Date(event.at * 1000);
    feed.addItem({
      id: event.id,
      link: event.id,
      title: prefix + event.title,
      description: prefix + event.text,
      date,
      published: date,
    });
  }
  return feed;
}
