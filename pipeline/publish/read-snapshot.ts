/** The one reader of published snapshots: parsed, whole, checked against their schema, or absent; a damaged one is named, not guessed at. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DataDamaged } from "../errors.ts";
import { type SnapshotData, type SnapshotName, snapshotSchema } from "../schema/datasets.ts";
import { type Envelope, EnvelopeHeadSchema } from "../schema/envelope.ts";
import { canonical } from "./canonical-json.ts";
import { snapshotId } from "./hash.ts";
import { type Heads, readHeads } from "./heads.ts";
import { keptDays, keptRuns, RUNS_TRIED } from "./kept-runs.ts";
import { joinSlow } from "./pack-slow.ts";
import type { Row } from "./pack-times.ts";
import { besideOf, companionsOf, slowOf, unpackData } from "./packing.ts";

export function snapshotPath(name: SnapshotName): string {
  return `snapshots/${name}.json`;
}

/** What moves once a day or less in a snapshot that has a slow part. */
export function slowPath(name: SnapshotName): string {
  return `snapshots/slow/${name}.json`;
}

interface SnapshotText {
  text(): string;
  where: string;
  /** Text of the slow file, null without one; asked for only where the snapshot has a slow part. */
  slowText(): string | null;
}

/** Texts of a snapshot and their names for errors, the one to be served first; none where there is no snapshot. */
export type SnapshotTexts = (name: SnapshotName) => SnapshotText[];

/** Reads snapshots of one tree, each file at the most once. Throws DataDamaged when a file is not what was published. */
export type SnapshotReader = <Name extends SnapshotName>(name: Name) => Envelope<SnapshotData<Name>> | null;

function damaged(name: SnapshotName, where: string, why: string, cause: unknown): DataDamaged {
  return new DataDamaged(`the published snapshot ${name} ${why}`, {
    code: "snapshot-damaged",
    where,
    hint: "restore data/snapshots with `git checkout -- data/snapshots`; the next run of its lane writes a new one",
    cause,
  });
}

/** The files a snapshot is read from, for an error. */
function partsOf(name: SnapshotName): string {
  const slow = slowOf(name) === null ? [] : [slowPath(name)];
  return [snapshotPath(name), ...slow, ...besideOf(name).map(snapshotPath)].join(", ");
}

function parse(
  name: SnapshotName,
  { text, slowText, where }: SnapshotText,
  heads: () => Heads,
  read: SnapshotReader,
): Envelope<unknown> {
  let json: Row;
  try {
    json = JSON.parse(text());
  } catch (error) {
    throw damaged(name, where, "is not JSON", error);
  }
  // A run's own copy has its own head.
  const head = EnvelopeHeadSchema.safeParse(json?.runId === undefined ? { ...heads()[name], ...json } : json);
  if (!head.success) throw damaged(name, where, "has no envelope", head.error);
  const beside = companionsOf(name, read);
  const apart = slowOf(name);
  let data: unknown;
  try {
    const slow = apart === null ? null : slowText();
    if (apart !== null && slow === null) throw new Error("its slow file is absent");
    const packed = apart && slow ? joinSlow(json.data as Row, JSON.parse(slow).slow, apart) : json.data;
    data = unpackData(name, packed, head.data.generatedAt, beside);
  } catch (error) {
    throw damaged(name, where, "does not hold its data", error);
  }
  const isMadeOfSeveral = apart !== null || besideOf(name).length > 0;
  if (isMadeOfSeveral && snapshotId(canonical(data)) !== head.data.snapshotId)
    throw damaged(name, where, `does not say what was published: one of ${partsOf(name)} is another file`, undefined);
  const parsed = snapshotSchema(name).safeParse({ ...head.data, data });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw damaged(name, where, `does not have its shape at ${issue?.path.join(".")}: ${issue?.message}`, parsed.error);
  }
  return parsed.data;
}

/** `heads` is asked when a snapshot is. */
export function snapshotReader(texts: SnapshotTexts, heads: () => Heads): SnapshotReader {
  const known = new Map<SnapshotName, Envelope<unknown> | null>();
  const read = ((name: SnapshotName) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const snapshot = firstWhole(name, texts(name), heads, read);
    known.set(name, snapshot);
    return snapshot;
  }) as SnapshotReader;
  return read;
}

/** The first text that is whole; damage is thrown only where none is. */
function firstWhole(
  name: SnapshotName,
  files: readonly SnapshotText[],
  heads: () => Heads,
  read: SnapshotReader,
): Envelope<unknown> | null {
  let trouble: unknown = null;
  for (const file of files) {
    try {
      return parse(name, file, heads, read);
    } catch (error) {
      if (!(error instanceof DataDamaged)) throw error;
      trouble ??= error;
    }
  }
  if (trouble !== null) throw trouble;
  return null;
}

/** The reader of the snapshots below `dataDir`, as they are when each is first asked for. */
export function snapshotsIn(dataDir: string): SnapshotReader {
  let heads: Heads | undefined;
  const readIfThere = (path: string) =>
    existsSync(join(dataDir, path)) ? readFileSync(join(dataDir, path), "utf8") : null;
  const texts = (name: SnapshotName) => {
    const kept = keptDays(name) === null ? [] : keptRuns(dataDir, name).slice(0, RUNS_TRIED);
    const paths = (kept.length > 0 ? kept : [snapshotPath(name)]).map((path) => join(dataDir, path));
    return paths
      .filter((path) => existsSync(path))
      .map((where) => ({
        text: () => readFileSync(where, "utf8"),
        slowText: () => readIfThere(slowPath(name)),
        where,
      }));
  };
  return snapshotReader(texts, () => {
    heads ??= readHeads(dataDir);
    return heads;
  });
}

/** Last published snapshot, or null when none was ever published. */
export function readSnapshot<Name extends SnapshotName>(
  dataDir: string,
  name: Name,
): Envelope<SnapshotData<Name>> | null {
  return snapshotsIn(dataDir)(name);
}
