/** The events as one feed, ready to be written as Atom or JSON Feed; the same record gives the same bytes. */
import { Feed } from "feed";
import { absolute } from "../lib/paths.ts";
import type { SiteRecord } from "../lib/record.ts";
import { feedEvents } from "./events.ts";

export function eventFeed(record: SiteRecord): Feed {
  const prefix = record.simulated ? "SIMULATED: " : "";
  const feed = new Feed({
    title: `${prefix}Plumbline events`,
    description: "Coins that left their peg or lost their price, and lanes whose state changed",
    id: absolute("/"),
    link: absolute("/"),
    language: "en",
    favicon: absolute("/favicon.svg"),
    copyright: "CC BY 4.0, Plumbline",
    updated: new Date((record.newestAsOf ?? 0) * 1000),
    generator: "Plumbline",
    feedLinks: { atom: absolute("/feeds/events.atom"), json: absolute("/feeds/events.json") },
    author: { name: "Plumbline", link: absolute("/") },
  });
  for (const event of feedEvents(record)) {
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
