/** API files of the daily run: digests and changes, the newest and day by day. */
import { z } from "zod";
import { sha256 } from "../../pipeline/publish/hash.ts";
import { DailyChangeSchema } from "../../pipeline/schema/daily-changes.ts";
import { DigestFactsSchema } from "../../pipeline/schema/digest.ts";
import { UnixSecondsSchema } from "../../pipeline/schema/envelope.ts";
import type { Table } from "../lib/csv.ts";
import { type Digest, stateOf } from "../lib/daily-history.ts";
import type { SiteRecord } from "../lib/record.ts";
import { headOf } from "./bodies.ts";

const day = z.iso.date().describe("UTC day of the morning run");

export const DigestFileSchema = z.object({
  day,
  since: UnixSecondsSchema.describe("What it calls new is newer than this"),
  title: z.string(),
  sentences: z.array(z.string()).min(1),
  facts: DigestFactsSchema,
  days: z.array(z.object({ day, title: z.string() })).describe("Every digest on record, newest first"),
});

export const ChangesFileSchema = z.object({
  day,
  since: UnixSecondsSchema.describe("The record at this time is what the day is compared with"),
  changes: z.array(DailyChangeSchema.omit({ date: true })).describe("Ours first, then the heaviest; at most 120"),
  days: z.array(day).describe("Days that have a file, newest first"),
});

export const digestDays = (record: SiteRecord) => record.history.daily.digests.map((digest) => digest.day);
export const changeDays = (record: SiteRecord) => [...record.history.daily.changes.keys()];

/** What the daily run of that morning says, in its own envelope: as of that run, whichever run built the site. */
function ofMorning(record: SiteRecord, digest: Digest | undefined, dataset: string, data: unknown): unknown {
  const parent = record.snapshots.stablecoins;
  if (!digest || !parent) return null;
  return {
    ...headOf(parent, dataset, [{ id: `history:daily-${dataset}`, observedAt: digest.at }]),
    snapshotId: sha256(JSON.stringify(data)).slice(0, 16),
    runId: record.runs.find(({ startedAt }) => startedAt === digest.at)?.runId ?? "manifest-no-longer-kept",
    generatedAt: digest.at,
    asOf: digest.at,
    ...stateOf(digest),
    methodologyVersion: digest.methodologyVersion,
    data,
  };
}

function find(record: SiteRecord, id: string): Digest | undefined {
  const { digests } = record.history.daily;
  return id === "" ? digests[0] : digests.find((digest) => digest.day === id);
}

/** `id` "" is the newest. */
export function digestFile(record: SiteRecord, id: string): unknown {
  const digest = find(record, id);
  if (!digest) return null;
  const { day: of, since, title, sentences, facts } = digest;
  const days = id === "" ? record.history.daily.digests.map((each) => ({ day: each.day, title: each.title })) : [];
  return ofMorning(record, digest, "digest", { day: of, since, title, sentences, facts, days });
}

export function changesFile(record: SiteRecord, id: string): unknown {
  const digest = find(record, id);
  const rows = digest && record.history.daily.changes.get(digest.day);
  if (!digest || !rows) return null;
  const changes = rows.map(({ date: _date, ...change }) => change);
  const data = { day: digest.day, since: digest.since, changes, days: id === "" ? changeDays(record) : [] };
  return ofMorning(record, digest, "changes", data);
}

export function changesTable(record: SiteRecord, id: string): Table | null {
  const digest = find(record, id);
  const rows = digest && record.history.daily.changes.get(digest.day);
  if (!digest || !rows) return null;
  return {
    columns: ["day", "coinId", "kind", "cause", "before", "after", "beforeText", "afterText", "simulated"],
    rows: rows.map((row) => [
      digest.day,
      row.coinId,
      row.kind,
      row.cause,
      row.before,
      row.after,
      row.beforeText,
      row.afterText,
      record.simulated,
    ]),
  };
}
