/** Writes the Atom feed of each subject. */
import type { APIRoute } from "astro";
import { subjectFeed } from "../../api/feed.ts";
import { FEED_SUBJECTS, type FeedSubject } from "../../api/judgement-events.ts";
import { loadRecord } from "../../lib/record.ts";

export const getStaticPaths = () =>
  FEED_SUBJECTS.map((subject) => ({ params: { subject: subject.name }, props: { subject } }));

export const GET: APIRoute<{ subject: FeedSubject }> = async ({ props }) =>
  new Response((await subjectFeed(await loadRecord(), props.subject)).atom1(), {
    headers: { "Content-Type": "application/atom+xml; charset=utf-8" },
  });
