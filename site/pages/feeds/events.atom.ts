/** Writes the Atom feed. */
import type { APIRoute } from "astro";
import { eventFeed } from "../../api/feed.ts";
import { loadRecord } from "../../lib/record.ts";

export const GET: APIRoute = async () =>
  new Response(eventFeed(await loadRecord()).atom1(), {
    headers: { "Content-Type": "application/atom+xml; charset=utf-8" },
  });
