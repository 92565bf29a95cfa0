/** Writes the JSON Feed. */
import type { APIRoute } from "astro";
import { eventFeed } from "../../api/feed.ts";
import { loadRecord } from "../../lib/record.ts";

export const GET: APIRoute = async () =>
  new Response(`${eventFeed(await loadRecord()).json1()}\n`, {
    headers: { "Content-Type": "application/feed+json; charset=utf-8" },
  });
