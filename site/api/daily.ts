/** API files of the daily run: digests, recaps and changes, the newest and day by day. */
import { z } from "zod";
import { sha256 } from "../../pipeline/publish/hash.ts";
import { DailyChangeSchema } from "../../pipeline/schema/daily-changes.ts";
import { DigestFactsSchema } from "../../pipeline/schema/digest.ts";
import { UnixSecondsSchema } from "../../pipeline/schema/envelope.ts";
import { WeeklyFactsSchema } from "../../pipeline/schema/weekly-digest.ts";
import type { Table } from "../lib/csv.ts";
import { type Digest, stateOf } from "../lib/daily-history.ts";
import { runIdAt, type SiteRecord } from "../lib/record.ts";
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

export const RecapFileSchema = z.object({
  day: day.describe("The Monday that the week ends with"),
  title: z.string(),
  sentences: z.array(z.string()).min(1),
  facts: WeeklyFactsSchema,
  weeks: z.array(z.object({ day, title: z.string() })).describe("Every recap on record, newest first"),
});

export const ChangesFileSchema = z.object({
  day,
  since: UnixSecondsSchema.describe("The record at this time is what the day is compared with"),
  changes: z.array(DailyChangeSchema.omit({ date: true })).describe("Ours first, then the heaviest; at most 120"),
  days: z.array(day).describe("Days that have a file, newest first"),
});

export const digestDays = (record: SiteRecord) => record.history.daily.digests.map((digest) => digest.day);
export const recapDays = (record: SiteRecord) => record.history.daily.recaps.map((recap) => recap.day);
export const changeDays = (record: SiteRecord) => [...record.history.daily.changes.keys()];

/** What the daily run of that morning says, in its own envelope: as of that run, whichever run built the site. */
function ofMorning(record: SiteRecord, digest: Digest | undefined, dataset: string, data: unknown): unknown {
  return digest ? ofRun(record, { ...digest, ...stateOf(digest) }, dataset, `daily-${dataset}`, data) : null;
}

type Said = Pick<Digest, "at" | "methodologyVersion"> & ReturnType<typeof stateOf>;

function ofRun(record: SiteRecord, said: Said, dataset: string, history: string, data: unknown): unknown {
  const parent = record.snapshots.stablecoins;
  if (!parent) return null;
  const { at, status, reasons, methodologyVersion } = said;
  return {
    ...headOf(parent, dataset, [{ id: `history:${history}`, observedAt: at }]),
    snapshotId: sha256(JSON.stringify(data)).slice(0, 16),
    runId: runIdAt(record, at) ?? "manifest-no-longer-kept",
    generatedAt: at,
    asOf: at,
    status,
    reasons,
    methodologyVersion,
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

/** `id` "" is the newest. */
export function recapFile(record: SiteRecord, id: string): unknown {
  const { recaps } = record.history.daily;
  const recap = id === "" ? recaps[0] : recaps.find((each) => each.day === id);
  if (!recap) return null;
  const { day: of, title, sentences, facts } = recap;
  const weeks = id === "" ? recaps.map((each) => ({ day: each.day, title: each.title })) : [];
  const reasons = facts.gaps.map(({ source, mornings }) => ({
    code: `${source}-gaps`,
    message: `${source} could not be used on ${mornings} of ${facts.days.length} mornings`,
  }));
  const status = reasons.length > 0 ? "degraded" : "fresh";
  const data = { day: of, title, sentences, facts, weeks };
  return ofRun(record, { ...recap, status, reasons }, "recap", "weekly-digest", data);
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
